noinst_LIBRARIES += lib/libbase.a
lib_libbase_a_SOURCES = \
	lib/base/addr.c lib/base/addr.h \
	lib/base/bucket.c lib/base/bucket.h \
	lib/base/bytes.c lib/base/bytes.h \
	lib/base/lhash.c lib/base/lhash.h \
	lib/base/mem.c lib/base/mem.h \
	lib/base/slab.c lib/base/slab.h \
	lib/base/table.h
BASE_LIBS = lib/libbase.a $(BSD_LIBS)
