/* What an engine under src/register/database.h does. */
#ifndef ASSAY_REGISTER_DATABASE_ENGINE_H
#define ASSAY_REGISTER_DATABASE_ENGINE_H

#include "register/database.h"

struct database_engine {
	const char *name;
	void (*close)(void *connection);
	const char *(*error)(const void *connection);
	enum outcome (*script)(void *connection, struct span script);
	const char *begin_reading;
	const char *tables;
	const char *begin; /* the statements that begin a transaction which writes */
	/* The first step of a statement with its parameters; sets rows->state even where it fails, for end(). */
	enum outcome (*start)(void *connection, struct rows *rows);
	/* Moves to the next row; NOT_THIS after the last one. */
	enum outcome (*next)(struct rows *rows);
	int (*columns)(const struct rows *rows);
	const char *(*name_of)(const struct rows *rows, int column);
	struct value (*value)(const struct rows *rows, int column);
	void (*end)(struct rows *rows);
};

struct database {
	const struct database_engine *engine;
	void *connection;
};

extern const struct database_engine database_sqlite, database_postgresql;

/* Open a connection. As database_open(). */
enum outcome sqlite_connect(const char *path, bool create, struct arena *arena, void **out, struct span *error) MUST_CHECK;
enum outcome postgresql_connect(const char *address, struct arena *arena, void **out, struct span *error) MUST_CHECK;

#endif
