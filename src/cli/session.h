/*
 * One assay from the command line: opens every input and output, gives up the rest
 * of the machine (sandbox), assays, and hands out the result.
 */
#ifndef ASSAY_CLI_SESSION_H
#define ASSAY_CLI_SESSION_H

#include "assay/assay.h"
#include "base/file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/trust.h"

/* Of a report that is empty: assay_report(). */
#define SAYS_NOTHING "no vulnerability is known to match, and OpenVEX has no document that says nothing"

enum { INPUTS_MAX = OPERANDS_MAX };

/* An image that was named: a file, a folder, a saved result, standard input. */
struct input {
	const char *path;
	const char *name;      /* for reports */
	struct file_view view;
	int directory;         /* -1 unless it is a folder */
	bool saved;            /* the view is a saved result */
};

struct session {
	const struct options *options;
	struct input inputs[INPUTS_MAX];
	int input_count;
	bool together;          /* the inputs are one product, and input 0 stands for all */
	struct file_view product, kernel_config, store, rules[FILES_MAX], catalogs[FILES_MAX], vex[FILES_MAX];
	struct assay_text rule_texts[FILES_MAX], catalog_texts[FILES_MAX], vex_texts[FILES_MAX];
	const char *store_path; /* NULL: the built-in one */
	struct trust trust;
	struct assay_seal seal; /* of the store, where one is named */
	struct outputs outputs;
	bool page_to_stdout;    /* no other output has taken it */
	const char *unprotected; /* what of the sandbox does not hold, in words; NULL where all does */
};

/* Opens the first `inputs` operands and everything that the options name, then enters the sandbox. False after saying why not. */
bool session_open(struct session *session, const struct options *options, int inputs);
void session_close(struct session *session);
/* False after saying why the inputs cannot be one product: one stands twice, or is a result of its own. */
bool session_may_stand_together(const struct session *session);

/*
 * Assays an input. EXIT_DONE and *out set, or an exit status after saying why. judge_saved: judge a saved result again,
 * as is done anyway where an option asks for other rules, declarations or another store than it was judged by.
 */
int session_assay(struct session *session, int input, bool judge_saved, struct assay **out);
/* Looks at what the user wrote (rules, declarations, statements, store). An exit status, after saying what is wrong with it. */
int session_check(struct session *session);
/* Matches and judges the bytes of a saved result again. As assay_saved(). */
enum assay_status session_recheck(struct session *session, struct span bytes, struct assay **out);
/* Writes all outputs. An exit status. */
int session_write(struct session *session, struct assay *assay);

/*
 * A whole command over one product: parses its arguments, of which all but the last `after` are its files and folders.
 * Else as session_run().
 */
int session_run_product(const struct arguments *arguments, int after, const char *wrong,
			int (*work)(struct session *session));

/*
 * A whole command over one or two inputs: parses its arguments, of which `operands`
 * must be no options, opens a session over the first `inputs` of them, does the
 * work, closes. wrong says what the operands should be. An exit status.
 */
int session_run(const struct arguments *arguments, int operands, int inputs, const char *wrong,
		int (*work)(struct session *session));

#endif
