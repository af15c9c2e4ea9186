/* Programs that boot scripts start, as data/services knows them: what they speak, whether they wait for others, and where. */
#ifndef ASSAY_INSPECT_SERVICE_PROGRAM_H
#define ASSAY_INSPECT_SERVICE_PROGRAM_H

#include "base/span.h"

enum service_role {
	ROLE_UNKNOWN,     /* in no list */
	ROLE_SERVER,      /* waits for others on a network */
	ROLE_CONDITIONAL, /* does so where an argument says so */
	ROLE_SUPER,       /* starts servers for others, as inetd does */
	ROLE_CLIENT,      /* connects out */
	ROLE_TUNNEL,      /* keeps a way in open from outside */
	ROLE_LOCAL,       /* serves this device alone */
	ROLE_TOOL,        /* a step of a script: it does not stay */
};

/* Spans are of the program's own data, empty where there is nothing to say. */
struct service_program {
	enum service_role role;
	struct span protocol;    /* as service.protocol */
	struct span port_option; /* "-p" */
	struct span condition;   /* argument that makes it wait for others */
};

/* By the last component of a path. */
struct service_program service_program_find(struct span name);
/* True for what stays when it was started: everything that is known and no tool. */
bool service_program_stays(const struct service_program *program);
/* True where the arguments make it wait for others; only for ROLE_CONDITIONAL. */
bool service_program_listens(const struct service_program *program, struct span arguments);

/* Number at the end of "22", "0.0.0.0:23", "[::]:80", ":9999"; 0 where there is none, or none that is a port. */
uint32_t service_port_of(struct span address);
/* Port that arguments name; 0 where they name none. */
uint32_t service_port_in(struct span name, const struct service_program *program, struct span arguments);
/* The port that a protocol usually has; 0 where it has none. */
uint32_t service_usual_port(struct span protocol);
/* A name or number of inetd.conf or a socket unit: its port (0 where not known) and protocol (empty where not known). */
uint32_t service_port_named(struct span name, struct span *protocol);

#endif
