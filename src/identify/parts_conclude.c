/*
 * Which parts of its components an image holds. Something is there where anything shows it. It is missing where each thing
 * that would show it was read whole: every file of the component, and, of a program of its own, the names of all files.
 */
#include "evidence/query.h"
#include "identify/parts.h"
#include "identify/shape.h"

enum { CONCLUDE_CEILING = 64 << 20, BEARERS_MOST = 256 };

/* A file that shows the component. */
struct bearer {
	int64_t file;
	struct span path;
	bool whole;      /* read to its end, and nothing of what it shows was lost */
	bool lends;      /* it takes the component's code from a library, or has another part of it */
};

/* What is known of one part. */
struct finding {
	const char *sign;
	struct span reason;
	int64_t file, offset;
	bool present;
	bool doubt;       /* something that would show it was not read, or may be it */
	size_t silent;     /* files of the component that would show it */
	size_t silent_own; /* those of them that hold the code themselves */
	bool named;       /* a file has its name, and is not surely it */
};

struct work {
	sqlite3 *database;
	const struct recognisers *recognisers;
	struct arena *arena;
	bool listed;      /* the names of all files of a whole system are known */
	uint64_t left_out; /* components with more files than are looked at */
	/* of one component */
	int64_t component;
	const struct part_component *known;
	struct bearer *bearers;
	size_t bearer_count;
	bool installed;   /* one of its files is there */
	bool cut;         /* it has more files than are looked at */
	struct finding *findings; /* as known->parts */
};

static const struct bearer *bearer_of(const struct work *work, int64_t file)
{
	for (size_t i = 0; i < work->bearer_count; i++)
		if (work->bearers[i].file == file)
			return &work->bearers[i];
	return NULL;
}

static void show(struct finding *finding, const char *sign, int64_t file, int64_t offset, struct span reason)
{
	if (finding->present)
		return;
	*finding = (struct finding){ .sign = sign, .reason = reason, .file = file, .offset = offset, .present = true };
}

/* A file is silent about a part that it would show. */
static void miss(struct finding *finding, const struct bearer *bearer, const char *sign, struct span reason)
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

static enum outcome load_bearers(struct work *work, struct span component)
{
	const struct recogniser *recogniser = recogniser_find(work->recognisers, component);
	struct query query = query_start(work->database,
		"WITH own AS (SELECT DISTINCT w.file AS id FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  WHERE cw.component = ?1 AND w.method <> 'package' UNION"
		"  SELECT file FROM part_sign WHERE component = ?3 AND sign <> 'elsewhere'"
		"  AND (SELECT count(*) FROM component WHERE name = ?3) = 1)"
		" SELECT f.id, f.path, f.state = 'read' AND NOT EXISTS (SELECT 1 FROM incomplete i WHERE i.file = f.id AND"
		"  (i.missing <> 'facts' OR i.code IN ('facts.part_sign', 'facts.applet', 'facts.applet_table'))),"
		" coalesce(e.static, 1) = 0, coalesce(e.static, 1) = 0 AND EXISTS (SELECT 1 FROM elf_library l JOIN own o"
		"  ON o.id <> f.id JOIN file g ON g.id = o.id LEFT JOIN elf s ON s.file = g.id"
		"  WHERE l.file = f.id AND (l.name = s.soname OR g.path GLOB '*/' || l.name))"
		" FROM own JOIN file f ON f.id = own.id LEFT JOIN elf e ON e.file = f.id ORDER BY f.id LIMIT ?2");
	query_bind_integer(&query, 1, work->component);
	query_bind_integer(&query, 2, BEARERS_MOST + 1);
	query_bind_text(&query, 3, component);
	size_t capacity = 0;
	work->bearers = NULL;
	work->installed = false;
	work->bearer_count = 0;
	work->cut = false;
	while (query_next(&query)) {
		work->cut = work->bearer_count == BEARERS_MOST;
		if (work->cut)
			break;
		struct bearer *grown = arena_grow(work->arena, work->bearers, work->bearer_count, &capacity, sizeof *grown);
		work->cut = !grown;
		if (!grown)
			break;
		struct bearer *bearer = &grown[work->bearer_count++];
		work->bearers = grown;
		*bearer = (struct bearer){ .file = query_integer(&query, 0), .whole = query_integer(&query, 2) != 0,
					   .path = arena_copy(work->arena, query_text(&query, 1)),
					   .lends = query_integer(&query, 4) != 0 };
		struct span name = span_basename(bearer->path);
		for (size_t i = 0; recogniser && query_integer(&query, 3) && i < recogniser->file_count; i++)
			bearer->lends = bearer->lends || shape_matches(recogniser->files[i], name, NULL);
	}
	work->installed = work->bearer_count > 0;
	work->left_out += work->cut;
	query_rewind(&query); /* rows may be left */
	return query_end(&query);
}

static struct finding *finding_named(const struct work *work, struct span name)
{
	for (size_t i = 0; i < work->known->count; i++)
		if (span_equal(work->known->parts[i].name, name))
			return &work->findings[i];
	return NULL;
}

static struct span sign_words(struct work *work, struct span sign, struct span detail, struct span path, bool present)
{
	struct span word = span_slice(detail, 0, 100);
	if (span_equal_text(sign, "option"))
		return arena_format(work->arena, "%s%.*s stands in the options that %.*s was built with",
				    present || span_starts_text(word, "no-") ? "" : "nothing like ", SPAN_FORMAT(word),
				    SPAN_FORMAT(path));
	const char *what = span_equal_text(sign, "symbol") ? "function" : "text";
	return arena_format(work->arena, "%s %s '%.*s' is in %.*s", present ? "the" : "no", what, SPAN_FORMAT(word),
			    SPAN_FORMAT(path));
}

/* The word for a sign in the evidence, which outlives a row. */
static const char *sign_word(struct span sign)
{
	static const char *const words[] = { "option", "symbol", "text" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_equal_text(sign, words[i]))
			return words[i];
	return "text";
}

static enum outcome weigh_signs(struct work *work, struct span component)
{
	struct query query = query_start(work->database, "SELECT name, present, sign, detail, file, offset FROM part_sign"
							  " WHERE component = ?1 ORDER BY name, present DESC, file, rowid");
	query_bind_text(&query, 1, component);
	while (query_next(&query)) {
		struct finding *finding = finding_named(work, query_text(&query, 0));
		const struct bearer *bearer = bearer_of(work, query_integer(&query, 4));
		bool present = query_integer(&query, 1), elsewhere = span_equal_text(query_text(&query, 2), "elsewhere");
		if (!finding)
			continue;
		if (!bearer) { /* a copy whose version nobody knows */
			finding->named = finding->named || elsewhere;
			continue;
		}
		const char *sign = sign_word(query_text(&query, 2));
		struct span words = sign_words(work, span_of_text(sign), query_text(&query, 3), bearer->path, present);
		if (present)
			show(finding, sign, bearer->file, query_is_null(&query, 5) ? -1 : query_integer(&query, 5), words);
		else
			miss(finding, bearer, sign, words);
	}
	return query_end(&query);
}

static bool has_applets(const struct part_component *known)
{
	return known->count > 0 && known->parts[0].applet;
}

static enum outcome weigh_applets(struct work *work)
{
	struct query tables = query_start(work->database, "SELECT count, whole, offset FROM applet_table WHERE file = ?1");
	struct query applet = query_start(work->database, "SELECT offset FROM applet WHERE file = ?1 AND name = ?2");
	for (size_t b = 0; b < work->bearer_count; b++) {
		const struct bearer *bearer = &work->bearers[b];
		query_bind_integer(&tables, 1, bearer->file);
		bool has = query_next(&tables), whole = has && query_integer(&tables, 1);
		struct span lacks = arena_format(work->arena, "the table of applets in %.*s (%lld names) lacks it",
						 SPAN_FORMAT(bearer->path), has ? (long long)query_integer(&tables, 0) : 0);
		for (size_t i = 0; has && i < work->known->count && work->known->parts[i].applet; i++) {
			query_bind_integer(&applet, 1, bearer->file);
			query_bind_text(&applet, 2, work->known->parts[i].name);
			if (query_next(&applet))
				show(&work->findings[i], "applet", bearer->file, query_integer(&applet, 0),
				     arena_format(work->arena, "it stands in the table of applets in %.*s",
						  SPAN_FORMAT(bearer->path)));
			else if (whole) {
				miss(&work->findings[i], bearer, "applet", lacks);
				work->findings[i].offset = work->findings[i].present ? work->findings[i].offset
										     : query_integer(&tables, 2);
			}
			query_rewind(&applet);
		}
		query_rewind(&tables);
	}
	enum outcome first = query_end(&tables), second = query_end(&applet);
	return first == DONE ? second : first;
}

static bool fits(const struct part_words *shapes, struct span name)
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

static void weigh_name(struct work *work, size_t index, const struct named_file *file)
{
	const struct part *part = &work->known->parts[index];
	struct finding *finding = &work->findings[index];
	bool own = bearer_of(work, file->id) != NULL, unique = fits(&part->file, file->name);
	if (!unique && !fits(&part->program, file->name))
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

static bool needs_names(const struct part *part)
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

static enum outcome weigh_names(struct work *work)
{
	size_t needs = 0;
	for (size_t i = 0; i < work->known->count; i++)
		needs += needs_names(&work->known->parts[i]);
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
			if (needs_names(&work->known->parts[i]))
				weigh_name(work, i, &file);
	}
	return query_end(&query);
}

static bool has_content(const struct part *part)
{
	return part->applet || part->option.count + part->symbol.count + part->string.count + part->text.count > 0;
}

/* True where all that would show the part was read, and does not show it. */
static bool is_missing(const struct work *work, const struct part *part, struct finding *finding)
{
	size_t must = 0;
	for (size_t i = 0; i < work->bearer_count; i++)
		must += !work->bearers[i].lends;
	if (work->cut || finding->doubt || finding->named || part->never_missing)
		return false;
	/* Each file that holds the code itself is silent, and one at least. */
	if (has_content(part) && (finding->silent == 0 || finding->silent_own < must))
		return false;
	if (!needs_names(part) && part->elsewhere.count == 0)
		return has_content(part);
	if (!work->listed || !work->installed)
		return false;
	if (!has_content(part)) {
		struct span name = part->program.count > 0 ? part->program.all[0] : part->file.count > 0 ? part->file.all[0] : part->name;
		finding->sign = "file";
		finding->file = 0;
		finding->offset = -1;
		finding->reason = arena_format(work->arena, "no file of the image is named %.*s", SPAN_FORMAT(name));
	}
	return needs_names(part) || has_content(part);
}

static enum outcome insert_parts(struct work *work)
{
	struct query query = query_start(work->database, "INSERT INTO part (component, name, present, sign, reason, file, offset)"
							  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	for (size_t i = 0; i < work->known->count; i++) {
		struct finding *finding = &work->findings[i];
		const struct part *part = &work->known->parts[i];
		if (!finding->present && !is_missing(work, part, finding))
			continue;
		query_bind_integer(&query, 1, work->component);
		query_bind_text(&query, 2, part->name);
		query_bind_integer(&query, 3, finding->present);
		query_bind_text(&query, 4, span_of_text(finding->sign));
		query_bind_text(&query, 5, finding->reason);
		query_bind_null(&query, 6);
		query_bind_null(&query, 7);
		if (finding->file > 0)
			query_bind_integer(&query, 6, finding->file);
		if (finding->file > 0 && finding->offset >= 0)
			query_bind_integer(&query, 7, finding->offset);
		(void)query_next(&query);
		query_rewind(&query);
	}
	return query_end(&query);
}

static enum outcome conclude_component(struct work *work, struct span name)
{
	work->findings = ARENA_NEW(work->arena, struct finding, work->known->count + 1);
	if (!work->findings)
		return DONE; /* refused: said at the end */
	TRY(load_bearers(work, name));
	TRY(weigh_signs(work, name));
	if (has_applets(work->known))
		TRY(weigh_applets(work));
	TRY(weigh_names(work));
	return insert_parts(work);
}

static enum outcome conclude_all(struct work *work, const struct parts *parts)
{
	struct query query = query_start(work->database, "SELECT id, name FROM component ORDER BY id");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		work->component = query_integer(&query, 0);
		work->known = parts_of(parts, query_text(&query, 1));
		if (work->known)
			outcome = conclude_component(work, work->known->name);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

enum outcome parts_conclude(struct evidence *evidence, const struct parts *parts, const struct recognisers *recognisers)
{
	struct arena arena;
	struct work work = { .database = evidence_database(evidence), .recognisers = recognisers, .arena = &arena };
	arena_init(&arena, CONCLUDE_CEILING);
	/* Beside a lone program, or in one partition of several, a name that is missing shows nothing. */
	work.listed = query_number(work.database, "SELECT count(*) FROM incomplete WHERE missing IN ('entries', 'structure',"
						  " 'content')") == 0 &&
		      query_number(work.database, "SELECT EXISTS (SELECT 1 FROM file WHERE type IN ('file', 'link') AND path IN"
						  " ('/bin/sh', '/bin/busybox', '/usr/bin/sh', '/system/bin/sh', '/sbin/init', '/init',"
						  " '/linuxrc'))") == 1;
	enum outcome outcome = conclude_all(&work, parts);
	bool refused = arena.refused;
	arena_done(&arena);
	if (outcome != DONE || (work.left_out == 0 && !refused))
		return outcome;
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_WARNING,
		.missing = MISSING_SIGHT,
		.cause = refused ? CAUSE_MEMORY : CAUSE_LIMIT,
		.amount = refused ? NOTE_NO_AMOUNT : work.left_out,
		.code = SPAN_LITERAL("identify.parts"),
		.message = SPAN_LITERAL("there are more files that show a component than are asked for its parts"),
		.offset = NOTE_NO_OFFSET,
	});
}
