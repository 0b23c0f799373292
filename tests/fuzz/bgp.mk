# Fuzz targets of lib/bgp.
fuzz_programs += f_msg f_nlri f_open f_update
f_msg_SOURCES = tests/fuzz/f_msg.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_msg_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_msg_LDADD = $(BGP_LIBS)
f_nlri_SOURCES = tests/fuzz/f_nlri.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_nlri_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_nlri_LDADD = $(BGP_LIBS)
f_open_SOURCES = tests/fuzz/f_open.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_open_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_open_LDADD = $(BGP_LIBS)
f_update_SOURCES = tests/fuzz/f_update.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_update_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_update_LDADD = $(BGP_LIBS)
