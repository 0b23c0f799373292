include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/netns/local.mk
include tests/vm/local.mk
include tests/bench/local.mk
dist_check_SCRIPTS += tests/layers.sh tests/man.sh tests/shape.sh
TESTS += tests/layers.sh tests/man.sh tests/shape.sh
