#include "inspect/kernel_conclude.h"

#include "evidence/query.h"
#include "inspect/kernel_banner.h"

static enum outcome add_kernel(sqlite3 *database, int64_t file, struct span release, const char *source)
{
	struct query insert = query_start(database, "INSERT INTO kernel (file, release, version, source)"
						    " VALUES (?1, ?2, ?3, ?4)");
	query_bind_integer(&insert, 1, file);
	query_bind_text(&insert, 2, release);
	query_bind_text(&insert, 3, kernel_upstream_version(release));
	query_bind_text(&insert, 4, span_of_text(source));
	while (query_next(&insert))
		continue;
	return query_end(&insert);
}

/* Prebuilt modules of a vendor may name another release than the kernel's: the majority decides. */
static enum outcome add_by_modules(sqlite3 *database, bool *added)
{
	struct query modules = query_start(
		database, "SELECT MIN(file), release FROM kernel_module WHERE release GLOB '[1-9].[0-9]*'"
			  " GROUP BY release ORDER BY COUNT(*) DESC, release DESC LIMIT 1");
	enum outcome outcome = DONE;
	if (query_next(&modules)) {
		*added = true;
		outcome = add_kernel(database, query_integer(&modules, 0), query_text(&modules, 1), "modules");
	}
	TRY(query_end(&modules));
	return outcome;
}

/* A name such as "MIPS OpenWrt Linux-4.14.63". */
static enum outcome add_by_image_name(sqlite3 *database)
{
	struct query images = query_start(
		database, "SELECT MIN(file.id), substr(label, instr(label, 'Linux-') + 6) FROM volume"
			  " JOIN file ON file.volume = volume.id"
			  " WHERE format = 'uimage' AND label GLOB '*Linux-[1-9].[0-9]*'"
			  " GROUP BY volume.id ORDER BY volume.id LIMIT 1");
	enum outcome outcome = DONE;
	if (query_next(&images)) {
		struct span rest = query_text(&images, 1), release;
		if (span_next_word(&rest, &release))
			outcome = add_kernel(database, query_integer(&images, 0), release, "uimage");
	}
	TRY(query_end(&images));
	return outcome;
}

/*
 * What a kernel's own strings prove is worth less than its configuration, and is no second
 * one beside it: wherever that was read, in the kernel or in a file, the same is known.
 */
static enum outcome drop_inferred_options(sqlite3 *database)
{
	return query_run(database,
			 "WITH set_of(file, options) AS (SELECT file, COUNT(*) FROM kernel_option GROUP BY file)"
			 " DELETE FROM kernel_option WHERE file IN (SELECT file FROM set_of WHERE options < 100)"
			 " AND EXISTS (SELECT 1 FROM set_of WHERE options >= 400)"
			 " AND (SELECT COUNT(DISTINCT release) FROM kernel) <= 1");
}

enum outcome kernel_conclude(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(drop_inferred_options(database));
	bool added = query_number(database, "SELECT COUNT(*) FROM kernel") > 0;
	if (!added)
		TRY(add_by_modules(database, &added));
	return added ? DONE : add_by_image_name(database);
}
