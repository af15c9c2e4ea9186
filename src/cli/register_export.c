/* assay register export FOLDER: all tables, for other programs and for the day when there is no assay. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/db.h"
#include "cli/register.h"
#include "register/export.h"

/* A new folder, so that what is in it is one export and nothing else; -1 after saying why not. */
static int make_folder(const char *path)
{
	if (!db_make_folders(path))
		return -1;
	if (mkdir(path, 0777) != 0)
		return (void)unusable("%s: %s", path, strerror(errno)), -1;
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		(void)unusable("%s: %s", path, strerror(errno));
	return descriptor;
}

static int write_into(struct registry *registry, const struct options *options, int folder)
{
	const char *path = options->operands[1];
	struct export_counts counts;
	enum export_format format = options->format_report ? EXPORT_CSV : EXPORT_JSON; /* it knows no other word */
	if (export_register(registry, folder, format, options->personal, &counts) != DONE)
		return unusable("%s: it is not whole: %s", path, registry->error);
	(void)printf("%s: %llu rows of %zu tables\n", path, (unsigned long long)counts.rows, counts.tables);
	if (!options->personal)
		(void)printf("what is personal was left out (--personal)\n");
	return EXIT_DONE;
}

int register_export(const struct options *options)
{
	struct registry registry;
	if (options->operand_count != 2)
		return unusable("usage: assay register export FOLDER [--format json|csv] [--personal]");
	if (options->format == TABLE_TSV)
		return unusable("--format of an export is json or csv, not tsv");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	int folder = make_folder(options->operands[1]);
	int status = folder < 0 ? EXIT_UNUSABLE : write_into(&registry, options, folder);
	if (folder >= 0)
		(void)close(folder);
	registry_close(&registry);
	return status;
}
