/*
 * Fuzzes what compares two results: the input is two bytes (the lower first), as many bytes of an older image, and
 * the newer one; their differences are then printed as tables.
 */
#include "assay/assay.h"
#include "base/cursor.h"
#include "cli/table.h"
#include "printed.h"
#include "target.h"

static struct assay *assay_of(struct span image)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	options.jobs = 1;
	if (assay_image(image.data ? (const void *)image.data : "", image.size, "fuzzed.bin", &options, &result) != ASSAY_DONE)
		abort();
	return result;
}

static void print_differences(struct assay *result, enum table_format format)
{
	struct printed printed;
	struct assay_rows *rows = NULL;
	if (assay_query(result, "SELECT aspect, sign, words FROM difference ORDER BY rowid", 0, &rows) != ASSAY_DONE)
		abort();
	printed_start(&printed);
	if (table_print(rows, format) != DONE || assay_rows_end(rows) != ASSAY_DONE)
		abort();
	printed_check(&printed, format, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(span_of(data, size));
	uint16_t older = cursor_u16le(&c);
	struct span images = span_from(span_of(data, size), 2);
	struct assay *old = assay_of(span_slice(images, 0, older)), *new = assay_of(span_from(images, older));
	if (assay_compare(new, old) != ASSAY_DONE)
		abort();
	assay_free(old);
	for (enum table_format format = TABLE_TEXT; format <= TABLE_JSON; format++)
		print_differences(new, format);
	assay_free(new);
	return 0;
}
