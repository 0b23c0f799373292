# Fuzz targets of lib/kern.
fuzz_programs += f_frame f_nlcodec
f_frame_SOURCES = tests/fuzz/f_frame.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_frame_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_frame_LDADD = $(KERN_LIBS)
f_nlcodec_SOURCES = tests/fuzz/f_nlcodec.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_nlcodec_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_nlcodec_LDADD = $(KERN_LIBS)
