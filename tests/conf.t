# lines (separated by |) ; ok, warning or error ; lines of the canonical form, in this order,
# or a piece of the message
#
# --- globals
hostname leaf1 ; ok ; hostname leaf1
hostname leaf1 | no hostname ; ok ;
log stdout informational ; ok ; log stdout informational
log stdout ; ok ; log stdout
log stdout debugging ; ok ; log stdout
log syslog warnings | no log syslog ; ok ;
log file /tmp/x errors ; ok ; log file /tmp/x errors
log file ; error ; Command incomplete, expected a word
log stdout loud ; error ; 1:12: Unknown command: log stdout loud
frr version 8.4.4 ; warning ; 1:5: Ignored
frr defaults traditional ; warning ; Ignored
service integrated-vtysh-config ; warning ; Ignored
no ipv6 forwarding ; warning ; Ignored
ip route 10.0.0.0/8 10.0.0.1 ; warning ; Ignored
line vty | exec-timeout 0 0 ; warning ; Ignored
interface eth0 | ip address 10.0.0.1/24 | router bgp 1 ; warning ; interface eth0
frobnicate ; error ; 1:1: Unknown command
hostnam2 x ; error ; did you mean "hostname"
! only a comment ; ok ;
#
# --- vxlan
vxlan | source-address 10.0.0.1 ; ok ; vxlan | source-address 10.0.0.1 | exit
vxlan | source-address 2001:DB8::1 ; ok ; source-address 2001:db8::1
vxlan | source-address 10.0.0.1 | source-interface lo ; ok ; vxlan | source-interface lo | exit
vxlan | source-address 239.1.1.1 ; error ; unicast
vxlan | udp-port 0 ; error ; a number (1-65535)
vxlan |   udp-port 0 ; error ; 2:13: Unknown command
vxlan | udp-port 8472 ; ok ; udp-port 8472
vxlan | anycast-mac 01:00:5e:00:00:01 ; error ; unicast MAC
vxlan | vtep-groups | no vtep-groups ; ok ;
vxlan | vtep-groups | exit | no vxlan ; ok ;
#
# --- router bgp
router bgp 65000 ; ok ; router bgp 65000 | address-family l2vpn evpn | exit-address-family | exit
router bgp 0 ; error ; an AS number (1-4294967295)
router bgp 1 | router bgp 2 ; error ; BGP is already running; AS is 1
router bgp 1 | no router bgp ; ok ;
no router bgp ; error ; Can't find BGP instance
router bgp 1 | bgp router-id 10.0.0.1 ; ok ; bgp router-id 10.0.0.1
router bgp 1 | bgp router-id ::1 ; error ; an IPv4 address
router bgp 1 | timers bgp 3 9 ; ok ; timers bgp 3 9
router bgp 1 | timers bgp 1 2 ; error ; hold time
router bgp 1 | bgp cluster-id 1.2.3.4 | bgp default l2vpn-evpn ; ok ; bgp default l2vpn-evpn | bgp cluster-id 1.2.3.4
router bgp 1 | no bgp default ipv4-unicast ; warning ; Ignored
router bgp 1 | bgp rooter-id 1.1.1.1 ; error ; did you mean "router-id"
router bgp 1 | bgp ebgp-requires-policy ; ok ; bgp ebgp-requires-policy
router bgp 1 | no bgp ebgp-requires-policy ; ok ;
#
# --- neighbors
router bgp 1 | neighbor 10.0.0.1 remote-as 2 ; ok ; neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 2001:DB8::1 remote-as external ; ok ; neighbor 2001:db8::1 remote-as external
router bgp 1 | neighbor 10.0.0.2 remote-as 2 | neighbor 10.0.0.1 remote-as 1 ; ok ; neighbor 10.0.0.1 remote-as 1 | neighbor 10.0.0.2 remote-as 2
router bgp 1 | neighbor RR remote-as 1 ; error ; Create the peer-group first
router bgp 1 | neighbor 10.0.0.1 description x ; error ; Specify remote-as or peer-group commands first
router bgp 1 | neighbor G peer-group | neighbor 10.0.0.1 peer-group G ; error ; Specify remote-as or peer-group remote AS first
router bgp 1 | neighbor 10.0.0.1 peer-group G ; error ; Configure the peer-group first
router bgp 1 | neighbor G peer-group | neighbor G remote-as 1 | neighbor 10.0.0.1 peer-group G ; ok ; neighbor G peer-group | neighbor G remote-as 1 | neighbor 10.0.0.1 peer-group G
router bgp 1 | neighbor G peer-group | neighbor G remote-as 1 | neighbor 10.0.0.1 peer-group G | neighbor 10.0.0.1 remote-as 2 ; error ; cannot override remote-as
router bgp 1 | neighbor G peer-group | neighbor G remote-as 1 | neighbor 10.0.0.1 peer-group G | no neighbor G ; ok ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | no neighbor 10.0.0.1 ; ok ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 password a b ! words ; ok ; neighbor 10.0.0.1 password a b
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 description a ! b ; ok ; neighbor 10.0.0.1 description a ! b
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ebgp-multihop | neighbor 10.0.0.1 ttl-security hops 1 ; error ; ebgp-multihop and ttl-security
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ttl-security hops 255 ; error ; a number (1-254)
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 shutdown message see you ; ok ; neighbor 10.0.0.1 shutdown message see you
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd ; ok ; neighbor 10.0.0.1 bfd
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 3 300 200 ; ok ; neighbor 10.0.0.1 bfd 3 300 200
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 3 300 200 | neighbor 10.0.0.1 bfd ; ok ; neighbor 10.0.0.1 bfd
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 1 300 300 ; error ; a number (2-255)
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 3 49 300 ; error ; a number (50-60000)
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 3 300 ; error ; Command incomplete
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd check-control-plane-failure ; ok ; neighbor 10.0.0.1 bfd | neighbor 10.0.0.1 bfd check-control-plane-failure
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd profile P | no neighbor 10.0.0.1 bfd profile ; ok ; neighbor 10.0.0.1 bfd
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd 4 100 100 | neighbor 10.0.0.1 bfd check-control-plane-failure | no neighbor 10.0.0.1 bfd ; ok ; neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor G peer-group | neighbor G remote-as 1 | neighbor G bfd | neighbor 10.0.0.1 peer-group G | no neighbor 10.0.0.1 bfd ; ok ; neighbor G bfd | no neighbor 10.0.0.1 bfd
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 passive | no neighbor 10.0.0.1 passive ; ok ;
router bgp 1 | bgp listen range 10.0.0.0/24 peer-group G ; error ; Configure the peer-group first
router bgp 1 | neighbor G peer-group | bgp listen range 10.0.0.7/24 peer-group G ; ok ; bgp listen range 10.0.0.0/24 peer-group G
router bgp 1 | neighbor G peer-group | neighbor H peer-group | bgp listen range 10.0.0.0/24 peer-group G | bgp listen range 10.0.0.0/24 peer-group H ; error ; Same listen range is attached to peer-group G
#
# --- address families
router bgp 1 | address-family ipv4 unicast | neighbor 10.0.0.1 activate | exit-address-family | bgp router-id 1.1.1.1 ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | maximum-paths 4 | redistribute ospf ; warning ; maximum-paths
router bgp 1 | address-family ipv4 unicast | no neighbor 10.0.0.1 activate ; warning ; Ignored
router bgp 1 | address-family ipv4 | redistribute connected route-map R ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | network 10.0.0.0/8 route-map R ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | network 10.0.0.0 mask 255.0.0.0 ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | aggregate-address 10.0.0.0/8 summary-only ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | bgp dampening ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | redistribute conected ; error ; did you mean "connected"
router bgp 1 | address-family vpnv4 unicast ; error ; Unknown command
router bgp 1 | address-family ipv4 vpn | whatever it is ; warning ; Ignored
router bgp 1 | address-family ipv6 | network fd00::1/8 | redistribute static | address-family ipv4 unicast | redistribute static | redistribute kernel | redistribute connected | network 10.0.0.0/8 | network 9.0.0.0/8 | bgp router-id 1.1.1.1 ; ok ; bgp router-id 1.1.1.1 | address-family ipv4 unicast | network 9.0.0.0/8 | network 10.0.0.0/8 | redistribute kernel | redistribute connected | redistribute static | exit-address-family | address-family ipv6 unicast | network fd00::/8 | redistribute static | exit-address-family | address-family l2vpn evpn
router bgp 1 | redistribute connected | network 10.0.0.0/8 ; ok ; address-family ipv4 unicast | network 10.0.0.0/8 | redistribute connected
router bgp 1 | address-family ipv4 unicast | network fd00::/8 ; error ; an IPv4 prefix
router bgp 1 | address-family ipv4 unicast | network 10.0.0.0/8 | no network 10.0.0.0/8 ; ok ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family ipv4 unicast | no network 10.0.0.0/8 ; error ; Can't find static route
router bgp 1 | no bgp network import-check ; ok ; no bgp network import-check
router bgp 1 | no bgp network import-check | bgp network import-check ; ok ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | no bgp network import-check | address-family ipv4 unicast | redistribute connected | exit | exit | no router bgp ; ok ;
router bgp 1 | address-family l2vpn evpn | rd 1:1 | route-target both 1:2 | default-originate ipv6 ; ok ; default-originate ipv6 | rd 1:1 | route-target import 1:2 | route-target export 1:2
router bgp 1 | address-family l2vpn evpn | advertise ipv4 unicast route-map X ; warning ; Ignored
router bgp 1 | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | neighbor 10.0.0.1 activate | exit-address-family ; ok ; address-family l2vpn evpn | neighbor 10.0.0.1 activate
router bgp 1 | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | no neighbor 10.0.0.1 activate ; ok ; address-family l2vpn evpn | exit-address-family
router bgp 1 | bgp default l2vpn-evpn | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | no neighbor 10.0.0.1 activate ; ok ; no neighbor 10.0.0.1 activate
router bgp 1 | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | neighbor 10.0.0.1 maximum-prefix 100 80 restart 5 ; ok ; neighbor 10.0.0.1 maximum-prefix 100 80 restart 5
router bgp 1 | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | neighbor 10.0.0.1 maximum-prefix 100 restart 5 ; ok ; neighbor 10.0.0.1 maximum-prefix 100 restart 5
router bgp 1 | neighbor 10.0.0.1 remote-as 1 | address-family l2vpn evpn | neighbor 10.0.0.1 route-map X in ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | dup-addr-detection max-moves 5 time 180 ; ok ; dup-addr-detection max-moves 5 time 180
router bgp 1 | address-family l2vpn evpn | no dup-addr-detection ; ok ; no dup-addr-detection
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze 29 ; error ; permanent
router bgp 1 | address-family l2vpn evpn | flooding disable ; ok ; flooding disable
router bgp 1 | address-family l2vpn evpn | advertise ipv4 unicast ; ok ; advertise ipv4 unicast
#
# --- VNIs
router bgp 1 | address-family l2vpn evpn | vni 200 | vni 100 ; ok ; vni 100 | exit-vni | vni 200 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 0 ; error ; a VNI (1-16777215)
router bgp 1 | address-family l2vpn evpn | no vni 100 ; error ; Specified VNI does not exist
router bgp 1 | address-family l2vpn evpn | vni 100 | rd 10.0.0.1:100 | route-target both 1:1 2:2 ; ok ; rd 10.0.0.1:100 | route-target import 1:1 | route-target import 2:2 | route-target export 1:1 | route-target export 2:2
router bgp 1 | address-family l2vpn evpn | vni 100 | rd 10.0.0.1 ; error ; a route distinguisher ASN:NN or A.B.C.D:NN
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding static 10.0.0.1 10.0.0.2 | no flooding static 10.0.0.1 ; ok ; flooding static 10.0.0.2
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding multicast 10.0.0.1 eth0 ; error ; not a multicast group
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding multicast ff05::1 eth0 ttl 9 ; ok ; flooding multicast ff05::1 eth0 ttl 9
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding multicast 239.1.1.1 eth0 | no flooding ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding multicast 239.1.1.1 eth0 ttl 0 ; error ; a number (1-255)
router bgp 1 | address-family l2vpn evpn | vni 100 | learning ; ok ; vni 100 | learning | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | learning | no learning ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 ; ok ; mac 02:00:00:00:00:01 vtep 10.0.0.1
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 ip 10.1.0.1 | mac 02:00:00:00:00:01 vtep 10.0.0.2 ; ok ; mac 02:00:00:00:00:01 vtep 10.0.0.2 | mac 02:00:00:00:00:01 vtep 10.0.0.2 ip 10.1.0.1
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 ip 10.1.0.1 | mac 02:00:00:00:00:02 vtep 10.0.0.1 ip 10.1.0.1 ; error ; 10.1.0.1 is the address of 02:00:00:00:00:01
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 ip 10.1.0.1 | no mac 02:00:00:00:00:01 ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 | no mac 02:00:00:00:00:01 vtep 10.0.0.2 ; error ; no such MAC
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 01:00:00:00:00:01 vtep 10.0.0.1 ; error ; unicast MAC
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 239.0.0.1 ; error ; not an address of a VTEP
router bgp 1 | address-family l2vpn evpn | vni 100 | mac 02:00:00:00:00:01 vtep 10.0.0.1 ip 224.0.0.1 ; error ; not an address of a host
router bgp 1 | address-family l2vpn evpn | redistribute static-mac ; ok ; redistribute static-mac
router bgp 1 | address-family l2vpn evpn | vni 100 | gateway 10.1.0.1/24 | gateway fd00::1/64 mac 02:00:00:00:00:01 ; ok ; gateway 10.1.0.1/24 | gateway fd00::1/64 mac 02:00:00:00:00:01
router bgp 1 | address-family l2vpn evpn | vni 100 | gateway 10.1.0.1 ; error ; a prefix A.B.C.D/M
router bgp 1 | address-family l2vpn evpn | vni 100 | resolution on-demand age 60 ; ok ; resolution on-demand age 60
router bgp 1 | address-family l2vpn evpn | vni 100 | no neighbor-suppression ; ok ; no neighbor-suppression
router bgp 1 | address-family l2vpn evpn | vni 100 | neighbor-suppression unknown drop ; ok ; neighbor-suppression unknown drop
router bgp 1 | address-family l2vpn evpn | vni 100 | neighbor-suppression unknown drop | neighbor-suppression unknown flood ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | neighbor-suppression unknown drop | no neighbor-suppression unknown ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | neighbor-suppression unknown drop | neighbor-suppression ; ok ; neighbor-suppression unknown drop
router bgp 1 | address-family l2vpn evpn | vni 100 | neighbor-suppression unknown ; error ; flood
router bgp 1 | address-family l2vpn evpn | vni 100 | port eth1 | port eth1 | port eth2 | no port eth1 ; ok ; port eth2
router bgp 1 | address-family l2vpn evpn | vni 100 | exit-vni | exit-address-family | bgp router-id 1.1.1.1 ; ok ; bgp router-id 1.1.1.1
#
# --- VRFs
vrf red | vni 5000 | table 1000 ; ok ; vrf red | vni 5000 | table 1000 | exit-vrf
vrf red | bridge br5000 | vni 5000 ; ok ; vrf red | vni 5000 | bridge br5000 | exit-vrf
vrf red | bridge br5000 | no bridge ; ok ; vrf red | exit-vrf
vrf red | bridge red ; error ; red is the VRF device itself
vrf red | vni 5000 | exit-vrf | vrf blue | vni 5000 ; error ; VNI 5000 is already configured under VRF red
vrf red | vni 5000 | exit-vrf | vni 5000 ; error ; VNI 5000 is already configured under VRF red
vni 5000 | vrf red | vni 5000 ; error ; VNI 5000 is already configured under VRF default
vrf red | vni 5000 | vni 5001 ; ok ; vni 5001
vrf red | vni 5000 | no vni 5001 ; error ; VNI 5001 doesn't exist in VRF: red
vrf red | table 1000 | exit-vrf | vrf blue | table 1000 ; error ; Table 1000 is that of VRF red
vrf red | table 1000 | table 1000 | no table | exit-vrf | vrf blue | table 1000 ; ok ; vrf blue | table 1000
vrf red | table 254 ; error ; Table 254 is the kernel's table "main"
vrf red | table 0 ; error ; a number (1-4294967295)
vrf default | table 1000 ; error ; The default VRF has its table already
vrf sixteen--letters ; error ; 1:5: Unknown command: vrf sixteen--letters, at "sixteen--letters": expected a VRF's name (a device's: at most 15 bytes
vrf re/d ; error ; a VRF's name
router bgp 1 vrf sixteen--letters ; error ; at most 15 bytes
vrf fifteen-letters | vni 1 ; ok ; vrf fifteen-letters | vni 1
vni 5000 prefix-routes-only ; ok ; vni 5000 prefix-routes-only
vrf default | vni 5000 ; ok ; vni 5000
vrf default | vni 5000 | bridge br5000 | exit-vrf | vrf blue ; ok ; vni 5000 | vrf default | bridge br5000 | exit-vrf | vrf blue
vrf default | bridge br5000 | exit-vrf | no vrf default ; ok ;
no vrf red ; error ; VRF red does not exist
vrf red | vni 5000 | exit-vrf | no vrf red ; ok ;
vrf red | vni 5000 | exit-vrf | router bgp 1 vrf red | exit | no vrf red ; ok ; vrf red | exit-vrf | router bgp 1 vrf red
vrf red | vni 5000 | exit-vrf | router bgp 1 vrf red | exit | no router bgp 1 vrf red ; ok ; vrf red | vni 5000 | exit-vrf
vrf red | ip route 0.0.0.0/0 10.0.0.1 ; warning ; Ignored
vrf red | router-id 10.0.0.1 ; warning ; Ignored
vrf red | vni 5000 | router bgp 1 | bgp router-id 1.1.1.1 ; ok ; vrf red | vni 5000 | exit-vrf | router bgp 1 | bgp router-id 1.1.1.1
router bgp 1 vrf default ; error ; The default VRF's BGP is
router bgp 1 vrf red | address-family l2vpn evpn | advertise ipv4 unicast | rd 1:1 ; ok ; vrf red | router bgp 1 vrf red | advertise ipv4 unicast | rd 1:1
router bgp 1 vrf red | address-family ipv4 unicast | redistribute connected | network 10.0.0.0/8 ; ok ; network 10.0.0.0/8 | redistribute connected
router bgp 1 vrf red | address-family ipv4 unicast | redistribute connected route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family ipv6 unicast | redistribute ospf6 ; warning ; Ignored
router bgp 1 vrf red | address-family ipv4 unicast | network fd00::/8 ; error ; an IPv4 prefix
router bgp 1 vrf red | no bgp network import-check | address-family ipv6 | network fd00::/8 ; ok ; router bgp 1 vrf red | no bgp network import-check | address-family ipv6 unicast | network fd00::/8 | exit-address-family | address-family l2vpn evpn
router bgp 1 vrf red | bgp router-id 1.1.1.1 ; warning ; Ignored
router bgp 1 vrf red | neighbor 10.0.0.1 remote-as 2 ; warning ; Ignored
router bgp 1 vrf red | address-family l2vpn evpn | advertise-pip ip 10.0.0.1 ; warning ; Ignored
#
# --- what cannot be together
vrf red | vni 5000 | exit-vrf | router bgp 1 | address-family l2vpn evpn | vni 5000 ; error ; VNI 5000 is the L3 VNI of VRF red
router bgp 1 | address-family l2vpn evpn | vni 5000 | exit-vni | exit | exit | vrf red | vni 5000 ; error ; VNI 5000 is an L2 VNI
router bgp 1 | address-family l2vpn evpn | vni 5000 | exit-vni | no vni 5000 | exit | exit | vrf red | vni 5000 ; ok ; vni 5000
router bgp 1 | address-family l2vpn evpn | vni 1 | vrf red | gateway 10.1.0.1/24 | vni 2 | vrf red | gateway 10.1.0.1/16 ; error ; 10.1.0.1 is a gateway of VNI 1 already, in the same VRF red
router bgp 1 | address-family l2vpn evpn | vni 1 | vrf red | gateway 10.1.0.1/24 | vni 2 | gateway 10.1.0.1/24 | vrf red ; error ; 10.1.0.1 is a gateway of VNI 1 already
router bgp 1 | address-family l2vpn evpn | vni 1 | vrf red | gateway 10.1.0.1/24 | vni 2 | gateway 10.1.0.1/24 | vrf blue ; ok ; vni 1 | gateway 10.1.0.1/24 | vrf red | vni 2 | gateway 10.1.0.1/24 | vrf blue
router bgp 1 | address-family l2vpn evpn | vni 1 | bridge br0 | vlan 10 | vni 2 | bridge br0 | vlan 10 ; error ; VLAN 10 of br0 is VNI 1 already
router bgp 1 | address-family l2vpn evpn | vni 1 | bridge br0 | vlan 10 | vni 2 | vlan 10 | bridge br0 ; error ; VLAN 10 of br0 is VNI 1 already
router bgp 1 | address-family l2vpn evpn | vni 1 | bridge br0 | vlan 10 | vni 2 | vlan 10 | bridge br1 ; ok ; vni 2 | bridge br1 | vlan 10
router bgp 1 | address-family l2vpn evpn | vni 1 | port eth1 | port eth1 tagged | port eth2 tagged ; ok ; port eth1 tagged | port eth2 tagged
router bgp 1 | address-family l2vpn evpn | vni 1 | port eth1 tagged | port eth1 ; ok ; port eth1 |
router bgp 1 | address-family l2vpn evpn | vni 1 | port eth1 tagged | no port eth1 ; ok ; vni 1 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 external | vlan 10 ; ok ; vxlan vx0 external | vlan 10
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 external | no vxlan vx0 ; ok ; vni 1 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 1 | gateway 10.1.0.0/24 ; error ; is not an address a gateway can have
router bgp 1 | address-family l2vpn evpn | vni 1 | gateway 10.1.0.255/24 ; error ; is not an address a gateway can have
router bgp 1 | address-family l2vpn evpn | vni 1 | gateway 127.0.0.1/8 ; error ; is not an address a gateway can have
#
# --- debug
debug bgp updates ; ok ; debug bgp updates in | debug bgp updates out
debug bgp updates in 10.0.0.1 ; ok ; debug bgp updates in 10.0.0.1
debug bgp updates out FD00::0001 | debug bgp keepalives | no debug bgp keepalives ; ok ; debug bgp updates out fd00::1
debug bgp updates in 10.0.0.1 | no debug bgp updates ; ok ; !
debug bgp neighbor-events 10.0.0.1 | no debug bgp neighbor-events 10.0.0.2 ; ok ; debug bgp neighbor-events 10.0.0.1
debug evpn mac 02:00:00:00:00:0A | debug evpn vni 100 ; ok ; debug evpn mac 02:00:00:00:00:0a | debug evpn vni 100
debug zebra vxlan | debug zebra kernel msgdump recv ; ok ; debug evpn | debug kernel
debug kernel | debug evpn | no debug all ; ok ; !
debug zebra events ; warning ; Ignored
debug bgp zebra ; warning ; Ignored
