#include "vuln/device_match.h"

#include "vuln/component_row.h"
#include "vuln/device_name.h"
#include "vuln/device_version.h"
#include "vuln/row.h"

enum { CANDIDATES_MAX = 8, MEMORY_MAX = 32 * 1024 * 1024 };

/* The device as the image names it. */
struct device {
	struct span vendor, model, hardware, version, system; /* as written */
	struct span maker, revision, plain_version;
	struct span products; /* in the store: those of its model, as a JSON array of names */
	size_t candidates;    /* models that the image is for: of "TL-WR841N/ND" two, and each has this firmware */
	bool either;          /* it is for one of them, and nobody knows which: "WRT54G or WRT54GL" */
	bool foreign;         /* it runs a firmware that is not its maker's */
	int64_t component;    /* 0 before the first match */
};

/* What the rows of one vulnerability come to: the first one of each kind, in the order of belief. */
struct device_rows {
	int64_t vulnerability;
	struct device_row {
		bool known;
		struct range range;
		enum store_source source;
		struct span revision; /* that the image would have to have, where it shows none */
		bool unnamed;         /* the image shows its revision, and the row speaks of none: each has firmware of its own */
	} in, open, after, before, unlisted, listed;
};

struct device_matcher {
	sqlite3 *evidence;
	struct arena *arena;
	struct row_writer writer;
	struct device device;
};

/* Systems that others make for devices of many makers: versions and faults of the maker's firmware are not theirs. */
static bool is_foreign(struct span system)
{
	static const char *const systems[] = { "OpenWrt", "LEDE", "DD-WRT", "Tomato", "FreshTomato", "Gargoyle", "libreCMC",
					       "Armbian" };
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
		if (span_starts_text(system, systems[i]))
			return true;
	return false;
}

static void read_models(struct device_matcher *m)
{
	struct device *device = &m->device;
	struct device_name name;
	struct span rest = device->model, previous = SPAN_NONE;
	device->maker = device_maker(device->vendor, m->arena);
	device->revision = device_revision(device->hardware, m->arena);
	while (device->candidates < CANDIDATES_MAX && device_name_next(&rest, &previous, m->arena, &name)) {
		if (device->revision.size == 0)
			device->revision = name.revision;
		struct span product = device_product(device->maker, name.model, m->arena);
		device->products = arena_format(m->arena, "%.*s%s\"%.*s\"", SPAN_FORMAT(device->products),
						device->candidates++ > 0 ? "," : "", SPAN_FORMAT(product));
	}
	if (device->revision.size == 0) { /* "WNR2000v5" as the hardware */
		bool named = device->hardware.size > 0 && device_name_of(device->hardware, m->arena, &name);
		device->revision = named ? name.revision : SPAN_NONE;
	}
	device->products = arena_format(m->arena, "[%.*s]", SPAN_FORMAT(device->products));
	device->either = device->candidates > 1 && span_find_text(device->model, DEVICE_EITHER, 0) != SPAN_NOT_FOUND;
}

/* False where the image does not say which device it is for. */
static bool read_device(struct device_matcher *m)
{
	struct device *device = &m->device;
	struct query query = query_start(m->evidence,
		"SELECT vendor, model, hardware, version, system FROM image WHERE vendor IS NOT NULL AND model IS NOT NULL");
	if (query_next(&query)) {
		struct span *fields[] = { &device->vendor, &device->model, &device->hardware, &device->version, &device->system };
		for (int i = 0; i < 5; i++)
			*fields[i] = arena_copy(m->arena, query_text(&query, i));
		device->plain_version = device_version(device->version, m->arena);
		device->foreign = is_foreign(device->system);
		read_models(m);
	}
	return query_end(&query) == DONE && device->candidates > 0 && device->maker.size > 0;
}

struct span device_products(sqlite3 *evidence, struct arena *arena)
{
	struct device_matcher m = { .evidence = evidence, .arena = arena };
	return read_device(&m) ? m.device.products : SPAN_LITERAL("[]");
}

bool device_is(sqlite3 *evidence, struct span maker, struct span words, struct arena *arena)
{
	struct device_matcher m = { .evidence = evidence, .arena = arena };
	struct device_name name;
	if (!read_device(&m) || m.device.foreign || m.device.either || !device_name_of(words, arena, &name))
		return false;
	struct span product = device_product(device_maker(maker, arena), name.model, arena);
	struct span quoted = arena_format(arena, "\"%.*s\"", SPAN_FORMAT(product));
	return span_find(m.device.products, quoted, 0) != SPAN_NOT_FOUND &&
	       device_revision_match(name.revision, m.device.revision) == DEVICE_SAME;
}

static void keep(struct device_row *row, const struct device_row *found)
{
	bool doubtful = row->revision.size > 0 || row->unnamed;
	if (!row->known || (doubtful && found->revision.size == 0 && !found->unnamed))
		*row = *found;
}

/* One row of `affected`: all its ranges; what speaks of another revision says nothing. */
static void add_ranges(struct device_matcher *m, struct device_rows *rows, const struct query *query)
{
	struct span revision = query_text(query, 3);
	enum device_match same = device_revision_match(revision, m->device.revision);
	struct span list = arena_copy(m->arena, query_text(query, 2));
	struct device_row row = { .known = true, .source = (enum store_source)query_integer(query, 1) };
	if (same == DEVICE_OTHER)
		return;
	if (same == DEVICE_UNKNOWN)
		row.revision = arena_copy(m->arena, revision);
	while (range_next(&list, &row.range)) {
		struct device_row *kinds[] = { [DEVICE_OPEN] = &rows->open, [DEVICE_IN] = &rows->in, [DEVICE_BEFORE] = &rows->before,
					       [DEVICE_AFTER] = &rows->after, [DEVICE_UNLISTED] = &rows->unlisted };
		enum device_place place = device_place(&row.range, m->device.plain_version);
		row.unnamed = revision.size == 0 && m->device.revision.size > 0 &&
			      !(place == DEVICE_IN && device_version_is_older_build(m->device.plain_version, row.range.end));
		if (row.source == SOURCE_LISTED)
			keep(&rows->listed, &row);
		else if (!row.range.unaffected)
			keep(kinds[place], &row);
		else if (place == DEVICE_IN)
			keep(&rows->after, &row);
	}
}

static struct span range_words(const struct device_row *row, struct arena *arena)
{
	const char *title = store_source_title(row->source);
	const struct range *range = &row->range;
	if (range->single)
		return arena_format(arena, "%s lists firmware %.*s", title, SPAN_FORMAT(range->start));
	if (range->start.size == 0 && range->end.size == 0)
		return arena_format(arena, "%s names this device, and no versions of its firmware", title);
	return arena_format(arena, "%s names firmware %.*s", title, SPAN_FORMAT(claim_range_words(range, arena)));
}

/* Why it cannot be told from the row; in order, the first doubt is the question. */
static void doubt(struct device_matcher *m, const struct device_row *row, struct decision *decision)
{
	const struct device *device = &m->device;
	struct span model = device->model, reason = decision->reason;
	if (device->foreign)
		decision_review(decision, arena_format(m->arena, "%.*s; the image runs %.*s", SPAN_FORMAT(reason),
						       SPAN_FORMAT(device->system)),
				arena_format(m->arena, "does %.*s have the fault, too?", SPAN_FORMAT(device->system)));
	else if (device->either)
		decision_review(decision, arena_format(m->arena, "%.*s; the image is for one of several models (%.*s)",
						       SPAN_FORMAT(reason), SPAN_FORMAT(model)),
				SPAN_LITERAL("which of the models is the device?"));
	else if (row->revision.size > 0)
		decision_review(decision, arena_format(m->arena, "%.*s, of hardware revision %.*s", SPAN_FORMAT(reason),
						       SPAN_FORMAT(row->revision)),
				arena_format(m->arena, "is the hardware of revision %.*s?", SPAN_FORMAT(row->revision)));
	else if (row->unnamed)
		decision_review(decision, arena_format(m->arena, "%.*s; it names no revision of the hardware", SPAN_FORMAT(reason)),
				arena_format(m->arena, "does it concern hardware revision %.*s?", SPAN_FORMAT(device->revision)));
}

static struct decision decision_of(struct device_matcher *m, const struct device_row *row, const char *status)
{
	struct decision decision = { .status = status, .source = row->source, .reason = range_words(row, m->arena) };
	const struct range *range = &row->range;
	if (!range->unaffected && range->end_excluded)
		decision.fixed = range->end;
	if (m->device.plain_version.size > 0)
		decision.reason = arena_format(m->arena, "%.*s; this is %.*s", SPAN_FORMAT(decision.reason),
					       SPAN_FORMAT(m->device.version));
	decision_premise(&decision, "device", arena_format(m->arena, "%.*s %.*s %.*s", SPAN_FORMAT(m->device.vendor),
							   SPAN_FORMAT(m->device.model), SPAN_FORMAT(m->device.hardware)));
	decision_premise(&decision, "range", decision.reason);
	return decision;
}

static struct decision decide_open(struct device_matcher *m, const struct device_row *row)
{
	struct decision decision = decision_of(m, row, "under review");
	struct span version = m->device.version;
	bool bounded = row->range.start.size > 0 || row->range.end.size > 0;
	struct span question = m->device.plain_version.size == 0
		? SPAN_LITERAL("which version of its maker's firmware is this?")
		: arena_format(m->arena, bounded ? "is firmware %.*s one of these?" : "does firmware %.*s have the fault?",
			       SPAN_FORMAT(version));
	decision_review(&decision, decision.reason, question);
	doubt(m, row, &decision);
	return decision;
}

static struct decision decide_listed(struct device_matcher *m, const struct device_row *row)
{
	struct decision decision = decision_of(m, row, "under review");
	decision_review(&decision, SPAN_LITERAL("this product is on the list of exploited ones"),
			m->device.version.size > 0
				? arena_format(m->arena, "does firmware %.*s have the fault?", SPAN_FORMAT(m->device.version))
				: SPAN_LITERAL("which version of its maker's firmware is this?"));
	doubt(m, row, &decision);
	return decision;
}

/* A version outside of all ranges. */
static struct decision decide_outside(struct device_matcher *m, const struct device_rows *rows)
{
	const struct device_row *row = rows->after.known ? &rows->after : &rows->before;
	bool mended = rows->after.known && row->range.end_excluded && !row->range.unaffected;
	struct decision decision = decision_of(m, row, mended ? "fixed" : "not affected");
	if (!mended)
		decision.justification = "vulnerable_code_not_present";
	doubt(m, row, &decision);
	if (decision_is(&decision, "under review"))
		decision.justification = NULL;
	return decision;
}

/* A NULL status where all rows are about other hardware. */
static struct decision decide_device(struct device_matcher *m, const struct device_rows *rows)
{
	if (rows->in.known) {
		struct decision decision = decision_of(m, &rows->in, "affected");
		doubt(m, &rows->in, &decision);
		const struct device_row *against = &rows->after;
		if (against->known && against->source != rows->in.source && decision_is(&decision, "affected"))
			decision_review(&decision, arena_format(m->arena, "%.*s; against it, %.*s", SPAN_FORMAT(decision.reason),
								SPAN_FORMAT(range_words(against, m->arena))),
					SPAN_LITERAL("which of the sources is right?"));
		return decision;
	}
	if (rows->open.known || rows->unlisted.known)
		if (!rows->after.known)
			return decide_open(m, rows->open.known ? &rows->open : &rows->unlisted);
	if (rows->after.known || rows->before.known)
		return decide_outside(m, rows);
	return rows->listed.known ? decide_listed(m, &rows->listed) : (struct decision){ 0 };
}

static enum outcome settle_device(struct device_matcher *m, const struct device_rows *rows)
{
	struct device *device = &m->device;
	struct decision decision = decide_device(m, rows);
	if (!decision.status)
		return DONE;
	const struct component_row component = {
		.name = device->model, .version = device->version, .type = "firmware", .confidence = 80,
	};
	if (device->component == 0)
		TRY(component_row_add(m->evidence, &component, &device->component));
	return row_write(&m->writer, device->component, rows->vulnerability, &decision);
}

static enum outcome match_rows(struct device_matcher *m, sqlite3 *store)
{
	struct device_rows rows = { 0 };
	enum outcome outcome = DONE;
	struct query query = query_start(store,
		"SELECT vulnerability, source, ranges, release FROM affected JOIN product p ON p.id = product"
		" WHERE p.name IN (SELECT value FROM json_each(?1)) ORDER BY vulnerability, source, release,"
		" (SELECT f.name FROM feed f WHERE f.id = affected.feed), entry, p.name");
	query_bind_text(&query, 1, m->device.products);
	while (outcome == DONE && query_next(&query)) {
		int64_t next = query_integer(&query, 0);
		if (next != rows.vulnerability) {
			outcome = settle_device(m, &rows);
			rows = (struct device_rows){ .vulnerability = next };
		}
		add_ranges(m, &rows, &query);
	}
	if (outcome == DONE)
		outcome = settle_device(m, &rows);
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

static enum outcome match_device(struct device_matcher *m, sqlite3 *store)
{
	if (!read_device(m))
		return DONE;
	row_writer_init(&m->writer, m->evidence, store);
	enum outcome outcome = match_rows(m, store);
	enum outcome ended = row_writer_end(&m->writer);
	return outcome == DONE ? ended : outcome;
}

enum outcome device_match(sqlite3 *evidence, sqlite3 *store)
{
	struct arena arena;
	struct device_matcher m = { .evidence = evidence, .arena = &arena };
	arena_init(&arena, MEMORY_MAX);
	enum outcome outcome = match_device(&m, store);
	arena_done(&arena);
	return outcome;
}
