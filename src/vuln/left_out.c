#include "vuln/left_out.h"

#include "evidence/query.h"

enum outcome left_out_count(const struct store *store, struct left_out out[static LEFT_OUT_REASONS])
{
	static const struct {
		const char *reason, *words;
	} reasons[LEFT_OUT_REASONS] = {
		{ "open", "of which nobody names versions of a product" },
		{ "foreign", "of other systems alone" },
		{ "rejected", "that were rejected" },
		{ "withdrawn", "that have no EPSS score a month after they were published" },
	};
	struct query count = query_start(store_database(store), "SELECT count(*) FROM left_out WHERE reason = ?1");
	for (size_t i = 0; i < LEFT_OUT_REASONS; i++) {
		query_bind_text(&count, 1, span_of_text(reasons[i].reason));
		out[i] = (struct left_out){ .words = reasons[i].words, .count = query_next(&count) ? query_integer(&count, 0) : 0 };
		query_rewind(&count);
	}
	return query_end(&count);
}
