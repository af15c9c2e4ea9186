#include "vuln/kernel_judge.h"

#include "evidence/query.h"
#include "vuln/branch.h"
#include "vuln/kernel_area.h"
#include "vuln/version.h"

void kernel_judge_init(struct kernel_judge *judge, sqlite3 *evidence, struct arena *arena)
{
	kernel_facts_read(&judge->facts);
	judge->names = kernel_names_new(evidence, arena);
	kernel_build_init(&judge->build, evidence, judge->names, arena);
}

/*
 * Distributions call all kernels of a series after its first version, with a number of their own: 5.10.0-30 was made from
 * 5.10.218. Where the kernel's banner is there, it tells which; modules do not.
 */
static bool names_series_alone(sqlite3 *evidence, struct span version)
{
	struct query query = query_start(evidence,
		"SELECT count(*), sum(release GLOB ?1 || '-[0-9]*') FROM kernel WHERE version = ?1");
	query_bind_text(&query, 1, version);
	bool alone = query_next(&query) && query_integer(&query, 0) > 0 && query_integer(&query, 0) == query_integer(&query, 1);
	return query_end(&query) == DONE && alone && span_ends_text(version, ".0") && branch_of(version, 3).size > 0;
}

/* A fault that was mended within the series of a kernel whose patches nobody tells may be mended in it. */
static void weigh_series(const struct kernel_judge *judge, struct span version, struct decision *decision, struct arena *arena)
{
	struct span series = branch_of(version, 2);
	if (!judge->series || !decision_is(decision, "affected") || !branch_is_same(decision->fixed, version, 2))
		return;
	decision_review(decision,
			arena_format(arena, "%.*s; of the kernel, only the series %.*s is named", SPAN_FORMAT(decision->reason),
				     SPAN_FORMAT(series)),
			arena_format(arena, "which version of Linux %.*s is it?", SPAN_FORMAT(series)));
}

void kernel_judge_turn_to(struct kernel_judge *judge, int64_t component, struct span version)
{
	kernel_build_turn_to(&judge->build, component, version);
	judge->series = names_series_alone(judge->build.database, version);
}

/* 2.6.28 was a series as 5.10 is one. */
static size_t series_fields(struct span version)
{
	return span_starts_text(version, "2.") ? 3 : 2;
}

bool kernel_judge_is_vague(const struct claim *claim, struct span version)
{
	const struct range *hit = &claim->result.hit;
	if (claim->result.verdict != RANGE_AFFECTED || hit->single || hit->start.size > 0)
		return false;
	if (claim->source == SOURCE_CNA || claim->source == SOURCE_ADP)
		return true;
	return hit->end.size == 0 || !branch_is_same(hit->end, version, series_fields(version));
}

void kernel_judge_claims(const struct kernel_judge *judge, int64_t id, struct claims *claims)
{
	const struct kernel_fact *fact = kernel_facts_find(&judge->facts, id);
	for (size_t i = 0; fact && fact->first.size > 0 && i < claims->count; i++)
		claims->all[i].vague = false;
}

/* True where the fault began after this version. */
static bool is_before(const struct kernel_fact *fact, struct span version, struct decision *decision,
		      struct arena *arena)
{
	if (!fact || fact->first.size == 0 || version_compare(ORDER_KERNEL, version, fact->first) >= 0)
		return false;
	decision_spare(decision, "vulnerable_code_not_present",
	    arena_format(arena, "the fault begins with Linux %.*s (%.*s); against it, %.*s", SPAN_FORMAT(fact->first),
			 SPAN_FORMAT(fact->why), SPAN_FORMAT(decision->reason)));
	return true;
}

/* True where the machine decides. */
static bool is_of_other_machine(struct kernel_judge *judge, const struct kernel_fact *fact,
				struct decision *decision, struct arena *arena)
{
	if (!fact || fact->machines.size == 0)
		return false;
	enum kernel_code code = kernel_build_machine(&judge->build, fact->machines);
	struct span words = kernel_build_machine_words(&judge->build);
	if (code == KERNEL_CODE_ABSENT)
		decision_spare(decision, "vulnerable_code_not_present",
		    arena_format(arena, "%.*s, but only on %.*s, and this is %.*s", SPAN_FORMAT(decision->reason),
				 SPAN_FORMAT(fact->machines), SPAN_FORMAT(words)));
	if (code == KERNEL_CODE_UNKNOWN)
		decision_review(decision,
				arena_format(arena, "%.*s, but only on %.*s, which the image does not show",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(fact->machines)),
				arena_format(arena, "does it run on %.*s?", SPAN_FORMAT(fact->machines)));
	return code == KERNEL_CODE_ABSENT;
}

/* What an image shows of one source file. */
struct file_view {
	struct span path;
	enum kernel_code code;
	const char *kind; /* of the premise */
	struct span words, option;
	int64_t file, offset;
	bool elsewhere; /* this version has no such file */
};

static const char *kind_of(const struct kernel_answer *answer)
{
	if (answer->seen)
		return "kernel symbol";
	return answer->file > 0 ? "kernel option" : "kernel file";
}

/* What the map says of a file: under its name, or where it has moved; or that none of its code is there without an option. */
static struct kernel_answer ask_map(struct kernel_judge *judge, struct span path, struct span version, bool *elsewhere,
				    struct arena *arena)
{
	struct kernel_condition condition;
	kernel_map_condition(&judge->build.map, path, version, &condition);
	struct kernel_answer answer = kernel_build_condition(&judge->build, &condition);
	struct span moved = condition.known || answer.code != KERNEL_CODE_UNKNOWN
				    ? SPAN_NONE : kernel_area_moved(&judge->build.map, path, arena);
	if (moved.size > 0) {
		kernel_map_condition(&judge->build.map, moved, version, &condition);
		answer = kernel_build_condition(&judge->build, &condition);
	}
	struct span option = answer.code == KERNEL_CODE_UNKNOWN ? kernel_area_option(path) : SPAN_NONE;
	if (option.size > 0) {
		struct kernel_answer needed = kernel_build_any(&judge->build, option);
		if (needed.code == KERNEL_CODE_ABSENT || (needed.code == KERNEL_CODE_UNKNOWN && answer.option.size == 0))
			answer = needed;
	}
	*elsewhere = condition.elsewhere;
	return answer;
}

/* The configuration and the names in the kernel each have a say; where they contradict one another, nothing is known. */
static struct file_view look_at(struct kernel_judge *judge, struct span path, struct span version, struct arena *arena)
{
	bool elsewhere;
	struct kernel_answer answer = ask_map(judge, path, version, &elsewhere, arena);
	struct file_view view = { .path = path, .elsewhere = elsewhere, .code = answer.code, .kind = kind_of(&answer),
				  .words = answer.words,
				  .option = answer.option, .file = answer.file, .offset = answer.seen ? answer.offset : -1 };
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN };
	if (judge->names)
		shown = kernel_names_shows(judge->names, path);
	enum kernel_code seen = shown.sight == KERNEL_SIGHT_PRESENT ? KERNEL_CODE_PRESENT
			      : shown.sight == KERNEL_SIGHT_ABSENT ? KERNEL_CODE_ABSENT : KERNEL_CODE_UNKNOWN;
	view.elsewhere = elsewhere && seen != KERNEL_CODE_PRESENT;
	if (seen == KERNEL_CODE_UNKNOWN || seen == view.code)
		return view;
	if (view.code != KERNEL_CODE_UNKNOWN) {
		view.code = KERNEL_CODE_UNKNOWN;
		return view;
	}
	view.code = seen;
	view.kind = "kernel symbol";
	view.words = arena_format(arena, seen == KERNEL_CODE_PRESENT ? "%.*s is among its %s" : "%.*s is not among its %s",
				  SPAN_FORMAT(shown.name), shown.source);
	view.file = shown.file;
	view.offset = shown.offset;
	return view;
}

static void add_premise(struct decision *decision, const struct file_view *view, struct arena *arena)
{
	const char *built = view->code == KERNEL_CODE_PRESENT ? "is built" : "is not built";
	struct span value = view->words.size == 0
		? arena_format(arena, "%.*s %s", SPAN_FORMAT(view->path), built)
		: arena_format(arena, "%.*s: %.*s %s", SPAN_FORMAT(view->words), SPAN_FORMAT(view->path), built);
	decision_premise_at(decision, view->kind, value, view->file, view->offset);
}

static void leave_open(struct decision *decision, const struct file_view *view, struct arena *arena)
{
	if (view->option.size > 0)
		decision_review(decision,
				arena_format(arena, "%.*s, where the kernel is built with %.*s, which the image does not show (%.*s)",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(view->option), SPAN_FORMAT(view->path)),
				arena_format(arena, "is the kernel built with %.*s?", SPAN_FORMAT(view->option)));
	else
		decision_review(decision,
				arena_format(arena, "%.*s; whether %.*s is built into the kernel, the image does not show",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(view->path)),
				arena_format(arena, "is %.*s built into the kernel?", SPAN_FORMAT(view->path)));
}

static void leave_out(struct decision *decision, const struct file_view *view, struct arena *arena)
{
	decision_spare(decision, "vulnerable_code_not_present",
	    arena_format(arena, "%.*s, but its code is not in this kernel: %.*s%s%.*s", SPAN_FORMAT(decision->reason),
			 SPAN_FORMAT(view->path), view->words.size > 0 ? ", " : "", SPAN_FORMAT(view->words)));
}

/* Whether there is code among the files. */
static bool names_code(struct span files)
{
	struct span path;
	while (span_next_word(&files, &path))
		if (!kernel_area_is_beside(kernel_area_path(path)))
			return true;
	return false;
}

static bool names_sources(struct span files)
{
	struct span path;
	while (span_next_word(&files, &path))
		if (span_ends_text(path, ".c") && !kernel_area_is_beside(kernel_area_path(path)))
			return true;
	return false;
}

static struct span folder_of(struct span path)
{
	return span_slice(path, 0, path.size - span_basename(path).size);
}

/* A header of one folder's own is as little there as a source file of that folder that is named with it. */
static bool goes_with_absent(struct kernel_judge *judge, struct span header, struct span files, struct span version,
			     struct arena *arena)
{
	struct span path;
	bool own = span_ends_text(header, ".h") && span_find_text(header, "include/", 0) == SPAN_NOT_FOUND;
	while (own && span_next_word(&files, &path)) {
		path = kernel_area_path(path);
		if (span_ends_text(path, ".c") && span_equal(folder_of(path), folder_of(header)) &&
		    look_at(judge, path, version, arena).code == KERNEL_CODE_ABSENT)
			return true;
	}
	return false;
}

/* Files of machines are named, and none of this kernel's: what is named beside them is where they are called from. */
static bool is_of_other_machines(struct kernel_judge *judge, struct span files, struct span version, struct arena *arena)
{
	struct span path;
	bool other = false;
	while (span_next_word(&files, &path)) {
		path = kernel_area_path(path);
		if (!span_starts_text(path, "arch/") || kernel_area_is_beside(path))
			continue;
		if (look_at(judge, path, version, arena).code != KERNEL_CODE_ABSENT)
			return false;
		other = true;
	}
	return other;
}

/* One file would be built, but is of other versions, or serves the machines of others that are not built. */
static void leave_beside(struct decision *decision, const struct file_view *built, const struct file_view *absent,
			 struct arena *arena)
{
	decision_review(decision,
			arena_format(arena, "%.*s; of its code, %.*s is built%s, and %.*s is not", SPAN_FORMAT(decision->reason),
				     SPAN_FORMAT(built->path), built->elsewhere ? ", which this version does not have by that name" : "",
				     SPAN_FORMAT(absent->path)),
			arena_format(arena, "does the fault need %.*s?", SPAN_FORMAT(absent->path)));
}

/* The code is there where one of the files is built, and surely not there where none is. A header beside them decides nothing. */
static void weigh_files(struct kernel_judge *judge, struct span files, struct span version, struct decision *decision,
			struct arena *arena)
{
	struct file_view view, open = { 0 }, absent = { 0 }, beside = { 0 };
	struct span path;
	struct span all = files;
	bool code = names_code(files), sources = names_sources(files);
	bool foreign = is_of_other_machines(judge, files, version, arena);
	while (span_next_word(&files, &path)) {
		path = kernel_area_path(path);
		if (code && kernel_area_is_beside(path))
			continue;
		view = look_at(judge, path, version, arena);
		if (view.code == KERNEL_CODE_PRESENT && sources && span_ends_text(path, ".h"))
			view.code = KERNEL_CODE_UNKNOWN;
		if (view.code == KERNEL_CODE_PRESENT && (view.elsewhere || foreign)) {
			beside = view;
			continue;
		}
		if (view.code == KERNEL_CODE_PRESENT) {
			add_premise(decision, &view, arena);
			return;
		}
		if (view.code == KERNEL_CODE_UNKNOWN && goes_with_absent(judge, path, all, version, arena))
			continue;
		bool names = view.option.size > 0 && open.option.size == 0;
		if (view.code == KERNEL_CODE_UNKNOWN && (open.path.size == 0 || names))
			open = view;
		if (view.code == KERNEL_CODE_ABSENT && absent.path.size == 0)
			absent = view;
	}
	if (beside.path.size > 0 && absent.path.size == 0) {
		add_premise(decision, &beside, arena);
	} else if (open.path.size > 0) {
		leave_open(decision, &open, arena);
	} else if (beside.path.size > 0) {
		leave_beside(decision, &beside, &absent, arena);
	} else {
		add_premise(decision, &absent, arena);
		leave_out(decision, &absent, arena);
	}
}

static void weigh_options(struct kernel_judge *judge, struct span options, struct decision *decision,
			  struct arena *arena)
{
	struct kernel_answer answer = kernel_build_any(&judge->build, options);
	struct file_view view = { .path = options, .code = answer.code, .words = answer.words, .option = options,
				  .kind = kind_of(&answer), .file = answer.file, .offset = answer.seen ? answer.offset : -1 };
	if (answer.code == KERNEL_CODE_UNKNOWN)
		decision_review(decision,
				arena_format(arena, "%.*s, where the kernel is built with %.*s, which the image does not show",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(options)),
				arena_format(arena, "is the kernel built with %.*s?", SPAN_FORMAT(options)));
	else
		add_premise(decision, &view, arena);
	if (answer.code == KERNEL_CODE_ABSENT)
		leave_out(decision, &view, arena);
}

/* Code that is not upstream's ("aufs_*"): that there are such functions does not say which version of it that is. */
static void weigh_beginning(struct kernel_judge *judge, struct span code, struct decision *decision, struct arena *arena)
{
	struct span beginning = span_slice(code, 0, code.size - 1);
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN };
	if (judge->names)
		shown = kernel_names_beginning(judge->names, beginning);
	struct file_view view = { .path = code, .code = KERNEL_CODE_ABSENT, .kind = "kernel symbol", .file = shown.file,
				  .offset = shown.offset };
	if (shown.sight == KERNEL_SIGHT_ABSENT) {
		view.words = arena_format(arena, "no function that begins so is among its %s", shown.source);
		add_premise(decision, &view, arena);
		leave_out(decision, &view, arena);
		return;
	}
	decision_review(decision, arena_format(arena, "%.*s, in code that is not upstream's (functions %.*s)",
					       SPAN_FORMAT(decision->reason), SPAN_FORMAT(code)),
			arena_format(arena, "does the kernel have the code of %.*s with the fault?", SPAN_FORMAT(code)));
}

void kernel_judge_decision(struct kernel_judge *judge, int64_t id, struct span version, struct decision *decision,
			   struct arena *arena)
{
	if (!decision_is(decision, "affected") && !decision_is(decision, "under review"))
		return;
	const struct kernel_fact *fact = kernel_facts_find(&judge->facts, id);
	if (is_before(fact, version, decision, arena) || is_of_other_machine(judge, fact, decision, arena))
		return;
	struct span code = fact && fact->options.size > 0 ? fact->options : kernel_facts_code(id);
	bool paths = span_find_byte(code, '/', 0) != SPAN_NOT_FOUND;
	struct span files = paths ? code : decision->files;
	if (span_ends_text(code, "*"))
		weigh_beginning(judge, code, decision, arena);
	else if (code.size > 0 && !paths)
		weigh_options(judge, code, decision, arena);
	else if (files.size > 0)
		weigh_files(judge, files, version, decision, arena);
	else if (decision_is(decision, "affected"))
		decision_review(decision,
				arena_format(arena, "%.*s; nobody names the source files with the fault", SPAN_FORMAT(decision->reason)),
				SPAN_LITERAL("in which source files is the fault, and are they built into the kernel?"));
	weigh_series(judge, version, decision, arena);
}
