/* assay diff OLD NEW: what a new image adds, removes and changes. */
#include <stdio.h>
#include <string.h>

#include "cli/gate.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/terminal.h"

enum { ROWS_SHOWN = 60 /* of one aspect */ };

#define ARROW " → "

/* An image's words may hold anything. */
static void print_words(const char *sign, const char *words)
{
	(void)printf("  %s ", sign);
	terminal_print_shown(words ? words : "");
	(void)putchar('\n');
}

/* What is printed of an aspect, and how much of it is not. */
struct shown {
	char aspect[64];
	size_t rows;
};

static void end_aspect(const struct shown *shown)
{
	if (shown->rows > ROWS_SHOWN)
		(void)printf("  and %zu more: assay diff OLD NEW --format tsv\n", shown->rows - ROWS_SHOWN);
}

static void print_difference(struct shown *shown, const struct assay_rows *rows)
{
	const char *aspect = assay_rows_text(rows, 0, NULL);
	if (strcmp(aspect, shown->aspect) != 0) {
		end_aspect(shown);
		(void)snprintf(shown->aspect, sizeof shown->aspect, "%s", aspect);
		shown->rows = 0;
		(void)printf("\n%s\n", aspect);
	}
	if (shown->rows++ < ROWS_SHOWN)
		print_words(assay_rows_text(rows, 1, NULL), assay_rows_text(rows, 2, NULL));
}

static void print_page(const struct session *session, struct assay_rows *rows)
{
	struct shown shown = { 0 };
	terminal_print_shown(session->inputs[0].name);
	terminal_print(ARROW, sizeof ARROW - 1);
	terminal_print_shown(session->inputs[1].name);
	(void)putchar('\n');
	while (assay_rows_next(rows))
		print_difference(&shown, rows);
	end_aspect(&shown);
	if (shown.rows == 0)
		(void)printf("No difference.\n");
}

static int print(const struct session *session, struct assay *new)
{
	struct assay_rows *rows = NULL;
	enum outcome printed = DONE;
	if (assay_query(new, "SELECT aspect, sign, words FROM difference ORDER BY rowid", 0, &rows) != ASSAY_DONE)
		return unusable("the evidence cannot be compared: %s", assay_error(new));
	if (session->options->format == TABLE_TEXT)
		print_page(session, rows);
	else
		printed = table_print(rows, session->options->format);
	return assay_rows_end(rows) == ASSAY_DONE && printed == DONE ? EXIT_DONE : EXIT_INTERNAL;
}

static int compare(struct session *session)
{
	struct assay *old = NULL, *new = NULL;
	int status = session_assay(session, 0, true, &old);
	if (status == EXIT_DONE)
		status = session_assay(session, 1, true, &new);
	if (status == EXIT_DONE && assay_compare(new, old) != ASSAY_DONE)
		status = unusable("the evidence cannot be compared: %s", assay_error(new));
	if (status == EXIT_DONE)
		status = print(session, new);
	if (status == EXIT_DONE)
		status = gate_check_difference(new, session->options);
	assay_free(old);
	assay_free(new);
	return status;
}

static int run(const struct arguments *arguments)
{
	return session_run(arguments, 2, 2, "usage: assay diff OLD NEW", compare);
}

const struct command command_diff = {
	.name = "diff",
	.usage = "OLD NEW",
	.summary = "say what a new image adds, removes and changes",
	.options = OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_TABLE | OPTIONS_FAIL_ON,
	.run = run,
};
