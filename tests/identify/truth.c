/*
 * Ground truth: packages whose file names state component and version. Every version
 * that is recognised must be the stated one, and most must be recognised.
 */
#define _DEFAULT_SOURCE /* scandir */
#include "harness.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "identify/identified.h"
#include "identify/package.h"

enum { CONTENT_MAX = 64 << 20 };

static struct identified identified;
static size_t stated, recognised, wrong, others;

/* What a file name states: "mosquitto-nossl_1.6.15-1_x86_64.ipk.tar.gz". */
struct statement {
	struct span whole, component, version;
};

static bool read_statement(struct span name, struct statement *out)
{
	bool debian_name = false;
	for (size_t i = 0; i + 1 < name.size; i++)
		debian_name |= span_byte(name, i) == '_' && span_byte(name, i + 1) >= '0' && span_byte(name, i + 1) <= '9' &&
			       span_find_text(name, ".rpm", 0) == SPAN_NOT_FOUND;
	for (size_t i = 1; i + 1 < name.size; i++) {
		uint8_t mark = span_byte(name, i), next = span_byte(name, i + 1);
		if ((mark != '_' && (mark != '-' || debian_name)) || next < '0' || next > '9')
			continue;
		struct span rest = span_from(name, i + 1), version;
		bool debian = mark == '_';
		span_next_field(&rest, debian ? '_' : '-', &version);
		const struct recogniser *owner =
			recogniser_for_package(&identified.recognisers, span_slice(name, 0, i));
		if (!owner)
			continue;
		size_t archive = span_find_text(version, ".tgz", 0);
		*out = (struct statement){
			.whole = name,
			.component = owner->name,
			.version = package_upstream(&identified.arena, debian ? "dpkg" : "rpm",
						    span_slice(version, 0, archive)),
		};
		return true;
	}
	return false;
}

/* "1.3.8rc4" where the package is 1.3.8-0.4.rc4: the packager keeps the candidate in the release. */
static bool is_candidate(const struct statement *statement, struct span got)
{
	struct span mark = span_from(got, statement->version.size);
	if (span_byte(mark, 0) == '-')
		mark = span_from(mark, 1);
	return span_starts(got, statement->version) && mark.size > 1 &&
	       span_find(statement->whole, mark, 0) != SPAN_NOT_FOUND;
}

/* Compares the last run with the statement; true where the component was seen with its version. */
static bool compare(const struct statement *statement, const char *path)
{
	bool found = false;
	for (const struct fact *fact = identified.facts.first; fact; fact = fact->next) {
		if (fact->table != EVIDENCE_WITNESS || fact->values[WITNESS_VERSION].type != VALUE_TEXT)
			continue;
		struct span component = fact->values[WITNESS_COMPONENT].text, got = fact->values[WITNESS_VERSION].text;
		if (!span_equal(component, statement->component)) {
			printf("#   in %.*s (%s): %.*s %.*s\n", SPAN_FORMAT(statement->whole), path,
			       SPAN_FORMAT(component), SPAN_FORMAT(got));
			others++;
			continue;
		}
		bool coarser = span_starts(statement->version, got) && span_byte(statement->version, got.size) == '.' &&
			       span_equal_text(fact->values[WITNESS_METHOD].text, "library name");
		if (span_equal(got, statement->version) || is_candidate(statement, got) || coarser) {
			found = true;
			continue;
		}
		wrong++;
		harness_fail(__FILE__, __LINE__, "%.*s (%s): %.*s", SPAN_FORMAT(statement->whole), path, SPAN_FORMAT(got));
	}
	return found;
}

static bool inspect_archive(const struct statement *statement, const char *real_path)
{
	bool found = false;
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	archive_read_support_filter_all(archive);
	archive_read_support_format_all(archive);
	uint8_t *content = malloc(CONTENT_MAX);
	if (content && archive_read_open_filename(archive, real_path, 65536) == ARCHIVE_OK)
		while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
			la_ssize_t size = archive_read_data(archive, content, CONTENT_MAX);
			char path[600];
			snprintf(path, sizeof path, "/%s", archive_entry_pathname(entry));
			if (size <= 0)
				continue;
			identified_run(&identified, path, span_of(content, (size_t)size));
			found |= compare(statement, path);
		}
	free(content);
	archive_read_free(archive);
	return found;
}

static void inspect_folder(const char *folder)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		struct statement statement;
		char path[1200];
		snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
		if (names[i]->d_name[0] != '.' && read_statement(span_of_text(names[i]->d_name), &statement)) {
			bool found = inspect_archive(&statement, path);
			stated++;
			recognised += found;
			if (!found)
				printf("# not seen: %s\n", names[i]->d_name);
		} else if (names[i]->d_name[0] != '.') {
			printf("# no recogniser: %s\n", names[i]->d_name);
			statement = (struct statement){ .whole = span_of_text(names[i]->d_name) };
			inspect_archive(&statement, path);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

TEST(packages_show_the_versions_that_their_names_state)
{
	const char *folder = harness_corpus("cvebin/test/condensed-downloads");
	const char *chosen = getenv("ASSAY_TRUTH");
	if (!chosen && !folder)
		SKIP("the corpus is not here");
	REQUIRE(identified_open(&identified));
	inspect_folder(chosen ? chosen : folder);
	printf("# %zu packages, %zu recognised, %zu wrong versions, %zu sightings of other components\n", stated, recognised,
	       wrong, others);
	CHECK_EQUAL(wrong, 0);
	CHECK(chosen || recognised * 100 >= stated * 90);
	identified_close(&identified);
}

TEST(busybox_of_known_versions)
{
	static const struct {
		const char *path, *version;
	} files[] = {
		{ "busybox-truth/baseImage/busybox/1.31.0/busybox-arm", "1.31.0" },
		{ "busybox-truth/baseImage/busybox/1.31.0/busybox-mips", "1.31.0" },
		{ "busybox-truth/baseImage/busybox/1.31.0/busybox-mipsel", "1.31.0" },
		{ "busybox-truth/src/plugins/analysis/cve_lookup/test/data/busybox_1.32.0_arm_full", "1.32.0" },
	};
	if (!harness_corpus(files[0].path))
		SKIP("the corpus is not here");
	REQUIRE(identified_open(&identified));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct file_view view;
		const char *path = harness_corpus(files[i].path);
		if (!path || !file_view_open(path, SIZE_MAX, &view))
			continue;
		identified_run(&identified, "/bin/busybox", view.bytes);
		CHECK_TEXT(identified_version(&identified, SPAN_LITERAL("busybox"), NULL), files[i].version);
		for (const struct fact *fact = identified.facts.first; fact; fact = fact->next)
			if (fact->table == EVIDENCE_WITNESS)
				printf("# %s: %.*s %.*s\n", files[i].path, SPAN_FORMAT(fact->values[WITNESS_COMPONENT].text),
				       SPAN_FORMAT(fact->values[WITNESS_VERSION].text));
		file_view_close(&view);
	}
	identified_close(&identified);
}

TESTS(packages_show_the_versions_that_their_names_state, busybox_of_known_versions)
