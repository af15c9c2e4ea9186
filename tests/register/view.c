#include "register/view.h"

#include "engines.h"

static bool fill(struct registry *registry, const char *sql)
{
	return database_script(registry->database, span_of_text(sql)) == DONE;
}

static enum outcome find_at(struct registry *registry, const char *words, struct view_of *of)
{
	return view_find_at(registry, span_of_text(words), of);
}

TEST(versions_are_found_by_what_users_type)
{
	EACH_ENGINE(registry)
	{
		struct view_of of;
		REQUIRE(fill(&registry, "INSERT INTO product (id, name) VALUES (1, 'A'), (2, 'A@1'), (3, '@');"
					"INSERT INTO version (id, product, name, state) VALUES (10, 1, '1', 'shipped'),"
					" (11, 1, '1@2', 'shipped'), (20, 2, '2', 'shipped'), (21, 2, '3', 'shipped'), (30, 3, '@', 'draft')"));
		CHECK_EQUAL(find_at(&registry, "A@1", &of), DONE);
		CHECK_EQUAL(of.version, 10);
		CHECK_EQUAL(find_at(&registry, "A@1@3", &of), DONE);
		CHECK_EQUAL(of.version, 21);
		CHECK_EQUAL(find_at(&registry, "@@@", &of), DONE);
		CHECK_EQUAL(of.version, 30);
		CHECK_EQUAL(find_at(&registry, "A@1@2", &of), MALFORMED); /* version 1@2 of A, or 2 of A@1 */
		CHECK(strstr(registry.error, "more than one"));
		CHECK_EQUAL(find_at(&registry, "A@9", &of), NOT_THIS);
		CHECK_EQUAL(find_at(&registry, "A", &of), NOT_THIS);
		CHECK(strstr(registry.error, "PRODUCT@VERSION"));
		CHECK_EQUAL(find_at(&registry, "", &of), NOT_THIS);
		CHECK_EQUAL(find_at(&registry, "@", &of), NOT_THIS);
	}
}

TEST(names_are_compared_whole)
{
	EACH_ENGINE(registry)
	{
		struct view_of of;
		REQUIRE(fill(&registry, "INSERT INTO product (id, name) VALUES (1, 'Router'), (2, 'router');"
					"INSERT INTO version (id, product, name, state) VALUES (10, 1, '1', 'shipped')"));
		CHECK_EQUAL(view_find(&registry, SPAN_LITERAL("Router"), SPAN_LITERAL("1"), &of), DONE);
		CHECK_EQUAL(view_find(&registry, SPAN_LITERAL("router"), SPAN_LITERAL("1"), &of), NOT_THIS);
		CHECK_EQUAL(view_find(&registry, SPAN_LITERAL("Rout"), SPAN_NONE, &of), NOT_THIS);
	}
}

TESTS(versions_are_found_by_what_users_type, names_are_compared_whole)
