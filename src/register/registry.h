/*
 * An open register (the noun; `register` is a word of C): its database, brought to the newest schema, the folder
 * of objects beside it, and who writes.
 */
#ifndef ASSAY_REGISTER_REGISTRY_H
#define ASSAY_REGISTER_REGISTRY_H

#include "register/database.h"

enum { REGISTRY_WORDS = 512 };

struct registry {
	struct database *database;
	int64_t person;           /* who writes; 0: the program by itself */
	char error[REGISTRY_WORDS]; /* what went wrong in the last call that failed */
};

/*
 * Opens a register (database_open()), makes its tables where there are none and `create` is set, and runs the
 * migrations that it lacks. MALFORMED where it is none or cannot be opened, UNSUPPORTED where its schema is newer
 * than this program: registry->error says why. Close it in any case.
 */
enum outcome registry_open(struct registry *registry, const char *where, bool create) MUST_CHECK;
/* One in memory with the newest schema. */
enum outcome registry_open_memory(struct registry *registry) MUST_CHECK;
void registry_close(struct registry *registry);

/* Keeps the words, and hands the outcome on. */
enum outcome registry_fail(struct registry *registry, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with the words of the engine, where the outcome is not DONE. */
enum outcome registry_done(struct registry *registry, enum outcome outcome, const char *doing);

/*
 * Commits where what was done since database_begin() came to DONE, else takes it back; the words stay those of
 * what failed.
 */
enum outcome registry_finish(struct registry *registry, enum outcome outcome, const char *doing) MUST_CHECK;

/* The first column of the first row of a question with those parameters; 0 where there is none. */
int64_t registry_number(struct registry *registry, const char *sql, const struct value *values, int count);
/* Number of a row by a text that is unique; 0 where there is none. */
int64_t registry_find(struct registry *registry, const char *sql, struct span text);
/* The next free number of a table, in a transaction that writes. */
int64_t registry_next(struct registry *registry, const char *table);

#endif
