/*
 * ctl_run - carries out one request of the control socket and says what came of it.
 */
#ifndef EVPND_CTL_RUN_H
#define EVPND_CTL_RUN_H

#include "change.h"
#include "ctl_request.h"

struct evpnd;
struct show;

/* Who asks. */
struct ctl_user {
	bool owner; /* may change things and see passwords; others may look */
	struct change_user change;
};

struct ctl_answer {
	bool refused;
	struct conf_ctx ctx;         /* where the next command is typed */
	struct show *show;           /* a document follows; the taker's */
	struct json_object *results; /* of several commands, or NULL */
	char message[512];
	char detail[256];
};

void ctl_run(struct evpnd *d, const struct ctl_user *who, const struct ctl_request *r,
    struct ctl_answer *out);
/* An answer that says no more than WHY it is refused. */
void ctl_refuse(struct ctl_answer *a, const char *why);
/* The answer as a JSON object; takes its results over. A new reference. */
struct json_object *ctl_answer_json(const struct evpnd *d, struct ctl_answer *a);

#endif
