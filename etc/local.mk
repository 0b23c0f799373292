EXTRA_DIST += etc/evpnd.service.in etc/evpnd.sysusers
examplesdir = $(docdir)/examples
dist_examples_DATA = etc/evpnd.conf
bashcompdir = $(datadir)/bash-completion/completions
dist_bashcomp_DATA = etc/evpnsh.bash

# The unit names the place of the daemon.
if SYSTEMD
systemdsystemunit_DATA = etc/evpnd.service
endif
etc/evpnd.service: etc/evpnd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc && \
	    sed 's,[@]sbindir[@],$(sbindir),' $(srcdir)/etc/evpnd.service.in >$@.tmp && \
	    mv $@.tmp $@
CLEANFILES += etc/evpnd.service

# Completions are found by the name of their command, users by a .conf.
sysusersdir = $(prefix)/lib/sysusers.d
install-data-hook:
	cd $(DESTDIR)$(bashcompdir) && mv -f evpnsh.bash evpnsh
if SYSTEMD
	$(MKDIR_P) $(DESTDIR)$(sysusersdir)
	$(INSTALL_DATA) $(srcdir)/etc/evpnd.sysusers $(DESTDIR)$(sysusersdir)/evpnd.conf
endif
uninstall-hook:
	rm -f $(DESTDIR)$(bashcompdir)/evpnsh $(DESTDIR)$(sysusersdir)/evpnd.conf
