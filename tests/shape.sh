#!/bin/sh
# shape.sh - the shape of the sources: sizes, names of tests, opening comments.
#
# Faults: a file over 1000 lines, a function over 100, a file that does not begin with a comment,
# a file of lib/ without a test, that is tests/unit/t_FILE.c, or another t_*.c that names LAYER/FILE
# in its first ten lines. Listed only: files over 600 lines, functions over 60. A function ends at
# the first "}" in column 0; tables are no functions.

cd "${srcdir:-.}" || exit 1
status=0

bad() {
	echo "FAULT: $*"
	status=1
}

for file in lib/*/*.[ch] src/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch]; do
	[ -f "$file" ] || continue
	lines=$(wc -l <"$file")
	if [ "$lines" -gt 1000 ]; then
		bad "$file: $lines lines"
	elif [ "$lines" -gt 600 ]; then
		echo "$file: $lines lines"
	fi
	case $(head -c 2 "$file") in
	"/*") ;;
	*) bad "$file: does not begin with a comment" ;;
	esac
	long=$(awk '
		/^\{$/ { start = NR }
		/^\}$/ && start {
			n = NR - start - 1
			if (n > 100)
				printf "FAULT: %s:%d: function of %d lines\n", FILENAME, start, n
			else if (n > 60)
				printf "%s:%d: function of %d lines\n", FILENAME, start, n
			start = 0
		}' "$file")
	[ -z "$long" ] || echo "$long"
	case $long in
	*FAULT*) status=1 ;;
	esac
done

tested=$(head -q -n 10 tests/unit/t_*.c)
for file in lib/*/*.c; do
	name=${file#lib/}
	name=${name%.c}
	[ -f "tests/unit/t_${name#*/}.c" ] && continue
	echo "$tested" | grep -q "\<$name\>" || bad "$file: no test"
done
exit $status
