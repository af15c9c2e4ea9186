#include "harness.h"

#include "base/file.h"
#include "judge/catalog.h"

enum { COLUMNS_MAX = 32 };

struct row {
	struct span cells[COLUMNS_MAX];
	size_t count;
};

static struct arena arena;
static struct rules rules;
static struct catalogs catalogs;

static bool load_all(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, 128 << 20);
	bool loaded = rules_load(NULL, 0, &arena, &rules, &error) == DONE &&
		      catalogs_load(NULL, 0, &rules, &arena, &catalogs, &error) == DONE;
	if (!loaded)
		harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(error));
	return loaded;
}

static const struct catalog *catalog_named(const char *id)
{
	for (size_t i = 0; i < catalogs.count; i++)
		if (span_equal_text(catalogs.all[i].id, id))
			return &catalogs.all[i];
	return NULL;
}

/* One record of RFC 4180 text; a doubled quote inside a cell does not occur in the tables that this reads. */
static bool next_record(struct span *rest, struct row *row)
{
	bool quoted = false;
	size_t start = 0, i = 0;
	*row = (struct row){ .count = 0 };
	for (; i <= rest->size && rest->size > 0; i++) {
		uint8_t byte = i < rest->size ? span_byte(*rest, i) : '\n';
		if (byte == '"')
			quoted = !quoted;
		if (quoted || (byte != ',' && byte != '\n'))
			continue;
		struct span cell = span_trim(span_slice(*rest, start, i - start));
		if (span_starts_text(cell, "\""))
			cell = span_slice(cell, 1, cell.size - 2);
		if (row->count < COLUMNS_MAX)
			row->cells[row->count++] = cell;
		start = i + 1;
		if (byte == '\n')
			break;
	}
	*rest = span_from(*rest, start);
	return row->count > 0;
}

static struct span cell(const struct row *head, const struct row *row, const char *name)
{
	for (size_t i = 0; i < head->count && i < row->count; i++)
		if (span_equal_text(head->cells[i], name))
			return row->cells[i];
	harness_fail(__FILE__, __LINE__, "the table has no column %s", name);
	return SPAN_NONE;
}

static void check_level(const struct requirement *requirement, const struct row *head, const struct row *row)
{
	static const char *const levels[] = { "low", "medium", "high" };
	const char *want = "";
	for (size_t i = 3; i-- > 0;)
		if (span_equal_text(cell(head, row, levels[i]), "1"))
			want = levels[i];
	CHECK_TEXT(requirement->level, want);
	CHECK(span_equal(requirement->decidable, cell(head, row, "decidable")));
}

static void check_mapping(const struct requirement *requirement, const char *publication, struct span list)
{
	const struct mapping *mapping = requirement->mappings;
	struct span reference;
	while (span_next_field(&list, ';', &reference)) {
		reference = span_trim(reference);
		if (reference.size == 0 || span_byte(reference, 0) == '-')
			continue;
		while (mapping && !span_equal_text(mapping->publication, publication))
			mapping = mapping->next;
		if (!mapping || !span_equal(mapping->reference, reference))
			harness_fail(__FILE__, __LINE__, "%.*s: %s %.*s is missing",
				     SPAN_FORMAT(requirement->id), publication, SPAN_FORMAT(reference));
		else
			mapping = mapping->next;
	}
	for (; mapping; mapping = mapping->next)
		if (span_equal_text(mapping->publication, publication))
			harness_fail(__FILE__, __LINE__, "%.*s: %s %.*s is too much",
				     SPAN_FORMAT(requirement->id), publication,
				     SPAN_FORMAT(mapping->reference));
}

static void check_mappings(const struct requirement *requirement, const struct row *head,
			   const struct row *row)
{
	static const char *const columns[][2] = {
		{ "en303645_v2_1_1", "ETSI EN 303 645 v2.1.1" },
		{ "en303645_v3_1_3", "ETSI EN 303 645 v3.1.3" },
		{ "cra", "EU CRA" },
		{ "nistir_8425", "NISTIR 8425" },
		{ "owasp_isvs_1_0", "OWASP ISVS 1.0" },
		{ "en18031_1_2", "EN 18031" },
	};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		check_mapping(requirement, columns[i][1], cell(head, row, columns[i][0]));
}

TEST(xiaomi_has_every_requirement_with_its_level_and_mappings)
{
	struct file_view view;
	if (!file_view_open(harness_source("../shared/standards/xiaomi_baseline.csv"), 1 << 20, &view))
		SKIP("the table of the standard is not here");
	REQUIRE(load_all());
	const struct catalog *catalog = catalog_named("xiaomi-2.0");
	REQUIRE(catalog);
	struct span rest = view.bytes;
	struct row head, row;
	size_t count = 0;
	REQUIRE(next_record(&rest, &head));
	for (; next_record(&rest, &row); count++) {
		struct span id = cell(&head, &row, "id");
		const struct requirement *requirement = catalog_find(catalog, id);
		if (!requirement) {
			harness_fail(__FILE__, __LINE__, "%.*s is missing", SPAN_FORMAT(id));
			continue;
		}
		check_level(requirement, &head, &row);
		check_mappings(requirement, &head, &row);
	}
	CHECK_EQUAL(count, 69);
	CHECK_EQUAL(catalog->count, 69);
	file_view_close(&view);
	arena_done(&arena);
}

TEST(every_requirement_is_written_in_full)
{
	REQUIRE(load_all());
	for (size_t i = 0; i < catalogs.count; i++)
		for (size_t j = 0; j < catalogs.all[i].count; j++) {
			const struct requirement *requirement = &catalogs.all[i].requirements[j];
			if (requirement->meaning.size == 0)
				harness_fail(__FILE__, __LINE__, "%.*s has no meaning",
					     SPAN_FORMAT(requirement->id));
			if (span_equal_text(requirement->decidable, "no") &&
			    requirement->failed_by.count + requirement->shown_by.count)
				harness_fail(__FILE__, __LINE__, "%.*s is judged, though no image decides it",
					     SPAN_FORMAT(requirement->id));
			if (span_equal_text(requirement->decidable, "yes") &&
			    requirement->failed_by.count == 0)
				harness_fail(__FILE__, __LINE__, "%.*s is not judged",
					     SPAN_FORMAT(requirement->id));
		}
	arena_done(&arena);
}

TEST(every_declaration_key_is_documented)
{
	struct file_view view;
	REQUIRE(file_view_open(harness_source("docs/declarations.md"), 1 << 20, &view));
	REQUIRE(load_all());
	for (size_t i = 0; i < catalogs.count; i++)
		for (size_t j = 0; j < catalogs.all[i].count; j++) {
			struct span key = catalogs.all[i].requirements[j].declaration;
			struct span quoted = arena_format(&arena, "`%.*s`", SPAN_FORMAT(key));
			if (key.size > 0 && span_find(view.bytes, quoted, 0) == SPAN_NOT_FOUND)
				harness_fail(__FILE__, __LINE__, "%.*s is not in docs/declarations.md",
					     SPAN_FORMAT(key));
		}
	file_view_close(&view);
	arena_done(&arena);
}

static void check_error(const char *text, const char *want)
{
	struct span error = SPAN_NONE;
	struct catalogs other;
	struct judge_source source = { SPAN_LITERAL("house.yaml"), span_of_text(text) };
	CHECK(catalogs_load(&source, 1, &rules, &arena, &other, &error) == MALFORMED);
	CHECK_TEXT(error, want);
}

TEST(says_what_is_wrong_with_a_catalogue)
{
	REQUIRE(load_all());
	check_error("id: a\n", "house.yaml line 1: a catalogue needs id and title");
	check_error("id: xiaomi-2.0\ntitle: t\nrequirements: [{id: x, title: y}]\n",
		    "house.yaml line 1: a catalogue with this id exists already: xiaomi-2.0");
	check_error("id: a\ntitle: t\n", "house.yaml line 1: a catalogue needs a list of requirements: a");
	check_error("id: a\ntitle: t\nrequirements:\n  - id: x\n",
		    "house.yaml line 4: a requirement needs id and title: x");
	check_error("id: a\ntitle: t\nrequirements:\n  - {id: x, title: y, level: top}\n",
		    "house.yaml line 4: level must be low, medium, high or none: top");
	check_error("id: a\ntitle: t\nrequirements:\n  - id: x\n    title: y\n    failed_by: [nothing]\n",
		    "house.yaml line 6: there is no rule of this id: nothing");
	check_error("id: a\ntitle: t\nrequirements:\n  - {id: x, title: y}\n  - {id: x, title: y}\n",
		    "house.yaml line 5: a requirement with this id exists already: x");
	arena_done(&arena);
}

TESTS(xiaomi_has_every_requirement_with_its_level_and_mappings, every_requirement_is_written_in_full,
      every_declaration_key_is_documented, says_what_is_wrong_with_a_catalogue)
