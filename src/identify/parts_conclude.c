/*
 * Which parts of its components an image holds. Something is there where anything shows it. It is missing where each thing
 * that would show it was read whole: every file of the component, and, of a program of its own, the names of all files.
 */
#include "identify/parts_finding.h"

#include "evidence/listed.h"
#include "identify/shape.h"

enum { CONCLUDE_CEILING = 64 << 20, BEARERS_MOST = 256 };

static enum outcome load_bearers(struct parts_work *work, struct span component)
{
	const struct recogniser *recogniser = recogniser_find(work->recognisers, component);
	struct query query = query_start(work->database,
		"WITH own AS (SELECT DISTINCT w.file AS id FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  WHERE cw.component = ?1 AND w.method <> 'package' UNION"
		"  SELECT file FROM part_sign WHERE component = ?3 AND sign <> 'elsewhere'"
		"  AND (SELECT count(*) FROM component WHERE name = ?3) = 1)"
		" SELECT f.id, f.path, f.state = 'read' AND NOT EXISTS (SELECT 1 FROM incomplete i WHERE i.file = f.id AND"
		"  (i.missing <> 'facts' OR i.code IN ('facts.part_sign', 'facts.applet', 'facts.applet_table'))),"
		" coalesce(e.static, 1) = 0 AND e.type <> 'shared library',"
		" coalesce(e.static, 1) = 0 AND EXISTS (SELECT 1 FROM elf_library l JOIN own o"
		"  ON o.id <> f.id JOIN file g ON g.id = o.id LEFT JOIN elf s ON s.file = g.id"
		"  WHERE l.file = f.id AND (l.name = s.soname OR g.path GLOB '*/' || l.name)),"
		" f.id NOT IN (SELECT file FROM applet_table) AND EXISTS (SELECT 1 FROM own o JOIN applet_table t ON t.file = o.id"
		"  JOIN elf_library l ON l.file = o.id WHERE l.name = e.soname OR f.path GLOB '*/' || l.name)"
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
		struct parts_bearer *grown = arena_grow(work->arena, work->bearers, work->bearer_count, &capacity, sizeof *grown);
		work->cut = !grown;
		if (!grown)
			break;
		struct parts_bearer *bearer = &grown[work->bearer_count++];
		work->bearers = grown;
		*bearer = (struct parts_bearer){ .file = query_integer(&query, 0), .whole = query_integer(&query, 2) != 0,
					   .path = arena_copy(work->arena, query_text(&query, 1)),
					   .lends = query_integer(&query, 4) != 0,
					   .serves = query_integer(&query, 5) != 0 };
		struct span name = span_basename(bearer->path);
		for (size_t i = 0; recogniser && query_integer(&query, 3) && i < recogniser->file_count; i++)
			bearer->lends = bearer->lends || shape_matches(recogniser->files[i], name, NULL);
	}
	work->installed = work->bearer_count > 0;
	work->left_out += work->cut;
	query_rewind(&query); /* rows may be left */
	return query_end(&query);
}

static bool has_content(const struct part *part)
{
	size_t words = part->option.count + part->machine.count + part->symbol.count + part->string.count + part->text.count;
	return part->applet || words > 0;
}

/* True where all that would show the part was read, and does not show it. */
static bool is_missing(const struct parts_work *work, const struct part *part, struct part_finding *finding)
{
	size_t must = 0;
	for (size_t i = 0; i < work->bearer_count; i++)
		must += !work->bearers[i].lends && !(part->applet && work->bearers[i].serves);
	if (work->cut || finding->doubt || finding->named || part->never_missing)
		return false;
	/* Each file that holds the code itself is silent, and one at least. */
	if (has_content(part) && (finding->silent == 0 || finding->silent_own < must))
		return false;
	if (!part_needs_names(part) && part->elsewhere.count == 0)
		return has_content(part);
	if (!work->listed || !work->installed || (part->elsewhere.count > 0 && !work->searched))
		return false;
	if (!has_content(part)) {
		struct span name = part->program.count > 0 ? part->program.all[0] : part->file.count > 0 ? part->file.all[0] : part->name;
		finding->sign = "file";
		finding->file = 0;
		finding->offset = -1;
		finding->reason = arena_format(work->arena, "no file of the image is named %.*s", SPAN_FORMAT(name));
	}
	return part_needs_names(part) || has_content(part);
}

static enum outcome insert_parts(struct parts_work *work)
{
	struct query query = query_start(work->database, "INSERT INTO part (component, name, present, sign, reason, file, offset)"
							  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	for (size_t i = 0; i < work->known->count; i++) {
		struct part_finding *finding = &work->findings[i];
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

static enum outcome conclude_component(struct parts_work *work, struct span name)
{
	work->findings = ARENA_NEW(work->arena, struct part_finding, work->known->count + 1);
	if (!work->findings)
		return DONE; /* refused: said at the end */
	TRY(load_bearers(work, name));
	TRY(parts_weigh_signs(work));
	TRY(parts_weigh_applets(work));
	TRY(parts_weigh_names(work));
	return insert_parts(work);
}

static enum outcome conclude_all(struct parts_work *work, const struct parts *parts)
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
	struct parts_work work = { .database = evidence_database(evidence), .recognisers = recognisers, .arena = &arena };
	arena_init(&arena, CONCLUDE_CEILING);
	/* Beside a lone program, or in one partition of several, a name that is missing shows nothing. */
	work.listed = evidence_unlisted(work.database) == 0 && evidence_unlisted_programs(work.database) == 0 &&
		      query_number(work.database, "SELECT count(*) FROM incomplete WHERE missing IN ('structure', 'content')") == 0 &&
		      query_number(work.database, "SELECT EXISTS (SELECT 1 FROM file WHERE type IN ('file', 'link') AND path IN"
						  " ('/bin/sh', '/bin/busybox', '/usr/bin/sh', '/system/bin/sh', '/sbin/init', '/init',"
						  " '/linuxrc'))") == 1;
	/* A program that is packed, or was not searched, may hold a text that no other has. */
	work.searched = query_number(work.database,
		"SELECT count(*) FROM incomplete i JOIN file f ON f.id = i.file WHERE i.missing = 'search' AND i.cause <> 'limit'"
		" AND (f.kind = 'elf' OR f.mode & 73 OR EXISTS (SELECT 1 FROM elf e WHERE e.file = f.id))") == 0;
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
