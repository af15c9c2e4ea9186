/*
 * Assays damaged copies of images, each in a process of its own with limits on time of the processor
 * and memory: hostile [--first N] [--copies N] [--seconds N] [--jobs N] [--whole 1] FILE…
 * (--whole assays the image itself first).
 * Prints TAP, one case a file. Built with sanitizers it also finds what does not
 * crash by itself: reads past the end, undefined behaviour, leaks.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "assay/assay.h"
#include "base/file.h"
#include "damage.h"

#if defined(__SANITIZE_ADDRESS__)
#define CHECKS_LEAKS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHECKS_LEAKS
#endif
#endif
#ifdef CHECKS_LEAKS
int __lsan_do_recoverable_leak_check(void);
#endif

struct plan {
	unsigned long first, copies, seconds, jobs, whole;
};

/* Memory that one assay may hold at its peak, sanitizers aside. */
enum { MEBIBYTES_MOST = 1024 };

enum { SOUND = 0, REFUSED = 90, LEAKED = 91, NO_REPORT = 92 };

static int assay_copy(struct span image, unsigned long number, unsigned jobs)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	char *text = NULL;
	size_t size, length;
	uint8_t *copy = damage_copy(image, number, &size);
	options.jobs = jobs;
	int status = assay_image(copy, size, "damaged.bin", &options, &result) == ASSAY_DONE ? SOUND : REFUSED;
	if (status == SOUND && assay_report(result, "json", &text, &length) != ASSAY_DONE)
		status = NO_REPORT;
	if (status != SOUND)
		(void)fprintf(stderr, "# %s\n", assay_error(result));
	assay_release(text);
	assay_free(result);
	free(copy);
#ifdef CHECKS_LEAKS
	if (__lsan_do_recoverable_leak_check())
		status = LEAKED;
#endif
	return status;
}

/* Of the processor, for a loaded machine takes long for everything; by the clock only what would never end. */
static void limit_time(unsigned long seconds)
{
	const struct rlimit limit = { seconds, seconds + 1 };
	(void)setrlimit(RLIMIT_CPU, &limit);
	(void)alarm((unsigned)seconds * 10);
}

/* What went wrong with a copy; NULL where nothing did. */
static const char *try_copy(struct span image, unsigned long number, const struct plan *plan)
{
	struct rusage usage;
	int status;
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		limit_time(plan->seconds);
		_exit(assay_copy(image, number, (unsigned)plan->jobs));
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return "could not be tried";
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU ? "took too long" : strsignal(WTERMSIG(status));
#ifndef CHECKS_LEAKS
	if (usage.ru_maxrss / 1024 > MEBIBYTES_MOST)
		return "took too much memory";
#endif
	switch (WEXITSTATUS(status)) {
	case SOUND:
		return NULL;
	case REFUSED:
		return "was refused";
	case LEAKED:
		return "left memory behind";
	case NO_REPORT:
		return "could not be reported";
	default:
		return "ended badly";
	}
}

static unsigned try_file(const char *path, const struct plan *plan)
{
	struct file_view view;
	unsigned failed = 0;
	if (!file_view_open(path, SIZE_MAX, &view)) {
		printf("# cannot read %s\n", path);
		return 1;
	}
	const char *whole = plan->whole ? try_copy(view.bytes, DAMAGE_NONE, plan) : NULL;
	if (whole) {
		printf("# %s %s\n", path, whole);
		failed++;
	}
	for (unsigned long i = plan->first; i < plan->first + plan->copies; i++) {
		const char *why = try_copy(view.bytes, i, plan);
		if (why) {
			printf("# copy %lu of %s %s\n", i, path, why);
			failed++;
		}
	}
	file_view_close(&view);
	return failed;
}

static int read_options(int argc, char **argv, struct plan *plan)
{
	int at = 1;
	for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
		unsigned long value = strtoul(argv[at + 1], NULL, 10);
		switch (argv[at][2]) {
		case 'f':
			plan->first = value;
			break;
		case 'c':
			plan->copies = value;
			break;
		case 's':
			plan->seconds = value;
			break;
		case 'w':
			plan->whole = value;
			break;
		default:
			plan->jobs = value;
		}
	}
	return at;
}

int main(int argc, char **argv)
{
	struct plan plan = { .copies = 8, .seconds = 30, .jobs = 2 };
	unsigned failures = 0;
	int first = read_options(argc, argv, &plan);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", argc - first);
	for (int i = first; i < argc; i++) {
		unsigned failed = try_file(argv[i], &plan);
		printf("%s %d - damaged copies of %s\n", failed ? "not ok" : "ok", i - first + 1,
		       strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i]);
		failures += failed;
	}
	return failures != 0;
}
