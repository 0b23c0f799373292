/* render_audit - "show evpn audit" as text: a finding a paragraph, its command below. */
#include "evpnsh/render_int.h"

void
render_audit(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *findings = jget(doc, "findings");
	size_t i;

	(void)m;
	for (i = 0; i < jlen(findings); i++) {
		struct json_object *f = jat(findings, i);

		fprintf(out, "%s: ", jstr(f, "level"));
		if (jget(f, "vni") != NULL)
			fprintf(out, "VNI %" PRId64 ": ", jint(f, "vni"));
		fprintf(out, "%s\n", jstr(f, "text"));
		if (jget(f, "command") != NULL)
			fprintf(out, "    %s\n", jstr(f, "command"));
	}
	if (jlen(findings) == 0)
		fprintf(out, "Nothing is wrong around %" PRId64 " VNIs\n",
		    jint(doc, "numVnis"));
	else
		fprintf(out, "\n%" PRId64 " findings, %" PRId64 " VNIs\n",
		    jint(doc, "numFindings"), jint(doc, "numVnis"));
}
