/* error - see error.h. */
#include "bgp/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SUBCODES 12

/* As FRR says it; subcodes count from 0, which is RFC 4271's "unspecific". */
static const struct {
	const char *name;
	const char *sub[SUBCODES];
} codes[] = {
	/* clang-format off */
	[BGP_ERR_HEADER] = { "Message Header Error", {
		"/Unspecific", "/Connection Not Synchronized", "/Bad Message Length",
		"/Bad Message Type" } },
	[BGP_ERR_OPEN] = { "OPEN Message Error", {
		"/Unspecific", "/Unsupported Version Number", "/Bad Peer AS",
		"/Bad BGP Identifier", "/Unsupported Optional Parameter",
		"/Authentication Failure", "/Unacceptable Hold Time",
		"/Unsupported Capability", NULL, NULL, NULL, "/Role Mismatch" } },
	[BGP_ERR_UPDATE] = { "UPDATE Message Error", {
		"/Unspecific", "/Malformed Attribute List",
		"/Unrecognized Well-known Attribute", "/Missing Well-known Attribute",
		"/Attribute Flags Error", "/Attribute Length Error",
		"/Invalid ORIGIN Attribute", "/AS Routing Loop",
		"/Invalid NEXT_HOP Attribute", "/Optional Attribute Error",
		"/Invalid Network Field", "/Malformed AS_PATH" } },
	[BGP_ERR_HOLD] = { "Hold Timer Expired", { NULL } },
	[BGP_ERR_FSM] = { "Neighbor Events Error", {
		"/Unspecific", "/Receive Unexpected Message in OpenSent State",
		"/Receive Unexpected Message in OpenConfirm State",
		"/Receive Unexpected Message in Established State" } },
	[BGP_ERR_CEASE] = { "Cease", {
		"/Unspecific", "/Maximum Number of Prefixes Reached",
		"/Administrative Shutdown", "/Peer De-configured",
		"/Administrative Reset", "/Connection Rejected",
		"/Other Configuration Change", "/Connection Collision Resolution",
		"/Out of Resources", "/Hard Reset", "/BFD Down" } },
	[BGP_ERR_REFRESH] = { "ROUTE-REFRESH Message Error", {
		"/Unspecific", "/Invalid Message Length" } },
	[BGP_ERR_SEND_HOLD] = { "Send Hold Timer Expired", { NULL } },
	/* clang-format on */
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

enum bgp_verdict
bgp_error_set(struct bgp_error *err, uint8_t code, uint8_t subcode, const void *data,
    size_t len, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	err->subcode = subcode;
	err->hard = false;
	err->len = (uint16_t)(len < BGP_ERROR_DATA ? len : BGP_ERROR_DATA);
	if (err->len > 0)
		memcpy(err->data, data, err->len);
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return BGP_RESET;
}

const char *
bgp_error_code_name(uint8_t code)
{
	return code < CODES && codes[code].name != NULL ? codes[code].name : "Unknown";
}

const char *
bgp_error_subcode_name(uint8_t code, uint8_t subcode)
{
	if (code >= CODES || subcode >= SUBCODES || codes[code].sub[subcode] == NULL)
		return "";
	return codes[code].sub[subcode];
}
