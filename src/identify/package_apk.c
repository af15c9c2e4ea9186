/*
 * Alpine's packages: /lib/apk/db/installed (one-letter fields, an empty line after
 * each record; apk-package(5) and the Alpine wiki's "Apk spec"), and the .PKGINFO of
 * an .apk file ("name = value" lines).
 */
#include "identify/package.h"

static bool wants(const struct inspection *file)
{
	return span_ends_text(file->path, "/apk/db/installed") || span_equal_text(file->name, ".PKGINFO");
}

static void read_database_line(struct span line, struct package_record *record)
{
	if (span_byte(line, 1) != ':')
		return;
	struct span value = span_trim(span_from(line, 2));
	switch (span_byte(line, 0)) {
	case 'P':
		record->name = value;
		break;
	case 'V':
		record->version = value;
		break;
	case 'A':
		record->architecture = value;
		break;
	case 'L':
		record->licence = value;
		break;
	case 'o':
		record->source = value;
		break;
	default:
		break;
	}
}

static void read_info_line(struct span line, struct package_record *record)
{
	struct span value = line, name;
	if (span_byte(line, 0) == '#' || !span_next_field(&value, '=', &name))
		return;
	name = span_trim(name);
	value = span_trim(value);
	if (span_equal_text(name, "pkgname"))
		record->name = value;
	else if (span_equal_text(name, "pkgver"))
		record->version = value;
	else if (span_equal_text(name, "arch"))
		record->architecture = value;
	else if (span_equal_text(name, "license"))
		record->licence = value;
	else if (span_equal_text(name, "origin"))
		record->source = value;
}

static void inspect(struct inspection *file)
{
	bool info = span_equal_text(file->name, ".PKGINFO");
	const struct package_record empty = { .manager = "apk", .distribution = SPAN_LITERAL("alpine") };
	struct package_record record = empty;
	struct span rest = file->bytes, line;
	for (int64_t number = 1; span_next_line(&rest, &line); number++) {
		if (!info && span_trim(line).size == 0) {
			package_state(file, &record);
			record = empty;
			continue;
		}
		if (record.line == 0)
			record.line = number;
		if (info)
			read_info_line(line, &record);
		else
			read_database_line(line, &record);
	}
	package_state(file, &record);
}

const struct inspector inspector_packages_apk = {
	.name = "packages-apk",
	.wants = wants,
	.inspect = inspect,
};
