/*
 * Fuzzes what the fetching program reads of servers: whether a file is whole (gzip, zip), the text of a release, a list of
 * digests, and the plan of feeds. The first byte chooses.
 */
#include "base/arena.h"
#include "fetch/plan.h"
#include "fetch/release.h"
#include "fetch/sums.h"
#include "fetch/whole.h"
#include "target.h"

enum { MEMORY = 64 << 20, UNPACKED_MOST = 8 << 20 };

static void look_at_file(struct span bytes, bool gzip)
{
	char words[WHOLE_WORDS_SIZE], digest[WHOLE_HASH_SIZE];
	FILE *file = tmpfile();
	if (!file)
		return;
	if (fwrite(bytes.data, 1, bytes.size, file) == bytes.size)
		(void)!(gzip ? whole_gzip(file, UNPACKED_MOST, digest, words) : whole_zip(file, words));
	(void)fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size), rest = span_from(bytes, 1), error;
	struct arena arena;
	struct release_asset asset;
	struct plan plan;
	const struct sums sums = { .text = rest };
	arena_init(&arena, MEMORY);
	switch (span_byte(bytes, 0)) {
	case 'g':
	case 'z':
		look_at_file(rest, span_byte(bytes, 0) == 'g');
		break;
	case 'r':
		(void)!release_find(rest, "all", "https://", &arena, &asset, &error);
		break;
	case 's':
		(void)sums_find(&sums, "kev", "a.json");
		break;
	default:
		(void)!plan_read(rest, "a,b", 2026, &arena, &plan, &error);
	}
	arena_done(&arena);
	return 0;
}
