/* Something is there where anything shows it; a file is silent where it would show it. */
#include "identify/parts_finding.h"

#include "identify/shape.h"

static const struct parts_bearer *bearer_of(const struct parts_work *work, int64_t file)
{
	for (size_t i = 0; i < work->bearer_count; i++)
		if (work->bearers[i].file == file)
			return &work->bearers[i];
	return NULL;
}

static void show(struct part_finding *finding, const char *sign, int64_t file, int64_t offset, struct span reason)
{
	if (finding->present)
		return;
	*finding = (struct part_finding){ .sign = sign, .reason = reason, .file = file, .offset = offset, .present = true };
}

/* A file is silent about a part that it would show. */
static void miss(struct part_finding *finding, const struct parts_bearer *bearer, const char *sign, struct span reason)
{
	if (finding->present)
		return;
	finding->doubt = finding->doubt || !bearer->whole;
	finding->silent++;
	finding->silent_own += !bearer->lends;
	if (finding->reason.size == 0) {
		finding->sign = sign;
		finding->reason = reason;
		finding->file = bearer->file;
		finding->offset = -1;
	}
}

static struct part_finding *finding_named(const struct parts_work *work, struct span name)
{
	for (size_t i = 0; i < work->known->count; i++)
		if (span_equal(work->known->parts[i].name, name))
			return &work->findings[i];
	return NULL;
}

static bool finding_is_applet(const struct parts_work *work, const struct part_finding *finding)
{
	return work->known->parts[finding - work->findings].applet;
}

static struct span sign_words(struct parts_work *work, struct span sign, struct span detail, struct span path, bool present)
{
	struct span word = span_slice(detail, 0, 100);
	if (span_equal_text(sign, "option"))
		return arena_format(work->arena, "%s%.*s stands in the options that %.*s was built with",
				    present || span_starts_text(word, "no-") ? "" : "nothing like ", SPAN_FORMAT(word),
				    SPAN_FORMAT(path));
	if (span_equal_text(sign, "machine"))
		return arena_format(work->arena, "%.*s is of %.*s", SPAN_FORMAT(path), SPAN_FORMAT(word));
	const char *what = span_equal_text(sign, "symbol") ? "function" : "text";
	return arena_format(work->arena, "%s %s '%.*s' is in %.*s", present ? "the" : "no", what, SPAN_FORMAT(word),
			    SPAN_FORMAT(path));
}

/* The word for a sign in the evidence, which outlives a row. */
static const char *sign_word(struct span sign)
{
	static const char *const words[] = { "option", "symbol", "text", "machine" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_equal_text(sign, words[i]))
			return words[i];
	return "text";
}

enum outcome parts_weigh_signs(struct parts_work *work)
{
	struct query query = query_start(work->database,
		"SELECT name, present, sign, detail, file, offset, file IN (SELECT w.file FROM component c"
		"  JOIN component_witness cw ON cw.component = c.id JOIN witness w ON w.rowid = cw.witness WHERE c.name = ?1)"
		" FROM part_sign WHERE component = ?1 ORDER BY name, present DESC, file, rowid");
	query_bind_text(&query, 1, work->known->name);
	while (query_next(&query)) {
		struct part_finding *finding = finding_named(work, query_text(&query, 0));
		const struct parts_bearer *bearer = bearer_of(work, query_integer(&query, 4));
		bool present = query_integer(&query, 1), elsewhere = span_equal_text(query_text(&query, 2), "elsewhere");
		if (!finding)
			continue;
		if (!bearer) { /* a copy whose version nobody knows, as libssl of OpenSSL 3, or that is another version's */
			finding->named = finding->named || elsewhere || (present && query_integer(&query, 6) == 0);
			continue;
		}
		const char *sign = sign_word(query_text(&query, 2));
		struct span words = sign_words(work, span_of_text(sign), query_text(&query, 3), bearer->path, present);
		if (!present && finding_is_applet(work, finding))
			finding->without_text++;
		else if (present)
			show(finding, sign, bearer->file, query_is_null(&query, 5) ? -1 : query_integer(&query, 5), words);
		else
			miss(finding, bearer, sign, words);
	}
	return query_end(&query);
}

static bool has_applets(const struct part_component *known)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->parts[i].applet)
			return true;
	return false;
}

static bool has_applet(struct query *applet, int64_t file, struct span name, int64_t *offset)
{
	query_bind_integer(applet, 1, file);
	query_bind_text(applet, 2, name);
	bool found = query_next(applet);
	*offset = found ? query_integer(applet, 0) : -1;
	query_rewind(applet);
	return found;
}

static bool is_applet(const struct parts_work *work, struct span name)
{
	for (size_t i = 0; i < work->known->count; i++)
		if (work->known->parts[i].applet && span_equal(work->known->parts[i].name, name))
			return true;
	return false;
}

/* A table with a name that no release has may have an applet under another name, as well as one of its maker's own. */
static bool has_other_names(const struct parts_work *work, int64_t file)
{
	struct query names = query_start(work->database, "SELECT name FROM applet WHERE file = ?1");
	bool other = false;
	query_bind_integer(&names, 1, file);
	while (!other && query_next(&names))
		other = !is_applet(work, query_text(&names, 0));
	return query_end(&names) != DONE || other;
}

/* The table of applets of the bearer that is weighed, and the applets in it. */
struct applets {
	struct query table, applet;
	bool others; /* it is whole, and has other names */
};

/* An applet that the whole table lacks may have its code in another one; a text of the code decides that. */
static bool lacks_code(const struct parts_work *work, size_t index, struct applets *applets, int64_t file)
{
	const struct part *part = &work->known->parts[index];
	int64_t offset;
	if (part->text.count > 0)
		return work->findings[index].without_text > 0;
	if (applets->others)
		return false;
	for (size_t i = 0; i < part->beside.count; i++)
		if (has_applet(&applets->applet, file, part->beside.all[i], &offset))
			return false;
	return true;
}

static void weigh_applet(struct parts_work *work, size_t index, const struct parts_bearer *bearer, struct applets *applets)
{
	struct part_finding *finding = &work->findings[index];
	int64_t offset;
	if (has_applet(&applets->applet, bearer->file, work->known->parts[index].name, &offset)) {
		show(finding, "applet", bearer->file, offset,
		     arena_format(work->arena, "it stands in the table of applets in %.*s", SPAN_FORMAT(bearer->path)));
	} else if (query_integer(&applets->table, 1) && lacks_code(work, index, applets, bearer->file)) {
		bool first = finding->reason.size == 0;
		miss(finding, bearer, "applet",
		     arena_format(work->arena, "the table of applets in %.*s (%lld names) lacks it",
				  SPAN_FORMAT(bearer->path), (long long)query_integer(&applets->table, 0)));
		if (first && !finding->present)
			finding->offset = query_integer(&applets->table, 2);
	}
}

enum outcome parts_weigh_applets(struct parts_work *work)
{
	if (!has_applets(work->known))
		return DONE;
	struct applets applets = {
		.table = query_start(work->database, "SELECT count, whole, offset FROM applet_table WHERE file = ?1"),
		.applet = query_start(work->database, "SELECT offset FROM applet WHERE file = ?1 AND name = ?2"),
	};
	for (size_t b = 0; b < work->bearer_count; b++) {
		query_bind_integer(&applets.table, 1, work->bearers[b].file);
		bool has = query_next(&applets.table);
		applets.others = has && query_integer(&applets.table, 1) && has_other_names(work, work->bearers[b].file);
		for (size_t i = 0; has && i < work->known->count; i++)
			if (work->known->parts[i].applet)
				weigh_applet(work, i, &work->bearers[b], &applets);
		query_rewind(&applets.table);
	}
	enum outcome first = query_end(&applets.table), second = query_end(&applets.applet);
	return first == DONE ? second : first;
}

static bool fits(const struct words *shapes, struct span name)
{
	for (size_t i = 0; i < shapes->count; i++) {
		uint8_t first = span_byte(shapes->all[i], 0);
		if ((first == '*' || first == span_byte(name, 0)) && shape_matches(shapes->all[i], name, NULL))
			return true;
	}
	return false;
}

struct named_file {
	int64_t id;
	struct span path, name, target;
	bool link, code, counts;
};

/* A link to a program of many names is that program's. */
static bool leads_elsewhere(struct span target)
{
	static const char *const many[] = { "busybox", "toybox", "dropbear", "dropbearmulti" };
	struct span name = span_basename(target);
	for (size_t i = 0; i < sizeof many / sizeof *many; i++)
		if (span_equal_text(name, many[i]))
			return true;
	return false;
}

/* Scripts that start a program, and words for shells that complete its options, have its name too. */
static bool is_about(struct span path)
{
	static const char *const folders[] = { "/etc/", "/share/", "/doc/", "/man/" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (span_find_text(path, folders[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

static void weigh_name(struct parts_work *work, size_t index, const struct named_file *file)
{
	const struct part *part = &work->known->parts[index];
	struct part_finding *finding = &work->findings[index];
	bool own = bearer_of(work, file->id) != NULL, unique = fits(&part->file, file->name);
	if ((!unique && !fits(&part->program, file->name)) || is_about(file->path))
		return;
	if (file->link) {
		/* The file that it leads to is looked at by its own name. */
		struct span target = span_basename(file->target);
		finding->named = finding->named || !(leads_elsewhere(file->target) || fits(&part->file, target) ||
						     fits(&part->program, target));
		return;
	}
	if (file->code && file->counts && (own || unique))
		show(finding, "file", file->id, -1, arena_format(work->arena, "it is %.*s", SPAN_FORMAT(file->path)));
	else
		finding->named = true;
}

bool part_needs_names(const struct part *part)
{
	return part->program.count + part->file.count > 0;
}

static bool is_of(const struct recogniser *recogniser, struct span name)
{
	for (size_t i = 0; recogniser && i < recogniser->file_count; i++)
		if (shape_matches(recogniser->files[i], name, NULL))
			return true;
	return false;
}

enum outcome parts_weigh_names(struct parts_work *work)
{
	size_t needs = 0;
	for (size_t i = 0; i < work->known->count; i++)
		needs += part_needs_names(&work->known->parts[i]);
	if (needs == 0)
		return DONE;
	const struct recogniser *recogniser = recogniser_find(work->recognisers, work->known->name);
	struct query query = query_start(work->database,
		"SELECT id, path, coalesce(target, ''), type = 'link', coalesce(kind, '') IN ('elf', 'script'),"
		" coalesce(role, '') <> 'package' FROM file WHERE type IN ('file', 'link') ORDER BY id");
	while (query_next(&query)) {
		struct named_file file = { .id = query_integer(&query, 0), .path = query_text(&query, 1),
					   .target = query_text(&query, 2), .link = query_integer(&query, 3) != 0,
					   .code = query_integer(&query, 4) != 0, .counts = query_integer(&query, 5) != 0 };
		file.name = span_basename(file.path);
		work->installed = work->installed || (file.code && file.counts && is_of(recogniser, file.name));
		for (size_t i = 0; i < work->known->count; i++)
			if (part_needs_names(&work->known->parts[i]))
				weigh_name(work, i, &file);
	}
	return query_end(&query);
}

