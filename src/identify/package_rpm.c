/*
 * RPM packages: the database rpmdb.sqlite (table Packages, one header blob a row),
 * the database of slots Packages.db ("ndb", rpm's lib/backend/ndb: header blobs behind
 * 'BlbS'), and the header of an .rpm file (lead, signature, header).
 */
#include "base/cursor.h"
#include "evidence/query.h"
#include "identify/package.h"
#include "identify/rpm_header.h"

enum { LEAD_SIZE = 96, PACKAGES_MAX = 20000, SLOT_HEADER = 16, BLOB_UNIT = 16 };

#define LEAD_MAGIC SPAN_LITERAL("\xed\xab\xee\xdb")
#define HEADER_MAGIC SPAN_LITERAL("\x8e\xad\xe8\x01")
#define SQLITE_MAGIC SPAN_LITERAL("SQLite format 3")
#define NDB_MAGIC SPAN_LITERAL("RpmP")
#define NDB_BLOB SPAN_LITERAL("BlbS")

static bool is_sqlite(const struct inspection *file)
{
	return span_equal_text(file->name, "rpmdb.sqlite") && span_starts(file->bytes, SQLITE_MAGIC);
}

static bool is_ndb(const struct inspection *file)
{
	return span_equal_text(file->name, "Packages.db") && span_starts(file->bytes, NDB_MAGIC);
}

/* What was written last and is not in the database yet; empty after an orderly end. */
static bool is_journal(const struct inspection *file)
{
	return span_equal_text(file->name, "rpmdb.sqlite-wal") && file->bytes.size > 0;
}

static bool is_package(const struct inspection *file)
{
	return span_starts(file->bytes, LEAD_MAGIC);
}

static bool wants(const struct inspection *file)
{
	return is_sqlite(file) || is_journal(file) || is_ndb(file) || is_package(file);
}

static void state_header(struct inspection *file, struct span header)
{
	struct package_record record;
	uint64_t size;
	if (rpm_header_read(header, file->scratch, &record, &size))
		package_state(file, &record);
	else
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, "packages-rpm.bad-header", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "a record is no RPM header");
}

static void read_rows(struct inspection *file, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT blob FROM Packages ORDER BY hnum");
	for (size_t i = 0; query_next(&query); i++) {
		if (i >= PACKAGES_MAX) {
			facts_drop(file->facts, EVIDENCE_PACKAGE);
			continue;
		}
		int size = sqlite3_column_bytes(query.statement, 0);
		const void *blob = sqlite3_column_blob(query.statement, 0);
		if (blob && size > 0)
			state_header(file, span_of(blob, (size_t)size));
	}
	if (query_end(&query) != DONE)
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, "packages-rpm.damaged", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "the RPM database cannot be read to its end");
}

/*
 * A database in memory has no journal beside it, so SQLite refuses one that was left in
 * write-ahead mode. Its header says so in two bytes, for writing and for reading (SQLite,
 * "Database File Format", 1.3); as a rollback one it reads the same pages.
 */
static void leave_write_ahead_mode(unsigned char *bytes, size_t size)
{
	enum { VERSIONS_AT = 18, ROLLBACK = 1, WRITE_AHEAD = 2 };
	struct span versions = span_slice(span_of(bytes, size), VERSIONS_AT, 2);
	if (versions.size == 2 && span_byte(versions, 0) == WRITE_AHEAD && span_byte(versions, 1) == WRITE_AHEAD)
		memset(bytes + VERSIONS_AT, ROLLBACK, 2);
}

/* SQLite wants bytes of its own, even where it may not write to them. */
static void inspect_sqlite(struct inspection *file)
{
	sqlite3 *database = NULL;
	size_t size = file->bytes.size;
	unsigned char *bytes = ARENA_NEW(file->scratch, unsigned char, size);
	if (!bytes || sqlite3_open(":memory:", &database) != SQLITE_OK) {
		query_close(database);
		return;
	}
	memcpy(bytes, file->bytes.data, size);
	leave_write_ahead_mode(bytes, size);
	if (sqlite3_deserialize(database, "main", bytes, (sqlite3_int64)size, (sqlite3_int64)size,
				SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
		read_rows(file, database);
	query_close(database);
}

/* Slots from the first page on: 'Slot', package, block, blocks; a blob has its own header of 16 bytes. */
static void inspect_ndb(struct inspection *file)
{
	struct cursor cursor = cursor_over(file->bytes);
	cursor_skip(&cursor, 12);
	uint64_t pages = cursor_u32le(&cursor);
	uint64_t slots = pages * 4096 / SLOT_HEADER;
	cursor_seek(&cursor, 32);
	for (uint64_t i = 2; i < slots && cursor_ok(&cursor); i++) {
		struct span magic = cursor_take(&cursor, 4);
		uint32_t package = cursor_u32le(&cursor);
		uint64_t block = cursor_u32le(&cursor), blocks = cursor_u32le(&cursor);
		if (!cursor_ok(&cursor) || !span_equal(magic, SPAN_LITERAL("Slot")) || package == 0)
			continue;
		struct span blob = span_slice(file->bytes, block * BLOB_UNIT, blocks * BLOB_UNIT);
		if (span_starts(blob, NDB_BLOB))
			state_header(file, span_from(blob, 16));
	}
}

static void inspect_package(struct inspection *file)
{
	struct span signature = span_from(file->bytes, LEAD_SIZE);
	uint64_t size = span_starts(signature, HEADER_MAGIC) ? rpm_header_size(span_from(signature, 8)) : 0;
	uint64_t padded = (8 + size + 7) / 8 * 8;
	struct span header = span_from(signature, padded);
	if (size > 0 && span_starts(header, HEADER_MAGIC))
		state_header(file, span_from(header, 8));
	else
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, "packages-rpm.bad-package", LEAD_SIZE, 1,
				 "the headers of the RPM package are damaged");
}

static void inspect(struct inspection *file)
{
	if (is_sqlite(file))
		inspect_sqlite(file);
	else if (is_journal(file))
		notes_incomplete(file->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "packages-rpm.journal", 0,
				 file->bytes.size, "the packages that were recorded last stand in this journal, "
				 "which is not read");
	else if (is_ndb(file))
		inspect_ndb(file);
	else
		inspect_package(file);
}

const struct inspector inspector_packages_rpm = {
	.name = "packages-rpm",
	.wants = wants,
	.inspect = inspect,
};
