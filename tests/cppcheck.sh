#!/bin/sh
# cppcheck.sh - cppcheck has nothing to say of the sources.
#
# Of the system's headers it sees the two whose macros hold the code together, without what they
# include. There is one thread: functions that are not reentrant are no fault. A key that a tree
# is searched for is filled as far as the comparison looks, and cppcheck does not see how far:
# valgrind does. A line that it takes for a fault and that is none carries "cppcheck-suppress" and
# the reason.

command -v cppcheck >/dev/null || {
	echo "no cppcheck here"
	exit 77
}
bsd=/usr/include/bsd/sys
if [ ! -f $bsd/queue.h ] || [ ! -f $bsd/tree.h ]; then
	echo "libbsd's headers are not in $bsd"
	exit 77
fi
work=$(pwd)/cppcheck
mkdir -p "$work/include/sys" "$work/cache" || exit 1
for header in queue tree; do
	sed '/include.*cdefs/d' $bsd/$header.h >"$work/include/sys/$header.h"
done
cd "${srcdir:-.}" || exit 1
said=$(cppcheck -q -j2 --enable=warning,performance,portability --std=c11 --platform=unix64 \
    --library=posix,bsd -D_GNU_SOURCE --inline-suppr --cppcheck-build-dir="$work/cache" \
    --suppress=getpwnamCalled --suppress=readdirCalled \
    --suppress=ctuuninitvar \
    -I"$work/include" -Ilib -Isrc -Isrc/evpnd -Itests/unit --include=tests/cppcheck.h \
    lib src man tests/unit tests/fuzz tests/netns 2>&1) || echo "cppcheck failed"
[ -z "$said" ] && exit 0
echo "$said"
exit 1
