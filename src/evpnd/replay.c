/*
 * replay - see replay.h. One packet socket a sensor, with a filter for unicast frames going
 * out. Frames are carried with the header that says what of checksum and segmentation is
 * still to be done (PACKET_VNET_HDR), or a TCP segment of a local VM would be sent broken.
 *
 * Bounds: FRAMES kept in all, of FRAME_MAX bytes, for WAIT_MS; FRAMES_A_SECOND read of one
 * sensor, then its socket is left alone, full and dropping, until the next second.
 */
#include "replay.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/table.h"
#include "evpnd.h"
#include "packet.h"

#define FRAMES 256
#define FRAME_MAX 9216
#define WAIT_MS 200
#define FRAMES_A_SECOND 2000
#define BUDGET 64
#define RCVBUF (256 << 10)

struct sensor {
	RB_ENTRY(sensor) link;
	struct replay *replay;
	struct packet packet;
	struct event *timer;
	uint64_t second;
	unsigned frames; /* in SECOND */
};

struct kept {
	TAILQ_ENTRY(kept) link;
	uint64_t until_ms;
	struct mac mac;
	uint32_t vni;
	size_t len;
	uint8_t bytes[]; /* the header, the frame */
};

RB_HEAD(sensors, sensor);

struct replay {
	struct replay_env env;
	struct sensors sensors;
	TAILQ_HEAD(, kept) kept;
	unsigned nkept;
	struct packet sender;
};

static int
sensor_cmp(const struct sensor *a, const struct sensor *b)
{
	return a->packet.ifindex < b->packet.ifindex
	    ? -1
	    : a->packet.ifindex > b->packet.ifindex;
}

RB_PROTOTYPE(sensors, sensor, link, sensor_cmp)
RB_GENERATE(sensors, sensor, link, sensor_cmp)

static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, (unsigned)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 3),
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, 0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static void
keep(struct replay *r, const uint8_t *bytes, size_t len, const struct mac *mac,
    uint32_t vni)
{
	struct kept *k;

	if (r->nkept >= FRAMES)
		return;
	k = xmalloc(sizeof(*k) + len);
	k->until_ms = evpnd_now() + WAIT_MS;
	k->mac = *mac;
	k->vni = vni;
	k->len = len;
	memcpy(k->bytes, bytes, len);
	TAILQ_INSERT_TAIL(&r->kept, k, link);
	r->nkept++;
}

static void
kept_free(struct replay *r, struct kept *k)
{
	TAILQ_REMOVE(&r->kept, k, link);
	r->nkept--;
	free(k);
}

/* One frame; false: there was none. */
static bool
sensor_read(struct sensor *s)
{
	static const size_t header = sizeof(struct virtio_net_hdr);
	struct replay *r = s->replay;
	uint8_t buf[sizeof(struct virtio_net_hdr) + FRAME_MAX];
	ssize_t n = recv(s->packet.fd, buf, sizeof(buf), MSG_TRUNC);
	struct mac mac;
	uint32_t vni;

	if (n < 0)
		return errno == EINTR || errno == ENETDOWN;
	if ((size_t)n < header + ETH_HLEN || (size_t)n > sizeof(buf))
		return true;
	memcpy(&mac, buf + header, sizeof(mac));
	if (r->env.keep(r->env.arg, s->packet.ifindex, &mac, &vni))
		keep(r, buf, (size_t)n, &mac, vni);
	return true;
}

/* False: it has had its share of this second, and is left alone until the next. */
static bool
within_rate(struct sensor *s)
{
	static const struct timeval tv = { .tv_sec = 1 };
	uint64_t second = evpnd_now() / 1000;

	if (second != s->second) {
		s->second = second;
		s->frames = 0;
	}
	if (s->frames++ < FRAMES_A_SECOND)
		return true;
	event_del(s->packet.ev);
	evtimer_add(s->timer, &tv);
	return false;
}

static void
on_frames(evutil_socket_t fd, short what, void *arg)
{
	struct sensor *s = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < BUDGET && within_rate(s) && sensor_read(s); i++)
		;
	s->replay->env.read(s->replay->env.arg);
}

static void
on_second(evutil_socket_t fd, short what, void *arg)
{
	struct sensor *s = arg;

	(void)fd;
	(void)what;
	event_add(s->packet.ev, NULL);
}

static void
sensor_free(struct replay *r, struct sensor *s)
{
	RB_REMOVE(sensors, &r->sensors, s);
	packet_close(&s->packet);
	event_free(s->timer);
	free(s);
}

void
replay_device(struct replay *r, uint32_t ifindex, bool on)
{
	struct sensor k = { .packet.ifindex = ifindex };
	struct sensor *s = RB_FIND(sensors, &r->sensors, &k);

	if (!on && s != NULL)
		sensor_free(r, s);
	if (!on || s != NULL)
		return;
	s = xcalloc(1, sizeof(*s));
	s->replay = r;
	s->packet = (struct packet){ .filter = filter,
		.nfilter = sizeof(filter) / sizeof(filter[0]),
		.option = PACKET_VNET_HDR,
		.rcvbuf = RCVBUF,
		.ifindex = ifindex,
		.lost = "replay of frames that wait for resolution",
		.base = r->env.base,
		.frames = on_frames,
		.arg = s,
		.log = r->env.log };
	RB_INSERT(sensors, &r->sensors, s);
	s->timer = evtimer_new(r->env.base, on_second, s);
	packet_open(&s->packet);
}

void
replay_send(struct replay *r, uint64_t now)
{
	struct kept *k, *next;

	TAILQ_FOREACH_SAFE (k, &r->kept, link, next) {
		struct sockaddr_ll to = { .sll_family = AF_PACKET,
			.sll_protocol = htons(ETH_P_ALL),
			.sll_halen = ETH_ALEN };
		uint32_t ifindex;

		if (r->env.ready(r->env.arg, k->vni, &k->mac, &ifindex)) {
			to.sll_ifindex = (int)ifindex;
			(void)sendto(r->sender.fd, k->bytes, k->len, 0,
			    (struct sockaddr *)&to, sizeof(to));
		} else if (now < k->until_ms) {
			continue;
		}
		kept_free(r, k);
	}
}

struct replay *
replay_new(const struct replay_env *env)
{
	struct replay *r = xcalloc(1, sizeof(*r));

	r->env = *env;
	RB_INIT(&r->sensors);
	TAILQ_INIT(&r->kept);
	r->sender = (struct packet){ .option = PACKET_VNET_HDR,
		.lost = "replay of frames that wait for resolution",
		.base = env->base,
		.log = env->log };
	packet_open(&r->sender);
	return r;
}

void
replay_free(struct replay *r)
{
	struct sensor *s;
	struct kept *k;

	if (r == NULL)
		return;
	while ((s = RB_ROOT(&r->sensors)) != NULL)
		sensor_free(r, s);
	while ((k = TAILQ_FIRST(&r->kept)) != NULL)
		kept_free(r, k);
	packet_close(&r->sender);
	free(r);
}
