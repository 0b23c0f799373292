#!/bin/sh
# hardening.sh - the programs are built as Debian's hardening-check wants them, and the unit's
# sandbox is worth what we say (systemd-analyze security: below 2.0).
#
# Programs built without these flags (sanitizers, fuzzers, --disable-hardening) are not looked at.

status=0

fail() {
	echo "$1"
	status=1
}

programs="evpnd evpnsh"
grep -q '^EVPND_LDFLAGS.*-pie' Makefile || programs=
for prog in $programs; do
	readelf -hW "$prog" | grep -q 'Type: *DYN' || fail "$prog: not position independent"
	readelf -lW "$prog" | grep -q GNU_RELRO || fail "$prog: no read-only relocations"
	readelf -dW "$prog" | grep -q 'NOW' || fail "$prog: no immediate binding"
	readelf -lW "$prog" | grep 'GNU_STACK' | grep -q 'RWE' && fail "$prog: executable stack"
	nm -D "$prog" | grep -q __stack_chk_fail || fail "$prog: no stack protector"
done

if command -v systemd-analyze >/dev/null; then
	unit=$(mktemp -d)/evpnd.service
	trap 'rm -r "$(dirname "$unit")"' EXIT
	sed 's,@sbindir@,/usr/sbin,' "${srcdir:-.}/etc/evpnd.service.in" >"$unit"
	systemd-analyze security --offline=yes --threshold=19 "$unit" >"$unit.out" ||
	    fail "evpnd.service: $(tail -n 1 "$unit.out")"
fi
exit $status
