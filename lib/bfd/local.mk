noinst_LIBRARIES += lib/libbfd.a
lib_libbfd_a_SOURCES = \
	lib/bfd/bfd.c lib/bfd/bfd.h \
	lib/bfd/packet.c lib/bfd/packet.h
BFD_LIBS = lib/libbfd.a $(BASE_LIBS)
