/* Fuzzes the whole: an image from its first byte to its reports. */
#include "assay/assay.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	char *text = NULL;
	size_t length;
	options.jobs = 1;
	if (assay_image(data, size, "fuzzed.bin", &options, &result) != ASSAY_DONE)
		abort();
	if (assay_report(result, "json", &text, &length) != ASSAY_DONE)
		abort();
	assay_release(text);
	assay_free(result);
	return 0;
}
