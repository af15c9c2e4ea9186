/* assay IMAGE: grade it, and write the reports that are asked for. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/gate.h"
#include "cli/session.h"
#include "cli/terminal.h"

static bool wants_colour(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool dumb = term && strcmp(term, "dumb") == 0;
	return isatty(STDOUT_FILENO) && !options->no_color && !(no_color && *no_color) && !dumb;
}

static int print_page(const struct session *session, struct assay *assay)
{
	char *text = NULL;
	size_t length = 0;
	enum assay_status status = assay_page(assay, wants_colour(session->options), terminal_width(), &text, &length);
	if (status != ASSAY_DONE) {
		(void)unusable("cannot make the page: %s", assay_error(assay));
		return status == ASSAY_LIMIT ? EXIT_UNUSABLE : EXIT_INTERNAL;
	}
	terminal_print(text, length);
	assay_release(text);
	return EXIT_DONE;
}

static int grade_image(struct session *session)
{
	struct assay *assay = NULL;
	if (session->options->fail_on & FAIL_WORSE)
		return unusable("--fail-on worse compares two images: assay diff OLD NEW --fail-on worse");
	int status = session_assay(session, 0, true, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE && session->page_to_stdout)
		status = print_page(session, assay);
	if (status == EXIT_DONE)
		status = gate_check(assay, session->options);
	assay_free(assay);
	return status;
}

static int run(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "name an image: assay IMAGE; see 'assay --help'", grade_image);
}

const struct command command_grade = {
	.name = "grade",
	.usage = "IMAGE...",
	.summary = "grade an image and write reports; the word 'grade' may be left out",
	.options = OPTIONS_OUTPUTS | OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_GATES | OPTIONS_FAIL_ON,
	.run = run,
};
