#include "engine/figures.h"

#include "base/digest.h"
#include "evidence/query.h"

enum { LINES_CEILING = 1 << 30, NAMES_SHOWN = 3 };

/* The digest of the lines that a query gives for ?1; no data where it fails. */
static struct span digest_of_lines(sqlite3 *database, struct arena *arena, const char *sql, int64_t parameter)
{
	struct buffer lines;
	uint8_t digest[SHA256_SIZE];
	buffer_init(&lines, LINES_CEILING, NULL);
	struct query query = query_start(database, sql);
	query_bind_integer(&query, 1, parameter);
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query))
		outcome = buffer_append(&lines, query_text(&query, 0));
	digest_sha256(buffer_span(&lines), digest);
	buffer_done(&lines);
	bool sound = query_end(&query) == DONE && outcome == DONE;
	return sound ? digest_hex(arena, span_of(digest, sizeof digest)) : SPAN_NONE;
}

/* Runs a statement for a row and a text. */
static enum outcome run_for(sqlite3 *database, const char *sql, int64_t first, int64_t second, struct span text)
{
	struct query query = query_start(database, sql);
	query_bind_integer(&query, 1, first);
	query_bind_integer(&query, 2, second);
	query_bind_text(&query, 3, text);
	(void)query_next(&query);
	return query_end(&query);
}

static enum outcome set_folder(sqlite3 *database, struct arena *arena, const struct artifact *artifact)
{
	struct span sha256 = digest_of_lines(database, arena,
					     "SELECT path || ' ' || coalesce(sha256, target, type) || char(10)"
					     " FROM file WHERE volume = ?1 ORDER BY path", artifact->folder);
	if (!sha256.data)
		return NO_MEMORY;
	TRY(run_for(database, "UPDATE volume SET (size, files) = (SELECT total(CASE type WHEN 'file' THEN size END), count(*)"
			      " FROM file WHERE volume = ?2) WHERE id = ?2 AND ?1 AND ?3", artifact->id, artifact->folder,
		    SPAN_LITERAL("1")));
	return run_for(database, "UPDATE artifact SET size = (SELECT size FROM volume WHERE id = ?2),"
				 " sha256 = ?3 WHERE id = ?1", artifact->id, artifact->folder, sha256);
}

enum outcome figures_of_folders(const struct artifacts *artifacts, struct evidence *evidence)
{
	for (size_t i = 0; i < artifacts->count; i++)
		if (artifacts->list[i].folder != 0)
			TRY(set_folder(evidence_database(evidence), artifacts->arena, &artifacts->list[i]));
	return DONE;
}

/* "boot.bin, kernel.bin, rootfs.bin and 2 more". */
static struct span joined_names(const struct artifacts *artifacts)
{
	struct span names = SPAN_NONE;
	size_t tops = 0;
	for (size_t i = 0; i < artifacts->count; i++) {
		const struct artifact *one = &artifacts->list[i];
		if (one->parent != 0 || tops++ >= NAMES_SHOWN)
			continue;
		names = names.size == 0 ? one->name
					: arena_format(artifacts->arena, "%.*s, %.*s", SPAN_FORMAT(names), SPAN_FORMAT(one->name));
	}
	if (tops <= NAMES_SHOWN)
		return names;
	return arena_format(artifacts->arena, "%.*s and %zu more", SPAN_FORMAT(names), tops - NAMES_SHOWN);
}

/* Empty where the one artifact has none, since time was up; no data where it fails. */
static struct span digest_of_image(sqlite3 *database, const struct artifacts *artifacts)
{
	struct query only = query_start(database, "SELECT coalesce(sha256, '') FROM artifact WHERE parent IS NULL"
						  " AND (SELECT count(*) FROM artifact WHERE parent IS NULL) = 1");
	bool one = query_next(&only);
	struct span sha256 = one ? arena_copy(artifacts->arena, query_text(&only, 0)) : SPAN_NONE;
	if (query_end(&only) != DONE || one)
		return sha256;
	return digest_of_lines(database, artifacts->arena, "SELECT '/' || name || ' ' || coalesce(sha256, 'unread') || char(10)"
							   " FROM artifact WHERE parent IS NULL AND ?1 ORDER BY id", 1);
}

enum outcome figures_of_image(const struct artifacts *artifacts, struct span name, const char *kind,
			      struct evidence *evidence)
{
	struct facts facts;
	sqlite3 *database = evidence_database(evidence);
	struct span sha256 = digest_of_image(database, artifacts);
	facts_init(&facts, artifacts->arena);
	struct fact *row = fact_new(&facts, EVIDENCE_IMAGE);
	if (!sha256.data)
		return NO_MEMORY;
	fact_text(&facts, row, IMAGE_NAME, name.size > 0 ? name : joined_names(artifacts));
	if (sha256.size > 0)
		fact_text(&facts, row, IMAGE_SHA256, sha256);
	fact_word(&facts, row, IMAGE_KIND, kind);
	fact_integer(row, IMAGE_SIZE, 0);
	fact_integer(row, IMAGE_UNDERSTOOD, 0);
	fact_integer(row, IMAGE_OPAQUE, 0);
	fact_integer(row, IMAGE_PADDING, 0);
	TRY(evidence_insert_all(evidence, 0, &facts));
	return query_run(database, "UPDATE image SET size = (SELECT total(size) FROM artifact WHERE parent IS NULL)");
}
