include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/netns/local.mk
include tests/vm/local.mk
