/* sockaddr - addresses as the socket calls want them. */
#ifndef EVPND_SOCKADDR_H
#define EVPND_SOCKADDR_H

#include <sys/socket.h>

#include "base/addr.h"

/* Returns the length that counts. */
socklen_t sockaddr_put(
    struct sockaddr_storage *out, const struct ip *ip, uint16_t port);
/* None: of another family. */
struct ip sockaddr_get(const struct sockaddr_storage *ss, uint16_t *out_port);

#endif
