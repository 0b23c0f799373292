# One program per file of lib/. A test links its own layer and those below.
if HAVE_CHECK
check_PROGRAMS += t_addr t_bucket t_bytes t_lhash t_mem t_slab
t_addr_SOURCES = tests/unit/t_addr.c tests/unit/unit.h
t_addr_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_addr_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_bucket_SOURCES = tests/unit/t_bucket.c tests/unit/unit.h
t_bucket_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_bucket_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_bytes_SOURCES = tests/unit/t_bytes.c tests/unit/hex.h tests/unit/unit.h
t_bytes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_bytes_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_mem_SOURCES = tests/unit/t_mem.c tests/unit/unit.h
t_mem_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_mem_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_lhash_SOURCES = tests/unit/t_lhash.c tests/unit/unit.h
t_lhash_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_lhash_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_slab_SOURCES = tests/unit/t_slab.c tests/unit/unit.h
t_slab_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_slab_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
endif
TESTS += $(check_PROGRAMS)
include tests/unit/bfd.mk
include tests/unit/bgp.mk
include tests/unit/rib.mk
include tests/unit/session.mk
include tests/unit/kern.mk
include tests/unit/evpn.mk
include tests/unit/flood.mk
include tests/unit/cli.mk
include tests/unit/show.mk
include tests/unit/world.mk
