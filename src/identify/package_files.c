/*
 * Which programs belong to a package: the lists of files of opkg and ipkg (/usr/lib/opkg/info/NAME.list), of dpkg
 * (/var/lib/dpkg/info/NAME.list) and of apk (F: and R: lines of /lib/apk/db/installed). Only folders of programs are kept.
 */
#include "identify/package.h"
#include "inspect/lines.h"

static bool is_list(const struct inspection *file)
{
	return span_ends_text(file->name, ".list") && path_has_folder(file->path, "info") &&
	       (path_has_folder(file->path, "opkg") || path_has_folder(file->path, "ipkg") ||
		path_has_folder(file->path, "dpkg"));
}

static bool is_database(const struct inspection *file)
{
	return span_ends_text(file->path, "/apk/db/installed");
}

static bool wants(const struct inspection *file)
{
	return is_list(file) || is_database(file);
}

static bool is_program_path(struct span path)
{
	static const char *const folders[] = { "bin", "sbin", "libexec", NULL };
	for (size_t i = 0; folders[i]; i++)
		if (path_has_folder(path, folders[i]))
			return true;
	return false;
}

static void state(struct inspection *file, int64_t line, struct span package, struct span path)
{
	if (span_byte(path, 0) != '/' || !is_program_path(path))
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_PACKAGE_FILE);
	fact_integer(fact, PACKAGE_FILE_LINE, line);
	fact_text(file->facts, fact, PACKAGE_FILE_PACKAGE, package);
	fact_text(file->facts, fact, PACKAGE_FILE_PATH, path);
}

/* "NAME.list", of dpkg also "NAME:ARCHITECTURE.list"; newer opkg writes the mode behind the path, after a tab. */
static void read_list(struct inspection *file)
{
	struct span package = span_slice(file->name, 0, file->name.size - 5), rest = file->bytes, line;
	package = span_slice(package, 0, span_find_byte(package, ':', 0));
	for (int64_t number = 1; span_next_line(&rest, &line); number++)
		state(file, number, package, span_trim(span_slice(line, 0, span_find_byte(line, '\t', 0))));
}

static void read_database(struct inspection *file)
{
	struct span package = SPAN_NONE, folder = SPAN_NONE, rest = file->bytes, line;
	for (int64_t number = 1; span_next_line(&rest, &line); number++) {
		struct span value = span_trim(span_from(line, 2));
		if (span_starts_text(line, "P:"))
			package = value;
		else if (span_starts_text(line, "F:"))
			folder = value;
		else if (span_starts_text(line, "R:") && package.size > 0)
			state(file, number, package,
			      arena_format(file->scratch, "/%.*s/%.*s", SPAN_FORMAT(folder), SPAN_FORMAT(value)));
	}
}

static void inspect(struct inspection *file)
{
	if (is_list(file))
		read_list(file);
	else
		read_database(file);
}

const struct inspector inspector_package_files = {
	.name = "package files",
	.wants = wants,
	.inspect = inspect,
};
