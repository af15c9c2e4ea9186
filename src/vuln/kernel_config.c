#include "vuln/kernel_config.h"

#include "evidence/query.h"

/* A configuration that was extracted whole has thousands of lines; options guessed from strings are few. */
enum { COMPLETE_FROM = 400 };

void kernel_config_init(struct kernel_config *config, sqlite3 *evidence)
{
	*config = (struct kernel_config){ .database = evidence };
	struct query query = query_start(evidence, "SELECT min(n) FROM (SELECT count(*) AS n FROM kernel_option"
						   " GROUP BY file)");
	config->complete = query_next(&query) && query_integer(&query, 0) >= COMPLETE_FROM;
	if (query_end(&query) != DONE)
		config->complete = false;
}

/* Off where no configuration has it as anything but 'n': one that does not name it cannot build it. */
static bool is_off(struct kernel_config *config, struct span option, struct arena *arena)
{
	for (size_t i = 0; i < config->count; i++)
		if (span_equal(config->asked[i].name, option))
			return config->asked[i].off;
	struct query query = query_start(config->database, "SELECT count(*) FROM kernel_option"
							   " WHERE name = 'CONFIG_' || ?1 AND value <> 'n'");
	query_bind_text(&query, 1, option);
	bool off = query_next(&query) && query_integer(&query, 0) == 0;
	off = query_end(&query) == DONE && off;
	struct span name = arena_copy(arena, option);
	if (config->count < KERNEL_CONFIG_OPTIONS_MAX && name.data) {
		config->asked[config->count].name = name;
		config->asked[config->count++].off = off;
	}
	return off;
}

bool kernel_config_leaves_out(struct kernel_config *config, struct span options, struct arena *arena)
{
	struct span option;
	if (!config->complete || options.size == 0)
		return false;
	while (span_next_field(&options, ' ', &option))
		if (!is_off(config, option, arena))
			return false;
	return true;
}
