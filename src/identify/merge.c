/*
 * From sightings to components. Packages, kernels and boot loaders become sightings
 * too; then all sightings of one component and version are one component.
 */
#include "evidence/query.h"
#include "identify/component.h"
#include "identify/identify.h"
#include "identify/licence.h"
#include "identify/linked.h"
#include "identify/package.h"
#include "identify/package_family.h"
#include "identify/parts.h"
#include "identify/settle.h"
#include "identify/snapshot.h"

enum {
	MERGE_CEILING = 256 << 20,
	SIGHTINGS_MAX = 100000,
};

struct sighting_row {
	int64_t id;
	struct span component, version, method, path;
	struct span package_version; /* of a record in a package database */
	uint32_t confidence;
};

struct merge {
	sqlite3 *database;
	const struct recognisers *recognisers;
	struct arena *arena;
	struct sighting_row *rows;
	size_t count;
	int64_t components;
};

static enum outcome add_witness(struct merge *merge, int64_t file, int64_t line, struct span component,
				struct span version, const char *method, struct span detail, int64_t confidence)
{
	struct query query = query_start(merge->database,
					 "INSERT INTO witness (file, line, component, version, method, detail, confidence)"
					 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	query_bind_integer(&query, 1, file);
	if (line > 0)
		query_bind_integer(&query, 2, line);
	query_bind_text(&query, 3, component);
	if (version.size > 0)
		query_bind_text(&query, 4, version);
	query_bind_text(&query, 5, span_of_text(method));
	query_bind_text(&query, 6, detail);
	query_bind_integer(&query, 7, confidence);
	query_next(&query);
	return query_end(&query);
}

/* "lvm2 (2.03.16-2)": the source package, and its version where it differs from the package's. */
static void split_source(struct span *source, struct span *version)
{
	struct span rest = *source, name, own;
	if (!span_next_word(&rest, &name))
		return;
	*source = name;
	if (span_next_word(&rest, &own) && span_byte(own, 0) == '(')
		*version = span_slice(own, 1, own.size - 2);
}

/*
 * dpkg, apk and rpm name the source package, which is what a recogniser knows; opkg
 * names only parts of it, so there the wildcards of package names are needed.
 */
static const struct recogniser *recogniser_of(struct merge *merge, struct span manager, struct span name,
					      struct span source, bool *by_source)
{
	*by_source = false;
	if (span_equal_text(manager, "opkg"))
		return recogniser_for_package(merge->recognisers, name);
	const struct recogniser *own = recogniser_for_source(merge->recognisers, name);
	const struct recogniser *found =
		source.size > 0 ? recogniser_for_source(merge->recognisers, source) : NULL;
	*by_source = found != NULL;
	/* A part that has an entry of its own is no sighting of the whole: U-Boot's tools are not U-Boot. */
	return own ? own : found;
}

/* Modules that opkg packs one by one are parts of the kernel, and no components beside it. */
static enum outcome witness_packages(struct merge *merge)
{
	struct query query = query_start(merge->database,
					 "SELECT file, line, manager, name, version, source FROM package"
					 " WHERE NOT (manager = 'opkg' AND name LIKE 'kmod-%' AND EXISTS (SELECT 1"
					 " FROM package WHERE manager = 'opkg' AND name = 'kernel')) ORDER BY rowid");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct span name = query_text(&query, 3), version = query_text(&query, 4);
		struct span source = query_text(&query, 5), version_of_source = version;
		split_source(&source, &version_of_source);
		bool by_source; /* "gcc 4:12.2.0-3" comes from gcc-defaults 1.203, which says nothing of gcc */
		const struct recogniser *recogniser = recogniser_of(merge, query_text(&query, 2), name, source, &by_source);
		struct span upstream = package_upstream(merge->arena, query_string(&query, 2),
							by_source ? version_of_source : version);
		struct span detail = arena_format(merge->arena, "%.*s %.*s", SPAN_FORMAT(name), SPAN_FORMAT(version));
		outcome = add_witness(merge, query_integer(&query, 0), query_integer(&query, 1),
				      recogniser ? recogniser->name : name, upstream, "package", detail, 95);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* opkg's "libc" and "libpthread" are the C library that the files show, of the same version. */
static enum outcome name_c_library(struct merge *merge)
{
	return query_run(merge->database,
			 "WITH c(name, version) AS (SELECT component, version FROM witness WHERE method <> 'package'"
			 " AND component IN ('musl', 'uclibc', 'uclibc-ng', 'glibc') GROUP BY version)"
			 " UPDATE witness SET component = c.name FROM c WHERE witness.version = c.version"
			 " AND witness.component IN ('libc', 'libpthread', 'librt') AND witness.method = 'package'");
}

static enum outcome witness_kernels(struct merge *merge)
{
	return query_run(merge->database,
			 "INSERT INTO witness (file, component, version, method, detail, confidence)"
			 " SELECT file, 'linux', version, 'kernel', coalesce(banner, 'release ' || release),"
			 " CASE source WHEN 'banner' THEN 98 WHEN 'package' THEN 95 WHEN 'modules' THEN 90 ELSE 70 END"
			 " FROM kernel ORDER BY rowid");
}

static enum outcome witness_boot_loaders(struct merge *merge)
{
	return query_run(merge->database,
			 "INSERT INTO witness (file, offset, component, version, method, detail, confidence)"
			 " SELECT file, offset, CASE name WHEN 'GRUB' THEN 'grub2' ELSE lower(name) END,"
			 /* "2021.04-00015-gb53540d" is 15 commits after 2021.04, "2023.01+dfsg-2" a packager's 2023.01 */
			 " CASE WHEN instr(own, '-') > 0 AND own NOT LIKE '%-rc%'"
			 " THEN substr(own, 1, instr(own, '-') - 1) ELSE own END,"
			 " 'boot loader', name || coalesce(' ' || version, ''), 95 FROM (SELECT file, offset, name, version,"
			 " iif(instr(version, '+') > 0, substr(version, 1, instr(version, '+') - 1), version) AS own"
			 " FROM boot_loader ORDER BY rowid)");
}

/*
 * What a packed package holds is not installed by lying in a root file system's cache. Where no root is there, packages
 * are what was given.
 */
#define INSTALLED                                                                                                 \
	"coalesce(f.role, '') <> 'package' OR f.path NOT LIKE '%!%' OR coalesce(f.artifact, 0) NOT IN"             \
	" (SELECT r.artifact FROM file r WHERE r.artifact IS NOT NULL AND r.role IS NULL AND r.path IN ('/bin/sh'," \
	" '/bin/busybox', '/usr/bin/sh', '/sbin/init', '/init', '/etc/passwd', '/etc/inittab'))"

static enum outcome load_rows(struct merge *merge)
{
	int64_t count = query_number(merge->database, "SELECT count(*) FROM witness");
	size_t room = count < SIGHTINGS_MAX ? (size_t)count : SIGHTINGS_MAX;
	merge->rows = ARENA_NEW(merge->arena, struct sighting_row, room + 1);
	if (!merge->rows)
		return NO_MEMORY;
	struct query query = query_start(
		merge->database,
		"SELECT w.rowid, w.component, w.version, w.method, w.confidence, coalesce(f.path, ''),"
		" CASE WHEN w.method = 'package' AND w.offset IS NULL THEN substr(w.detail, instr(w.detail, ' ') + 1) END"
		" FROM witness w LEFT JOIN file f ON f.id = w.file WHERE " INSTALLED
		" ORDER BY w.component, w.version, w.confidence DESC, f.path, w.rowid");
	while (merge->count < room && query_next(&query)) {
		struct sighting_row *row = &merge->rows[merge->count++];
		row->id = query_integer(&query, 0);
		row->component = arena_copy(merge->arena, query_text(&query, 1));
		row->version = arena_copy(merge->arena, query_text(&query, 2));
		row->method = arena_copy(merge->arena, query_text(&query, 3));
		row->confidence = (uint32_t)query_integer(&query, 4);
		row->path = arena_copy(merge->arena, query_text(&query, 5));
		row->package_version = arena_copy(merge->arena, query_text(&query, 6));
	}
	return query_end(&query);
}

/* The sighting that shows a group best: the surest one in a file of its own, else a package record. */
static const struct sighting_row *best_row(const struct merge *merge, const struct group *group)
{
	const struct sighting_row *best = &merge->rows[group->first];
	for (size_t i = 0; i < group->count; i++)
		if (merge->rows[group->first + i].package_version.size == 0)
			return &merge->rows[group->first + i];
	return best;
}

static struct span own_package_version(const struct merge *merge, const struct group *group)
{
	for (size_t i = 0; i < group->count; i++)
		if (merge->rows[group->first + i].package_version.size > 0)
			return merge->rows[group->first + i].package_version;
	return SPAN_NONE;
}

/* The packager's version, of the first record in the group or in those that went into it, in the order of versions. */
static struct span package_version_of(const struct merge *merge, const struct group *group)
{
	struct span own = own_package_version(merge, group);
	for (const struct group *guest = group->first_guest; guest; guest = guest->next_guest) {
		if (own.size > 0 && guest > group)
			break;
		struct span version = own_package_version(merge, guest);
		if (version.size > 0)
			return version;
	}
	return own;
}

/* Several methods that agree are surer than one. */
static uint32_t confidence_of(const struct merge *merge, const struct group *group)
{
	const struct sighting_row *first = &merge->rows[group->first];
	for (size_t i = 1; i < group->count; i++)
		if (!span_equal(merge->rows[group->first + i].method, first->method))
			return group->confidence + 3 < 99 ? group->confidence + 3 : 99;
	return group->confidence;
}

struct naming {
	struct span type, purl, cpe, licence;
};

/* A package that no recogniser knows is named after its own record. */
static enum outcome name_package(struct merge *merge, const struct sighting_row *row, struct naming *out)
{
	out->type = span_starts_text(row->component, "lib") ? SPAN_LITERAL("library") : SPAN_LITERAL("application");
	struct query query =
		query_start(merge->database, "SELECT manager, architecture, licence, cpe, distribution FROM package"
					     " WHERE name = ?1 AND version = ?2 ORDER BY rowid LIMIT 1");
	query_bind_text(&query, 1, row->component);
	query_bind_text(&query, 2, row->package_version);
	if (query_next(&query)) {
		const struct package_name package = {
			.manager = query_text(&query, 0), .architecture = query_text(&query, 1),
			.distribution = query_text(&query, 4), .name = row->component, .version = row->package_version,
		};
		out->purl = component_package_purl(merge->arena, &package);
		out->cpe = component_declared_cpe(merge->arena, query_text(&query, 3), row->version);
		out->licence = arena_copy(merge->arena, licence_of_package(query_text(&query, 2)));
	} else {
		const struct package_name package = { .name = row->component, .version = row->version };
		out->purl = component_package_purl(merge->arena, &package);
	}
	return query_end(&query);
}

static enum outcome name_component(struct merge *merge, const struct group *group, struct naming *out)
{
	const struct sighting_row *row = &merge->rows[group->first];
	const struct recogniser *recogniser = recogniser_find(merge->recognisers, row->component);
	*out = (struct naming){ 0 };
	if (!recogniser)
		return name_package(merge, row, out);
	out->type = recogniser->type;
	out->purl = component_purl(merge->arena, recogniser->purl, group->version);
	out->licence = component_licence(recogniser, group->version);
	/* No name of the CPE dictionary has a day where releases have numbers. */
	struct span version = snapshot_is(recogniser->order, group->version) ? SPAN_NONE : group->version;
	if (recogniser->cpe_count > 0)
		out->cpe = component_cpe(merge->arena, recogniser->cpes[0], version);
	return DONE;
}

static void bind_text_or_null(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		query_bind_text(query, parameter, text);
}

static enum outcome insert_component(struct merge *merge, const struct group *group)
{
	struct naming naming;
	TRY(name_component(merge, group, &naming));
	struct query query = query_start(merge->database,
					 "INSERT INTO component (id, name, version, package_version, type, purl, cpe,"
					 " licence, confidence, path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	query_bind_integer(&query, 1, ++merge->components);
	query_bind_text(&query, 2, merge->rows[group->first].component);
	bind_text_or_null(&query, 3, group->version);
	bind_text_or_null(&query, 4, package_version_of(merge, group));
	query_bind_text(&query, 5, naming.type);
	bind_text_or_null(&query, 6, naming.purl);
	bind_text_or_null(&query, 7, naming.cpe);
	bind_text_or_null(&query, 8, naming.licence);
	query_bind_integer(&query, 9, confidence_of(merge, group));
	bind_text_or_null(&query, 10, best_row(merge, group)->path);
	query_next(&query);
	return query_end(&query);
}

static enum outcome link_witnesses(struct merge *merge, const struct group *group)
{
	struct query query =
		query_start(merge->database, "INSERT INTO component_witness (component, witness) VALUES (?1, ?2)");
	for (size_t i = 0; i < group->count; i++) {
		query_bind_integer(&query, 1, merge->components);
		query_bind_integer(&query, 2, merge->rows[group->first + i].id);
		query_next(&query);
		query_rewind(&query);
	}
	return query_end(&query);
}

/* Sightings [first, end) of one component, sorted by version. */
static enum outcome merge_component(struct merge *merge, size_t first, size_t end)
{
	struct group *groups = ARENA_NEW(merge->arena, struct group, end - first);
	size_t count = 0;
	if (!groups)
		return NO_MEMORY;
	for (size_t i = first; i < end; i++) {
		const struct sighting_row *row = &merge->rows[i];
		if (count == 0 || !span_equal(groups[count - 1].version, row->version))
			groups[count++] = (struct group){ .first = i, .version = row->version };
		struct group *group = &groups[count - 1];
		group->count++;
		group->confidence = row->confidence > group->confidence ? row->confidence : group->confidence;
		group->packaged = group->packaged || row->package_version.size > 0;
	}
	settle(groups, count);
	for (size_t i = 0; i < count; i++) {
		if (groups[i].into || groups[i].dropped)
			continue;
		TRY(insert_component(merge, &groups[i]));
		TRY(link_witnesses(merge, &groups[i]));
		for (const struct group *guest = groups[i].first_guest; guest; guest = guest->next_guest)
			TRY(link_witnesses(merge, guest));
	}
	return DONE;
}

static enum outcome merge_all(struct merge *merge)
{
	TRY(package_families(merge->database));
	TRY(linked_versions(merge->database, merge->recognisers));
	TRY(witness_packages(merge));
	TRY(name_c_library(merge));
	TRY(witness_kernels(merge));
	TRY(witness_boot_loaders(merge));
	TRY(load_rows(merge));
	for (size_t first = 0; first < merge->count;) {
		size_t end = first + 1;
		while (end < merge->count && span_equal(merge->rows[end].component, merge->rows[first].component))
			end++;
		TRY(merge_component(merge, first, end));
		first = end;
	}
	return DONE;
}

enum outcome identify_merge(struct evidence *evidence, const struct recognisers *recognisers)
{
	struct arena arena;
	arena_init(&arena, MERGE_CEILING);
	struct merge merge = {
		.database = evidence_database(evidence),
		.recognisers = recognisers,
		.arena = &arena,
	};
	enum outcome outcome = merge_all(&merge);
	arena_done(&arena);
	if (outcome == DONE && recognisers->parts)
		outcome = parts_conclude(evidence, recognisers->parts, recognisers);
	int64_t beyond = query_number(merge.database, "SELECT count(*) FROM witness") - SIGHTINGS_MAX;
	if (outcome != DONE || beyond <= 0)
		return outcome;
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_WARNING,
		.missing = MISSING_SIGHT,
		.cause = CAUSE_LIMIT,
		.amount = (uint64_t)beyond,
		.code = SPAN_LITERAL("identify.sightings"),
		.message = SPAN_LITERAL("there are more sightings of components than are merged"),
		.offset = NOTE_NO_OFFSET,
	});
}
