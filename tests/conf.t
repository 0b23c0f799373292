# lines (separated by |) ; ok, warning or error ; lines of the canonical form, in this order,
# or a piece of the message. "same": the lines of the third column mean the same.
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
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ao-key 1 geheim ; error ; TCP-AO (RFC 5925) is not spoken here
neighbour x password geheim ; error ; neighbour x password <hidden>
password geheim ; warning ; Ignored, has no meaning here: password <hidden>
router bgp 1 | neighbor 10.0.0.1 passwort geheim ; error ; neighbor 10.0.0.1 passwort <hidden>
router bgp 1 | no bgp damp-peer-oscillations ; ok ; no bgp damp-peer-oscillations
router bgp 1 | no bgp damp-peer-oscillations | bgp damp-peer-oscillations ; ok ; router bgp 1
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
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers send-hold 60 ; ok ; neighbor 10.0.0.1 timers send-hold 60
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers send-hold 60 | no neighbor 10.0.0.1 timers send-hold ; ok ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
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
router bgp 1 | neighbor eth0 interface remote-as external ; error ; 2:11: BGP unnumbered is not there
router bgp 1 | neighbor eth0 interface ; error ; the neighbor's address on eth0
router bgp 1 | no neighbor eth0 interface v6only ; error ; BGP unnumbered
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
router bgp 1 | bgp graceful-restart | bgp graceful-restart restart-time 60 | bgp graceful-restart stalepath-time 90 ; ok ; bgp graceful-restart | bgp graceful-restart stalepath-time 90 | bgp graceful-restart restart-time 60
router bgp 1 | no bgp graceful-restart | bgp graceful-restart-disable ; ok ; no bgp graceful-restart | bgp graceful-restart-disable
router bgp 1 | bgp graceful-restart preserve-fw-state | no bgp graceful-restart notification ; ok ; no bgp graceful-restart notification | bgp graceful-restart preserve-fw-state
router bgp 1 | bgp graceful-restart select-defer-time 30 | bgp graceful-restart rib-stale-time 50 | no bgp graceful-restart select-defer-time ; ok ; bgp graceful-restart rib-stale-time 50
router bgp 1 | bgp graceful-restart select-defer-time 0 ; ok ; router bgp 1
router bgp 1 | bgp graceful-restart restart-time 0 ; error ; a number (1-4095)
router bgp 1 | bgp long-lived-graceful-restart stale-time 86400 ; ok ; bgp long-lived-graceful-restart stale-time 86400
router bgp 1 | bgp long-lived-graceful-restart stale-time 86400 | no bgp long-lived-graceful-restart stale-time ; ok ; router bgp 1
router bgp 1 | bgp graceful-restart disable-eor | no bgp graceful-restart disable-eor ; warning ; Ignored
router bgp 1 | bgp graceful-restart rib-stale-time 9 | no bgp graceful-restart rib-stale-time ; same ; router bgp 1
router bgp 1 | bgp graceful-restart notification ; ok ; bgp graceful-restart notification
router bgp 1 | bgp graceful-restart preserve-fw-state | no bgp graceful-restart preserve-fw-state ; ok ; no bgp graceful-restart preserve-fw-state
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 graceful-restart ; ok ; neighbor 10.0.0.1 graceful-restart
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 graceful-restart-helper ; ok ; neighbor 10.0.0.1 graceful-restart-helper
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 graceful-restart-disable | no neighbor 10.0.0.1 graceful-restart ; ok ; neighbor 10.0.0.1 graceful-restart-disable
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 graceful-restart-disable | no neighbor 10.0.0.1 graceful-restart-disable ; ok ; neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 graceful-restart ; error ; Specify remote-as
router bgp 1 | address-family l2vpn evpn | dup-addr-detection max-moves 5 time 180 ; ok ; dup-addr-detection max-moves 5 time 180
router bgp 1 | address-family l2vpn evpn | no dup-addr-detection ; ok ; no dup-addr-detection
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze 29 ; error ; permanent
router bgp 1 | address-family l2vpn evpn | flooding disable ; ok ; flooding disable
router bgp 1 | address-family l2vpn evpn | advertise ipv4 unicast ; ok ; advertise ipv4 unicast
router bgp 1 | address-family l2vpn evpn | neighbor 10.0.0.1 route-map R in ; warning ; Ignored, there are no route-maps and lists here, all routes pass: neighbor 10.0.0.1
router bgp 1 | address-family l2vpn evpn | advertise ipv4 unicast route-map R ; warning ; Ignored, nothing is advertised by it
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
router bgp 1 | bgp rib-limit 512 ; ok ; bgp rib-limit 512
router bgp 1 | bgp rib-limit 512 | no bgp rib-limit ; ok ; router bgp 1 | exit
router bgp 1 | address-family l2vpn evpn | vni 100 | mac-limit 500 port 100 ; ok ; mac-limit 500 port 100
router bgp 1 | address-family l2vpn evpn | vni 100 | mac-limit 500 port 100 | mac-limit 600 ; ok ; mac-limit 600
router bgp 1 | address-family l2vpn evpn | vni 100 | mac-limit 500 | no mac-limit ; ok ; vni 100 | exit-vni
router bgp 1 | address-family l2vpn evpn | vni 100 | host-limit 7 ; ok ; host-limit 7
router bgp 1 | address-family l2vpn evpn | vni 100 | host-limit 7 | no host-limit ; ok ; vni 100 | exit-vni
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
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 external | learning ; error ; vx0 is for all
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 external | flooding multicast 239.1.1.1 eth0 ; error ; vx0 is for all
router bgp 1 | address-family l2vpn evpn | vni 1 | learning | vxlan vx0 external ; error ; vx0 is for all
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 | flooding multicast 239.1.1.1 eth0 | exit-vni | vni 2 | vxlan vx0 ; error ; VNI 1: a group and learning need
router bgp 1 | address-family l2vpn evpn | vni 1 | vxlan vx0 external | flooding disable ; ok ; flooding disable
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
debug evpn | no debug evpn ; same ; 
debug evpn mac 02:00:00:00:00:01 | no debug evpn mac 02:00:00:00:00:01 ; same ; 
debug evpn vni 100 | no debug evpn vni 100 ; same ; 
debug kernel | no debug kernel ; same ; 
debug zebra vxlan | no debug zebra vxlan ; same ; 
debug zebra kernel msgdump | no debug zebra kernel msgdump ; same ; 
debug bgp updates | no debug bgp updates ; same ; 
debug bgp updates in 10.0.0.1 | no debug bgp updates in 10.0.0.1 ; same ; 
debug bgp keepalives | no debug bgp keepalives ; same ; 
debug bgp neighbor-events 10.0.0.1 | no debug bgp neighbor-events 10.0.0.1 ; same ; 
debug zebra events ; warning ; Ignored
debug bgp zebra ; warning ; Ignored
#
# --- every command and its "no": what they leave
# ("same": the lines of both columns mean the same)
log file /tmp/x errors | no log file ; same ; 
log file /tmp/x | no log file /tmp/x ; same ; 
vni 5000 | no vni 5000 ; same ; 
vni 5000 prefix-routes-only | no vni ; same ; 
vxlan | source-address 10.0.0.1 | no source-address ; same ; 
vxlan | source-address 10.0.0.1 | no source-address 10.0.0.1 ; same ; 
vxlan | source-interface lo | no source-interface ; same ; 
vxlan | udp-port 8472 | no udp-port ; same ; 
vxlan | anycast-mac 00:00:5e:00:01:01 | no anycast-mac ; same ; 
vxlan | vtep-groups | no vtep-groups ; same ; 
vxlan | anycast-mac 00:00:5e:00:01:01 ; ok ; anycast-mac 00:00:5e:00:01:01
router bgp 1 | bgp router-id 1.1.1.1 | no bgp router-id ; same ; router bgp 1
router bgp 1 | bgp router-id 1.1.1.1 | no bgp router-id 1.1.1.1 ; same ; router bgp 1
router bgp 1 | bgp cluster-id 1.1.1.1 | no bgp cluster-id ; same ; router bgp 1
router bgp 1 | timers bgp 3 9 | no timers bgp ; same ; router bgp 1
router bgp 1 | timers bgp 3 9 | no timers bgp 3 9 ; same ; router bgp 1
router bgp 1 | bgp default l2vpn-evpn | no bgp default l2vpn-evpn ; same ; router bgp 1
router bgp 1 | bgp listen limit 9 | no bgp listen limit ; same ; router bgp 1
router bgp 1 | bgp graceful-restart restart-time 9 | no bgp graceful-restart restart-time ; same ; router bgp 1
router bgp 1 | bgp graceful-restart stalepath-time 9 | no bgp graceful-restart stalepath-time ; same ; router bgp 1
router bgp 1 | bgp graceful-restart-disable | no bgp graceful-restart-disable ; same ; router bgp 1
router bgp 1 | redistribute connected | no redistribute connected ; same ; router bgp 1
router bgp 1 | network 10.0.0.0/8 | no network 10.0.0.0/8 ; same ; router bgp 1
router bgp 1 | bgp listen limit 9 ; ok ; bgp listen limit 9
router bgp 1 | bgp graceful-restart restart-time 9 ; ok ; bgp graceful-restart restart-time 9
router bgp 1 | bgp graceful-restart stalepath-time 9 ; ok ; bgp graceful-restart stalepath-time 9
router bgp 1 | bgp graceful-restart-disable ; ok ; bgp graceful-restart-disable
router bgp 1 | neighbor G peer-group | bgp listen range 10.0.0.0/24 peer-group G | no bgp listen range 10.0.0.0/24 peer-group G ; same ; router bgp 1 | neighbor G peer-group
router bgp 1 | neighbor G peer-group | no neighbor G peer-group ; same ; router bgp 1
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | no neighbor 10.0.0.1 remote-as 2 ; same ; router bgp 1
router bgp 1 | neighbor 10.0.0.1 remote-as internal | no neighbor 10.0.0.1 remote-as ; same ; router bgp 1
router bgp 1 | neighbor G peer-group | neighbor G remote-as external | no neighbor G remote-as ; same ; router bgp 1 | neighbor G peer-group
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor G peer-group | neighbor 10.0.0.1 peer-group G | no neighbor 10.0.0.1 peer-group G ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor G peer-group
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 description some words | no neighbor 10.0.0.1 description ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 description some words | no neighbor 10.0.0.1 description some words ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 password hush | no neighbor 10.0.0.1 password ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 password hush | no neighbor 10.0.0.1 password hush ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source 10.0.0.9 | no neighbor 10.0.0.1 update-source ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source 10.0.0.9 | no neighbor 10.0.0.1 update-source 10.0.0.9 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source lo | no neighbor 10.0.0.1 update-source ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source lo | no neighbor 10.0.0.1 update-source lo ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 port 1790 | no neighbor 10.0.0.1 port ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 port 1790 | no neighbor 10.0.0.1 port 1790 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers 3 9 | no neighbor 10.0.0.1 timers ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers 3 9 | no neighbor 10.0.0.1 timers 3 9 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers connect 5 | no neighbor 10.0.0.1 timers connect ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers connect 5 | no neighbor 10.0.0.1 timers connect 5 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ebgp-multihop 3 | no neighbor 10.0.0.1 ebgp-multihop ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ebgp-multihop 3 | no neighbor 10.0.0.1 ebgp-multihop 3 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ttl-security hops 1 | no neighbor 10.0.0.1 ttl-security hops ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ttl-security hops 1 | no neighbor 10.0.0.1 ttl-security hops 1 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 shutdown | no neighbor 10.0.0.1 shutdown ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 shutdown | no neighbor 10.0.0.1 shutdown ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 shutdown message bye | no neighbor 10.0.0.1 shutdown ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 shutdown message bye | no neighbor 10.0.0.1 shutdown message bye ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 capability extended-nexthop | no neighbor 10.0.0.1 capability extended-nexthop ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 capability extended-nexthop | no neighbor 10.0.0.1 capability extended-nexthop ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source 10.0.0.9 ; ok ; neighbor 10.0.0.1 update-source 10.0.0.9
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 update-source lo ; ok ; neighbor 10.0.0.1 update-source lo
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 port 1790 ; ok ; neighbor 10.0.0.1 port 1790
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers 3 9 ; ok ; neighbor 10.0.0.1 timers 3 9
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers connect 5 ; ok ; neighbor 10.0.0.1 timers connect 5
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 ttl-security hops 1 ; ok ; neighbor 10.0.0.1 ttl-security hops 1
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 capability extended-nexthop ; ok ; neighbor 10.0.0.1 capability extended-nexthop
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 route-reflector-client ; ok ; neighbor 10.0.0.1 route-reflector-client
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 route-reflector-client | no neighbor 10.0.0.1 route-reflector-client ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 next-hop-self ; ok ; neighbor 10.0.0.1 next-hop-self
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 next-hop-self | no neighbor 10.0.0.1 next-hop-self ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 soft-reconfiguration inbound ; ok ; neighbor 10.0.0.1 soft-reconfiguration inbound
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 soft-reconfiguration inbound | no neighbor 10.0.0.1 soft-reconfiguration inbound ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 allowas-in 5 ; ok ; neighbor 10.0.0.1 allowas-in 5
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 allowas-in 5 | no neighbor 10.0.0.1 allowas-in 5 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 maximum-prefix 100 ; ok ; neighbor 10.0.0.1 maximum-prefix 100
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 maximum-prefix 100 | no neighbor 10.0.0.1 maximum-prefix 100 ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 allowas-in ; ok ; neighbor 10.0.0.1 allowas-in 3
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 next-hop-self force ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 next-hop-self
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn | neighbor 10.0.0.1 maximum-prefix 100 80 warning-only | no neighbor 10.0.0.1 maximum-prefix ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | advertise-all-vni | no advertise-all-vni ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | advertise-svi-ip | no advertise-svi-ip ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | advertise-default-gw | no advertise-default-gw ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | flooding disable | no flooding disable ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | flooding disable | no flooding head-end-replication ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | redistribute static-mac | no redistribute static-mac ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | autort rfc8365-compatible | no autort rfc8365-compatible ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze 60 | no dup-addr-detection freeze 60 ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze permanent | no dup-addr-detection freeze ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | dup-addr-detection max-moves 7 time 70 | no dup-addr-detection max-moves 7 time 70 ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | advertise ipv6 unicast | no advertise ipv6 unicast ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | default-originate ipv4 | no default-originate ipv4 ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | rd 1:1 | no rd ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | route-target import 1:1 2:2 | no route-target import ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | route-target both 1:1 | no route-target both 1:1 ; same ; router bgp 1 | address-family l2vpn evpn
router bgp 1 | address-family l2vpn evpn | advertise-all-vni ; ok ; advertise-all-vni
router bgp 1 | address-family l2vpn evpn | advertise-svi-ip ; ok ; advertise-svi-ip
router bgp 1 | address-family l2vpn evpn | advertise-default-gw ; ok ; advertise-default-gw
router bgp 1 | address-family l2vpn evpn | autort rfc8365-compatible ; ok ; autort rfc8365-compatible
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze 60 ; ok ; dup-addr-detection freeze 60
router bgp 1 | address-family l2vpn evpn | dup-addr-detection freeze permanent ; ok ; dup-addr-detection freeze permanent
router bgp 1 | address-family ipv4 unicast | redistribute kernel | no redistribute kernel ; same ; router bgp 1
router bgp 1 vrf red | address-family ipv4 unicast | redistribute kernel | no redistribute kernel ; same ; router bgp 1 vrf red
router bgp 1 | address-family ipv4 unicast | network 10.0.0.0/8 | no network 10.0.0.0/8 ; same ; router bgp 1
router bgp 1 vrf red | address-family ipv4 unicast | network 10.0.0.0/8 | no network 10.0.0.0/8 ; same ; router bgp 1 vrf red
router bgp 1 | address-family ipv6 unicast | redistribute kernel | no redistribute kernel ; same ; router bgp 1
router bgp 1 vrf red | address-family ipv6 unicast | redistribute kernel | no redistribute kernel ; same ; router bgp 1 vrf red
router bgp 1 | address-family ipv6 unicast | network fd00::/8 | no network fd00::/8 ; same ; router bgp 1
router bgp 1 vrf red | address-family ipv6 unicast | network fd00::/8 | no network fd00::/8 ; same ; router bgp 1 vrf red
router bgp 1 | address-family ipv6 unicast | exit-address-family | bgp router-id 1.1.1.1 ; ok ; bgp router-id 1.1.1.1
router bgp 1 | address-family l2vpn evpn | vni 100 | rd 1:1 | no rd ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | route-target export 1:1 | no route-target export ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | route-target import 1:1 2:2 | no route-target import 2:2 1:1 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | advertise-svi-ip | no advertise-svi-ip ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | advertise-default-gw | no advertise-default-gw ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | bridge br0 | no bridge ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | vlan 10 | no vlan ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | vxlan vx0 | no vxlan ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | gateway 10.1.0.1/24 | no gateway 10.1.0.1/24 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | gateway 10.1.0.1/24 mac 02:00:00:00:00:01 | no gateway 10.1.0.1/24 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | vrf red | no vrf ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | resolution on-demand age 60 | no resolution ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | resolution on-demand | no resolution on-demand ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | no neighbor-suppression | neighbor-suppression ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | mtu 1400 | no mtu ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding disable | no flooding ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | learning | no learning ; same ; router bgp 1 | address-family l2vpn evpn | vni 100
router bgp 1 | address-family l2vpn evpn | vni 100 | advertise-svi-ip ; ok ; advertise-svi-ip
router bgp 1 | address-family l2vpn evpn | vni 100 | advertise-default-gw ; ok ; advertise-default-gw
router bgp 1 | address-family l2vpn evpn | vni 100 | mtu 1400 ; ok ; mtu 1400
router bgp 1 | address-family l2vpn evpn | vni 100 | route-target import 2:2 | route-target import 1:1 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100 | route-target import 1:1 2:2
router bgp 1 | address-family l2vpn evpn | vni 100 | gateway fd00::1/64 | gateway 10.1.0.1/24 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100 | gateway 10.1.0.1/24 | gateway fd00::1/64
router bgp 1 | address-family l2vpn evpn | vni 100 | flooding static 10.0.0.2 10.0.0.1 ; same ; router bgp 1 | address-family l2vpn evpn | vni 100 | flooding static 10.0.0.1 | flooding static 10.0.0.2
vrf red | vni 5000 | no vni 5000 ; same ; vrf red
vrf red | vni 5000 prefix-routes-only | no vni ; same ; vrf red
vrf red | table 1000 | no table 1000 ; same ; vrf red
router bgp 1 vrf red | no bgp network import-check | bgp network import-check ; same ; router bgp 1 vrf red
router bgp 1 vrf red | redistribute static | no redistribute static ; same ; router bgp 1 vrf red
router bgp 1 vrf red | network 10.0.0.0/8 | no network 10.0.0.0/8 ; same ; router bgp 1 vrf red
router bgp 1 vrf red | redistribute static ; ok ; redistribute static
router bgp 1 vrf red | network 10.0.0.0/8 ; ok ; network 10.0.0.0/8
router bgp 1 vrf red | address-family l2vpn evpn | advertise ipv4 unicast | no advertise ipv4 unicast ; same ; router bgp 1 vrf red
router bgp 1 vrf red | address-family l2vpn evpn | default-originate ipv6 | no default-originate ipv6 ; same ; router bgp 1 vrf red
router bgp 1 vrf red | address-family l2vpn evpn | rd 1:1 | no rd ; same ; router bgp 1 vrf red
router bgp 1 vrf red | address-family l2vpn evpn | route-target both 1:1 | no route-target both ; same ; router bgp 1 vrf red
router bgp 1 vrf red | address-family l2vpn evpn | default-originate ipv6 ; ok ; default-originate ipv6
router bgp 1 vrf red | address-family l2vpn evpn | route-target import 1:1 ; ok ; route-target import 1:1
router bgp 1 vrf red | address-family l2vpn evpn | exit-address-family | no bgp network import-check ; ok ; no bgp network import-check
router bgp 1 vrf red | address-family ipv4 unicast | exit-address-family | no bgp network import-check ; ok ; no bgp network import-check
router bgp 1 vrf red | address-family ipv6 unicast | exit-address-family | no bgp network import-check ; ok ; no bgp network import-check
router bgp 1 vrf red | address-family ipv6 unicast | redistribute kernel ; ok ; redistribute kernel
router bgp 1 vrf red | exit | no router bgp vrf red ; same ; vrf red
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd | neighbor 10.0.0.1 bfd check-control-plane-failure | no neighbor 10.0.0.1 bfd check-control-plane-failure ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 bfd
router bgp 1 | neighbor 10.0.0.1 remote-as 2 | neighbor 10.0.0.1 timers send-hold 600 | no neighbor 10.0.0.1 timers send-hold ; same ; router bgp 1 | neighbor 10.0.0.1 remote-as 2
#
# --- FRR's lines that mean nothing here, and their "no"
frr version 8.4.4 | no frr version 8.4.4 ; warning ; Ignored
frr defaults datacenter | no frr defaults datacenter ; warning ; Ignored
service password-encryption | no service password-encryption ; warning ; Ignored
domainname x.example | no domainname x.example ; warning ; Ignored
password x | no password x ; warning ; Ignored
enable password x | no enable password x ; warning ; Ignored
username x nopassword | no username x nopassword ; warning ; Ignored
banner motd default | no banner motd default ; warning ; Ignored
log timestamp precision 3 | no log timestamp precision 3 ; warning ; Ignored
log facility local7 | no log facility local7 ; warning ; Ignored
ip forwarding | no ip forwarding ; warning ; Ignored
ip prefix-list P seq 5 permit 10.0.0.0/8 le 32 | no ip prefix-list P seq 5 permit 10.0.0.0/8 le 32 ; warning ; Ignored
ipv6 prefix-list P permit any | no ipv6 prefix-list P permit any ; warning ; Ignored
debug ospf events | no debug ospf events ; warning ; Ignored
debug bgp updates prefix 10.0.0.0/8 | no debug bgp updates prefix 10.0.0.0/8 ; warning ; Ignored
debug bgp zebra | no debug bgp zebra ; warning ; Ignored
zebra nexthop-group keep 9 | no zebra nexthop-group keep 9 ; warning ; Ignored
agentx | no agentx ; warning ; Ignored
mac access-list M seq 5 permit 02:00:00:00:00:01 | no mac access-list M seq 5 permit 02:00:00:00:00:01 ; warning ; Ignored
access-list A permit any | no access-list A permit any ; warning ; Ignored
evpn mh redirect-off | no evpn mh redirect-off ; warning ; Ignored
bgp as-path access-list A permit .* | no bgp as-path access-list A permit .* ; warning ; Ignored
bgp community-list standard C permit 1:1 | no bgp community-list standard C permit 1:1 ; warning ; Ignored
bgp no-rib | no bgp no-rib ; warning ; Ignored
nexthop-group N | no nexthop-group N ; warning ; Ignored
line vty | whatever it says | no whatever it says | exit | no line vty | hostname x ; warning ; Ignored
interface eth0 | whatever it says | no whatever it says | exit | no interface eth0 | hostname x ; warning ; Ignored
route-map R permit 10 | whatever it says | no whatever it says | exit | no route-map R permit 10 | hostname x ; warning ; Ignored
router ospf | whatever it says | no whatever it says | exit | no router ospf | hostname x ; warning ; Ignored
router isis X | whatever it says | no whatever it says | exit | no router isis X | hostname x ; warning ; Ignored
bfd | whatever it says | no whatever it says | exit | no bfd | hostname x ; warning ; Ignored
nexthop-group N | whatever it says | no whatever it says | exit | no nexthop-group N | hostname x ; warning ; Ignored
key chain K | whatever it says | no whatever it says | exit | no key chain K | hostname x ; warning ; Ignored
vrf red | ip route 10.0.0.0/8 10.0.0.1 | no ip route 10.0.0.0/8 10.0.0.1 ; warning ; Ignored
vrf red | ipv6 route ::/0 fd00::1 | no ipv6 route ::/0 fd00::1 ; warning ; Ignored
vrf red | router-id 1.1.1.1 | no router-id 1.1.1.1 ; warning ; Ignored
vrf red | netns x | no netns x ; warning ; Ignored
router bgp 1 | bgp default ipv4-unicast | no bgp default ipv4-unicast ; warning ; Ignored
router bgp 1 | bgp default local-preference 200 | no bgp default local-preference 200 ; warning ; Ignored
router bgp 1 | bgp log-neighbor-changes | no bgp log-neighbor-changes ; warning ; Ignored
router bgp 1 | bgp bestpath as-path multipath-relax | no bgp bestpath as-path multipath-relax ; warning ; Ignored
router bgp 1 | bgp deterministic-med | no bgp deterministic-med ; warning ; Ignored
router bgp 1 | coalesce-time 1000 | no coalesce-time 1000 ; warning ; Ignored
router bgp 1 | maximum-paths 4 | no maximum-paths 4 ; warning ; Ignored
router bgp 1 | aggregate-address 10.0.0.0/8 | no aggregate-address 10.0.0.0/8 ; warning ; Ignored
router bgp 1 | redistribute connected route-map R | no redistribute connected route-map R ; warning ; Ignored
router bgp 1 | redistribute ospf | no redistribute ospf ; warning ; Ignored
router bgp 1 | network 10.0.0.0/8 route-map R | no network 10.0.0.0/8 route-map R ; warning ; Ignored
router bgp 1 | neighbor 10.0.0.1 advertisement-interval 1 | no neighbor 10.0.0.1 advertisement-interval 1 ; warning ; Ignored
router bgp 1 | neighbor 10.0.0.1 capability dynamic | no neighbor 10.0.0.1 capability dynamic ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | neighbor 10.0.0.1 route-map R in | no neighbor 10.0.0.1 route-map R in ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | maximum-paths ibgp 4 | no maximum-paths ibgp 4 ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | redistribute connected metric 5 | no redistribute connected metric 5 ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | redistribute bgp | no redistribute bgp ; warning ; Ignored
router bgp 1 | address-family ipv4 unicast | network 10.0.0.0/8 backdoor | no network 10.0.0.0/8 backdoor ; warning ; Ignored
router bgp 1 | address-family ipv6 unicast | neighbor fd00::1 activate | no neighbor fd00::1 activate ; warning ; Ignored
router bgp 1 | address-family ipv6 unicast | maximum-paths 4 | no maximum-paths 4 ; warning ; Ignored
router bgp 1 | address-family ipv6 unicast | redistribute static route-map R | no redistribute static route-map R ; warning ; Ignored
router bgp 1 | address-family ipv6 unicast | redistribute ospf6 | no redistribute ospf6 ; warning ; Ignored
router bgp 1 | address-family ipv6 unicast | network fd00::/8 route-map R | no network fd00::/8 route-map R ; warning ; Ignored
router bgp 1 | address-family ipv4 vpn | anything | no anything ; warning ; Ignored
router bgp 1 | address-family ipv4 vpn | anything | exit-address-family | bgp router-id 1.1.1.1 ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | neighbor 10.0.0.1 route-map R out | no neighbor 10.0.0.1 route-map R out ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | neighbor 10.0.0.1 send-community both | no neighbor 10.0.0.1 send-community both ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | use-es-l3nhg | no use-es-l3nhg ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | disable-ead-evi-rx | no disable-ead-evi-rx ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | ead-es-frag evi-limit 1 | no ead-es-frag evi-limit 1 ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | advertise-pip | no advertise-pip ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | advertise-pip ip 10.0.0.1 | no advertise-pip ip 10.0.0.1 ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | advertise ipv4 unicast gateway-ip | no advertise ipv4 unicast gateway-ip ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | network 10.0.0.0/8 rd 1:1 ethtag 1 label 1 esi 0 gwip 10.0.0.1 routermac 02:00:00:00:00:01 | no network 10.0.0.0/8 rd 1:1 ethtag 1 label 1 esi 0 gwip 10.0.0.1 routermac 02:00:00:00:00:01 ; warning ; Ignored
router bgp 1 | address-family l2vpn evpn | vni 100 | advertise-subnet | no advertise-subnet ; warning ; Ignored
router bgp 1 vrf red | bgp router-id 1.1.1.1 | no bgp router-id 1.1.1.1 ; warning ; Ignored
router bgp 1 vrf red | neighbor 10.0.0.1 remote-as 2 | no neighbor 10.0.0.1 remote-as 2 ; warning ; Ignored
router bgp 1 vrf red | timers bgp 3 9 | no timers bgp 3 9 ; warning ; Ignored
router bgp 1 vrf red | redistribute connected route-map R | no redistribute connected route-map R ; warning ; Ignored
router bgp 1 vrf red | redistribute ospf | no redistribute ospf ; warning ; Ignored
router bgp 1 vrf red | network 10.0.0.0/8 route-map R | no network 10.0.0.0/8 route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family l2vpn evpn | advertise-pip ip 10.0.0.1 | no advertise-pip ip 10.0.0.1 ; warning ; Ignored
router bgp 1 vrf red | address-family l2vpn evpn | advertise ipv4 unicast route-map R | no advertise ipv4 unicast route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family l2vpn evpn | network 10.0.0.0/8 label 1 | no network 10.0.0.0/8 label 1 ; warning ; Ignored
router bgp 1 vrf red | address-family ipv4 unicast | maximum-paths 4 | no maximum-paths 4 ; warning ; Ignored
router bgp 1 vrf red | address-family ipv4 unicast | redistribute connected route-map R | no redistribute connected route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family ipv4 unicast | redistribute ospf | no redistribute ospf ; warning ; Ignored
router bgp 1 vrf red | address-family ipv4 unicast | network 10.0.0.0/8 route-map R | no network 10.0.0.0/8 route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family ipv6 unicast | maximum-paths 4 | no maximum-paths 4 ; warning ; Ignored
router bgp 1 vrf red | address-family ipv6 unicast | redistribute connected route-map R | no redistribute connected route-map R ; warning ; Ignored
router bgp 1 vrf red | address-family ipv6 unicast | redistribute ospf6 | no redistribute ospf6 ; warning ; Ignored
router bgp 1 vrf red | address-family ipv6 unicast | network fd00::/8 route-map R | no network fd00::/8 route-map R ; warning ; Ignored
