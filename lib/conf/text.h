/*
 * text - configuration text to struct conf and back, through the grammar of cli/grammar.c.
 */
#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include "cli/cli.h"
#include "conf/conf.h"

/* Where the next line belongs: the mode and what was entered to get there. */
struct conf_ctx {
	enum cli_mode mode;
	uint32_t vni;        /* in CLI_VNI */
	char vrf[CONF_NAME]; /* in the modes of a VRF; "" for the default */
	bool exclusive;      /* lines go into a candidate: the daemon's business */
};

enum conf_result {
	CONF_OK,
	CONF_WARNING, /* a line of FRR's that means nothing here: passed over, MSG says so */
	CONF_ERROR, /* MSG: what was found and what was expected; nothing was changed */
};

struct conf_msg {
	int line, column; /* from 1; line 0: not from a file */
	char text
	    [512]; /* FRR's message, "% ..."; of a file: without "% ", with DETAIL */
	char detail[256]; /* what was expected and probably meant; "" nothing to say */
};

/*
 * One line, in CTX, applied to C; CTX moves with "router bgp", "exit" and their like, and to
 * CLI_EXEC with "end". "do ..." is refused: that is not configuration.
 */
enum conf_result conf_line(
    struct conf *c, struct conf_ctx *ctx, const char *line, struct conf_msg *msg);
/*
 * A whole text. Every bad line is reported through REPORT; the others are applied. Returns
 * the number of errors.
 */
int conf_read(struct conf *c, const char *text,
    void (*report)(enum conf_result, const struct conf_msg *, void *arg), void *arg);

/*
 * The text of C, as "show running-config" prints it, to PUT piece by piece. SECRETS: print
 * passwords. conf_read() of it gives an equal conf.
 */
void conf_write(const struct conf *c, bool secrets,
    void (*put)(const char *s, void *arg), void *arg);
/* The same in one piece, which is the caller's. */
char *conf_text(const struct conf *c, bool secrets);

#endif
