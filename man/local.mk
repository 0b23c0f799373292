# Manual pages; the commands of evpnd.conf(5) come from the grammar.
dist_man_MANS += man/evpnd.8 man/evpnd-control.7 man/evpnsh.1
man_MANS = man/evpnd.conf.5
noinst_PROGRAMS += man/commands
man_commands_SOURCES = man/commands.c
man_commands_LDADD = $(CLI_LIBS)
man/evpnd.conf.5: man/evpnd.conf.head man/evpnd.conf.tail man/commands$(EXEEXT)
	$(AM_V_GEN){ cat $(srcdir)/man/evpnd.conf.head && man/commands$(EXEEXT) && \
	    cat $(srcdir)/man/evpnd.conf.tail; } >$@.tmp && mv $@.tmp $@
EXTRA_DIST += man/evpnd.conf.head man/evpnd.conf.tail
CLEANFILES += man/evpnd.conf.5
