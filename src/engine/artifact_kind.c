/* What each artifact is, from what was found in it. */
#include "engine/artifact.h"

#include "evidence/query.h"
#include "unpack/registry.h"

/* A kind, and a query that gives the reason where the artifact ?1 is of it. The first that answers counts. */
struct kind_rule {
	const char *kind, *sql;
};

#define FROM_FILES "file f JOIN volume v ON v.id = f.volume WHERE f.artifact = ?1"
/* The container that the artifact is, not one that lies somewhere in it. */
#define OUTERMOST " AND v.offset = 0 AND (v.parent IS NULL OR (SELECT p.format = 'raw' OR p.artifact IS NOT ?1" \
		  " FROM volume p WHERE p.id = v.parent))"
/* Volumes that hold a root file system: two of the files that every one has. */
#define ROOT                                                                                                          \
	"SELECT CASE v.format WHEN 'directory' THEN 'a folder' ELSE v.format END || ' holds a root file system' AS words" \
	" FROM volume v WHERE v.artifact = ?1 AND (SELECT count(*) FROM file f WHERE f.volume = v.id AND f.path IN"      \
	" ('/bin/sh', '/bin/busybox', '/usr/bin/sh', '/sbin/init', '/init', '/etc/passwd', '/etc/inittab', '/etc/fstab'))" \
	" >= 2 ORDER BY v.id LIMIT 1"
/* A kernel that is there, not one that modules or packages were made for. */
#define KERNEL                                                                                                 \
	"SELECT 'Linux ' || k.release || ' in ' || f.path AS words FROM kernel k JOIN file f ON f.id = k.file"    \
	" WHERE f.artifact = ?1 AND k.source NOT IN ('modules', 'package')"     \
	" UNION ALL SELECT * FROM (SELECT 'a kernel at ' || printf('0x%x', offset) FROM range"                  \
	" WHERE artifact = ?1 AND kind = 'kernel' ORDER BY offset) LIMIT 1"

static const struct kind_rule rules[] = {
	{ "archive", "SELECT count(*) || CASE count(*) WHEN 1 THEN ' artifact lies' ELSE ' artifacts lie' END || ' in it'"
		     " FROM artifact WHERE parent = ?1 HAVING count(*) > 0" },
	{ "container image", "SELECT count(*) || CASE count(*) WHEN 1 THEN ' image' ELSE ' images' END || ', the layers of which are"
			     " merged' FROM volume v WHERE v.artifact = ?1 AND v.format = 'container' HAVING count(*) > 0" },
	{ "app", "SELECT 'an app: ' || f.path FROM " FROM_FILES " AND v.format = 'zip'" OUTERMOST
		 " AND (f.path IN ('/AndroidManifest.xml', '/META-INF/MANIFEST.MF') OR f.path GLOB '/Payload/*.app/Info.plist')"
		 " ORDER BY f.path = '/META-INF/MANIFEST.MF', f.id LIMIT 1" }, /* every Java archive has that one */
	{ "package", "SELECT 'a package of software: ' || f.path FROM " FROM_FILES
		     " AND v.format IN ('ar', 'tar') AND f.path = '/debian-binary' ORDER BY f.id LIMIT 1" },
	{ "android device", "SELECT f.path || ' in a ' || v.format FROM " FROM_FILES " AND v.format <> 'zip' AND f.path IN"
			    " ('/system/build.prop', '/build.prop', '/default.prop', '/prop.default') ORDER BY f.id LIMIT 1" },
	{ "linux device", "SELECT r.words || '; ' || k.words FROM (" ROOT ") r, (" KERNEL ") k" },
	{ "root file system", ROOT },
	{ "kernel", KERNEL },
	{ "boot loader", "SELECT * FROM (SELECT b.name || coalesce(' ' || b.version, '') || CASE WHEN f.path GLOB '0x*' THEN ' at '"
			 " ELSE ' in ' END || f.path FROM boot_loader b"
			 " JOIN file f ON f.id = b.file JOIN volume v ON v.id = f.volume WHERE f.artifact = ?1"
			 " ORDER BY b.version IS NULL, b.name, b.version, f.id LIMIT 1) UNION ALL SELECT * FROM (SELECT"
			 " label || ' at ' || printf('0x%x', offset) FROM range WHERE artifact = ?1 AND kind = 'boot'"
			 " ORDER BY offset) LIMIT 1" },
	{ "microcontroller", "SELECT 'code for a microcontroller: ' || v.format FROM volume v WHERE v.artifact = ?1 AND"
			     " v.format = 'esp-image' ORDER BY v.id LIMIT 1" },
	/* A table that comes by itself is no code; it may end in a sector's padding. */
	{ "microcontroller", "SELECT 'the flash of a microcontroller: ' || v.format FROM volume v"
			     " JOIN artifact a ON a.id = v.artifact WHERE a.id = ?1 AND v.format = 'esp-partitions'"
			     " AND a.size > 4096 ORDER BY v.id LIMIT 1" },
};

enum { RULES = sizeof rules / sizeof *rules };

/* What is asked of every artifact, and there may be many: each statement is prepared once. */
struct decider {
	struct query rules[RULES], formats, update;
};

static void decider_start(struct decider *decider, sqlite3 *database)
{
	for (size_t i = 0; i < RULES; i++)
		decider->rules[i] = query_start(database, rules[i].sql);
	decider->formats = query_start(database, "SELECT format, (SELECT opaque * 2 > size FROM artifact WHERE id = ?1) FROM volume"
					 " WHERE artifact = ?1 GROUP BY format ORDER BY min(id)");
	decider->update = query_start(database, "UPDATE artifact SET kind = ?2, reason = ?3 WHERE id = ?1");
}

static enum outcome decider_end(struct decider *decider)
{
	enum outcome outcome = query_end(&decider->formats), updated = query_end(&decider->update);
	outcome = outcome == DONE ? updated : outcome;
	for (size_t i = 0; i < RULES; i++) {
		enum outcome ended = query_end(&decider->rules[i]);
		outcome = outcome == DONE ? ended : outcome;
	}
	return outcome;
}

/* Whether the last step went well: an answer, or none. */
static enum outcome asked(const struct query *query)
{
	return query_outcome(query->result);
}

static enum outcome set_kind(struct decider *decider, int64_t artifact, const char *kind, struct span reason)
{
	query_rewind(&decider->update);
	query_bind_integer(&decider->update, 1, artifact);
	query_bind_text(&decider->update, 2, span_of_text(kind));
	query_bind_text(&decider->update, 3, reason);
	(void)query_next(&decider->update);
	return asked(&decider->update);
}

/* Recognised, though none of the kinds above: then at least its containers say what it is, where most of it is known. */
static enum outcome set_other(struct decider *decider, int64_t artifact)
{
	static const enum unpacker_role roles[] = { ROLE_FILE_SYSTEM, ROLE_PACKAGE, ROLE_ARCHIVE, ROLE_STREAM, ROLE_DATA };
	enum { ROLES = sizeof roles / sizeof *roles };
	const struct unpacker *found[ROLES] = { NULL };
	bool unknown = false;
	query_rewind(&decider->formats);
	query_bind_integer(&decider->formats, 1, artifact);
	while (query_next(&decider->formats)) {
		unknown = query_integer(&decider->formats, 1) != 0;
		const struct unpacker *one = unpacker_named(query_text(&decider->formats, 0));
		for (size_t i = 0; one && i < ROLES; i++)
			if (!found[i] && one->role == roles[i])
				found[i] = one;
	}
	TRY(asked(&decider->formats));
	for (size_t i = 0; i < ROLES; i++)
		if (found[i] && unknown)
			return set_kind(decider, artifact, "unknown", SPAN_LITERAL("most of it is opaque"));
		else if (found[i])
			return set_kind(decider, artifact, roles[i] == ROLE_FILE_SYSTEM ? "file system" : "data",
					span_of_text(found[i]->title));
	return DONE;
}

static enum outcome decide(struct decider *decider, int64_t artifact)
{
	for (size_t i = 0; i < RULES; i++) {
		struct query *query = &decider->rules[i];
		query_rewind(query);
		query_bind_integer(query, 1, artifact);
		bool holds = query_next(query);
		TRY(asked(query));
		if (holds) {
			enum outcome outcome = set_kind(decider, artifact, rules[i].kind, query_text(query, 0));
			query_rewind(query);
			return outcome;
		}
	}
	return set_other(decider, artifact);
}

enum outcome artifact_kinds(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	int64_t count = query_number(database, "SELECT max(id) FROM artifact");
	enum outcome outcome = DONE;
	struct decider decider;
	decider_start(&decider, database);
	for (int64_t artifact = 1; artifact <= count && outcome == DONE; artifact++)
		outcome = decide(&decider, artifact);
	enum outcome ended = decider_end(&decider);
	return outcome == DONE ? ended : outcome;
}
