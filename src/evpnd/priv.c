/* priv - see priv.h. */
#include "priv.h"

#include <cap-ng.h>
#include <errno.h>
#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "log.h"

#define PRIV_USER "evpnd"

/* The socket's folder, owned by the user who will make the socket in it. */
static void
make_folder(const char *ctl_path, const struct passwd *pw)
{
	char *copy = xstrdup(ctl_path);
	const char *dir = dirname(copy);

	if (mkdir(dir, 0755) == 0 && pw != NULL &&
	    chown(dir, pw->pw_uid, pw->pw_gid) < 0)
		log_warn("%s: cannot give it to user %s: %s", dir, PRIV_USER,
		    strerror(errno));
	free(copy);
}

static const struct {
	int cap;
	const char *name, *what;
} needed[] = {
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", "program the kernel's tables" },
	{ CAP_NET_RAW, "CAP_NET_RAW", "hear ARP and ND" },
	{ CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE", "listen on port 179" },
};

#define NEEDED (sizeof(needed) / sizeof(needed[0]))

int
priv_drop(const char *ctl_path)
{
	const struct passwd *pw = geteuid() == 0 ? getpwnam(PRIV_USER) : NULL;
	int rc;

	make_folder(ctl_path, pw);
	capng_get_caps_process();
	for (unsigned i = 0; i < NEEDED; i++)
		if (!capng_have_capability(CAPNG_EFFECTIVE, (unsigned)needed[i].cap))
			log_warn(
			    "%s is missing: evpnd cannot %s; start it as root or from "
			    "its service",
			    needed[i].name, needed[i].what);
	if (geteuid() != 0)
		return 0;
	capng_clear(CAPNG_SELECT_BOTH);
	for (unsigned i = 0; i < NEEDED; i++)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
		    (unsigned)needed[i].cap);
	if (pw != NULL)
		rc = capng_change_id((int)pw->pw_uid, (int)pw->pw_gid,
		    CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
	else
		rc = capng_apply(CAPNG_SELECT_CAPS);
	if (rc != 0) {
		log_err("cannot give up root's rights: error %d", rc);
		return -EPERM;
	}
	return 0;
}
