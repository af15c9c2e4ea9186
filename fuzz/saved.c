/* Fuzzes what reads SQLite databases of others: saved evidence (every report is made of it), and vulnerability stores. */
#include "assay/assay.h"
#include "target.h"

static const char *const reports[] = { "json", "html", "cyclonedx", "sarif", "terminal" };
static struct assay_text image;
static int as_store;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *what = target_argument(*argc, *argv, "--database=");
	if (!what || (strcmp(what, "evidence") != 0 && strcmp(what, "store") != 0))
		target_refuse("name a database: --database=evidence or --database=store");
	as_store = strcmp(what, "store") == 0;
	/* A file that is a component with vulnerabilities. */
	image = (struct assay_text){ .name = "file", .text = "BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)" };
	image.length = strlen(image.text);
	return 0;
}

static void try_evidence(const void *bytes, size_t size)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	for (int judged = 0; judged < 2; judged++) {
		struct assay *result = NULL;
		if (assay_saved(bytes, size, judged ? &options : NULL, &result) == ASSAY_DONE) {
			for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
				char *text = NULL;
				size_t length;
				(void)assay_report(result, reports[i], &text, &length);
				assay_release(text);
			}
		}
		assay_free(result);
	}
}

static void try_store(const void *bytes, size_t size)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	options.jobs = 1;
	options.store = bytes;
	options.store_size = size;
	options.store_name = "fuzzed.db";
	(void)assay_image(image.text, image.length, image.name, &options, &result);
	assay_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && as_store)
		try_store(data, size);
	else if (size > 0)
		try_evidence(data, size);
	return 0;
}
