/*
 * Runs a fuzz target over files and folders of inputs, without libFuzzer: target
 * [--option=value] PATH… Prints TAP, one case for all. So seeds, and inputs that once
 * failed, are an ordinary test.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <unistd.h>

#include "base/file.h"
#include "target.h"

extern int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { SECONDS_MOST = 60 };
static unsigned replayed, unreadable;

/* A copy of its own size, so that a sanitizer sees every read past the end. */
static int replay(const char *path, const struct stat *status, int type, struct FTW *where)
{
	struct file_view view;
	(void)status;
	(void)where;
	if (type != FTW_F)
		return 0;
	uint8_t *copy = NULL;
	bool opened = file_view_open(path, SIZE_MAX, &view);
	if (opened)
		copy = malloc(view.bytes.size + 1);
	if (!copy) {
		unreadable++;
		return 0;
	}
	if (view.bytes.size > 0)
		memcpy(copy, view.bytes.data, view.bytes.size);
	(void)alarm(SECONDS_MOST);
	(void)LLVMFuzzerTestOneInput(copy, view.bytes.size);
	(void)alarm(0);
	free(copy);
	file_view_close(&view);
	replayed++;
	return 0;
}

int main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	printf("1..1\n");
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "--", 2) != 0 && nftw(argv[i], replay, 8, FTW_PHYS) != 0)
			unreadable++;
	printf("%s 1 - %u inputs\n", unreadable || replayed == 0 ? "not ok" : "ok", replayed);
	return unreadable || replayed == 0;
}
