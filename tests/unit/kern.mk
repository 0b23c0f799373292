# Unit tests of lib/kern.
if HAVE_CHECK
check_PROGRAMS += t_kobj t_ktab
t_kobj_SOURCES = tests/unit/t_kobj.c tests/unit/unit.h
t_kobj_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_kobj_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
t_ktab_SOURCES = tests/unit/t_ktab.c tests/unit/unit.h
t_ktab_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_ktab_LDADD = $(KERN_LIBS) $(CHECK_LIBS)
endif
