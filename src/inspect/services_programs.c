/*
 * Finds the program of every service in the image: along the search path, through links of files and folders, as an
 * applet of BusyBox. What is not there is absent only where all of the file system was listed and nothing can be mounted over it.
 */
#include "inspect/lines.h"
#include "inspect/services.h"

#include "evidence/query.h"

/* Links and bytes of a path beyond which Linux opens nothing either (path_resolution(7)). */
enum { LINKS_MAX = 40, PATH_MAX_SIZE = 4096 };
enum { ARENA_CEILING = 64 << 20 };

struct finder {
	sqlite3 *database;
	struct arena arena;
	struct query by_path, by_other_path, holds, by_name, by_applet, elsewhere, loader;
};

enum presence { PRESENCE_UNKNOWN = -1, PRESENCE_ABSENT, PRESENCE_HERE };

struct whereabouts {
	enum presence presence;
	int64_t file; /* 0 where there is none */
};

/* Path of the folder, without the slash at its end; empty for the root. */
static struct span folder_of(struct span path)
{
	struct span name = span_basename(path);
	size_t size = path.size - name.size;
	return span_slice(path, 0, size > 0 ? size - 1 : 0);
}

/* Takes "." and ".." and doubled slashes out of an absolute path. */
static struct span normal(struct arena *arena, struct span path)
{
	struct span out = SPAN_NONE, part;
	while (span_next_field(&path, '/', &part)) {
		if (part.size == 0 || span_equal_text(part, "."))
			continue;
		if (span_equal_text(part, ".."))
			out = folder_of(out);
		else
			out = arena_format(arena, "%.*s/%.*s", SPAN_FORMAT(out), SPAN_FORMAT(part));
	}
	return out;
}

enum node { NODE_NONE, NODE_FILE, NODE_FOLDER, NODE_LINK };

/* What stands at a path of a volume. */
static enum node look(struct finder *finder, int64_t volume, struct span path, int64_t *file, struct span *target)
{
	enum node node = NODE_NONE;
	query_rewind(&finder->by_path);
	query_bind_integer(&finder->by_path, 1, volume);
	query_bind_text(&finder->by_path, 2, path);
	if (query_next(&finder->by_path)) {
		struct span type = query_text(&finder->by_path, 1);
		*file = query_integer(&finder->by_path, 0);
		*target = arena_copy(&finder->arena, query_text(&finder->by_path, 2));
		node = span_equal_text(type, "link") ? NODE_LINK : span_equal_text(type, "directory") ? NODE_FOLDER : NODE_FILE;
	}
	return node;
}

/* The path that a link at `path` leads to, with what stood below the link. */
static struct span follow(struct finder *finder, struct span path, struct span target, struct span below)
{
	struct span folder = span_byte(target, 0) == '/' ? SPAN_NONE : folder_of(path);
	return normal(&finder->arena, arena_format(&finder->arena, "%.*s/%.*s/%.*s", SPAN_FORMAT(folder), SPAN_FORMAT(target),
						   SPAN_FORMAT(below)));
}

/* Follows links of the file and of its folders. 0 where it ends nowhere; *end is where. */
static int64_t resolve(struct finder *finder, int64_t volume, struct span path, struct span *end)
{
	struct span target = SPAN_NONE;
	int64_t file = 0;
	path = normal(&finder->arena, path);
	for (int links = 0; links <= LINKS_MAX && path.size > 0 && path.size < PATH_MAX_SIZE; links++) {
		struct span at = path;
		*end = path;
		enum node node = look(finder, volume, path, &file, &target);
		if (node == NODE_FILE)
			return file;
		if (node == NODE_FOLDER)
			return 0;
		while (node == NODE_NONE && at.size > 0) {
			at = folder_of(at);
			node = at.size > 0 ? look(finder, volume, at, &file, &target) : NODE_FOLDER;
		}
		if (node != NODE_LINK)
			return 0;
		path = follow(finder, at, target, span_from(path, at.size));
	}
	return 0;
}

static bool holds_files(struct finder *finder, int64_t volume, struct span folder)
{
	query_rewind(&finder->holds);
	query_bind_integer(&finder->holds, 1, volume);
	query_bind_text(&finder->holds, 2, arena_format(&finder->arena, "%.*s/", SPAN_FORMAT(folder)));
	query_bind_text(&finder->holds, 3, arena_format(&finder->arena, "%.*s0", SPAN_FORMAT(folder)));
	return query_next(&finder->holds);
}

/* Folders that other file systems and RAM disks fill on a running device. */
static bool is_filled_later(struct span folder)
{
	static const char *const folders[] = { "/mnt",	  "/media",  "/tmp",	"/var",	    "/run",	 "/dev",    "/proc",
					       "/sys",	  "/data",   "/overlay", "/storage", "/sdcard",	 "/jffs",   "/jffs2",
					       "/config", "/mtd",    "/usrdata", "/nvram",   "/usr/local", "/opt", "/home", NULL };
	return is_one_of(folder, folders);
}

/* True where a volume that is mounted later may hold the path. */
static bool may_be_mounted(struct finder *finder, int64_t volume, struct span path)
{
	struct span target;
	int64_t file;
	for (struct span folder = folder_of(path); folder.size > 0; folder = folder_of(folder)) {
		if (is_filled_later(folder))
			return true;
		bool programs = span_ends_text(folder, "bin");
		if (!programs && look(finder, volume, folder, &file, &target) == NODE_FOLDER &&
		    !holds_files(finder, volume, folder))
			return true;
	}
	return false;
}

/* The same path in another volume, or below the folder that it is mounted at: an empty one. */
static int64_t find_elsewhere(struct finder *finder, int64_t volume, struct span path)
{
	for (struct span folder = path; folder.size > 0; folder = folder_of(folder)) {
		struct span target, rest = span_equal(folder, path) ? path : span_from(path, folder.size);
		int64_t file;
		bool mount = !span_equal(folder, path);
		if (mount && (look(finder, volume, folder, &file, &target) != NODE_FOLDER || holds_files(finder, volume, folder)))
			continue;
		query_rewind(&finder->by_other_path);
		query_bind_integer(&finder->by_other_path, 1, volume);
		query_bind_text(&finder->by_other_path, 2, rest);
		if (query_next(&finder->by_other_path))
			return query_integer(&finder->by_other_path, 0);
	}
	return 0;
}

static struct whereabouts find_path(struct finder *finder, int64_t volume, bool whole, struct span path)
{
	struct span end = path;
	int64_t file = resolve(finder, volume, path, &end);
	if (file == 0)
		file = find_elsewhere(finder, volume, end);
	if (file != 0)
		return (struct whereabouts){ PRESENCE_HERE, file };
	bool absent = whole && !may_be_mounted(finder, volume, end);
	return (struct whereabouts){ absent ? PRESENCE_ABSENT : PRESENCE_UNKNOWN, 0 };
}

static int64_t first_of(struct query *query, int64_t volume, struct span name)
{
	query_rewind(query);
	query_bind_integer(query, 1, volume);
	query_bind_text(query, 2, name);
	return query_next(query) ? query_integer(query, 0) : 0;
}

/* "telnetd": in the folders of the search path, else as an applet that no link names yet. */
static struct whereabouts find_name(struct finder *finder, int64_t volume, bool whole, struct span name)
{
	query_rewind(&finder->by_name);
	query_bind_integer(&finder->by_name, 1, volume);
	query_bind_text(&finder->by_name, 2, name);
	struct whereabouts best = { whole ? PRESENCE_ABSENT : PRESENCE_UNKNOWN, 0 };
	while (query_next(&finder->by_name)) {
		struct span path = arena_copy(&finder->arena, query_text(&finder->by_name, 0));
		struct whereabouts found = find_path(finder, volume, whole, path);
		if (found.presence == PRESENCE_HERE)
			return found;
		best = found.presence == PRESENCE_UNKNOWN ? found : best;
	}
	bool applet = first_of(&finder->by_applet, volume, name) != 0;
	if (best.presence == PRESENCE_ABSENT && (applet || first_of(&finder->elsewhere, volume, name) != 0))
		best.presence = PRESENCE_UNKNOWN;
	return best;
}

/* "busybox telnetd": there where BusyBox has it. */
static struct whereabouts find_applet(struct finder *finder, int64_t volume, bool whole, struct span program)
{
	struct span multicall, name;
	if (!span_next_word(&program, &multicall) || !span_next_word(&program, &name))
		return (struct whereabouts){ PRESENCE_UNKNOWN, 0 };
	struct whereabouts found = span_byte(multicall, 0) == '/' ? find_path(finder, volume, whole, multicall) :
							      find_name(finder, volume, whole, multicall);
	if (found.presence != PRESENCE_HERE)
		return found;
	bool listed = first_of(&finder->by_applet, volume, SPAN_LITERAL("sh")) != 0 ||
		      first_of(&finder->by_applet, volume, SPAN_LITERAL("cat")) != 0;
	if (listed && first_of(&finder->by_applet, volume, name) == 0)
		found = (struct whereabouts){ PRESENCE_ABSENT, 0 };
	return found;
}

static struct whereabouts find_program(struct finder *finder, int64_t volume, bool whole, struct span program)
{
	if (span_find_byte(program, '$', 0) != SPAN_NOT_FOUND || span_find_byte(program, '%', 0) != SPAN_NOT_FOUND ||
	    span_byte(program, 0) == '.')
		return (struct whereabouts){ PRESENCE_UNKNOWN, 0 };
	if (span_find_byte(program, ' ', 0) != SPAN_NOT_FOUND)
		return find_applet(finder, volume, whole, program);
	if (span_byte(program, 0) == '/')
		return find_path(finder, volume, whole, program);
	if (span_find_byte(program, '/', 0) != SPAN_NOT_FOUND)
		return (struct whereabouts){ PRESENCE_UNKNOWN, 0 };
	return find_name(finder, volume, whole, program);
}

/* Linux starts no program whose loader is not there either (execve(2)): absent only where nothing of its name is in the image. */
static struct whereabouts find_started(struct finder *finder, int64_t volume, bool whole, struct span program)
{
	struct whereabouts found = find_program(finder, volume, whole, program);
	if (found.presence != PRESENCE_HERE || found.file == 0)
		return found;
	query_rewind(&finder->loader);
	query_bind_integer(&finder->loader, 1, found.file);
	if (!query_next(&finder->loader))
		return found;
	struct span loader = arena_copy(&finder->arena, query_text(&finder->loader, 0));
	if (find_path(finder, volume, whole, loader).presence == PRESENCE_ABSENT &&
	    first_of(&finder->elsewhere, volume, span_basename(loader)) == 0)
		found.presence = PRESENCE_ABSENT;
	return found;
}

/* A root file system of which every name was listed; all other volumes leave it open what is there. */
#define WHOLE_ROOT                                                                                                           \
	"v.state = 'read' AND NOT EXISTS (SELECT 1 FROM incomplete i WHERE (i.volume = v.id OR i.volume IS NULL) AND"      \
	" (i.missing IN ('entries', 'structure') OR (i.missing = 'content' AND i.file IS NULL))) AND EXISTS (SELECT 1 FROM" \
	" file p WHERE p.volume = v.id AND p.path IN ('/bin/sh', '/bin/busybox', '/usr/bin/sh', '/sbin/init', '/init',"      \
	" '/system/bin/sh'))"

/* What is started where, and where to write down what was found of it. */
struct started {
	const char *select, *update;
};
static const struct started started[] = {
	{ "SELECT s.rowid, f.volume, s.program, " WHOLE_ROOT " FROM service s JOIN file f ON f.id = s.file"
	  " JOIN volume v ON v.id = f.volume WHERE s.program IS NOT NULL AND s.program_file IS NULL",
	  "UPDATE service SET program_present = ?2, program_file = ?3 WHERE rowid = ?1" },
	{ "SELECT c.rowid, f.volume, c.runs, " WHOLE_ROOT " FROM console c JOIN file f ON f.id = c.file"
	  " JOIN volume v ON v.id = f.volume WHERE c.runs IS NOT NULL",
	  "UPDATE console SET program_present = ?2, program_file = ?3 WHERE rowid = ?1" },
};

static void prepare(struct finder *finder, sqlite3 *database)
{
	*finder = (struct finder){ .database = database };
	arena_init(&finder->arena, ARENA_CEILING);
	finder->by_path = query_start(database, "SELECT id, type, target FROM file WHERE path = ?2 AND volume = ?1"
						" ORDER BY type = 'directory', id");
	finder->by_other_path = query_start(database, "SELECT id FROM file WHERE path = ?2 AND volume <> ?1 AND type = 'file'"
						      " ORDER BY id");
	finder->holds = query_start(database, "SELECT 1 FROM file WHERE path > ?2 AND path < ?3 AND volume = ?1 LIMIT 1");
	finder->by_name = query_start(database, "SELECT path FROM named_program WHERE name = ?2 AND volume = ?1 AND"
						" folder GLOB '*bin' ORDER BY path");
	finder->elsewhere = query_start(database, "SELECT 1 FROM named_program WHERE name = ?2 AND (volume <> ?1 OR folder"
						  " NOT GLOB '*bin')");
	finder->by_applet = query_start(database, "SELECT a.rowid FROM applet a JOIN file f ON f.id = a.file WHERE a.name = ?2"
						  " AND f.volume = ?1");
	finder->loader = query_start(database, "SELECT interpreter FROM elf WHERE file = ?1 AND interpreter LIKE '/%'");
}

static enum outcome finish(struct finder *finder)
{
	struct query *queries[] = { &finder->by_path, &finder->by_other_path, &finder->holds,
				    &finder->by_name, &finder->by_applet,     &finder->elsewhere, &finder->loader };
	enum outcome outcome = DONE;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		enum outcome ended = query_end(queries[i]);
		outcome = outcome == DONE ? ended : outcome;
	}
	arena_done(&finder->arena);
	return outcome;
}

static const char name_programs[] =
	"CREATE TEMP TABLE named_program AS SELECT volume, path, replace(path, rtrim(path, replace(path, '/', '')), '') AS name,"
	" rtrim(rtrim(path, replace(path, '/', '')), '/') AS folder FROM file WHERE type IN ('file', 'link')";

static enum outcome tell_refused(sqlite3 *database, int64_t count)
{
	struct query row = query_start(database, "INSERT INTO incomplete (missing, cause, amount, code, detail) VALUES"
						 " ('sight', 'memory', ?1, 'services.memory', 'programs of services were not looked for')");
	query_bind_integer(&row, 1, count);
	while (query_next(&row))
		;
	return query_end(&row);
}

static enum outcome find_all(struct finder *finder, const struct started *kind, int64_t *refused)
{
	struct query rows = query_start(finder->database, kind->select);
	struct query update = query_start(finder->database, kind->update);
	while (query_next(&rows)) {
		arena_reset(&finder->arena);
		struct whereabouts found = find_started(finder, query_integer(&rows, 1), query_integer(&rows, 3) != 0,
						  arena_copy(&finder->arena, query_text(&rows, 2)));
		if (finder->arena.refused) { /* what asked may have looked at half a path */
			found = (struct whereabouts){ PRESENCE_UNKNOWN, 0 };
			(*refused)++;
		}
		query_rewind(&update);
		query_bind_integer(&update, 1, query_integer(&rows, 0));
		if (found.presence == PRESENCE_UNKNOWN)
			query_bind_null(&update, 2);
		else
			query_bind_integer(&update, 2, found.presence);
		if (found.file != 0)
			query_bind_integer(&update, 3, found.file);
		else
			query_bind_null(&update, 3);
		while (query_next(&update))
			;
	}
	enum outcome read = query_end(&rows), written = query_end(&update);
	return read != DONE ? read : written;
}

enum outcome services_find_programs(sqlite3 *database)
{
	int64_t refused = 0;
	struct finder finder;
	TRY(query_run(database, name_programs));
	TRY(query_run(database, "CREATE INDEX temp.named_program_name ON named_program(name)"));
	prepare(&finder, database);
	enum outcome outcome = DONE;
	for (size_t i = 0; outcome == DONE && i < sizeof started / sizeof *started; i++)
		outcome = find_all(&finder, &started[i], &refused);
	enum outcome finished = finish(&finder);
	TRY(outcome);
	TRY(finished);
	if (refused > 0)
		TRY(tell_refused(database, refused));
	return query_run(database, "DROP TABLE named_program");
}
