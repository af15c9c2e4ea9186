#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <spawn.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

int harness_failures;
const char *harness_skipped;

void harness_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("# %s:%d: ", file, line);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	harness_failures++;
}

void harness_check_text(const char *file, int line, struct span got, const char *want)
{
	if (!span_equal_text(got, want))
		harness_fail(file, line, "got \"%.*s\", not \"%s\"", SPAN_FORMAT(got), want);
}

const char *harness_corpus(const char *path)
{
	static char found[4][1024];
	static unsigned turn;
	const char *root = getenv("ASSAY_CORPUS");
	char *out = found[turn++ % 4];
	(void)snprintf(out, sizeof found[0], "%s/%s", root ? root : ASSAY_SOURCE_ROOT "/../shared/corpus", path);
	return access(out, R_OK) == 0 ? out : NULL;
}

const char *harness_source(const char *path)
{
	static char found[4][1024];
	static unsigned turn;
	char *out = found[turn++ % 4];
	(void)snprintf(out, sizeof found[0], "%s/%s", ASSAY_SOURCE_ROOT, path);
	return out;
}

const char *harness_scratch(void)
{
	const char *folder = getenv("ASSAY_SCRATCH");
	return folder ? folder : "/tmp";
}

bool harness_shell(const char *format, ...)
{
	extern char **environ;
	char command[8192];
	char shell[] = "sh", option[] = "-c";
	char *const arguments[] = { shell, option, command, NULL };
	va_list values;
	pid_t child;
	int status;
	va_start(values, format);
	int length = vsnprintf(command, sizeof command, format, values);
	va_end(values);
	if (length < 0 || (size_t)length >= sizeof command)
		return false;
	(void)fflush(stdout);
	return posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0 &&
	       waitpid(child, &status, 0) == child && status == 0;
}

int harness_main(int argc, char **argv, const char *names, void (*const *runs)(void), size_t count)
{
	struct span rest = span_of_text(names);
	int failed = 0;
	(void)argv;
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		struct span name;
		(void)span_next_field(&rest, ',', &name);
		name = span_trim(name);
		harness_failures = 0;
		harness_skipped = NULL;
		runs[i]();
		printf("%s %zu - %.*s%s%s\n", harness_failures ? "not ok" : "ok", i + 1, SPAN_FORMAT(name),
		       harness_skipped ? " # SKIP " : "", harness_skipped ? harness_skipped : "");
		failed += harness_failures != 0;
	}
	return failed != 0;
}
