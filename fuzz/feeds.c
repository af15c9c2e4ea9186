/* Fuzzes the feeds of vulnerability data. The input is the document's file name, a line end, and the document. */
#include "target.h"
#include "vuln/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size), name = SPAN_NONE;
	struct arena arena;
	struct notes notes;
	struct builder *builder;
	(void)span_next_line(&bytes, &name);
	arena_init(&arena, 64 << 20);
	notes_init(&notes, &arena);
	if (builder_new(":memory:", &notes, &builder) == DONE) {
		(void)!feed_document(builder, name, bytes);
		(void)!builder_finish(builder);
	}
	arena_done(&arena);
	return 0;
}
