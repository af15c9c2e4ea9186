#include "engine/program.h"

#include "identify/identify.h"

enum { ARENA_CEILING = 64 * 1024 * 1024 };

static size_t count_inspectors(const struct inspector *const *list)
{
	size_t count = 0;
	while (list[count])
		count++;
	return count;
}

static void seat(struct program *program, const struct inspector *inspector)
{
	program->seats[program->seat_count++] =
		(struct seat){ .inspector = inspector, .first_pattern = (uint32_t)program->pattern_count };
	program->pattern_count += inspector->pattern_count;
}

/* Lays the patterns of all inspectors end to end; a hit's number then says whose it is. */
static enum outcome gather_patterns(struct program *program)
{
	struct pattern *all = ARENA_NEW(&program->arena, struct pattern, program->pattern_count);
	if (!all)
		return NO_MEMORY;
	for (size_t i = 0; i < program->seat_count; i++) {
		const struct seat *one = &program->seats[i];
		if (one->inspector->pattern_count > 0)
			memcpy(all + one->first_pattern, one->inspector->patterns,
			       one->inspector->pattern_count * sizeof *all);
	}
	program->patterns = all;
	return DONE;
}

static enum outcome load(struct program *program, struct span *error)
{
	const struct inspector *const *identifiers;
	TRY(recognisers_load(&program->arena, &program->recognisers, error));
	TRY(identify_inspectors_make(&program->arena, &program->recognisers, &identifiers));
	TRY(path_roles_load(&program->arena, &program->roles));
	TRY(scan_index_new(&program->magics));
	size_t count = count_inspectors(inspectors) + count_inspectors(identifiers);
	program->seats = ARENA_NEW(&program->arena, struct seat, count);
	if (!program->seats)
		return NO_MEMORY;
	for (const struct inspector *const *one = inspectors; *one; one++)
		seat(program, *one);
	for (const struct inspector *const *one = identifiers; *one; one++)
		seat(program, *one);
	return gather_patterns(program);
}

enum outcome program_init(struct program *program, struct span *error)
{
	*program = (struct program){ 0 };
	*error = SPAN_NONE;
	arena_init(&program->arena, ARENA_CEILING);
	return load(program, error);
}

enum outcome program_load_patterns(struct program *program, struct span saved)
{
	return pattern_set_load(saved, program->patterns, program->pattern_count, &program->set);
}

void program_done(struct program *program)
{
	pattern_set_free(program->set);
	scan_index_free(program->magics);
	arena_done(&program->arena);
}
