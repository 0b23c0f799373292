noinst_LIBRARIES += lib/libkern.a
lib_libkern_a_SOURCES = \
	lib/kern/frame.c lib/kern/frame.h \
	lib/kern/kevent.c lib/kern/kevent.h \
	lib/kern/klink.c lib/kern/klink.h \
	lib/kern/kobj.c lib/kern/kobj.h \
	lib/kern/kqueue.c lib/kern/krow.c \
	lib/kern/ktab.c lib/kern/ktab.h lib/kern/ktabint.h \
	lib/kern/kwrite.c \
	lib/kern/nlcodec.h lib/kern/nldecode.c lib/kern/nlencode.c \
	lib/kern/nlint.h lib/kern/nlroute.c lib/kern/nltc.c \
	lib/kern/nlvlan.c
KERN_LIBS = lib/libkern.a $(BASE_LIBS) $(NL_LIBS)
