/* Which version of which product a file is: by a pattern of paths, or by what the image says of itself. */
#ifndef ASSAY_REGISTER_NAMING_H
#define ASSAY_REGISTER_NAMING_H

#include "assay/assay.h"
#include "base/arena.h"
#include "base/outcome.h"

struct naming {
	struct span product, version; /* in the arena */
};

/*
 * By a pattern such as "{product}/{version}/{any}.bin", '/' as in paths: {product} and {version} take what stands
 * there, * and {any} whatever it is; none crosses a '/'. NOT_THIS where the path is no such one: the file is left
 * out.
 */
enum outcome naming_by_path(struct span pattern, struct span path, struct arena *arena, struct naming *out) MUST_CHECK;
/* Whether it names product and version, each once. error says what it lacks. */
bool naming_is_pattern(struct span pattern, const char **error);
/*
 * By maker, model and version of a result; where it lacks one, the folder that the file is in and the file's own
 * name stand for product and version. result is NULL where there is none.
 */
enum outcome naming_by_result(struct assay *result, struct span path, struct arena *arena, struct naming *out) MUST_CHECK;

#endif
