/* Programs that stand at a console: shells, logins, gettys. */
#ifndef ASSAY_INSPECT_CONSOLE_PROGRAM_H
#define ASSAY_INSPECT_CONSOLE_PROGRAM_H

#include "base/span.h"

enum console_program {
	CONSOLE_NOTHING, /* some other program */
	CONSOLE_SHELL,   /* gives a shell at once */
	CONSOLE_LOGIN,   /* asks for a login */
};

/* Judges a program with its arguments: "/bin/sh", "getty -n -l /bin/sh", "login -f root". */
enum console_program console_program_of(struct span program, struct span arguments);

#endif
