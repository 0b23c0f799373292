include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/netns/local.mk
include tests/vm/local.mk
include tests/bench/local.mk
source_checks = tests/cppcheck.sh tests/format.sh tests/hardening.sh tests/layers.sh tests/man.sh \
	tests/readme.sh tests/shape.sh
dist_check_SCRIPTS += $(source_checks)
TESTS += $(source_checks)
EXTRA_DIST += tests/cppcheck.h tests/valgrind.supp
clean-local:
	rm -rf cppcheck
