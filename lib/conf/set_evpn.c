/* set_evpn - "address-family l2vpn evpn": what holds for all VNIs. */
#include "conf/edit.h"

static bool *
flag_field(const struct edit *e)
{
	struct conf_evpn *v = &e->c->bgp.evpn;

	switch (e->m->cmd->op) {
	case OP_EVPN_ALL_VNI:
		return &v->advertise_all_vni;
	case OP_EVPN_SVI_IP:
		return &v->advertise_svi_ip;
	case OP_EVPN_DEFAULT_GW:
		return &v->advertise_default_gw;
	case OP_EVPN_STATIC_MAC:
		return &v->redistribute_static_mac;
	default:
		return &v->autort_rfc8365;
	}
}

bool
set_evpn_flag(struct edit *e)
{
	*flag_field(e) = !e->no;
	return true;
}

bool
set_evpn_flooding(struct edit *e)
{
	e->c->bgp.evpn.flooding_disable = !e->no && edit_has(e, "disable");
	return true;
}

/* "no dup-addr-detection" turns it off; with numbers it goes back to the default ones. */
bool
set_evpn_dad(struct edit *e)
{
	struct conf_evpn *v = &e->c->bgp.evpn;
	bool numbers = edit_has(e, "NUMBER");

	if (!e->no) {
		v->dad_off = false;
		if (numbers) {
			v->dad_moves = (uint16_t)edit_number(e, 0);
			v->dad_time_s = (uint16_t)edit_number(e, 1);
		}
		return true;
	}
	v->dad_moves = v->dad_time_s = 0;
	if (!numbers) {
		v->dad_off = true;
		v->dad_freeze = false;
		v->dad_freeze_s = 0;
	}
	return true;
}

bool
set_evpn_dad_freeze(struct edit *e)
{
	struct conf_evpn *v = &e->c->bgp.evpn;

	v->dad_freeze = !e->no;
	v->dad_freeze_s = e->no ? 0 : (uint16_t)edit_number(e, 0);
	if (!e->no)
		v->dad_off = false;
	return true;
}
