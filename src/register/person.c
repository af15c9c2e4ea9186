#include "register/person.h"

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/digest.h"
#include "register/content.h"
#include "register/event.h"

enum { SALT_SIZE = 16 };

static int64_t number_of(struct registry *registry, struct span name)
{
	return registry_find(registry, "SELECT person FROM person_private WHERE name = ?1", name);
}

enum outcome person_find(struct registry *registry, struct span name, int64_t *number)
{
	*number = number_of(registry, name);
	if (*number != 0)
		return DONE;
	return registry_fail(registry, MALFORMED, "there is nobody called '%.*s'; 'assay register person' adds people",
			     SPAN_FORMAT(name));
}

/* The digest needs the row, and the row the person: so the person comes first, with the digest behind. */
static enum outcome write_person(struct registry *registry, struct event *event, const struct person *person, int64_t number)
{
	uint8_t salt[SALT_SIZE];
	char hex[2 * SALT_SIZE + 1], digest[CONTENT_DIGEST_ROOM];
	if (RAND_bytes(salt, sizeof salt) != 1)
		return registry_fail(registry, MALFORMED, "this machine gives no random numbers");
	digest_write_hex(span_of(salt, sizeof salt), hex);
	event_insert(event, "person", (const struct field[]){
		{ "id", value_integer(number) }, { "digest", value_word("") } }, 2);
	TRY(event->outcome);
	const struct value row[] = { value_integer(number), value_word(hex), value_text(person->name), value_text_if(person->email),
				     value_text_if(person->unit), value_text_if(person->country) };
	TRY(database_run(registry->database, "INSERT INTO person_private (person, salt, name, email, unit, country)"
					     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", row, 6));
	TRY(content_of_person(registry, number, digest));
	event_update(event, "person", (const struct field[]){
		{ "id", value_integer(number) }, { "digest", value_word(digest) } }, 2);
	return DONE;
}

static enum outcome add(struct registry *registry, const struct person *person, int64_t *number)
{
	struct event event;
	if (person->name.size == 0)
		return registry_fail(registry, MALFORMED, "a person has a name");
	if (number_of(registry, person->name) != 0)
		return registry_fail(registry, MALFORMED, "there is a '%.*s' already", SPAN_FORMAT(person->name));
	*number = registry_next(registry, "person");
	event_begin(&event, registry, "person.added", SPAN_LITERAL("a person")); /* the chain holds no name */
	enum outcome outcome = write_person(registry, &event, person, *number);
	if (event.outcome == DONE)
		event.outcome = outcome;
	return event_end(&event);
}

static enum outcome forget(struct registry *registry, struct span name)
{
	struct event event;
	char at[21];
	int64_t number;
	TRY(person_find(registry, name, &number));
	clock_format_utc(clock_report_time(), at);
	event_begin(&event, registry, "person.blanked", SPAN_LITERAL("a person"));
	event_update(&event, "person", (const struct field[]){
		{ "id", value_integer(number) }, { "blanked", value_word(at) } }, 2);
	const struct value which[] = { value_integer(number) };
	if (event.outcome == DONE)
		event.outcome = database_run(registry->database, "DELETE FROM person_private WHERE person = ?1", which, 1);
	return event_end(&event);
}

enum outcome person_add(struct registry *registry, const struct person *person, int64_t *number)
{
	TRY(registry_done(registry, database_begin(registry->database), "adding a person"));
	return registry_finish(registry, add(registry, person, number), "adding a person");
}

enum outcome person_writes(struct registry *registry, struct span name)
{
	return person_find(registry, name, &registry->person);
}

enum outcome person_forget(struct registry *registry, struct span name)
{
	TRY(registry_done(registry, database_begin(registry->database), "blanking a person"));
	return registry_finish(registry, forget(registry, name), "blanking a person");
}
