/* Fuzzes the whole: an image from its first byte to its reports. */
#include "assay/assay.h"
#include "target.h"

static const char *const reports[] = { "json", "html", "cyclonedx", "sarif", "terminal" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	options.jobs = 1;
	if (assay_image(data, size, "fuzzed.bin", &options, &result) != ASSAY_DONE)
		abort();
	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		char *text = NULL;
		size_t length;
		if (assay_report(result, reports[i], &text, &length) != ASSAY_DONE)
			abort();
		assay_release(text);
	}
	assay_free(result);
	return 0;
}
