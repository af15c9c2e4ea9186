#include "register/event.h"

#include "engines.h"
#include "register/verify.h"

static enum outcome add_product(struct registry *registry, int64_t id, const char *name)
{
	struct event event;
	TRY(database_begin(registry->database));
	event_begin(&event, registry, "product.added", span_of_text(name));
	event_insert(&event, "product", (const struct field[]){ { "id", value_integer(id) }, { "name", value_word(name) } }, 2);
	enum outcome outcome = event_end(&event);
	if (outcome == DONE)
		return database_commit(registry->database);
	database_roll_back(registry->database);
	return outcome;
}

static enum outcome rename_product(struct registry *registry, int64_t id, const char *model)
{
	struct event event;
	TRY(database_begin(registry->database));
	event_begin(&event, registry, "product.changed", SPAN_LITERAL("a product"));
	event_update(&event, "product", (const struct field[]){ { "id", value_integer(id) }, { "model", value_word(model) } }, 2);
	TRY(event_end(&event));
	return database_commit(registry->database);
}

static bool verifies(struct registry *registry, int64_t events)
{
	struct verification found;
	enum outcome outcome = verify(registry, &found);
	return outcome == DONE && found.events == events;
}

/* Does something behind the chain's back, as a shell would; *words is what verify() says then. */
static bool tells(struct registry *registry, const char *sql, const char *words)
{
	struct verification found;
	bool done = database_script(registry->database, span_of_text(sql)) == DONE;
	bool told = verify(registry, &found) == MALFORMED && strstr(registry->error, words);
	if (!done || !told)
		printf("# %s: %s\n", sql, done ? registry->error : database_error(registry->database));
	return done && told;
}

TEST(a_chain_holds)
{
	EACH_ENGINE(registry)
	{
		CHECK(verifies(&registry, 0));
		CHECK_EQUAL(add_product(&registry, 1, "Router X"), DONE);
		CHECK_EQUAL(add_product(&registry, 2, "Kamera \xc3\xbc \"quoted\" \\ '"), DONE);
		CHECK_EQUAL(rename_product(&registry, 1, "RX-1"), DONE);
		CHECK(verifies(&registry, 3));
	}
}

TEST(what_fails_writes_nothing)
{
	EACH_ENGINE(registry)
	{
		CHECK_EQUAL(add_product(&registry, 1, "Router X"), DONE);
		CHECK_EQUAL(add_product(&registry, 1, "another"), MALFORMED); /* the number is taken */
		CHECK(registry.error[0] != '\0');
		CHECK_EQUAL(add_product(&registry, 2, "another"), DONE);
		CHECK(verifies(&registry, 2));
	}
}

TEST(altered_events_are_told)
{
	static const struct {
		const char *sql, *words;
	} alterations[] = {
		{ "UPDATE event SET body = replace(body, 'Router X', 'Router Y') WHERE sequence = 1",
		  "event 1 (product.added, Router X) is not what" },
		{ "UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE sequence = 2", "event 2" },
		{ "UPDATE event SET person = 3 WHERE sequence = 2", "event 2" },
		{ "DELETE FROM event WHERE sequence = 1", "event 1 is missing" },
		{ "DELETE FROM event WHERE sequence = 2", "event 2 is missing" },
		{ "UPDATE event SET sequence = 7 WHERE sequence = 3", "event 3 is missing" },
		{ "DELETE FROM event WHERE sequence = 3", "row 1 of product is not what was written: model" },
	};
	for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
		EACH_ENGINE(registry)
		{
			CHECK_EQUAL(add_product(&registry, 1, "Router X"), DONE);
			CHECK_EQUAL(add_product(&registry, 2, "Router Z"), DONE);
			CHECK_EQUAL(rename_product(&registry, 1, "RX-1"), DONE);
			CHECK(tells(&registry, alterations[i].sql, alterations[i].words));
		}
	}
}

TEST(altered_rows_are_told)
{
	static const struct {
		const char *sql, *words;
	} alterations[] = {
		{ "UPDATE product SET name = 'Router Y' WHERE id = 2", "row 2 of product is not what was written: name" },
		{ "UPDATE product SET model = NULL WHERE id = 1", "row 1 of product is not what was written: model" },
		{ "DELETE FROM product WHERE id = 2", "row 2 of product was taken out" },
		{ "INSERT INTO product (id, name) VALUES (3, 'Router W')", "row 3 of product was put in" },
		{ "INSERT INTO person (id, digest) VALUES (1, 'x')", "row 1 of person was put in" },
		{ "INSERT INTO component_set (id, sha256) VALUES (1, 'x')", "row 1 of component_set was put in" },
	};
	for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
		EACH_ENGINE(registry)
		{
			CHECK_EQUAL(add_product(&registry, 1, "Router X"), DONE);
			CHECK_EQUAL(add_product(&registry, 2, "Router Z"), DONE);
			CHECK_EQUAL(rename_product(&registry, 1, "RX-1"), DONE);
			CHECK(tells(&registry, alterations[i].sql, alterations[i].words));
		}
	}
}

/* Somebody who alters an event and all hashes behind it: the tables still tell, and the head is another one. */
TEST(a_chain_that_was_made_again_has_another_head)
{
	EACH_ENGINE(registry)
	{
		struct verification before, after;
		CHECK_EQUAL(add_product(&registry, 1, "Router X"), DONE);
		CHECK_EQUAL(verify(&registry, &before), DONE);
		CHECK(database_script(registry.database, SPAN_LITERAL("DELETE FROM event; DELETE FROM product")) == DONE);
		CHECK_EQUAL(add_product(&registry, 1, "Router Y"), DONE);
		CHECK_EQUAL(verify(&registry, &after), DONE);
		CHECK(strcmp(before.head, after.head) != 0);
	}
}

TESTS(a_chain_holds, what_fails_writes_nothing, altered_events_are_told, altered_rows_are_told,
      a_chain_that_was_made_again_has_another_head)
