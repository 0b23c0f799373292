/*
 * explain_need - what keeps an address from being reached, and what it would take: the end of
 * "show evpn explain".
 *
 * Problems are told whenever there are any. What is needed is told of an address that nobody
 * claims: which ports and which routes could make it known.
 */
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "show_event.h"
#include "show_vrf.h"

/* --- problems --- */

static void
peer_problem(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;
	const char *name = p->conf.name;

	if (p->conf.shutdown == CONF_YES)
		jout_fmt(
		    j, NULL, "neighbor %s is shut down by the configuration", name);
	else if (p->state != FSM_ESTABLISHED && p->last_reset[0] != '\0')
		jout_fmt(j, NULL, "neighbor %s is not up, but %s: %s", name,
		    fsm_state_name(p->state), p->last_reset);
	else if (p->state != FSM_ESTABLISHED)
		jout_fmt(j, NULL, "neighbor %s is not up, but %s", name,
		    fsm_state_name(p->state));
	else if (!p->evpn)
		jout_fmt(j, NULL,
		    "neighbor %s is up without l2vpn evpn: activate it on "
		    "both sides",
		    name);
	else if (!p->eor_received)
		jout_fmt(j, NULL, "neighbor %s has not sent all its routes yet", name);
}

void
show_explain_problems(struct show *s, const char *vni_down)
{
	struct jout *j = &s->j;
	struct peer *p;

	jout_open(j, "problems", '[');
	if (!s->d->conf->bgp.on)
		jout_str(
		    j, NULL, "there is no \"router bgp\": nothing is learned from BGP");
	else if (s->d->router_id == 0)
		jout_str(j, NULL, "there is no router-id: no session is started");
	else if (peers_first(s->d->peers) == NULL)
		jout_str(j, NULL, "there is no neighbor");
	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p))
		peer_problem(s, p);
	if (vni_down != NULL)
		jout_fmt(j, NULL, "the VNI is not in use: %s", vni_down);
	jout_close(j, ']');
}

/* --- what it would take --- */

static void
put_ports(struct show *s, const struct evi *evi)
{
	struct klink *l;
	char text[512] = "";
	size_t n = 0;

	for (l = klink_first(s->d->klinks); l != NULL; l = klink_after(l)) {
		if (!l->is_port || l->master != evi->bridge || l->ifindex == evi->vxlan)
			continue;
		if (n < sizeof(text))
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%s",
			    n > 0 ? ", " : "", l->name,
			    !l->up            ? " (down)"
				: !l->running ? " (no carrier)"
					      : "");
	}
	if (evi->bridge == 0)
		jout_str(
		    &s->j, NULL, "here: the VNI has no bridge, so no host can be here");
	else if (n == 0)
		jout_fmt(&s->j, NULL, "here: %s has no port but the VNI's own",
		    show_ifname(s, evi->bridge));
	else
		jout_fmt(&s->j, NULL,
		    "here: a frame from it on a port of %s: %s; or \"evpn mac add\"",
		    show_ifname(s, evi->bridge), text);
}

static void
put_targets(struct show *s, const struct evi *evi)
{
	char text[512] = "";
	size_t n = 0;

	if (evi->imp.automatic)
		n = (size_t)snprintf(text, sizeof(text), "*:%u", evi->vni);
	for (unsigned i = 0;
	     !evi->imp.automatic && i < evi->imp.import.n && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    n > 0 ? ", " : "", RTSTR(&evi->imp.import.rt[i]));
	jout_fmt(&s->j, NULL,
	    "elsewhere: a type 2 route that names it, with route target %s; %s",
	    text[0] != '\0' ? text : "(the VNI imports none)",
	    s->paths > 0 ? "those that there are do not count, see the routes"
			 : "no neighbor has sent one");
}

static void
put_vteps(struct show *s, struct evi *evi)
{
	struct vtep *v = evi_vtep_first(evi);

	if (v == NULL)
		jout_str(&s->j, NULL,
		    "elsewhere: no VTEP of this VNI is known, so frames to it go "
		    "nowhere");
	else
		jout_fmt(&s->j, NULL,
		    "until then: frames to it are flooded to %u VTEP%s, if flooding is "
		    "on",
		    evi->nvteps, evi->nvteps == 1 ? "" : "s");
}

void
show_explain_needed(struct show *s, struct evi *evi)
{
	jout_open(&s->j, "needed", '[');
	put_ports(s, evi);
	put_targets(s, evi);
	put_vteps(s, evi);
	jout_close(&s->j, ']');
}
