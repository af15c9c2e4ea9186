#include "register/case.h"

#include "engines.h"
#include "register/case_read.h"
#include "register/case_state.h"
#include "register/moment.h"
#include "register/person.h"
#include "register/verify.h"

/* A register with people in it, and what a test reads. */
struct fixture {
	struct arena arena;
	struct clocks clocks;
	struct registry *registry;
};

static bool fixture_open(struct fixture *fixture, struct registry *registry)
{
	const struct person ada = { .name = SPAN_LITERAL("ada") }, eve = { .name = SPAN_LITERAL("eve") };
	struct span error;
	int64_t number;
	*fixture = (struct fixture){ .registry = registry };
	arena_init(&fixture->arena, 64 << 20);
	return clocks_load(&fixture->arena, &fixture->clocks, &error) == DONE && person_add(registry, &ada, &number) == DONE &&
	       person_add(registry, &eve, &number) == DONE && person_writes(registry, ada.name) == DONE;
}

static bool fixture_close(struct fixture *fixture)
{
	arena_done(&fixture->arena);
	return false;
}

#define EACH_CASE(registry, fixture) \
	EACH_ENGINE(registry) \
	for (bool opened_ = fixture_open(&fixture, &registry), more_ = true; more_; more_ = fixture_close(&fixture)) \
		if (!opened_) \
			CHECK(!"a register with people"); \
		else

static int64_t at(const char *text)
{
	struct moment moment = { 0 };
	return moment_read(span_of_text(text), &moment) && !moment.local ? moment.at : -1;
}

static enum outcome open_case(struct fixture *fixture, const char *vulnerability, const char *kind, const char *aware)
{
	int64_t number;
	const struct case_opening opening = {
		.kind = span_of_text(kind), .vulnerability = span_of_text(vulnerability), .title = SPAN_LITERAL("a title"),
		.aware = aware ? at(aware) : 0,
	};
	return case_open(fixture->registry, &opening, &number);
}

/* The due time of a clock of case 1 as text; "" where it does not run, "waiting" while it waits. */
static struct span due(struct fixture *fixture, const char *clock)
{
	static char text[MOMENT_ROOM];
	struct case_file file;
	text[0] = '\0';
	if (case_read(fixture->registry, 1, &fixture->clocks, NULL, &fixture->arena, &file) != DONE)
		return SPAN_LITERAL("no case");
	for (size_t i = 0; i < file.dues.count; i++) {
		const struct due *one = &file.dues.all[i];
		if (!span_equal_text(one->clock->id, clock))
			continue;
		moment_write(one->at, 0, text);
		return span_of_text(one->state == DUE_WAITING ? "waiting" : text);
	}
	return span_of_text(text);
}

static bool verifies(struct registry *registry)
{
	struct verification found;
	if (verify(registry, &found) == DONE)
		return true;
	printf("# %s\n", registry->error);
	return false;
}

static enum outcome start(struct fixture *fixture, const char *event, const char *when, const char *until)
{
	return case_start(fixture->registry, 1, &fixture->clocks, span_of_text(event), at(when), until ? at(until) : 0);
}

static enum outcome submit(struct fixture *fixture, const char *clock, const char *when, const char *reference)
{
	return case_submit(fixture->registry, 1, &fixture->clocks, span_of_text(clock), at(when), span_of_text(reference));
}

TEST(nothing_is_done_by_nobody)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		registry.person = 0;
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", "2026-01-02T03:04Z"), MALFORMED);
		CHECK(strstr(registry.error, "who does it?"));
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), MALFORMED);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM case_file", -1), 0);
		CHECK_EQUAL(person_writes(&registry, SPAN_LITERAL("ada")), DONE);
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		registry.person = 0;
		CHECK_EQUAL(start(&fixture, "aware.exploited-vulnerability", "2026-01-02T03:04Z", NULL), MALFORMED);
		CHECK_EQUAL(case_set_state(&registry, 1, SPAN_LITERAL("acknowledged")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("country"), SPAN_LITERAL("DE")), MALFORMED);
		CHECK_EQUAL(database_number(registry.database, "SELECT count(*) FROM case_start", -1), 0);
		CHECK(verifies(&registry));
	}
}

/* A case that is opened starts nothing by itself, however bad it is known to be. */
TEST(awareness_is_what_a_person_says)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		CHECK_EQUAL(database_script(registry.database, SPAN_LITERAL("INSERT INTO vulnerability (id, name, severity, exploited)"
			" VALUES (1, 'CVE-2021-28831', 'CRITICAL', '2021-11-03')")), DONE);
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.early-warning"), "");
		CHECK_EQUAL(start(&fixture, "measure.available", "2026-01-01T00:00Z", NULL), DONE);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.final-report"), "");
		CHECK_EQUAL(start(&fixture, "aware.severe-incident", "2026-01-02T03:04:05Z", NULL), MALFORMED);
		CHECK_EQUAL(start(&fixture, "aware.exploited-vulnerability", "2026-01-02T03:04:05Z", NULL), DONE);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.early-warning"), "2026-01-03T03:04:05Z");
		CHECK_EQUAL(start(&fixture, "aware.exploited-vulnerability", "2026-01-05T00:00Z", NULL), DONE); /* puts nothing off */
		CHECK_TEXT(due(&fixture, "cra.vulnerability.early-warning"), "2026-01-03T03:04:05Z");
	}
}

TEST(clocks_run_from_what_was_said)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		struct case_file file;
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", "2026-01-30T09:10Z"), DONE);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.early-warning"), "2026-01-31T09:10:00Z");
		CHECK_TEXT(due(&fixture, "cra.vulnerability.notification"), "2026-02-02T09:10:00Z");
		CHECK_TEXT(due(&fixture, "cra.vulnerability.final-report"), "waiting");
		CHECK_EQUAL(start(&fixture, "measure.available", "2026-02-20T12:00Z", NULL), DONE);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.final-report"), "2026-03-06T12:00:00Z");
		CHECK_EQUAL(case_read(&registry, 1, &fixture.clocks, NULL, &fixture.arena, &file), DONE);
		CHECK_EQUAL(file.starts.count, 2);
		char sql[128]; /* the number that stands beside a due time is that of the event which says so */
		(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM event WHERE sequence = %d AND kind = 'case.started'",
			       (int)file.starts.all[1].sequence);
		CHECK_EQUAL(database_number(registry.database, sql, -1), 1);
		CHECK(verifies(&registry));
	}
}

TEST(what_was_submitted_starts_what_follows)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		CHECK_EQUAL(open_case(&fixture, NULL, "incident", "2026-01-29T10:00Z"), DONE);
		CHECK_TEXT(due(&fixture, "cra.incident.early-warning"), "2026-01-30T10:00:00Z");
		CHECK_TEXT(due(&fixture, "cra.incident.final-report"), "waiting");
		CHECK_EQUAL(submit(&fixture, "cra.vulnerability.notification", "2026-01-31T08:00Z", "SRP-1"), MALFORMED); /* runs not */
		CHECK_EQUAL(submit(&fixture, "cra.incident.notification", "2026-01-31T08:00Z", ""), MALFORMED);
		CHECK_EQUAL(start(&fixture, "submitted.cra.incident.notification", "2026-01-31T08:00Z", NULL), MALFORMED);
		CHECK_EQUAL(submit(&fixture, "cra.incident.notification", "2026-01-31T08:00Z", "SRP-1"), DONE);
		CHECK_TEXT(due(&fixture, "cra.incident.final-report"), "2026-02-28T08:00:00Z"); /* the last day of the month */
		CHECK(verifies(&registry));
	}
}

TEST(a_clock_goes_on_where_it_does_not_apply)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		struct case_file file;
		const struct span clock = SPAN_LITERAL("cra.vulnerability.users");
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", "2026-01-02T03:04Z"), DONE);
		CHECK_EQUAL(case_not_applicable(&registry, 1, &fixture.clocks, clock, SPAN_NONE), MALFORMED);
		CHECK_EQUAL(case_not_applicable(&registry, 1, &fixture.clocks, SPAN_LITERAL("nis2.early-warning"), clock), MALFORMED);
		CHECK_EQUAL(case_not_applicable(&registry, 1, &fixture.clocks, clock, SPAN_LITERAL("nobody uses it")), DONE);
		CHECK_EQUAL(case_not_applicable(&registry, 1, &fixture.clocks, clock, SPAN_LITERAL("again")), MALFORMED);
		CHECK_TEXT(due(&fixture, "cra.vulnerability.users"), "2026-01-05T03:04:00Z");
		CHECK_EQUAL(case_read(&registry, 1, &fixture.clocks, NULL, &fixture.arena, &file), DONE);
		CHECK_EQUAL(file.decisions.count, 1);
		CHECK(span_equal_text(file.decisions.all[0].by, "ada"));
		CHECK(verifies(&registry));
	}
}

TEST(what_has_not_happened_is_refused)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", "9000-01-01T00:00Z"), MALFORMED);
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		CHECK_EQUAL(start(&fixture, "measure.available", "9000-01-01T00:00Z", NULL), MALFORMED);
		CHECK_EQUAL(start(&fixture, "clock.paused", "2026-01-01T00:00Z", NULL), MALFORMED);
		CHECK_EQUAL(start(&fixture, "agreed.disclosure", "2026-01-01T00:00Z", NULL), MALFORMED);
		CHECK_EQUAL(start(&fixture, "measure.available", "2026-01-01T00:00Z", "2026-02-01T00:00Z"), MALFORMED);
		CHECK_EQUAL(start(&fixture, "agreed.disclosure", "2026-01-01T00:00Z", "2025-02-01T00:00Z"), MALFORMED);
		CHECK_EQUAL(start(&fixture, "agreed.disclosure", "2026-01-01T00:00Z", "2026-04-01T00:00Z"), DONE);
		CHECK_TEXT(due(&fixture, "disclosure.embargo"), "2026-04-01T00:00:00Z");
		CHECK_EQUAL(case_set_state(&registry, 2, SPAN_LITERAL("acknowledged")), NOT_THIS);
		CHECK_EQUAL(case_answer(&registry, 2, SPAN_LITERAL("country"), SPAN_LITERAL("DE")), NOT_THIS);
		CHECK(verifies(&registry));
	}
}

/* All pairs of states: those of this list, and no others. */
TEST(the_states_are_walked_whole)
{
	static const char *const legal[][2] = {
		{ "received", "acknowledged" }, { "received", "triaged" }, { "acknowledged", "triaged" },
		{ "triaged", "confirmed" }, { "triaged", "not confirmed" }, { "confirmed", "not confirmed" },
		{ "confirmed", "fix in progress" }, { "confirmed", "disclosed" }, { "not confirmed", "triaged" },
		{ "not confirmed", "closed" }, { "fix in progress", "released" }, { "fix in progress", "disclosed" },
		{ "released", "fix in progress" }, { "released", "disclosed" }, { "disclosed", "fix in progress" },
		{ "disclosed", "released" }, { "disclosed", "closed" }, { "closed", "triaged" },
	};
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		for (enum case_state from = 0; from < CASE_STATES; from++) {
			for (enum case_state to = 0; to < CASE_STATES; to++) {
				bool may = false;
				char sql[128];
				for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
					may = may || (strcmp(legal[i][0], case_state_name(from)) == 0 &&
						      strcmp(legal[i][1], case_state_name(to)) == 0);
				(void)snprintf(sql, sizeof sql, "UPDATE case_file SET state = '%s'", case_state_name(from));
				CHECK_EQUAL(database_script(registry.database, span_of_text(sql)), DONE);
				CHECK_EQUAL(case_set_state(&registry, 1, span_of_text(case_state_name(to))), may ? DONE : MALFORMED);
			}
		}
		CHECK_EQUAL(case_set_state(&registry, 1, SPAN_LITERAL("paused")), MALFORMED);
	}
}

TEST(a_vulnerability_has_one_open_case)
{
	static const char *const way[] = { "triaged", "not confirmed", "closed" };
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), MALFORMED);
		CHECK(strstr(registry.error, "case 1"));
		for (size_t i = 0; i < sizeof way / sizeof *way; i++)
			CHECK_EQUAL(case_set_state(&registry, 1, span_of_text(way[i])), DONE);
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		CHECK_EQUAL(open_case(&fixture, NULL, "rumour", NULL), MALFORMED);
		CHECK(verifies(&registry));
	}
}

TEST(forms_are_answered_as_they_ask)
{
	struct fixture fixture;
	EACH_CASE(registry, fixture)
	{
		struct case_file file;
		CHECK_EQUAL(open_case(&fixture, "CVE-2021-28831", "vulnerability", NULL), DONE);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("cross-border"), SPAN_LITERAL("maybe")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("country"), SPAN_LITERAL("US")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("member-states"), SPAN_LITERAL("DE XX")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("detected"), SPAN_LITERAL("2026-01-01T00:00Z")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("colour"), SPAN_LITERAL("blue")), MALFORMED);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("country"), SPAN_LITERAL("DE")), DONE);
		CHECK_EQUAL(person_writes(&registry, SPAN_LITERAL("eve")), DONE);
		CHECK_EQUAL(case_answer(&registry, 1, SPAN_LITERAL("country"), SPAN_LITERAL("GR")), DONE);
		CHECK_EQUAL(person_writes(&registry, SPAN_LITERAL("ada")), DONE);
		CHECK_EQUAL(person_forget(&registry, SPAN_LITERAL("eve")), DONE);
		CHECK_EQUAL(case_read(&registry, 1, &fixture.clocks, NULL, &fixture.arena, &file), DONE);
		CHECK_EQUAL(file.answers.count, 1);
		CHECK(span_equal_text(file.answers.all[0].text, "GR"));
		CHECK(span_equal_text(file.answers.all[0].by, "person 2")); /* forgotten, and still somebody */
		CHECK(verifies(&registry));
	}
}

static bool fill(struct fixture *fixture)
{
	struct registry *registry = fixture->registry;
	return open_case(fixture, "CVE-2021-28831", "vulnerability", "2026-01-02T03:04Z") == DONE &&
	       submit(fixture, "cra.vulnerability.early-warning", "2026-01-02T05:00Z", "SRP-1") == DONE &&
	       case_not_applicable(registry, 1, &fixture->clocks, SPAN_LITERAL("cra.vulnerability.users"), SPAN_LITERAL("why")) ==
		       DONE &&
	       case_answer(registry, 1, SPAN_LITERAL("country"), SPAN_LITERAL("DE")) == DONE &&
	       case_add_party(registry, 1, SPAN_LITERAL("upstream"), SPAN_LITERAL("BusyBox"), at("2026-01-02T05:00Z"),
			      SPAN_LITERAL("https://bugs.busybox.net/1")) == DONE;
}

TEST(altered_rows_of_a_case_are_told)
{
	static const char *const alterations[][2] = {
		{ "UPDATE case_start SET at = '2026-01-03T00:00:00Z'", "row 1 of case_start is not what was written: at" },
		{ "DELETE FROM case_start", "row 1 of case_start was taken out" },
		{ "UPDATE case_file SET state = 'closed'", "row 1 of case_file is not what was written: state" },
		{ "INSERT INTO case_file (id, kind, title, state, opened) VALUES (2, 'incident', 'x', 'received', 'x')",
		  "row 2 of case_file was put in" },
		{ "UPDATE case_submission SET reference = 'SRP-2'", "row 1 of case_submission is not what was written: reference" },
		{ "DELETE FROM case_submission", "row 1 of case_submission was taken out" },
		{ "UPDATE case_clock_decision SET person = 2", "row 1 of case_clock_decision is not what was written: person" },
		{ "DELETE FROM case_clock_decision", "row 1 of case_clock_decision was taken out" },
		{ "UPDATE case_answer SET value = 'FR'", "row 1 of case_answer is not what was written: value" },
		{ "DELETE FROM case_answer", "row 1 of case_answer was taken out" },
		{ "UPDATE case_party SET role = 'maker'", "row 1 of case_party is not what was written: role" },
		{ "DELETE FROM case_party", "row 1 of case_party was taken out" },
	};
	for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
		struct fixture fixture;
		EACH_CASE(registry, fixture)
		{
			struct verification found;
			CHECK(fill(&fixture));
			CHECK(verifies(&registry));
			CHECK_EQUAL(database_script(registry.database, span_of_text(alterations[i][0])), DONE);
			CHECK_EQUAL(verify(&registry, &found), MALFORMED);
			CHECK(strstr(registry.error, alterations[i][1]));
		}
	}
}

TESTS(nothing_is_done_by_nobody, awareness_is_what_a_person_says, clocks_run_from_what_was_said,
      what_was_submitted_starts_what_follows, a_clock_goes_on_where_it_does_not_apply, what_has_not_happened_is_refused,
      the_states_are_walked_whole, a_vulnerability_has_one_open_case, forms_are_answered_as_they_ask,
      altered_rows_of_a_case_are_told)
