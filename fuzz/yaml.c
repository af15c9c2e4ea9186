/* Fuzzes the texts that a user writes: declarations, house rules, catalogues. The first byte chooses. */
#include "judge/catalog.h"
#include "judge/judge.h"
#include "judge/product.h"
#include "target.h"

enum { CEILING = 256 << 20 };

static void try_rules(struct arena *arena, struct judge_source source)
{
	struct rules rules;
	struct span error;
	if (rules_load(&source, 1, arena, &rules, &error) == DONE && rules_find(&rules, SPAN_LITERAL("none")) != SIZE_MAX)
		abort();
}

static void try_catalog(struct arena *arena, struct judge_source source)
{
	struct rules rules;
	struct catalogs catalogs;
	struct span error;
	if (rules_load(NULL, 0, arena, &rules, &error) == DONE &&
	    catalogs_load(&source, 1, &rules, arena, &catalogs, &error) == DONE && catalogs.count == 0)
		abort();
}

/* Declarations are judged too: they are what a verdict is taken from. */
static void try_product(struct arena *arena, struct span text)
{
	struct evidence *evidence;
	struct span error;
	if (evidence_new(&evidence) != DONE)
		return;
	struct judge_options options = { 0 };
	if (product_read(evidence, SPAN_LITERAL("product.yaml"), text, arena, &error) == DONE &&
	    judge(evidence, &options, arena, &error) == MALFORMED)
		abort();
	evidence_free(evidence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size);
	struct judge_source source = { .name = SPAN_LITERAL("fuzzed.yaml"), .text = span_from(bytes, 1) };
	struct arena arena;
	arena_init(&arena, CEILING);
	switch (span_byte(bytes, 0) % 3) {
	case 0:
		try_product(&arena, source.text);
		break;
	case 1:
		try_rules(&arena, source);
		break;
	default:
		try_catalog(&arena, source);
	}
	arena_done(&arena);
	return 0;
}
