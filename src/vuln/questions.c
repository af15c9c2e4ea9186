#include "vuln/questions.h"

#include "vuln/device_match.h"
#include "vuln/subject.h"

enum { MEMORY_MAX = 64 * 1024 * 1024 };

const char *const question_families[] = { "android", "pixel", "sdk", NULL };

struct asker {
	struct query insert;
	int64_t component;
	bool failed;
};

static void ask(void *context, struct span name)
{
	struct asker *asker = context;
	query_bind_integer(&asker->insert, 1, asker->component);
	query_bind_text(&asker->insert, 2, name);
	asker->failed |= query_next(&asker->insert) || asker->insert.result != SQLITE_DONE;
	query_rewind(&asker->insert);
}

static enum outcome ask_all(sqlite3 *evidence, const struct recognisers *recognisers, struct asker *asker, struct arena *arena)
{
	struct subject_finder finder;
	struct subject subject;
	enum outcome outcome = DONE;
	subject_finder_init(&finder, evidence, NULL, arena);
	finder.told = ask;
	finder.context = asker;
	struct query rows = subject_rows(evidence);
	while (outcome == DONE && query_next(&rows)) {
		asker->component = query_integer(&rows, 0);
		outcome = subject_read(&rows, recognisers, &finder, &subject);
	}
	enum outcome read = query_end(&rows), ended = subject_finder_end(&finder);
	return outcome != DONE ? outcome : read != DONE ? read : ended;
}

/* What is asked beside the products of components: Android's bulletins, faults of makers' kits, the device itself. */
static const char *const others[] = {
	"INSERT INTO temp.question SELECT id, 'android/*' FROM component WHERE name = 'android'"
	" UNION ALL SELECT id, 'pixel/*' FROM component WHERE name = 'android'",
	"INSERT INTO temp.question SELECT NULL, 'android/*' WHERE EXISTS (SELECT 1 FROM artifact WHERE kind = 'android device')"
	" OR EXISTS (SELECT 1 FROM setting WHERE subject = 'android property' AND name = 'ro.build.version.security_patch')",
	"INSERT INTO temp.question SELECT id, 'sdk/*' FROM component WHERE type = 'firmware' UNION ALL SELECT NULL, 'sdk/*'",
	NULL,
};

static enum outcome ask_device(sqlite3 *evidence, struct arena *arena)
{
	struct query insert = query_start(evidence,
		"INSERT INTO temp.question SELECT NULL, value FROM json_each(?1)"
		" UNION ALL SELECT component.id, value FROM component, json_each(?1) WHERE component.type = 'firmware'");
	query_bind_text(&insert, 1, device_products(evidence, arena));
	(void)query_next(&insert);
	return query_end(&insert);
}

enum outcome questions_write(sqlite3 *evidence, const struct recognisers *recognisers)
{
	struct arena arena;
	struct asker asker = { 0 };
	TRY(query_run(evidence, "DROP TABLE IF EXISTS temp.question; CREATE TEMP TABLE question (component INTEGER, product TEXT)"));
	arena_init(&arena, MEMORY_MAX);
	asker.insert = query_start(evidence, "INSERT INTO temp.question VALUES (?1, ?2)");
	enum outcome outcome = ask_all(evidence, recognisers, &asker, &arena);
	enum outcome ended = query_end(&asker.insert);
	if (outcome == DONE)
		outcome = ended != DONE ? ended : asker.failed ? MALFORMED : query_run_all(evidence, others);
	if (outcome == DONE)
		outcome = ask_device(evidence, &arena);
	arena_done(&arena);
	return outcome;
}
