/*
 * Compiles the patterns of all inspectors and recognisers into the one database that
 * the program carries: compile-patterns OUT. Runs on the build machine.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/program.h"

static int fail(const char *what, struct span why)
{
	(void)fprintf(stderr, "compile-patterns: %s: %.*s\n", what, SPAN_FORMAT(why));
	return 1;
}

static int compile(struct program *program, const char *path)
{
	struct pattern_set *set;
	struct span error = SPAN_NONE;
	void *bytes = NULL;
	size_t size = 0;
	if (program_init(program, &error) != DONE)
		return fail("data/components", error);
	if (pattern_set_compile(program->patterns, program->pattern_count, &program->arena, &set, &error) != DONE)
		return fail("pattern", error);
	bool saved = program->pattern_count == 0 || pattern_set_save(set, &bytes, &size) == DONE;
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	bool written = saved && descriptor >= 0 && file_write_all(descriptor, span_of(bytes, size)) &&
		       close(descriptor) == 0;
	free(bytes);
	pattern_set_free(set);
	return written ? 0 : fail("cannot write", span_of_text(path));
}

int main(int argc, char **argv)
{
	struct program program;
	if (argc != 2)
		return fail("usage", SPAN_LITERAL("compile-patterns OUT"));
	int status = compile(&program, argv[1]);
	program_done(&program);
	return status;
}
