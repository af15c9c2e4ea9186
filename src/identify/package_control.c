/*
 * Control paragraphs ("Name: value" lines, an empty line after each record): the
 * status files of dpkg (deb822(5), dpkg-query(1)) and opkg, and the control file
 * inside .deb and .ipk packages.
 */
#include "identify/package.h"

enum { PARAGRAPHS_MAX = 20000 };

static bool in_status_directory(const struct inspection *file)
{
	return span_find_text(file->path, "/dpkg/status.d/", 0) != SPAN_NOT_FOUND &&
	       !span_ends_text(file->name, ".md5sums");
}

static bool is_control_file(const struct inspection *file)
{
	return span_equal_text(file->name, "control") && span_starts_text(span_trim(file->bytes), "Package:");
}

static bool wants(const struct inspection *file)
{
	return span_ends_text(file->path, "/opkg/status") || span_ends_text(file->path, "/ipkg/status") ||
	       span_ends_text(file->path, "/dpkg/status") || in_status_directory(file) || is_control_file(file);
}

/* The value of a line that names the field; false for another field. */
static bool field_is(struct span line, const char *name, struct span *value)
{
	size_t size = span_of_text(name).size;
	if (!span_starts_text(line, name) || span_byte(line, size) != ':')
		return false;
	*value = span_trim(span_from(line, size + 1));
	return true;
}

/* "install ok installed", "install user installed", "hold ok unpacked"; not "deinstall ok config-files". */
static bool is_installed(struct span status)
{
	struct span rest = status, word, last = SPAN_NONE;
	while (span_next_word(&rest, &word))
		last = word;
	return status.size == 0 || span_equal_text(last, "installed") || span_equal_text(last, "unpacked") ||
	       span_equal_text(last, "half-configured") || span_starts_text(last, "triggers-");
}

static void read_field(struct span line, struct package_record *record, struct span *status)
{
	struct span value;
	if (field_is(line, "Package", &record->name) || field_is(line, "Version", &record->version) ||
	    field_is(line, "Architecture", &record->architecture) || field_is(line, "Status", status) ||
	    field_is(line, "License", &record->licence))
		return;
	if (field_is(line, "CPE-ID", &record->cpe) || !field_is(line, "Source", &value))
		return;
	/* "openssl (1.1.1n-0)" in dpkg, kept whole; a path of the build tree in opkg. */
	record->source = span_find_byte(value, ' ', 0) == SPAN_NOT_FOUND ? span_basename(value) : value;
}

static const char *manager_of(const struct inspection *file)
{
	bool opkg = span_find_text(file->path, "pkg/status", 0) != SPAN_NOT_FOUND
			    ? span_find_text(file->path, "dpkg/status", 0) == SPAN_NOT_FOUND
			    : span_find_text(file->path, ".ipk", 0) != SPAN_NOT_FOUND ||
				      span_find_text(file->bytes, "SourceName:", 0) != SPAN_NOT_FOUND;
	return opkg ? "opkg" : "dpkg";
}

static struct span distribution_of(const char *manager)
{
	return strcmp(manager, "opkg") == 0 ? span_of_text("openwrt") : span_of_text("debian");
}

static void inspect(struct inspection *file)
{
	const char *manager = manager_of(file);
	struct package_record empty = { .manager = manager, .distribution = distribution_of(manager) };
	struct package_record record = empty;
	struct span rest = file->bytes, line, status = SPAN_NONE;
	int64_t number = 0;
	size_t records = 0;
	bool more = true;
	while (more) {
		if (records == PARAGRAPHS_MAX && span_trim(rest).size > 0) {
			facts_drop(file->facts, EVIDENCE_PACKAGE); /* how many more there are is not looked at */
			return;
		}
		more = span_next_line(&rest, &line);
		number++;
		if (more && span_trim(line).size > 0) {
			if (record.line == 0)
				record.line = number;
			read_field(line, &record, &status);
			continue;
		}
		if (record.line > 0 && is_installed(status))
			package_state(file, &record);
		records += record.line > 0;
		record = empty;
		status = SPAN_NONE;
	}
}

const struct inspector inspector_packages_control = {
	.name = "packages-control",
	.wants = wants,
	.inspect = inspect,
};
