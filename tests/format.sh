#!/bin/sh
# format.sh - every C file looks as .clang-format says, to the clang-format it was written for.

command -v clang-format >/dev/null || {
	echo "no clang-format here"
	exit 77
}
case $(clang-format --version) in
*" version 14."*) ;;
*)
	echo "not the clang-format that decides, version 14: $(clang-format --version)"
	exit 77
	;;
esac
cd "${srcdir:-.}" || exit 1
status=0
for file in lib/*/*.[ch] src/*/*.[ch] man/*.[ch] tests/*.h tests/*/*.[ch]; do
	[ -f "$file" ] || continue
	clang-format --dry-run --Werror "$file" >/dev/null 2>&1 && continue
	echo "$file: not formatted; clang-format -i would change"
	clang-format "$file" | diff "$file" - | head -n 10
	status=1
done
exit $status
