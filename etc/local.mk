EXTRA_DIST += etc/evpnd.service etc/evpnd.sysusers etc/evpnd.conf
bashcompdir = $(datadir)/bash-completion/completions
dist_bashcomp_DATA = etc/evpnsh.bash
# Completions are found by the name of their command.
install-data-hook:
	cd $(DESTDIR)$(bashcompdir) && mv -f evpnsh.bash evpnsh
uninstall-hook:
	rm -f $(DESTDIR)$(bashcompdir)/evpnsh
