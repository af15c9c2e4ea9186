/*
 * Fuzzes a root file system in a folder: the input is a list of files, each a path, a
 * line end, two bytes of size (the lower first) and as many bytes; then all its reports.
 */
#define _GNU_SOURCE /* mkdtemp, nftw, O_DIRECTORY */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assay/assay.h"
#include "base/cursor.h"
#include "target.h"

enum { FILES_MOST = 64, PATH_MOST = 200 };

/* Makes the folders of a path; the path never leaves the folder that it is below. */
static int open_below(int folder, char *path)
{
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdirat(folder, path, 0700);
		*slash = '/';
	}
	return openat(folder, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
}

/* A relative path of plain words; "" where nothing is left of it. */
static void clean(struct span name, char out[static PATH_MOST + 1])
{
	struct span part;
	size_t length = 0;
	name = span_slice(span_until_nul(name), 0, PATH_MOST / 2);
	while (span_next_field(&name, '/', &part)) {
		if (part.size == 0 || span_equal_text(part, ".") || span_equal_text(part, ".."))
			continue;
		length += (size_t)snprintf(out + length, PATH_MOST + 1 - length, "%s%.*s", length ? "/" : "", SPAN_FORMAT(part));
	}
	out[length] = '\0';
}

static void write_files(int folder, struct span input)
{
	struct span name;
	for (int i = 0; i < FILES_MOST && span_next_line(&input, &name); i++) {
		char path[PATH_MOST + 1];
		struct cursor c = cursor_over(input);
		uint16_t size = cursor_u16le(&c);
		struct span content = span_slice(span_from(input, 2), 0, size);
		input = span_from(input, 2 + (uint64_t)content.size);
		clean(name, path);
		int file = *path ? open_below(folder, path) : -1;
		if (file < 0)
			continue;
		(void)!write(file, content.data, content.size);
		(void)close(file);
	}
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	(void)remove(path);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const reports[] = { "json", "html", "cyclonedx", "sarif", "terminal" };
	char path[] = "/tmp/assay-fuzz-XXXXXX";
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	options.jobs = 1;
	if (!mkdtemp(path))
		abort();
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	write_files(folder, span_of(data, size));
	if (assay_directory(folder, "root", &options, &result) != ASSAY_DONE)
		abort();
	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		char *text = NULL;
		size_t length;
		if (assay_report(result, reports[i], &text, &length) != ASSAY_DONE)
			abort();
		assay_release(text);
	}
	assay_free(result);
	(void)close(folder);
	(void)nftw(path, take_away, 8, FTW_PHYS | FTW_DEPTH);
	return 0;
}
