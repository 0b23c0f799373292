/* priv - leaves the daemon with the rights it needs and no others. */
#ifndef EVPND_PRIV_H
#define EVPND_PRIV_H

/*
 * Makes the folder of the control socket, then becomes user "evpnd" (where that user exists;
 * else stays who it is) with CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE only.
 * Returns 0 or -errno; what is missing is logged.
 */
int priv_drop(const char *ctl_path);

#endif
