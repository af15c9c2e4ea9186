/* The program in a command that starts one. */
#ifndef ASSAY_INSPECT_SERVICE_START_H
#define ASSAY_INSPECT_SERVICE_START_H

#include "inspect/inspector.h"
#include "inspect/service_program.h"
#include "inspect/shell.h"

/* What a command starts. */
struct service_start {
	struct span program;   /* as written, without wrappers such as nohup or busybox */
	struct span arguments;
	struct span user;
	struct span multicall; /* "/bin/busybox" where it runs the program as an applet; else empty */
	struct service_program known;
	bool sourced;          /* a script that is read in, not run: ". /lib/functions.sh" */
	bool starter;          /* a wrapper for services started it: start-stop-daemon, service_start, procd */
};

/* Finds the program behind wrappers; false where the command starts none (it stops one, or tests something). */
bool service_start_of(const struct shell_command *command, struct arena *arena, struct service_start *out);
/* The same for a command line, as it stands in inittab or a unit. */
bool service_start_of_text(struct span text, struct arena *arena, struct service_start *out);

/* True where the program is only asked: for its version, for help, whether its configuration is sound. */
bool service_start_asks(const struct service_start *start);

/* True where the program is a boot script by its path ("/etc/init.d/x", "/system/init.sh"). */
bool service_is_script(struct span program);

/* enabled: 1, 0, or -1 for NULL. line 0 is NULL. */
struct fact *service_state(struct inspection *file, int64_t line, const struct service_start *start,
			   const char *starter, int enabled);
/* Another one waits for it: says on which port (0: not known), what it speaks (empty: not known), and why. */
void service_state_port(struct inspection *file, struct fact *service, uint32_t port, struct span protocol,
			const char *source, const char *why);

#endif
