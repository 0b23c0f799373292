/*
 * revision - see revision.h.
 *
 * Kept as text: it is smaller than the structs, and reading it back is what every start does.
 */
#include "revision.h"

#include <stdlib.h>
#include <string.h>

#include "conf/text.h"

void
revision_add(struct revisions *r, const struct conf *c, const char *by, const char *how,
    const void *session)
{
	struct revision *new = &r->row[0];

	if (session != NULL && r->n > 0 && new->session == session) {
		new->replaced = time(NULL);
		return;
	}
	if (r->n == REVISIONS)
		free(r->row[--r->n].text);
	memmove(&r->row[1], &r->row[0], r->n * sizeof(r->row[0]));
	r->n++;
	*new = (struct revision){ .text = conf_text(c, true),
		.replaced = time(NULL),
		.how = how,
		.session = session };
	strlcpy(new->by, by, sizeof(new->by));
}

struct conf *
revision_conf(const struct revisions *r, unsigned n)
{
	struct conf *c;

	if (n < 1 || n > r->n)
		return NULL;
	c = conf_new();
	conf_read(c, r->row[n - 1].text, NULL, NULL);
	return c;
}

void
revision_forget(struct revisions *r, const void *session)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->row[i].session == session)
			r->row[i].session = NULL;
}

void
revisions_fini(struct revisions *r)
{
	for (unsigned i = 0; i < r->n; i++)
		free(r->row[i].text);
	r->n = 0;
}
