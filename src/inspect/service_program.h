/* Programs that serve, by name, and the program in a command that starts one. */
#ifndef ASSAY_INSPECT_SERVICE_PROGRAM_H
#define ASSAY_INSPECT_SERVICE_PROGRAM_H

#include "inspect/inspector.h"
#include "inspect/shell.h"

struct service_program {
	const char *name;
	const char *protocol; /* as service.protocol; NULL where it serves no network */
};

/* By the last component of a path; NULL where it is none that is known. */
const struct service_program *service_program_find(struct span name);

/* What a command starts. */
struct service_start {
	struct span program;   /* as written, without wrappers such as nohup or busybox */
	struct span arguments;
	struct span user;
	const struct service_program *known; /* NULL for other programs */
	bool sourced;          /* a script that is read in, not run: ". /lib/functions.sh" */
	bool starter;          /* a wrapper for services started it: start-stop-daemon, service_start, procd */
};

/* Finds the program behind wrappers; false where the command starts none (it stops one, or tests something). */
bool service_start_of(const struct shell_command *command, struct arena *arena, struct service_start *out);
/* The same for a command line, as it stands in inittab or a unit. */
bool service_start_of_text(struct span text, struct arena *arena, struct service_start *out);

/* True where the program is a boot script by its path ("/etc/init.d/x", "/system/init.sh"). */
bool service_is_script(struct span program);

/* enabled: 1, 0, or -1 for NULL. line 0 is NULL. */
struct fact *service_state(struct inspection *file, int64_t line, const struct service_start *start,
			   const char *starter, int enabled);

#endif
