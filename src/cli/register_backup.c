/* assay register backup FILE: a copy that was checked, with the objects that it names. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/register.h"
#include "register/backup.h"

/* A database on a server is its server's to copy: says how. Nothing was backed up, and the status says so too. */
static int tell_server(const struct options *options)
{
	const char *address = register_path(options), *user = strstr(address, "://"), *at = user ? strchr(user + 3, '@') : NULL;
	const char *colon = at ? memchr(user + 3, ':', (size_t)(at - user - 3)) : NULL;
	char folder[REGISTER_PATH_SIZE];
	int objects = register_objects(options, folder);
	if (objects < 0)
		return EXIT_UNUSABLE;
	(void)close(objects);
	/* A password stays out of what is printed; pg_dump asks for it, or takes it from ~/.pgpass. */
	(void)printf("pg_dump --format=custom --file='%s' '%.*s%s'\n", options->operands[1],
		     colon ? (int)(colon - address) : (int)strlen(address), address, colon ? at : "");
	(void)printf("cp -a '%s' '%s.objects'\n", folder, options->operands[1]);
	return unusable("nothing was backed up: PostgreSQL copies its own databases, by the commands above; the objects after the"
			" database, so that none that it names is missing");
}

static int tell(const struct backup *backup, const char *path)
{
	(void)printf("%s: %lld events hold; the last one's hash is %s\n", path, (long long)backup->verified.events,
		     backup->verified.head);
	(void)printf("%s.objects: %zu objects\n", path, backup->objects);
	if (backup->missing == 0)
		return EXIT_DONE;
	(void)unusable("%zu objects that the register names are not there, and in no backup: %s is one", backup->missing,
		       backup->first_missing);
	return EXIT_GATE;
}

static int back_up(struct registry *registry, const struct options *options)
{
	const char *path = options->operands[1];
	struct options copy = *options;
	struct backup backup;
	char folder[REGISTER_PATH_SIZE];
	int status = EXIT_UNUSABLE;
	copy.registry = path;
	int from = register_objects(options, folder), to = from < 0 ? -1 : register_objects(&copy, folder);
	if (to >= 0 && backup_make(registry, path, from, to, &backup) == DONE) {
		status = tell(&backup, path);
	} else if (to >= 0) {
		(void)unusable("%s", registry->error);
		(void)rmdir(folder); /* where nothing came to be in it */
	}
	if (to >= 0)
		(void)close(to);
	if (from >= 0)
		(void)close(from);
	return status;
}

int register_backup(const struct options *options)
{
	struct registry registry;
	if (options->operand_count != 2)
		return unusable("usage: assay register backup FILE");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	int status = strcmp(database_engine(registry.database), "sqlite") == 0 ? back_up(&registry, options) : tell_server(options);
	registry_close(&registry);
	return status;
}
