#include "vuln/fix_judge.h"

#include "vuln/version.h"

/* What the files of the component show together. */
struct weighing {
	size_t fixed, unfixed, open;
	struct span reason; /* of the first that is fixed, or of the first that is not */
	struct decision *decision; /* gets the signs as premises */
};

void fix_judge_init(struct fix_judge *judge, sqlite3 *evidence)
{
	*judge = (struct fix_judge){ 0 };
	judge->find_known = query_start(evidence, "SELECT EXISTS (SELECT 1 FROM fix_sign WHERE component = ?1"
							" AND vulnerability = ?2)");
	/*
	 * The component's own files; and those that have its name and show no version, which are its own where the image has
	 * one component of the name, and may be where it has several.
	 */
	judge->find_files = query_start(evidence,
		"WITH own AS (SELECT DISTINCT w.file AS id FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  WHERE cw.component = ?1 AND w.method <> 'package'),"
		" named AS (SELECT DISTINCT file AS id FROM fix_sign WHERE component = ?2 AND vulnerability = ?3 AND file NOT IN"
		"  (SELECT w.file FROM component c JOIN component_witness cw ON cw.component = c.id"
		"  JOIN witness w ON w.rowid = cw.witness WHERE c.name = ?2 AND w.method <> 'package'))"
		" SELECT f.id, f.path, f.state = 'read' AND NOT EXISTS (SELECT 1 FROM incomplete i WHERE i.file = f.id AND"
		"  (i.missing <> 'facts' OR i.code IN ('facts.fix_sign', 'facts.many'))),"
		" EXISTS (SELECT 1 FROM elf e WHERE e.file = f.id) OR coalesce(f.kind, '') IN ('text', 'script'),"
		" f.id IN (SELECT id FROM own) OR (SELECT count(*) FROM component WHERE name = ?2) = 1"
		" FROM file f WHERE f.id IN (SELECT id FROM own UNION SELECT id FROM named) ORDER BY f.id");
	judge->find_signs = query_start(evidence, "SELECT since, before, shows, sign, detail, offset FROM fix_sign"
						  " WHERE file = ?1 AND component = ?2 AND vulnerability = ?3 ORDER BY rowid");
}

enum outcome fix_judge_end(struct fix_judge *judge)
{
	enum outcome known = query_end(&judge->find_known), files = query_end(&judge->find_files),
		     signs = query_end(&judge->find_signs);
	return known != DONE ? known : files != DONE ? files : signs;
}

static bool is_known(struct fix_judge *judge, const struct fix_question *question)
{
	query_bind_text(&judge->find_known, 1, question->name);
	query_bind_text(&judge->find_known, 2, question->vulnerability);
	bool known = query_next(&judge->find_known) && query_integer(&judge->find_known, 0) != 0;
	query_rewind(&judge->find_known);
	return known;
}

static bool is_in_range(const struct claim_subject *asked, struct span since, struct span before)
{
	return version_compare(asked->order, asked->version, since) >= 0 &&
	       version_compare(asked->order, asked->version, before) < 0;
}

/* As far as it is one line. */
static struct span first_line(struct span text)
{
	size_t end = 0;
	while (end < text.size && span_byte(text, end) >= ' ')
		end++;
	return span_slice(text, 0, end);
}

static struct span sign_words(const struct query *sign, bool fixed, struct span path, struct arena *arena)
{
	struct span kind = query_text(sign, 3), detail = span_slice(first_line(query_text(sign, 4)), 0, 100);
	bool there = !query_is_null(sign, 5);
	const char *what = span_equal_text(kind, "import") ? "call of" : span_equal_text(kind, "bytes") ? "bytes" :
			   span_equal_text(kind, "symbol") || span_equal_text(kind, "export") ? "name" : "text";
	if (span_equal_text(kind, "bytes"))
		detail = SPAN_LITERAL("of a table");
	return arena_format(arena, "%.*s %s the %s '%.*s' that %s", SPAN_FORMAT(path), there ? "holds" : "lacks", what,
			    SPAN_FORMAT(detail), there == fixed ? "came with it" : "it took away");
}

/* One file, by what is known of its versions: one set of signs that shows the fix is enough. */
static void weigh_file(struct fix_judge *judge, const struct fix_question *question, int64_t file, struct span path,
		       struct weighing *weighing, struct arena *arena)
{
	struct query *sign = &judge->find_signs;
	bool fixed = false, unfixed = false, open = false, any = false;
	struct span words = SPAN_NONE;
	query_bind_integer(sign, 1, file);
	query_bind_text(sign, 2, question->name);
	query_bind_text(sign, 3, question->vulnerability);
	while (!fixed && query_next(sign)) {
		any = true;
		if (!is_in_range(question->asked, query_text(sign, 0), query_text(sign, 1)))
			continue;
		fixed = span_equal_text(query_text(sign, 2), "fixed");
		bool shows_unfixed = span_equal_text(query_text(sign, 2), "unfixed");
		open = open || !(fixed || shows_unfixed);
		if ((fixed && weighing->unfixed == 0) || (shows_unfixed && !unfixed && weighing->fixed == 0)) {
			words = sign_words(sign, fixed, path, arena);
			decision_premise_at(weighing->decision, "fix", words, file,
					    query_is_null(sign, 5) ? -1 : query_integer(sign, 5));
		}
		unfixed = unfixed || shows_unfixed;
	}
	query_rewind(sign);
	weighing->fixed += fixed;
	weighing->unfixed += !fixed && unfixed && !open;
	weighing->open += any && !fixed && (open || !unfixed);
	if (weighing->reason.size == 0)
		weighing->reason = words;
}

static void weigh_files(struct fix_judge *judge, const struct fix_question *question, struct weighing *weighing,
			struct arena *arena)
{
	struct query *files = &judge->find_files;
	query_bind_integer(files, 1, question->component);
	query_bind_text(files, 2, question->name);
	query_bind_text(files, 3, question->vulnerability);
	while (query_next(files)) {
		bool whole = query_integer(files, 2) != 0, searched = query_integer(files, 3) != 0;
		if (whole && searched && query_integer(files, 4))
			weigh_file(judge, question, query_integer(files, 0), query_text(files, 1), weighing, arena);
		else
			weighing->open++; /* not read whole, no program, or perhaps of another version */
	}
	query_rewind(files);
}

void fix_judge_decision(struct fix_judge *judge, const struct fix_question *question, struct decision *decision,
			struct arena *arena)
{
	bool affected = decision_is(decision, "affected");
	struct weighing weighing = { .decision = decision };
	size_t premises = decision->premise_count;
	if (!(affected || decision_is(decision, "under review")) || !is_known(judge, question))
		return;
	weigh_files(judge, question, &weighing, arena);
	bool fixed = weighing.fixed > 0 && weighing.unfixed + weighing.open == 0;
	bool unfixed = affected && weighing.unfixed > 0 && weighing.fixed + weighing.open == 0;
	if (fixed)
		decision_mend(decision, arena_format(arena, "%.*s, but the fix is in the program: %.*s",
						     SPAN_FORMAT(decision->reason), SPAN_FORMAT(weighing.reason)));
	else if (unfixed)
		decision->reason = arena_format(arena, "%.*s, and the fix is not in the program: %.*s",
						SPAN_FORMAT(decision->reason), SPAN_FORMAT(weighing.reason));
	decision->unmended = unfixed;
	if (!fixed && !unfixed)
		decision->premise_count = premises;
}
