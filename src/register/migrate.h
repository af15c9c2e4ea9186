/* The schema of a register: data/register/001.sql and on, each run once, forward only. */
#ifndef ASSAY_REGISTER_MIGRATE_H
#define ASSAY_REGISTER_MIGRATE_H

#include "register/registry.h"

/* The newest schema that this program knows. */
int64_t migrate_newest(void);
/*
 * Runs what the database lacks, all in one transaction. UNSUPPORTED where it is of a newer program; MALFORMED
 * where it is a database of something else, or a statement failed. Then registry->error has words.
 */
enum outcome migrate(struct registry *registry) MUST_CHECK;

#endif
