#define _POSIX_C_SOURCE 200809L
#include "vuln/seal.h"

#include "base/embedded.h"
#include "base/file.h"
#include "stored.h"

#define FILLED \
	"INSERT INTO meta VALUES ('format', '" STORE_FORMAT "'), ('date', '2026-01-02'), ('vulnerabilities', '7');" \
	"INSERT INTO feed VALUES (1, 'nvd', '2026-01-02', 7);"
#define SOURCE(name, date, records) \
	"{\"name\":\"" name "\",\"date\":\"" date "\",\"records\":" records ",\"read\":8,\"built_in\":false,\"files\":[\"a.json\"]," \
	"\"left_out\":[{\"count\":1,\"why\":\"x\"}]}"
#define MANIFEST(sources) \
	"{\"store_format\":\"2\",\"made_by\":\"assay\",\"date\":\"2026-01-02\",\"vulnerabilities\":7,\"rows\":0,\"base\":null," \
	"\"sources\":[" sources "],\"inputs\":[],\"further_inputs\":null}"
#define TRUE_MANIFEST MANIFEST(SOURCE("nvd", "2026-01-02", "7"))

static struct buffer made; /* the file that a test works on */

/* A store with a seal of that manifest, signed where there is a key. */
static bool make(const char *more, const char *manifest, struct span key)
{
	sqlite3 *database = NULL;
	sqlite3_int64 size = 0;
	struct buffer seal, signed_seal;
	struct seal cut;
	buffer_done(&made);
	buffer_init(&made, 1 << 24, NULL);
	buffer_init(&seal, 1 << 23, NULL);
	buffer_init(&signed_seal, 1 << 23, NULL);
	bool done = sqlite3_open(":memory:", &database) == SQLITE_OK &&
		    query_run(database, (const char *)embedded("store.sql").data) == DONE && query_run(database, FILLED) == DONE &&
		    query_run(database, more) == DONE;
	unsigned char *bytes = done ? sqlite3_serialize(database, "main", &size, 0) : NULL;
	struct span tables = span_of(bytes, (size_t)size);
	done = bytes && seal_write(&seal, tables, span_of_text(manifest)) == DONE && buffer_append(&made, tables) == DONE &&
	       buffer_append(&made, buffer_span(&seal)) == DONE;
	if (done && key.size > 0) {
		done = seal_split(buffer_span(&made), &cut) == DONE && seal_sign(&signed_seal, &cut, key) == DONE;
		made.size = tables.size;
		done = done && buffer_append(&made, buffer_span(&signed_seal)) == DONE;
	}
	sqlite3_free(bytes);
	(void)sqlite3_close(database);
	buffer_done(&seal);
	buffer_done(&signed_seal);
	return done;
}

static enum outcome opened(void)
{
	struct store *store = NULL;
	enum outcome outcome = store_open_memory(buffer_span(&made), "made", &store);
	store_close(outcome == DONE ? store : NULL);
	return outcome;
}

static struct seal_verdict judged(const struct signature_key *key, size_t count)
{
	struct seal seal;
	CHECK_EQUAL(seal_split(buffer_span(&made), &seal), DONE);
	return seal_judge(&seal, key, count);
}

struct pair {
	struct buffer secret, open;
	struct signature_key key;
};

static struct pair new_pair(void)
{
	struct pair pair;
	buffer_init(&pair.secret, 4096, NULL);
	buffer_init(&pair.open, 4096, NULL);
	CHECK_EQUAL(signature_make_keys(&pair.secret, &pair.open), DONE);
	CHECK_EQUAL(signature_read_key(buffer_span(&pair.open), &pair.key), DONE);
	return pair;
}

static void drop(struct pair *pair)
{
	buffer_done(&pair->secret);
	buffer_done(&pair->open);
}

TEST(tells_who_vouches)
{
	struct pair pair = new_pair(), other = new_pair();
	char name[SIGNATURE_NAME_SIZE];
	REQUIRE(make("", TRUE_MANIFEST, SPAN_NONE));
	CHECK_EQUAL(opened(), DONE);
	CHECK_EQUAL(judged(&pair.key, 1).state, SEAL_UNSIGNED);
	REQUIRE(make("", TRUE_MANIFEST, buffer_span(&pair.secret)));
	CHECK_EQUAL(opened(), DONE);
	CHECK_EQUAL(judged(&pair.key, 1).state, SEAL_TRUSTED);
	CHECK_EQUAL(judged(&other.key, 1).state, SEAL_OTHER_KEY);
	CHECK_EQUAL(judged(NULL, 0).state, SEAL_OTHER_KEY);
	signature_name(&pair.key, name);
	CHECK(strcmp(judged(&pair.key, 1).signer, name) == 0);
	drop(&pair);
	drop(&other);
}

/* Of every byte of a signed file one bit is turned: none of what comes of it is trusted. */
TEST(trusts_no_file_that_was_changed)
{
	struct pair pair = new_pair();
	struct seal seal;
	REQUIRE(make("", TRUE_MANIFEST, buffer_span(&pair.secret)));
	struct seal_verdict good = judged(&pair.key, 1);
	CHECK_EQUAL(seal_split(buffer_span(&made), &seal), DONE);
	size_t tables = seal.database.size;
	for (size_t i = 0; i < made.size; i += i < tables - 64 ? 61 : 1) {
		made.data[i] ^= (uint8_t)(1 << i % 8);
		if (seal_split(buffer_span(&made), &seal) == DONE)
			CHECK(seal_judge(&seal, &pair.key, 1).state != SEAL_TRUSTED);
		made.data[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(memcmp(judged(&pair.key, 1).digest, good.digest, sizeof good.digest) == 0);
	for (size_t size = 0; size < made.size; size += size < tables - 64 ? 509 : 1)
		if (seal_split(span_slice(buffer_span(&made), 0, size), &seal) == DONE)
			CHECK(seal_judge(&seal, &pair.key, 1).state != SEAL_TRUSTED);
	drop(&pair);
}

TEST(tells_tables_of_another_store)
{
	struct pair pair = new_pair();
	struct seal first, second;
	struct buffer swapped;
	buffer_init(&swapped, 1 << 24, NULL);
	REQUIRE(make("", TRUE_MANIFEST, buffer_span(&pair.secret)));
	CHECK_EQUAL(buffer_append(&swapped, buffer_span(&made)), DONE);
	CHECK_EQUAL(seal_split(buffer_span(&swapped), &first), DONE);
	REQUIRE(make("INSERT INTO product VALUES (1, 'a:b')", TRUE_MANIFEST, SPAN_NONE));
	CHECK_EQUAL(seal_split(buffer_span(&made), &second), DONE);
	made.size = second.database.size;
	CHECK_EQUAL(buffer_append(&made, span_from(buffer_span(&swapped), first.database.size)), DONE);
	CHECK_EQUAL(judged(&pair.key, 1).state, SEAL_CHANGED);
	made.size = second.database.size;
	CHECK_EQUAL(judged(&pair.key, 1).state, SEAL_UNSIGNED);
	CHECK_EQUAL(buffer_append(&made, SPAN_LITERAL("more")), DONE);
	CHECK_EQUAL(judged(&pair.key, 1).state, SEAL_CHANGED);
	buffer_done(&swapped);
	drop(&pair);
}

TEST(refuses_forged_manifests)
{
	static const char *const forged[] = {
		"", "[]", "{}", "{", "null", MANIFEST(""), MANIFEST("1"), MANIFEST("{\"name\":\"nvd\"}"),
		MANIFEST(SOURCE("kev", "2026-01-02", "7")),
		MANIFEST(SOURCE("nvd", "2027-01-02", "7")),
		MANIFEST(SOURCE("nvd", "2026-01-02", "8")),
		MANIFEST(SOURCE("nvd", "2026-01-02", "\"7\"")),
		MANIFEST(SOURCE("nvd", "2026-01-02", "-7")),
		MANIFEST(SOURCE("nvd", "2026-01-02", "7") "," SOURCE("kev", "2026-01-02", "1")),
		MANIFEST(SOURCE("nvd", "2026-01-02", "7") "," SOURCE("nvd", "2026-01-02", "7")),
	};
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		REQUIRE(make("", forged[i], SPAN_NONE));
		CHECK_EQUAL(opened(), MALFORMED);
	}
	REQUIRE(make("", TRUE_MANIFEST, SPAN_NONE));
	CHECK_EQUAL(opened(), DONE);
}

TEST(refuses_seals_of_another_form)
{
#define DIGEST "0000000000000000000000000000000000000000000000000000000000000000"
#define SEALED(size, rest) "ASSAY STORE SEAL 1\nstore " size " " DIGEST "\nmanifest " rest
	static const char *const behind[] = {
		"ASSAY STORE SEAL 1\n", "ASSAY STORE SEAL 1\nstore 1 x\n", SEALED("99999999999999999999", "0\n\n"),
		SEALED("1", "18446744073709551615\n\n"), SEALED("1", "5\n{}\n"), SEALED("1", "2\n{}\nmore"),
		SEALED("1", "2\n{}\nsignature ed25519 A B\n"),
	};
	struct seal seal;
	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
		REQUIRE(make("", TRUE_MANIFEST, SPAN_NONE));
		CHECK_EQUAL(seal_split(buffer_span(&made), &seal), DONE);
		made.size = seal.database.size;
		CHECK_EQUAL(buffer_append(&made, span_of_text(behind[i])), DONE);
		CHECK_EQUAL(seal_split(buffer_span(&made), &seal), MALFORMED);
		CHECK_EQUAL(opened(), MALFORMED);
	}
}

TEST(keeps_one_signature_of_a_key_and_so_many_in_all)
{
	struct seal seal;
	struct buffer next;
	struct pair first = new_pair();
	REQUIRE(make("", TRUE_MANIFEST, buffer_span(&first.secret)));
	for (int i = 0; i < SEAL_SIGNATURES_MAX + 2; i++) {
		struct pair pair = new_pair();
		buffer_init(&next, 1 << 20, NULL);
		CHECK_EQUAL(seal_split(buffer_span(&made), &seal), DONE);
		CHECK_EQUAL(seal_sign(&next, &seal, i % 2 ? buffer_span(&pair.secret) : buffer_span(&first.secret)), DONE);
		made.size = seal.database.size;
		CHECK_EQUAL(buffer_append(&made, buffer_span(&next)), DONE);
		CHECK_EQUAL(judged(i % 2 ? &pair.key : &first.key, 1).state, SEAL_TRUSTED);
		buffer_done(&next);
		drop(&pair);
	}
	for (int i = 0; i < SEAL_SIGNATURES_MAX; i++) {
		CHECK_EQUAL(seal_split(buffer_span(&made), &seal), DONE);
		size_t lines = 0;
		for (size_t k = 0; k < seal.signatures.size; k++)
			lines += span_byte(seal.signatures, k) == '\n';
		if (lines == SEAL_SIGNATURES_MAX)
			break;
		struct pair pair = new_pair();
		buffer_init(&next, 1 << 20, NULL);
		CHECK_EQUAL(seal_sign(&next, &seal, buffer_span(&pair.secret)), DONE);
		made.size = seal.database.size;
		CHECK_EQUAL(buffer_append(&made, buffer_span(&next)), DONE);
		buffer_done(&next);
		drop(&pair);
	}
	CHECK_EQUAL(judged(NULL, 0).state, SEAL_OTHER_KEY);
	struct span last = SPAN_NONE, rest = seal.signatures, line;
	while (span_next_line(&rest, &line))
		last = line;
	struct buffer more;
	buffer_init(&more, 1 << 20, NULL);
	CHECK(buffer_append(&more, buffer_span(&made)) == DONE && buffer_append(&more, last) == DONE &&
	      buffer_append(&more, SPAN_LITERAL("\n")) == DONE);
	CHECK_EQUAL(seal_split(buffer_span(&more), &seal), MALFORMED);
	buffer_done(&more);
	drop(&first);
}

TEST(bounds_the_manifest)
{
	struct buffer text, out;
	buffer_init(&text, 1 << 24, NULL);
	buffer_init(&out, 1 << 24, NULL);
	CHECK_EQUAL(buffer_append_zeros(&text, SEAL_MANIFEST_MAX), DONE);
	CHECK_EQUAL(seal_write(&out, SPAN_LITERAL("x"), buffer_span(&text)), DONE);
	CHECK_EQUAL(buffer_append_zeros(&text, 1), DONE);
	CHECK_EQUAL(seal_write(&out, SPAN_LITERAL("x"), buffer_span(&text)), OVER_BUDGET);
	buffer_done(&text);
	buffer_done(&out);
}

TEST(refuses_days_and_names_that_are_none)
{
	REQUIRE(make("UPDATE feed SET date = 'today'", MANIFEST(SOURCE("nvd", "today", "7")), SPAN_NONE));
	CHECK_EQUAL(opened(), MALFORMED);
	REQUIRE(make("UPDATE feed SET name = 'a b'", MANIFEST(SOURCE("a b", "2026-01-02", "7")), SPAN_NONE));
	CHECK_EQUAL(opened(), MALFORMED);
	REQUIRE(make("UPDATE meta SET value = '2026' WHERE name = 'date'", TRUE_MANIFEST, SPAN_NONE));
	CHECK_EQUAL(opened(), MALFORMED);
}

TESTS(tells_who_vouches, trusts_no_file_that_was_changed, tells_tables_of_another_store, refuses_forged_manifests,
      refuses_seals_of_another_form, keeps_one_signature_of_a_key_and_so_many_in_all, bounds_the_manifest,
      refuses_days_and_names_that_are_none)
