EXTRA_DIST += etc/evpnd.service etc/evpnd.sysusers
