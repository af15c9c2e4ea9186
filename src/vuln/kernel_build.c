#include "vuln/kernel_build.h"

#include "evidence/query.h"

/* A configuration that was extracted whole has thousands of lines; options guessed from strings are few. */
enum { COMPLETE_FROM = 400 };

/* Options that stand for a machine, with its name in table `elf`. */
static const struct {
	const char *option, *machine;
} machine_options[] = {
	{ "ALPHA", "Alpha" },       { "ARC", "ARC" },           { "ARM", "ARM" },     { "ARM64", "AArch64" },
	{ "CSKY", "C-SKY" },        { "HEXAGON", "Hexagon" },   { "IA64", "IA-64" },  { "LOONGARCH", "LoongArch" },
	{ "M68K", "m68k" },         { "MIPS", "MIPS" },         { "OPENRISC", "OpenRISC" }, { "PARISC", "PA-RISC" },
	{ "PPC", "PowerPC" },       { "RISCV", "RISC-V" },      { "S390", "S390" },   { "SPARC", "SPARC" },
	{ "X86", "x86" },           { "XTENSA", "Xtensa" },
};

/* Modules whose name is not the option's in small letters. */
static const struct {
	const char *option, *module;
} module_options[] = {
	{ "AF_RXRPC", "rxrpc" },     { "BT", "bluetooth" },        { "CEPH_LIB", "libceph" },
	{ "DRM_AMDGPU", "amdgpu" },  { "DRM_I915", "i915" },       { "DRM_NOUVEAU", "nouveau" },
	{ "DRM_RADEON", "radeon" },  { "DRM_VMWGFX", "vmwgfx" },   { "DRM_XE", "xe" },
	{ "IIO", "industrialio" },   { "INFINIBAND", "ib_core" },  { "IP_DCCP", "dccp" },
	{ "IP_SCTP", "sctp" },       { "MD", "dm_mod" },           { "NETFILTER", "x_tables" },
	{ "SMB_SERVER", "ksmbd" },   { "SOUND", "soundcore" },     { "USB_GADGET", "udc_core" },
	{ "USB_VIDEO_CLASS", "uvcvideo" }, { "VSOCKETS", "vsock" },
};

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

void kernel_build_init(struct kernel_build *build, sqlite3 *evidence, struct arena *arena)
{
	*build = (struct kernel_build){ .database = evidence, .arena = arena };
	struct query query = query_start(evidence, "SELECT min(n) FROM (SELECT count(*) AS n FROM kernel_option"
						   " GROUP BY file)");
	build->complete = query_next(&query) && query_integer(&query, 0) >= COMPLETE_FROM;
	if (query_end(&query) != DONE)
		build->complete = false;
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

/* "BTRFS_FS" is module btrfs, and file system btrfs. */
static struct span module_of(struct span option)
{
	for (size_t i = 0; i < sizeof module_options / sizeof *module_options; i++)
		if (span_equal_text(option, module_options[i].option))
			return span_of_text(module_options[i].module);
	if (span_ends_text(option, "_FS"))
		option = span_slice(option, 0, option.size - 3);
	return option;
}

static int64_t count_of(struct kernel_build *build, const char *sql, struct span text)
{
	struct query query = query_start(build->database, sql);
	query_bind_text(&query, 1, text);
	int64_t count = query_next(&query) ? query_integer(&query, 0) : 0;
	return query_end(&query) == DONE ? count : 0;
}

/* The machine that an option stands for; empty for any other. */
static struct span machine_of(struct span option)
{
	for (size_t i = 0; i < sizeof machine_options / sizeof *machine_options; i++)
		if (span_equal_text(option, machine_options[i].option))
			return span_of_text(machine_options[i].machine);
	return SPAN_NONE;
}

bool kernel_build_is_machine(struct span options)
{
	struct span option;
	while (span_next_word(&options, &option))
		if (machine_of(option).size == 0)
			return false;
	return true;
}

static enum kernel_code look_up(struct kernel_build *build, struct span option)
{
	struct span machine = machine_of(option);
	if (machine.size > 0 && build->machine_count > 0)
		return kernel_build_machine(build, machine);
	if (count_of(build, "SELECT count(*) FROM kernel_option WHERE name = 'CONFIG_' || ?1 AND value <> 'n'", option) > 0)
		return KERNEL_CODE_PRESENT;
	if (build->complete) /* one that does not name it cannot build it */
		return KERNEL_CODE_ABSENT;
	int64_t seen = count_of(build, "SELECT (SELECT count(*) FROM kernel_module WHERE replace(name, '-', '_') = lower(?1))"
				       " + (SELECT count(*) FROM volume WHERE format = lower(?1) AND state = 'read')",
				module_of(option));
	return seen > 0 ? KERNEL_CODE_PRESENT : KERNEL_CODE_UNKNOWN;
}

static enum kernel_code ask(struct kernel_build *build, struct span option)
{
	for (size_t i = 0; i < build->count; i++)
		if (span_equal(build->asked[i].name, option))
			return build->asked[i].code;
	enum kernel_code code = look_up(build, option);
	struct span name = arena_copy(build->arena, option);
	if (build->count < KERNEL_BUILD_OPTIONS_MAX && name.data) {
		build->asked[build->count].name = name;
		build->asked[build->count++].code = code;
	}
	return code;
}

enum kernel_code kernel_build_code(struct kernel_build *build, struct span options)
{
	struct span option;
	enum kernel_code best = options.size > 0 ? KERNEL_CODE_ABSENT : KERNEL_CODE_PRESENT;
	while (span_next_word(&options, &option)) {
		enum kernel_code code = ask(build, option);
		if (code == KERNEL_CODE_PRESENT || (code == KERNEL_CODE_UNKNOWN && best == KERNEL_CODE_ABSENT))
			best = code;
	}
	return best;
}
