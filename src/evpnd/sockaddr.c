/* sockaddr - see sockaddr.h. */
#include "sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>

socklen_t
sockaddr_put(struct sockaddr_storage *ss, const struct ip *ip, uint16_t port)
{
	struct sockaddr_in *v4 = (void *)ss;
	struct sockaddr_in6 *v6 = (void *)ss;

	memset(ss, 0, sizeof(*ss));
	if (ip->family == 6) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		memcpy(&v6->sin6_addr, ip->b, 16);
		return sizeof(*v6);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	memcpy(&v4->sin_addr, ip->b, 4);
	return sizeof(*v4);
}

struct ip
sockaddr_get(const struct sockaddr_storage *ss, uint16_t *out_port)
{
	const struct sockaddr_in *v4 = (const void *)ss;
	const struct sockaddr_in6 *v6 = (const void *)ss;

	if (ss->ss_family == AF_INET6) {
		*out_port = ntohs(v6->sin6_port);
		return ip_of(&v6->sin6_addr, 16);
	}
	*out_port = ntohs(v4->sin_port);
	return ip_of(&v4->sin_addr, ss->ss_family == AF_INET ? 4 : 0);
}
