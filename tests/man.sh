#!/bin/sh
# man.sh - the manual pages say what they should to mandoc. References to pages that are not
# installed are none of its business.

command -v mandoc >/dev/null || {
	echo "no mandoc here"
	exit 77
}
status=0
for page in "${srcdir:-.}"/man/*.[1-8] man/*.[1-8]; do
	[ -f "$page" ] || continue
	mandoc -Tlint "$page" | grep -v "referenced manual not found" && status=1
done
exit $status
