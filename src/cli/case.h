/* What the commands over a case share. */
#ifndef ASSAY_CLI_CASE_H
#define ASSAY_CLI_CASE_H

#include "cli/calendar.h"
#include "cli/register.h"
#include "register/case_read.h"

/* What a command works with. */
struct case_work {
	const struct options *options;
	struct registry *registry;
	struct arena *arena;
	struct calendar calendar;
	int64_t number; /* of the case; 0 of commands that are about none */
};

/* What is due in a case, one a line, with the article and what started it. */
void case_print_dues(const struct case_work *work, const struct case_file *file);
/* The whole case. */
void case_print(const struct case_work *work, const struct case_file *file);
/* All cases, one a line, with what is due next; an exit status. */
int case_print_list(struct case_work *work);

/* Writes the folder "case-N", and says what is in it and what nobody has said yet; an exit status. */
int case_write_files(struct case_work *work, const struct case_file *file);

#endif
