/* assay db update: fetches the feeds of their publishers, and builds a store of them. */
#include "cli/db.h"

int db_update(const struct options *options)
{
	(void)options;
	return unusable("this build fetches nothing; fetch feeds by other means, and use 'assay db build --from'");
}
