#include "engine/options.h"

#include <string.h>

#include "base/memory.h"

enum { JOBS_MOST = 1024 };
static const uint64_t MEMORY_LEAST = UINT64_C(128) << 20, MEMORY_MOST = UINT64_C(1) << 40;
static const uint64_t MILLISECONDS_MOST = UINT64_C(1000) * 60 * 60 * 24 * 365;

static void settle_text(struct assay_text *text)
{
	if (!text->text)
		text->length = 0;
}

struct assay_options options_taken(const struct assay_options *given)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	size_t size = given ? given->size : 0;
	if (size > 0)
		memcpy(&options, given, size < sizeof options ? size : sizeof options);
	options.size = sizeof options;
	settle_text(&options.product);
	settle_text(&options.kernel_config);
	if (!options.rules)
		options.rule_count = 0;
	if (!options.catalogs)
		options.catalog_count = 0;
	if (!options.vex)
		options.vex_count = 0;
	if (!options.store)
		options.store_size = 0;
	if (options.jobs > JOBS_MOST)
		options.jobs = JOBS_MOST;
	if (options.time_limit_ms > MILLISECONDS_MOST)
		options.time_limit_ms = MILLISECONDS_MOST;
	if (options.memory_limit == 0)
		options.memory_limit = MEMORY_DEFAULT;
	if (options.memory_limit < MEMORY_LEAST)
		options.memory_limit = MEMORY_LEAST;
	if (options.memory_limit > MEMORY_MOST)
		options.memory_limit = MEMORY_MOST;
	return options;
}
