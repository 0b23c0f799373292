# Unit tests of lib/kern.
if HAVE_CHECK
check_PROGRAMS += t_frame t_kevent t_klink t_kobj t_ktab t_nlcodec
t_frame_SOURCES = tests/unit/t_frame.c tests/unit/unit.h
t_frame_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_frame_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_kevent_SOURCES = tests/unit/t_kevent.c tests/unit/unit.h
t_kevent_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_kevent_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_klink_SOURCES = tests/unit/t_klink.c tests/unit/unit.h
t_klink_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_klink_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_kobj_SOURCES = tests/unit/t_kobj.c tests/unit/unit.h
t_kobj_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_kobj_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_ktab_SOURCES = tests/unit/t_ktab.c tests/unit/unit.h
t_ktab_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_ktab_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_nlcodec_SOURCES = tests/unit/t_nlcodec.c tests/unit/unit.h
t_nlcodec_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_nlcodec_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
endif

# The tables against the real kernel; skips itself without root.
check_PROGRAMS += nl_native
nl_native_SOURCES = tests/netns/nl_native.c src/evpnd/netlink.c src/evpnd/netlink.h \
	src/evpnd/netlink_dump.c src/evpnd/netlink_int.h src/evpnd/netlink_miss.c src/evpnd/netlink_request.c \
	src/evpnd/nlsock.c src/evpnd/nlsock.h src/evpnd/packet.c src/evpnd/packet.h src/evpnd/snoop.c src/evpnd/snoop.h
nl_native_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
nl_native_LDADD = $(KERN_LIBS) $(EVENT_LIBS)
