/*
 * cli - the command language: words, abbreviations, candidates, help. Knows nothing of what
 * commands do.
 *
 * A command is one row of the table in grammar.c: a mode, a synopsis, a help text, an
 * operation. A synopsis is made of
 *
 *   word		a keyword, may be abbreviated
 *   WORD		an argument, its type by its name (cli_types in types.c)
 *   (1-4094)		an argument: a number in that range; named NUMBER in a match
 *   (a|b|c)		one of these; each may be several words
 *   [x y], [x|y]	may be left out
 *   {x y}		may be left out after "no"
 *   ...		the argument before may be repeated
 *   LINE		the rest of the line
 *
 * A word of the line means, in this order: a keyword as it is, a keyword it begins, an
 * argument of a narrow type, any WORD. Two keywords that both lead to a complete command
 * make the line ambiguous.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

enum cli_mode {
	CLI_EXEC,
	CLI_CONFIG,
	CLI_VXLAN,
	CLI_BGP,
	CLI_BGP_EVPN, /* address-family l2vpn evpn */
	CLI_BGP_V4,   /* address-family ipv4 unicast: the default VRF's routes */
	CLI_BGP_V6,
	CLI_VNI, /* vni N in l2vpn evpn */
	CLI_VRF,
	CLI_BGP_VRF,
	CLI_BGP_VRF_EVPN,
	CLI_BGP_VRF_V4,
	CLI_BGP_VRF_V6,
	CLI_BGP_OTHER_AF, /* an address family of FRR that means nothing here */
	CLI_OTHER,        /* a block of FRR that means nothing here */
	CLI_MODES,
};

/* enum cli_mode of a row that stays where it is. */
#define CLI_STAY (-1)

#define CLI_HIDDEN 1     /* understood, but neither offered nor in the manual */
#define CLI_PLAIN 2      /* has no "no" form */
#define CLI_ONLY_NO 4    /* has only the "no" form */
#define CLI_EVERYWHERE 8 /* of CLI_CONFIG: in every mode below too; CLI_PLAIN */
#define CLI_STREAM 16    /* answers a line at a time, until somebody has enough */
#define CLI_SECRET 32    /* has a password: the line is not kept */

struct cli_cmd {
	enum cli_mode mode;
	const char *syntax;
	const char *help;
	int op;   /* enum cli_op of grammar.h */
	int next; /* mode to enter, or CLI_STAY */
	unsigned flags;
};

#define CLI_ARGS 64
#define CLI_LINE 1024 /* a line and its NUL; longer ones are unknown commands */

/* One matched argument: which placeholder (or which keyword) and the word typed. */
struct cli_arg {
	const char
	    *name; /* "VNI", "NUMBER"; or the full keyword, for keywords in [] and () */
	const char
	    *text;  /* the word typed, or the full keyword; points into the match */
	int column; /* from 1 */
};

enum cli_status {
	CLI_OK,
	CLI_EMPTY,      /* blank or comment */
	CLI_UNKNOWN,    /* "% Unknown command: " */
	CLI_INCOMPLETE, /* "% Command incomplete." */
	CLI_AMBIGUOUS,  /* "% Ambiguous command." */
};

/* Holds pointers into itself: not to be copied. */
struct cli_match {
	enum cli_status status;
	const struct cli_cmd *cmd; /* valid when CLI_OK */
	bool no;                   /* "no" came first */
	bool do_exec;              /* "do" came first: CMD is of CLI_EXEC */
	bool begun;                /* its first word is abbreviated */
	struct cli_arg args[CLI_ARGS];
	int nargs;
	int column; /* of the word that did not fit */
	char
	    expected[160]; /* there: "VNI", "remote-as or peer-group"; "" end of line */
	char nearest[48];  /* the keyword probably meant there; "" none */
	char line[CLI_LINE]; /* the line, cut in words */
	char keywords[256];  /* those of ARGS, in full */
};

/*
 * Matches LINE in MODE. Also tries the modes around it, as vtysh does, when UP. OUT_MODE:
 * the mode whose command it is.
 */
void cli_match(enum cli_mode mode, const char *line, bool up, struct cli_match *out,
    enum cli_mode *out_mode);
/* FRR's message for a status that is neither CLI_OK nor CLI_EMPTY: "% Unknown command: x". */
const char *cli_refusal(
    const struct cli_match *m, const char *line, char *buf, size_t len);
/* The argument of that name, or NULL: cli_arg(m, "VNI"), cli_arg(m, "json"). */
const char *cli_arg(const struct cli_match *m, const char *name);
/* The I-th of a repeated argument. */
const char *cli_arg_nth(const struct cli_match *m, const char *name, int i);

/*
 * What may come at the end of LINE (whose last word may be begun): each candidate's text
 * ("json", or "MAC" for an argument) and help. For TAB and "?".
 */
void cli_candidates(enum cli_mode mode, const char *line,
    void (*each)(const char *word, const char *help, bool is_arg, void *arg),
    void *arg);

/* What was found, expected and probably meant, for the same; "" when there is no more to say. */
const char *cli_detail(
    const struct cli_match *m, const char *line, char *buf, size_t len);
/* "exec", "config", "bgp", "bgp-evpn" ...: as the control protocol calls it, and back. */
const char *cli_mode_name(enum cli_mode mode);
bool cli_mode_parse(const char *name, enum cli_mode *out);
/* FRR's prompt part: "", "(config)", "(config-router-af)". */
const char *cli_mode_prompt(enum cli_mode mode);
enum cli_mode cli_mode_up(enum cli_mode mode);
/* The mode that LINE leads to when it is accepted in MODE; MODE when it is no command. */
enum cli_mode cli_mode_after(enum cli_mode mode, const char *line);
/* Does TEXT fit the argument type NAME? WHY (may be NULL): what was expected. */
bool cli_type_check(const char *name, const char *text, const char **out_why);

/* The table, for the manual and completion: row I or NULL. */
const struct cli_cmd *cli_command(int i);

#endif
