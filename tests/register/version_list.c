#include "register/version_list.h"

#include "engines.h"
#include "register/person.h"
#include "register/verify.h"

static bool verifies(struct registry *registry)
{
	struct verification found;
	if (verify(registry, &found) == DONE)
		return true;
	printf("# %s\n", registry->error);
	return false;
}

static enum outcome take_list(struct registry *registry, const char *text, struct version_list_counts *counts)
{
	return version_list_take(registry, span_of_text(text), counts);
}

TEST(a_list_is_taken_once)
{
	static const char list[] =
		"\xef\xbb\xbfproduct,version,shipped,supported_until,markets,units,organisation\r\n"
		"Router X,1.0,2019-04-01,2024-03-31,DE FR,12000,\"Example, Inc.\"\r\n"
		"\r\n"
		"\"Router \"\"Y\"\"\",2.1,2022-01-15,,,,\r\n";
	EACH_ENGINE(registry)
	{
		struct version_list_counts counts;
		CHECK_EQUAL(take_list(&registry, list, &counts), DONE);
		CHECK_EQUAL(counts.added, 2);
		CHECK_EQUAL(database_number(registry.database, "SELECT units FROM version WHERE name = '1.0'", -1), 12000);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM product WHERE name = 'Router \"Y\"'", -1), 1);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM organisation WHERE name = 'Example, Inc.'", -1), 1);
		int64_t events = database_number(registry.database, "SELECT count(*) FROM event", -1);
		CHECK_EQUAL(take_list(&registry, list, &counts), DONE);
		CHECK_EQUAL(counts.same, 2);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM event", -1), events);
		CHECK_EQUAL(take_list(&registry, "product,version,supported_until\nRouter X,1.0,2026-12-31\n", &counts), DONE);
		CHECK_EQUAL(counts.changed, 1);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM version WHERE supported_until = '2026-12-31'"
								" AND shipped = '2019-04-01'", -1), 1);
		CHECK(verifies(&registry));
	}
}

TEST(a_wrong_line_writes_nothing)
{
	static const struct {
		const char *text, *words;
	} lists[] = {
		{ "product,versoin\nX,1\n", "line 1: there is no column 'versoin'" },
		{ "product\nX\n", "line 1: it names the columns product and version" },
		{ "product,version,product\nX,1,Y\n", "line 1: twice there is the column 'product'" },
		{ "product,version,shipped\nX,1,2020-01-01\nX,2,1.4.2020\n", "line 3: shipped is a day as 2026-11-28, not '1.4.2020'" },
		{ "product,version,units\nX,1,many\n", "line 2: units is a whole number" },
		{ "product,version,markets\nX,1,Germany\n", "line 2: markets is countries" },
		{ "product,version,cra_class\nX,1,important\n", "line 2: cra_class is" },
		{ "product,version\nX,1\nX\n", "line 3 has 1 fields, and the first line 2" },
		{ "product,version\nX,1\n,2\n", "line 3: product is a name" },
		{ "product,version\nX,\"1\nY,2\n", "line 2 is no row" },
		{ "product,version\nX,1\"2\n", "line 2 is no row" },
	};
	EACH_ENGINE(registry)
	{
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
			struct version_list_counts counts;
			CHECK_EQUAL(take_list(&registry, lists[i].text, &counts), MALFORMED);
			if (!strstr(registry.error, lists[i].words))
				harness_fail(__FILE__, __LINE__, "'%s', not '%s'", registry.error, lists[i].words);
		}
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM version", -1), 0);
		CHECK(verifies(&registry));
	}
}

TEST(a_person_is_forgotten_and_the_chain_holds)
{
	const struct person ada = { .name = SPAN_LITERAL("ada"), .email = SPAN_LITERAL("ada@example.com") };
	const struct person mei = { .name = SPAN_LITERAL("mei") };
	EACH_ENGINE(registry)
	{
		int64_t number;
		struct version_list_counts counts;
		CHECK_EQUAL(person_add(&registry, &ada, &number), DONE);
		CHECK_EQUAL(person_add(&registry, &ada, &number), MALFORMED);
		CHECK_EQUAL(person_add(&registry, &mei, &number), DONE);
		CHECK_EQUAL(person_writes(&registry, SPAN_LITERAL("tom")), MALFORMED);
		CHECK_EQUAL(person_writes(&registry, SPAN_LITERAL("ada")), DONE);
		CHECK_EQUAL(take_list(&registry, "product,version\nRouter X,1.0\n", &counts), DONE);
		CHECK_EQUAL(database_number(registry.database, "SELECT person FROM event WHERE kind = 'version.listed'", -1), 1);
		CHECK(verifies(&registry));
		CHECK_EQUAL(person_forget(&registry, SPAN_LITERAL("ada")), DONE);
		CHECK(verifies(&registry));
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM event WHERE body LIKE '%ada%'", -1), 0);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM person_private", -1), 1);
	}
}

TEST(a_person_who_is_altered_is_told)
{
	const struct person ada = { .name = SPAN_LITERAL("ada"), .unit = SPAN_LITERAL("security") };
	static const char *const alterations[] = {
		"UPDATE person_private SET name = 'eve'",
		"UPDATE person_private SET unit = NULL",
		"DELETE FROM person_private",
		"UPDATE person SET blanked = '2026-01-01T00:00:00Z'",
	};
	for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
		EACH_ENGINE(registry)
		{
			int64_t number;
			struct verification found;
			CHECK_EQUAL(person_add(&registry, &ada, &number), DONE);
			CHECK_EQUAL(database_script(registry.database, span_of_text(alterations[i])), DONE);
			CHECK_EQUAL(verify(&registry, &found), MALFORMED);
		}
	}
}

TESTS(a_list_is_taken_once, a_wrong_line_writes_nothing, a_person_is_forgotten_and_the_chain_holds,
      a_person_who_is_altered_is_told)
