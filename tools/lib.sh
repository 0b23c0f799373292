# lib.sh - what tools/test and tools/demo share: installing what is missing, building. For bash.

BUILD_PACKAGES="gcc make libc6-dev autoconf automake pkg-config libevent-dev libnl-3-dev libjson-c-dev
libedit-dev libbsd-dev libcap-ng-dev check"
LAB_PACKAGES="iproute2 iputils-ping util-linux procps python3 frr radvd"
TEST_PACKAGES="gobgpd valgrind"

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

need_root() {
	[ "$(id -u)" = 0 ] || die "network namespaces need root: sudo $0"
}

missing_packages() { # NAME...
	local p
	for p in "$@"; do
		dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null |
		    grep -qx installed || printf '%s ' "$p"
	done
}

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 \
	    -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# Packages are installed without starting their daemons: the labs run their own, in namespaces.
install_missing() { # LOG NAME...
	local log=$1 missing policy=/usr/sbin/policy-rc.d made= failed=
	shift
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
	    die "this is not Debian: install what corresponds to: $*"
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	say "installing: $missing"
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
		made=1
	fi
	# shellcheck disable=SC2086
	{ apt update && apt install --no-install-recommends $missing; } >>"$log" 2>&1 ||
	    failed=1
	[ -z "$made" ] || rm -f $policy
	if [ -n "$failed" ]; then
		tail -n 15 "$log" >&2
		die "apt-get could not install: $missing
(the whole of its output: $log; is the machine on line, are Debian's package lists configured?)"
	fi
	case " $missing " in
	*" frr "*) service_off frr ;;
	esac
	case " $missing " in
	*" gobgpd "*) service_off gobgpd ;;
	esac
}

service_off() { # NAME: what we installed shall not start with the machine
	if [ -d /run/systemd/system ]; then
		systemctl disable --now "$1" >/dev/null 2>&1 || true
	fi
}

# Everything of the build goes to DIR; only configure and its companions stand in the tree.
build() { # DIR LOG CONFIGURE-ARGUMENT...
	local dir=$1 log=$2
	shift 2
	[ ! -e "$TREE/config.status" ] ||
	    die "the tree itself is configured: make distclean there first"
	mkdir -p "$dir"
	if ! build_steps "$dir" "$@" >>"$log" 2>&1 </dev/null; then
		grep -nE 'error|Error' "$log" | head -n 10 >&2
		tail -n 15 "$log" >&2
		die "the build failed; all of its output: $log"
	fi
}

# Each step is joined by hand: set -e does not hold where the caller tests the status.
build_steps() { # DIR CONFIGURE-ARGUMENT...
	local dir=$1
	shift
	if [ ! -x "$TREE/configure" ] || [ -n "$(find "$TREE" -path "$TREE/build*" -prune -o \
	    \( -name '*.mk' -o -name configure.ac -o -name Makefile.am \) \
	    -newer "$TREE/configure" -print)" ]; then
		(cd "$TREE" && autoreconf -fi && touch configure) || return
	fi
	if [ ! -e "$dir/config.status" ] || [ "$TREE/configure" -nt "$dir/config.status" ]; then
		(cd "$dir" && "$TREE/configure" "$@") || return
	fi
	make -C "$dir" -j"$(nproc)"
}
