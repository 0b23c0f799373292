#!/bin/sh
# readme.sh - every configuration that README shows is one: evpnd -t has nothing to say of it.
# Such a block is indented, begins with "vxlan" and ends with an empty line.

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
awk -v dir="$dir" '
	/^  vxlan$/ { file = dir "/" ++n ".conf" }
	/^$/ { file = "" }
	file != "" { print substr($0, 3) > file }
' "${srcdir:-.}/README"
status=0
for conf in "$dir"/*.conf; do
	[ -f "$conf" ] || { echo "README shows no configuration"; exit 1; }
	out=$(./evpnd -t -f "$conf" 2>&1) && [ -z "$out" ] && continue
	echo "README, the block that begins with"; head -n 3 "$conf"; echo "$out"
	status=1
done
exit $status
