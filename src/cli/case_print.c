#include "cli/case.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/shown.h"

/* What a person wrote, without what steers a terminal. */
static struct span safe(const struct case_work *work, struct span text)
{
	return shown_text(work->arena, text);
}

/* "early warning" of "early warning, with the Member States …". */
static struct span short_name(const struct clock *clock)
{
	size_t end = 0;
	while (end < clock->due.size && span_byte(clock->due, end) != ',' && span_byte(clock->due, end) != ';')
		end++;
	return span_slice(clock->due, 0, end);
}

static bool is_done(const struct case_file *file, const struct due *due)
{
	return case_record_about(&file->submissions, due->clock->id) || case_record_about(&file->decisions, due->clock->id);
}

static void print_due(const struct case_work *work, const struct case_file *file, const struct due *due)
{
	const struct clock *clock = due->clock;
	const struct case_record *sent = case_record_about(&file->submissions, clock->id);
	const struct case_record *decided = case_record_about(&file->decisions, clock->id);
	char at[ZONE_SHOWN_ROOM];
	struct span name = short_name(clock);
	zone_show(due->at, work->calendar.named, at);
	if (due->state == DUE_AT)
		(void)printf("  %.*s due %s (%.*s)%s\n", SPAN_FORMAT(name), at, SPAN_FORMAT(clock->article),
			     !is_done(file, due) && due->at < clock_latest_time() ? " OVERDUE" : "");
	else if (due->state == DUE_AT_ONCE)
		(void)printf("  %.*s: at once, the text gives no number; assay reminds at %s (%.*s)\n", SPAN_FORMAT(clock->due), at,
			     SPAN_FORMAT(clock->article));
	else
		(void)printf("  %.*s has no due time yet (%.*s)\n", SPAN_FORMAT(name), SPAN_FORMAT(clock->article));
	(void)printf("    %.*s: %.*s", SPAN_FORMAT(clock->id), SPAN_FORMAT(clock->rule));
	if (due->state != DUE_WAITING)
		(void)printf(" (event %lld)", (long long)due->start->sequence);
	(void)printf("\n");
	if (sent) {
		zone_show(sent->at, work->calendar.named, at);
		(void)printf("    submitted %s as %.*s by %.*s%s\n", at, SPAN_FORMAT(safe(work, sent->text)),
			     SPAN_FORMAT(safe(work, sent->by)),
			     due->state == DUE_AT && sent->at > due->at ? ", which was late" : "");
	}
	if (decided)
		(void)printf("    not applicable: %.*s (%.*s)\n", SPAN_FORMAT(safe(work, decided->text)),
			     SPAN_FORMAT(safe(work, decided->by)));
}

void case_print_dues(const struct case_work *work, const struct case_file *file)
{
	for (size_t i = 0; i < file->dues.count; i++)
		print_due(work, file, &file->dues.all[i]);
	if (!case_aware(file))
		(void)printf("  nobody has said that the maker is aware: no clock of Article 14 runs\n");
}

static void print_records(const struct case_work *work, const char *title, const struct case_records *records)
{
	for (size_t i = 0; i < records->count; i++) {
		const struct case_record *record = &records->all[i];
		char at[ZONE_SHOWN_ROOM];
		zone_show(record->at, work->calendar.named, at);
		(void)printf("%s%.*s%s%.*s", i == 0 ? title : "  ", SPAN_FORMAT(record->what),
			     record->text.size > 0 ? ": " : "", SPAN_FORMAT(safe(work, record->text)));
		(void)printf("\t%s\t%.*s\n", at, SPAN_FORMAT(safe(work, record->by)));
	}
}

void case_print(const struct case_work *work, const struct case_file *file)
{
	char opened[ZONE_SHOWN_ROOM];
	zone_show(file->opened, work->calendar.named, opened);
	(void)printf("case %lld: %.*s\n", (long long)file->number, SPAN_FORMAT(safe(work, file->title)));
	(void)printf("  %.*s", SPAN_FORMAT(file->kind));
	if (file->vulnerability.size > 0)
		(void)printf(" %.*s", SPAN_FORMAT(safe(work, file->vulnerability)));
	(void)printf(", %.*s, opened %s\n", SPAN_FORMAT(file->state), opened);
	if (file->reporter.size > 0)
		(void)printf("  reported by %.*s, credit: %.*s\n", SPAN_FORMAT(safe(work, file->reporter)),
			     SPAN_FORMAT(file->credit.size > 0 ? file->credit : SPAN_LITERAL("not known")));
	(void)printf("due\n");
	case_print_dues(work, file);
	print_records(work, "said\n  ", &file->starts);
	print_records(work, "answered\n  ", &file->answers);
	print_records(work, "parties\n  ", &file->parties);
}

static void print_line(const struct case_work *work, const struct case_file *file)
{
	char next[ZONE_SHOWN_ROOM] = "-";
	struct span what = SPAN_NONE;
	for (size_t i = 0; i < file->dues.count && what.size == 0; i++) {
		const struct due *due = &file->dues.all[i];
		if (due->state != DUE_AT || is_done(file, due))
			continue;
		what = due->clock->id;
		zone_show(due->at, work->calendar.named, next);
	}
	(void)printf("%lld\t%.*s\t%.*s\t%.*s\t", (long long)file->number, SPAN_FORMAT(file->state), SPAN_FORMAT(file->kind),
		     SPAN_FORMAT(safe(work, file->vulnerability)));
	(void)printf("%.*s\t%s\t%.*s\n", SPAN_FORMAT(safe(work, file->title)), next, SPAN_FORMAT(what));
}

int case_print_list(struct case_work *work)
{
	struct case_file file;
	int64_t last = database_number(work->registry->database, "SELECT coalesce(max(id), 0) FROM case_file", 0);
	for (int64_t number = 1; number <= last; number++) {
		if (case_read(work->registry, number, &work->calendar.clocks, work->calendar.named, work->arena, &file) != DONE)
			return unusable("%s", work->registry->error);
		print_line(work, &file);
	}
	return EXIT_DONE;
}
