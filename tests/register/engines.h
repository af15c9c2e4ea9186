/*
 * Registers for the tests: every case runs on SQLite, and on PostgreSQL where ASSAY_TEST_POSTGRESQL is the address
 * of an empty database (tests/register/with-postgresql makes one).
 */
#ifndef ASSAY_TESTS_REGISTER_ENGINES_H
#define ASSAY_TESTS_REGISTER_ENGINES_H

#include "harness.h"
#include "register/registry.h"

/* Opens an empty register of the engine, 0 or 1; false where there is none of that number here. */
static inline bool engine_open(int engine, struct registry *registry)
{
	const char *address = getenv("ASSAY_TEST_POSTGRESQL");
	if (engine == 0)
		return registry_open_memory(registry) == DONE;
	if (engine > 1 || !address)
		return false;
	struct database *database = NULL;
	struct arena arena;
	struct span error = SPAN_NONE;
	arena_init(&arena, 1 << 20);
	bool opened = database_open(address, true, &arena, &database, &error) == DONE &&
		      database_script(database, SPAN_LITERAL("DROP SCHEMA public CASCADE; CREATE SCHEMA public")) == DONE;
	database_close(database);
	arena_done(&arena);
	return opened && registry_open(registry, address, true) == DONE;
}

/* for (…) over the registers of all engines; each is closed behind its body. */
#define EACH_ENGINE(registry) \
	struct registry registry; \
	for (int engine_ = 0; engine_open(engine_, &registry); engine_++, registry_close(&registry))

#endif
