#include "vuln/kernel_build.h"

#include "evidence/query.h"

static void add_machine(struct kernel_build *build, struct span name, int64_t class)
{
	build->machines[build->machine_count].class = class;
	build->machines[build->machine_count++].name = arena_copy(build->arena, name);
}

static void read_machines(struct kernel_build *build, const char *sql)
{
	struct query query = query_start(build->database, sql);
	bool room = true;
	while (query_next(&query) && (room = build->machine_count < KERNEL_BUILD_MACHINES_MAX))
		add_machine(build, query_text(&query, 0), query_integer(&query, 1));
	if (query_end(&query) != DONE || !room)
		build->machine_count = 0; /* of too many, no machine can be said to be missing */
}

void kernel_machines_read(struct kernel_build *build)
{
	read_machines(build, "SELECT DISTINCT e.machine, e.class FROM elf e JOIN kernel_module m ON m.file = e.file"
			     " ORDER BY 1, 2");
	build->modules = build->machine_count > 0;
	if (!build->modules) /* programs for the makers' own computers, or for another chip, are few */
		read_machines(build, "SELECT DISTINCT name, class FROM machine"
				     " WHERE weight * 10 >= (SELECT max(weight) FROM machine) ORDER BY 1, 2");
	if (build->machine_count == 0)
		read_machines(build, "SELECT DISTINCT machine, class FROM elf ORDER BY 1, 2");
}

/* Programs of the first of each pair run on kernels of the second. */
static bool is_family(struct span machine, struct span wanted)
{
	static const char *const families[][2] = { { "x86", "x86-64" }, { "ARM", "AArch64" },
						   { "PowerPC", "PowerPC64" }, { "SPARC", "SPARC64" } };
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if ((span_equal_text(machine, families[i][0]) || span_equal_text(machine, families[i][1])) &&
		    (span_equal_text(wanted, families[i][0]) || span_equal_text(wanted, families[i][1])))
			return true;
	return span_equal(machine, wanted);
}

/* ARM and AArch64 are two folders of the kernel's source, the others of a family are one. */
static bool is_same_code(struct span machine, struct span wanted)
{
	bool arm = span_equal_text(wanted, "ARM") || span_equal_text(wanted, "AArch64");
	return arm ? span_equal(machine, wanted) : is_family(machine, wanted);
}

/* What one program or module says of one machine. */
static enum kernel_code runs_on(const struct kernel_build *build, size_t i, struct span wanted)
{
	struct span machine = build->machines[i].name;
	if (span_equal_text(wanted, "64-bit")) {
		if (build->machines[i].class == 64)
			return KERNEL_CODE_PRESENT;
		return build->modules ? KERNEL_CODE_ABSENT : KERNEL_CODE_UNKNOWN;
	}
	if (!is_family(machine, wanted))
		return KERNEL_CODE_ABSENT;
	if (build->modules)
		return is_same_code(machine, wanted) ? KERNEL_CODE_PRESENT : KERNEL_CODE_ABSENT;
	if (is_same_code(machine, wanted))
		return KERNEL_CODE_PRESENT;
	/* An AArch64 kernel runs programs for ARM too, and not the other way about. */
	return span_equal_text(wanted, "AArch64") ? KERNEL_CODE_UNKNOWN : KERNEL_CODE_ABSENT;
}

enum kernel_code kernel_build_machine(const struct kernel_build *build, struct span machines)
{
	struct span wanted;
	enum kernel_code best = build->machine_count > 0 ? KERNEL_CODE_ABSENT : KERNEL_CODE_UNKNOWN;
	while (best != KERNEL_CODE_PRESENT && span_next_word(&machines, &wanted))
		for (size_t i = 0; i < build->machine_count; i++) {
			enum kernel_code code = runs_on(build, i, wanted);
			if (code == KERNEL_CODE_PRESENT || (code == KERNEL_CODE_UNKNOWN && best == KERNEL_CODE_ABSENT))
				best = code;
		}
	return best;
}

struct span kernel_build_machine_words(const struct kernel_build *build)
{
	struct span words = SPAN_NONE;
	for (size_t i = 0; i < build->machine_count; i++) {
		struct span name = build->machines[i].name;
		bool again = i > 0 && span_equal(name, build->machines[i - 1].name);
		if (words.size == 0)
			words = name;
		else if (!again)
			words = arena_format(build->arena, "%.*s and %.*s", SPAN_FORMAT(words), SPAN_FORMAT(name));
	}
	return words;
}
