/* The vulnerability store that commands over a register match with: --db, else the usual one, else the built-in one. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/register.h"
#include "cli/store_path.h"

static const size_t STORE_CEILING = (size_t)1 << 40;

bool register_store_open(const struct options *options, struct register_store *store)
{
	const char *asked = store_path_asked(options);
	*store = (struct register_store){ .seal = ASSAY_SEAL_INIT };
	if (!asked && access(store_path_usual(), R_OK) != 0)
		return true;
	store->path = asked ? asked : store_path_usual();
	if (!file_view_open(store->path, STORE_CEILING, &store->view))
		return !unusable("cannot read %s: %s", store->path, strerror(errno));
	return trust_open(&store->trust, options) &&
	       trust_check(&store->trust, store->path, store->view.bytes, &store->seal);
}

void register_store_close(struct register_store *store)
{
	trust_close(&store->trust);
	file_view_close(&store->view);
}
