# The control socket and what commands do at once.
EVPND_CTL_SOURCES = \
	src/evpnd/change.c src/evpnd/change.h \
	src/evpnd/ctl.c src/evpnd/ctl.h \
	src/evpnd/ctl_request.c src/evpnd/ctl_request.h \
	src/evpnd/ctl_run.c src/evpnd/ctl_run.h \
	src/evpnd/debug.c src/evpnd/debug.h \
	src/evpnd/exec.c src/evpnd/exec.h \
	src/evpnd/revision.c src/evpnd/revision.h \
	src/evpnd/save.c src/evpnd/save.h
