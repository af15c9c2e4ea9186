/* assay register rematch: what a newer store makes of everything that was ever shipped. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/register.h"
#include "register/rematch.h"

enum { LINES_MAX = 40 };

static int tell(const struct rematch_counts *counts)
{
	if (counts->store == 0) {
		(void)printf("nothing to do: all %zu components are matched with this store\n", counts->of);
		return EXIT_DONE;
	}
	(void)printf("%zu of %zu components matched again, by %zu saved results: %" PRId64 " appeared, %" PRId64 " changed, %" PRId64
		     " became exploited, %" PRId64 " gone\n", counts->components, counts->of, counts->results, counts->appeared,
		     counts->changed, counts->exploited, counts->gone);
	if (counts->lacking > 0)
		return unusable("%zu components could not be matched again: their saved results are gone, or of another version of"
				" assay; 'assay register add' assays their images anew", counts->lacking);
	return counts->appeared + counts->changed + counts->exploited + counts->gone > 0 ? EXIT_GATE : EXIT_DONE;
}

static int match_again(const struct options *options, struct registry *registry, const struct register_store *store,
		       int objects)
{
	struct progress progress;
	struct rematch_counts counts;
	struct assay_options how = ASSAY_OPTIONS_INIT;
	how.jobs = options->jobs;
	how.store = store->view.bytes.data;
	how.store_size = store->view.bytes.size;
	how.store_name = store->path;
	how.seal = store->path ? &store->seal : NULL;
	how.memory_limit = (uint64_t)options->memory_limit << 20;
	const struct rematch_plan plan = { .objects = objects, .options = &how, .force = options->force,
					   .progress = progress_show, .context = &progress };
	progress_init(&progress, options->quiet, options->times);
	enum outcome outcome = rematch(registry, &plan, &counts);
	progress_end(&progress, 0);
	if (outcome != DONE)
		return unusable("%s: %s", store->path ? store->path : "the store that is built in", registry->error);
	if (counts.store != 0)
		register_events_print(registry, counts.store, LINES_MAX);
	return tell(&counts);
}

int register_rematch(const struct options *options)
{
	struct registry registry;
	struct register_store store;
	char folder[REGISTER_PATH_SIZE];
	int status = EXIT_UNUSABLE;
	if (options->operand_count != 1)
		return unusable("usage: assay register rematch [--db FILE]");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	int objects = register_objects(options, folder);
	if (objects >= 0 && register_store_open(options, &store))
		status = match_again(options, &registry, &store, objects);
	if (objects >= 0) {
		register_store_close(&store);
		(void)close(objects);
	}
	registry_close(&registry);
	return status;
}
