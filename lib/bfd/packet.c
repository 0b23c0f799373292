/* packet - see packet.h. */
#include "bfd/packet.h"

#define FLAG_POLL 0x20
#define FLAG_FINAL 0x10
#define FLAG_INDEPENDENT 0x08
#define FLAG_AUTH 0x04
#define FLAG_DEMAND 0x02
#define FLAG_MULTIPOINT 0x01

/* What 6.8.6 discards before anything is looked up, in its order. */
static const char *
fault_of(const struct bfd_packet *p, uint8_t version, uint8_t flags, uint8_t len,
    size_t room, bool bad)
{
	if (bad)
		return "shorter than a control packet";
	if (version != BFD_VERSION)
		return "version is not 1";
	if (len < BFD_PACKET_LEN)
		return "length below 24";
	if (len > room)
		return "length beyond the packet's end";
	if (p->mult == 0)
		return "detection multiplier is 0";
	if (flags & FLAG_MULTIPOINT)
		return "multipoint bit is set";
	if (p->my_disc == 0)
		return "my discriminator is 0";
	if (p->your_disc == 0 && p->state != BFD_DOWN && p->state != BFD_ADMIN_DOWN)
		return "your discriminator is 0";
	if (flags & FLAG_AUTH)
		return "authentication, of which there is none";
	if (p->poll && p->final)
		return "poll and final bits are both set";
	return NULL;
}

bool
bfd_packet_get(struct cursor *c, struct bfd_packet *out, const char **out_why)
{
	size_t room = get_left(c);
	uint8_t first = get_u8(c), flags = get_u8(c), len;

	*out = (struct bfd_packet){
		.state = flags >> 6,
		.diag = first & 0x1f,
		.poll = flags & FLAG_POLL,
		.final = flags & FLAG_FINAL,
		.independent = flags & FLAG_INDEPENDENT,
		.demand = flags & FLAG_DEMAND,
	};
	out->mult = get_u8(c);
	len = get_u8(c);
	out->my_disc = get_u32(c);
	out->your_disc = get_u32(c);
	out->min_tx_us = get_u32(c);
	out->min_rx_us = get_u32(c);
	out->min_echo_us = get_u32(c);
	*out_why = fault_of(out, first >> 5, flags, len, room, c->bad);
	return *out_why == NULL;
}

void
bfd_packet_put(struct builder *b, const struct bfd_packet *p)
{
	uint8_t flags = (uint8_t)(p->state << 6);

	flags |= p->poll ? FLAG_POLL : 0;
	flags |= p->final ? FLAG_FINAL : 0;
	flags |= p->independent ? FLAG_INDEPENDENT : 0;
	flags |= p->demand ? FLAG_DEMAND : 0;
	put_u8(b, (uint8_t)(BFD_VERSION << 5 | (p->diag & 0x1f)));
	put_u8(b, flags);
	put_u8(b, p->mult);
	put_u8(b, BFD_PACKET_LEN);
	put_u32(b, p->my_disc);
	put_u32(b, p->your_disc);
	put_u32(b, p->min_tx_us);
	put_u32(b, p->min_rx_us);
	put_u32(b, p->min_echo_us);
}

const char *
bfd_state_name(unsigned state)
{
	static const char *const names[] = {
		[BFD_ADMIN_DOWN] = "shutdown",
		[BFD_DOWN] = "down",
		[BFD_INIT] = "init",
		[BFD_UP] = "up",
	};

	return state <= BFD_UP ? names[state] : "unknown";
}

const char *
bfd_diag_name(unsigned diag)
{
	static const char *const names[BFD_DIAGS] = {
		[BFD_DIAG_NONE] = "ok",
		[BFD_DIAG_EXPIRED] = "control detection time expired",
		[BFD_DIAG_ECHO] = "echo function failed",
		[BFD_DIAG_NEIGHBOR_DOWN] = "neighbor signaled session down",
		[BFD_DIAG_RESET] = "forwarding plane reset",
		[BFD_DIAG_PATH_DOWN] = "path down",
		[BFD_DIAG_CONCAT_DOWN] = "concatenated path down",
		[BFD_DIAG_ADMIN_DOWN] = "administratively down",
		[BFD_DIAG_REVERSE_DOWN] = "reverse concatenated path down",
	};

	return diag < BFD_DIAGS ? names[diag] : "invalid";
}
