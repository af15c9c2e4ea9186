#include "engine/sources.h"

static struct source source_at(const struct assay_input *inputs, size_t index)
{
	struct assay_input input = ASSAY_INPUT_INIT;
	size_t stride = inputs->size;
	memcpy(&input, (const char *)inputs + index * stride, stride < sizeof input ? stride : sizeof input);
	return (struct source){ .name = input.name ? input.name : "", .bytes = span_of(input.bytes, input.length),
				.directory = input.directory };
}

const struct source *sources_taken(struct arena *arena, const struct assay_input *inputs, size_t count)
{
	if (count == 0 || !inputs || inputs->size == 0)
		return NULL;
	struct source *sources = ARENA_NEW(arena, struct source, count);
	for (size_t i = 0; sources && i < count; i++)
		sources[i] = source_at(inputs, i);
	return sources;
}

bool sources_lack_bytes(const struct source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sources[i].directory < 0 && !sources[i].bytes.data && sources[i].bytes.size > 0)
			return true;
	return false;
}
