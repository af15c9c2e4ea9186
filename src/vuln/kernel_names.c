#include "vuln/kernel_names.h"

struct kernel_names {
	sqlite3 *database;
	struct arena *arena;
};

struct kernel_names *kernel_names_new(sqlite3 *evidence, struct arena *arena)
{
	struct kernel_names *names = ARENA_NEW(arena, struct kernel_names, 1);
	if (names)
		*names = (struct kernel_names){ evidence, arena };
	return names;
}

struct kernel_shown kernel_names_shows(struct kernel_names *names, struct span path)
{
	(void)names;
	(void)path;
	return (struct kernel_shown){ .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 };
}
