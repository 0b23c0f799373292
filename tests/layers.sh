#!/bin/sh
# layers.sh - the layers of lib/, as the #include lines and the calls in the sources have them.
#
# A layer includes itself and those below. Nothing in lib/ does I/O, looks at the clock, logs, or
# knows a library that belongs to the shell. rib and evpn do not know each other.

cd "${srcdir:-.}" || exit 1
status=0

bad() {
	echo "$*"
	status=1
}

# What LAYER may include.
below() {
	case $1 in
	base) echo base ;;
	bfd) echo bfd base ;;
	bgp) echo bgp base ;;
	rib) echo rib bgp base ;;
	kern) echo kern base ;;
	evpn) echo evpn kern bgp base ;;
	cli) echo cli base ;;
	conf) echo conf cli base ;;
	evpnsh) echo evpnsh cli base ;;
	evpnd) echo evpnd evpn rib conf cli kern bgp bfd base ;;
	*) echo none ;;
	esac
}

# FILE of LAYER. A name with a folder says its layer; one without is of the same folder.
check_includes() {
	allowed=" $(below "$2") "
	for layer in $(sed -n 's,^#[[:space:]]*include "\([^"/]*\)/.*,\1,p' "$1"); do
		case $allowed in
		*" $layer "*) ;;
		*) bad "$1: includes $layer/, which $2 may not" ;;
		esac
	done
}

# Source lines of FILE without comments and strings.
code() {
	sed -e 's,"[^"]*",,g' -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' "$1"
}

# FILE has no line of code like PATTERN, because WHY.
forbid() {
	found=$(code "$1" | grep -E "$2" | head -n 1)
	[ -z "$found" ] || bad "$1: $3: $found"
}

headers='sys/(socket|select|epoll|ioctl|un|time)|netinet/|net/(ethernet|route|packet)|poll|time|syslog|event|json'
calls='time|clock_gettime|gettimeofday|syslog|printf|puts|putchar|perror|socket|connect|bind'
calls="$calls|send|sendto|sendmsg|recv|recvfrom|recvmsg|ioctl|getenv|system|popen|if_nametoindex|if_indextoname"

for file in lib/*/*.[ch] src/evpnd/*.[ch] src/evpnsh/*.[ch]; do
	[ -f "$file" ] || continue
	dir=${file%/*}
	check_includes "$file" "${dir##*/}"
done

for file in lib/*/*.[ch]; do
	forbid "$file" "^#[[:space:]]*include <($headers)" "header of the shell in lib/"
	forbid "$file" "(^|[^[:alnum:]_.>])($calls)\(" "I/O, clock or environment in lib/"
	forbid "$file" '(^|[^[:alnum:]_])stdout([^[:alnum:]_]|$)' "output in lib/"
	forbid "$file" '^#[[:space:]]*if(def|ndef)?[[:space:]].*[^H]$' "condition in lib/"
	# Running out of memory is told to stderr, nothing else is.
	[ "$file" = lib/base/mem.c ] ||
		forbid "$file" '(^|[^[:alnum:]_])stderr([^[:alnum:]_]|$)' "output in lib/"
done
exit $status
