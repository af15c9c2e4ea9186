/* Vulnerability stores to a caller: include/assay/assay.h, assay_store_describe() and assay_store_build(). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/plain_locale.h"
#include "base/scoped.h"
#include "engine/result.h"
#include "evidence/query.h"
#include "vuln/build.h"
#include "vuln/left_out.h"
#include "vuln/starter.h"
#include "vuln/store_pack.h"

enum { ARENA_CEILING = 64 * 1024 * 1024, BASE_CEILING = 1024 * 1024 * 1024 };

static void describe_feeds(const struct store *store, struct assay_store *out)
{
	size_t size = 0;
	struct query feeds = query_start(store_database(store), "SELECT name, coalesce(nullif(date, ''), '-'), records FROM feed"
								" WHERE name <> 'assay' ORDER BY name");
	while (query_next(&feeds) && size < sizeof out->feeds) {
		struct span day = query_text(&feeds, 1);
		bool old = !span_equal_text(day, "-") && store_day_is_old(day);
		int length = snprintf(out->feeds + size, sizeof out->feeds - size, "  %-14.*s %-10.*s %8lld%s\n",
				      SPAN_FORMAT(query_text(&feeds, 0)), SPAN_FORMAT(day),
				      (long long)query_integer(&feeds, 2), old ? "  old" : "");
		size += length > 0 ? (size_t)length : 0;
	}
	if (query_end(&feeds) != DONE)
		out->feeds[0] = 0;
}

static void describe_left_out(const struct store *store, struct assay_store *out)
{
	struct left_out reasons[LEFT_OUT_REASONS];
	size_t size = strlen(out->feeds);
	if (left_out_count(store, reasons) != DONE) {
		out->feeds[0] = 0;
		return;
	}
	for (size_t i = 0; i < LEFT_OUT_REASONS && size < sizeof out->feeds; i++) {
		int length = reasons[i].count == 0 ? 0 : snprintf(out->feeds + size, sizeof out->feeds - size,
								  "  left out: %" PRId64 " %s\n", reasons[i].count, reasons[i].words);
		size += length > 0 ? (size_t)length : 0;
	}
}

static void describe(const struct store *store, struct assay_store *out)
{
	describe_feeds(store, out);
	describe_left_out(store, out);
	out->vulnerabilities = store_count(store);
	out->old = store_is_old(store);
	(void)snprintf(out->date, sizeof out->date, "%s", store_date(store));
	(void)snprintf(out->name, sizeof out->name, "%s", store_name(store));
}

static enum outcome look(const char *path, struct assay_store *out)
{
	SCOPED(plain_locale) here = plain_locale_enter();
	struct arena arena;
	struct store *store = NULL;
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_CEILING);
	enum outcome outcome = path ? store_open_file(path, &arena, &store, &error)
				    : store_open_packed(span_of(starter_store, starter_store_size), STARTER_NAME, &store);
	if (outcome == DONE)
		describe(store, out);
	else
		(void)snprintf(out->error, sizeof out->error, "%.*s",
			       SPAN_FORMAT(error.size > 0 ? error : span_of_text(outcome_name(outcome))));
	out->other_version = outcome == UNSUPPORTED;
	if (outcome == DONE)
		store_close(store);
	arena_done(&arena);
	return outcome;
}

enum assay_status assay_store_describe(const char *path, struct assay_store *out)
{
	struct assay_store found = ASSAY_STORE_INIT;
	if (!out)
		return ASSAY_UNREADABLE;
	enum outcome outcome = look(path, &found);
	found.size = out->size;
	memcpy(out, &found, out->size < sizeof found ? out->size : sizeof found);
	return result_status(outcome);
}

static void tell(const struct assay_store_plan *plan, const char *words)
{
	if (plan->remark)
		plan->remark(plan->context, words);
}

static void tell_notes(const struct assay_store_plan *plan, const struct notes *notes)
{
	char words[1024];
	for (const struct note *note = notes->first; note; note = note->next) {
		(void)snprintf(words, sizeof words, "%.*s%s%.*s", SPAN_FORMAT(note->path), note->path.size > 0 ? ": " : "",
			       SPAN_FORMAT(note->message));
		tell(plan, words);
	}
	(void)snprintf(words, sizeof words, "and %zu further remarks", notes->dropped);
	if (notes->dropped > 0)
		tell(plan, words);
}

static void tell_failure(const struct assay_store_plan *plan, enum outcome outcome)
{
	char words[1024];
	if (outcome == NOT_THIS)
		(void)snprintf(words, sizeof words, "%s holds no feed that assay knows; see docs/vulnerabilities.md",
			       plan->directory);
	else if (outcome == MALFORMED)
		(void)snprintf(words, sizeof words, "the store was not built%s",
			       plan->lenient ? "" : ", and what is there stays; --force builds it whatever is lost");
	else
		(void)snprintf(words, sizeof words, "the store cannot be built: %s", outcome_name(outcome));
	if (outcome != DONE)
		tell(plan, words);
}

static enum outcome build(const struct assay_store_plan *plan, struct notes *notes)
{
	struct buffer base;
	const char **folders = ARENA_NEW(notes->arena, const char *, plan->directory_count + 1);
	if (!folders)
		return NO_MEMORY;
	folders[0] = plan->directory;
	for (size_t i = 0; i < plan->directory_count; i++)
		folders[i + 1] = plan->directories[i];
	buffer_init(&base, BASE_CEILING, NULL);
	enum outcome outcome = plan->alone ? DONE : store_unpack(span_of(starter_store, starter_store_size), &base);
	if (outcome == DONE)
		outcome = store_build(&(struct build_plan){
			.directories = folders, .directory_count = plan->directory_count + 1, .path = plan->path,
			.previous = plan->previous, .lenient = plan->lenient != 0, .base = buffer_span(&base), .progress = plan->progress,
			.context = plan->context }, notes);
	buffer_done(&base);
	return outcome;
}

enum assay_status assay_store_build(const struct assay_store_plan *given)
{
	struct assay_store_plan plan = ASSAY_STORE_PLAN_INIT;
	struct arena arena;
	struct notes notes;
	if (given)
		memcpy(&plan, given, given->size < sizeof plan ? given->size : sizeof plan);
	if (!plan.directory || !plan.path)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	arena_init(&arena, ARENA_CEILING);
	notes_init(&notes, &arena);
	enum outcome outcome = build(&plan, &notes);
	tell_notes(&plan, &notes);
	tell_failure(&plan, outcome);
	arena_done(&arena);
	return result_status(outcome);
}
