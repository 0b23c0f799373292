/*
 * extcomm - extended communities that EVPN uses: made, recognised, shown.
 *
 * RFC 4360 (route target, origin), 7432 (ESI label, ES-import, MAC mobility, default gateway),
 * 9012 (encapsulation), 9135 (router's MAC), 9047 (ARP/ND), 8584 (DF election).
 */
#ifndef BGP_EXTCOMM_H
#define BGP_EXTCOMM_H

#include "base/addr.h"
#include "bgp/attr.h"

enum { /* tunnel types, RFC 9012 */
	ENCAP_VXLAN = 8,
	ENCAP_NVGRE = 9,
	ENCAP_MPLS = 10,
	ENCAP_GENEVE = 19,
};

struct ecom ecom_encap(uint16_t tunnel);
struct ecom ecom_mobility(uint32_t seq, bool sticky);
struct ecom ecom_default_gw(void);
struct ecom ecom_rmac(const struct mac *mac);
struct ecom ecom_nd(bool router, bool override, bool proxy);

bool ecom_is_rt(const struct ecom *e);
bool ecom_is_encap(const struct ecom *e, uint16_t *tunnel);
bool ecom_is_mobility(const struct ecom *e, uint32_t *seq, bool *sticky);
bool ecom_is_rmac(const struct ecom *e, struct mac *out);

/* The I-th community of a blob of 8-byte ones; false when there are no more. */
bool ecom_get(const struct blob *ext, unsigned i, struct ecom *out);

/* Fills what V keeps of its EXT: flags, MM_SEQ, RMAC. See attr_draft_scan(). */
void extcomm_scan(struct attr_value *v);

/* The number in the low four (type 0) or two bytes: the VNI of an automatic target. */
uint32_t ecom_rt_number(const struct ecom *rt);

#define ECOM_STRLEN 64
/* FRR's words: "RT:65000:100", "ET:8", "MM:3, sticky MAC", "Rmac:02:..", "Default Gateway". */
char *ecom_str(char *buf, const struct ecom *e);
/* All of a blob in ascending order, as FRR has them, separated by blanks; cut at LEN. */
char *extcomm_str(char *buf, size_t len, const struct blob *ext);

#endif
