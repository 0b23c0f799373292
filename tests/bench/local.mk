# Measurements, not tests: make inject && sudo tests/bench/run
EXTRA_PROGRAMS += inject
inject_SOURCES = tests/bench/inject.c
inject_LDADD = $(BGP_LIBS)
EXTRA_DIST += tests/bench/run tests/bench/on-demand tests/bench/stream
