EXTRA_DIST += tests/netns/README tests/netns/lab.py tests/netns/topo.py tests/netns/wire.py \
	tests/netns/shape.py tests/netns/speaker.py tests/netns/demo.py tests/netns/demo_routed.py \
	tests/netns/features.py tests/netns/05-full-kernel.py \
	tests/netns/10-frr-reflector.py tests/netns/11-evpnd-reflector.py \
	tests/netns/12-gobgp-reflector.py tests/netns/13-ebgp-spine.py \
	tests/netns/14-ipv6-underlay.py tests/netns/20-mixed.py tests/netns/21-mobility.py \
	tests/netns/30-session-errors.py tests/netns/31-sessions.py tests/netns/32-bfd.py tests/netns/33-load.py tests/netns/34-slow.py \
	tests/netns/35-wire.py tests/netns/36-reflection.py tests/netns/40-drift.py \
	tests/netns/41-restart.py tests/netns/42-routes.py tests/netns/45-hosts.py \
	tests/netns/46-devices.py tests/netns/48-gateway.py tests/netns/50-config.py tests/netns/51-commit.py tests/netns/56-shell.py tests/netns/term.py tests/netns/52-reload.py tests/netns/55-operations.py \
	tests/netns/60-json.py tests/netns/61-json-routed.py \
	tests/netns/routed.py tests/netns/tables.py tests/netns/permute.py \
	tests/netns/61-default-vrf.py tests/netns/62-irb.py tests/netns/63-asymmetric.py \
	tests/netns/64-type5.py tests/netns/65-routed-mobility.py \
	tests/netns/66-ipv6-fabric.py tests/netns/67-routed-restart.py \
	tests/netns/68-l3-life.py tests/netns/68-permutation.py \
	tests/netns/69-permutation-vrf.py tests/netns/69-vrf-life.py tests/netns/70-chaos.py tests/netns/90-scale.py \
	tools/demo tools/lib.sh tools/test
EXTRA_DIST += tests/netns/80-flooding.py tests/netns/81-recipes.py
EXTRA_DIST += tests/netns/49-gateway-vlan.py
EXTRA_DIST += tests/netns/75-on-demand.py
EXTRA_DIST += tests/netns/47-vlan-aware.py
EXTRA_DIST += tests/netns/82-audit.py tests/netns/83-guard.py
EXTRA_DIST += tests/netns/76-on-demand-vlan.py tests/netns/77-on-demand-routed.py \
	tests/netns/78-on-demand-vrf.py tests/netns/79-storm.py \
	tests/netns/blast.py tests/netns/demanded.py
EXTRA_DIST += tests/netns/57-control.py tests/netns/control.py
EXTRA_DIST += tests/netns/43-graceful-restart.py tests/netns/44-graceful-reflectors.py \
	tests/netns/stream.py
