#include "vuln/kernel_build.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/query.h"
#include "vuln/kernel_traces.h"

enum { ASKED_SLOTS = 1 << 13, NEEDS_DEPTH_MAX = 8, CONTRADICTED_FROM = 3 };

/* Answers by name, in the slot of its hash or one behind it. */
struct kernel_asked {
	struct {
		struct span name;
		struct kernel_answer answer;
	} slots[ASKED_SLOTS];
	size_t count;
};

/* Options that stand for machines, with their names in table `elf` between blanks: without NIOS2, whose name has one in it. */
static const struct {
	const char *option, *machine;
} machine_options[] = {
	{ "ALPHA", "Alpha" },               { "ARC", "ARC" },                   { "ARM", "ARM" },
	{ "ARM64", "AArch64" },             { "AVR32", "AVR32" },               { "BLACKFIN", "Blackfin" },
	{ "C6X", "TMS320C6000" },           { "CRIS", "CRIS" },                 { "CSKY", "C-SKY" },
	{ "FRV", "FR-V" },                  { "H8300", "H8/300 H8/300H" },      { "HEXAGON", "Hexagon" },
	{ "IA64", "IA-64" },                { "LOONGARCH", "LoongArch" },       { "M32R", "M32R" },
	{ "M68K", "m68k" },                 { "MICROBLAZE", "MicroBlaze" },     { "MIPS", "MIPS" },
	{ "MN10300", "MN10300" },           { "NDS32", "NDS32" },               { "OPENRISC", "OpenRISC" },
	{ "PARISC", "PA-RISC" },            { "PPC", "PowerPC" },               { "RISCV", "RISC-V" },
	{ "S390", "S390" },                 { "SCORE", "Score" },               { "SPARC", "SPARC" },
	{ "SUPERH", "SuperH" },             { "TILE", "TILEPro TILE-Gx" },      { "X86", "x86" },
	{ "XTENSA", "Xtensa" },
};

void kernel_build_init(struct kernel_build *build, sqlite3 *evidence, struct kernel_names *names, struct arena *arena)
{
	*build = (struct kernel_build){ .database = evidence, .names = names, .arena = arena };
	build->asked = ARENA_NEW(arena, struct kernel_asked, 1);
	(void)kernel_map_read(&build->map, arena);
	kernel_machines_read(build);
}

/*
 * A configuration that calls options off which the kernel's own names show to be on is another kernel's, whatever it calls
 * itself: it counts for nothing. Real ones contradict none.
 */
static void weigh_settings(struct kernel_build *build)
{
	size_t count = 0;
	struct span words = SPAN_NONE;
	for (size_t i = 0; i < build->signs.count; i++) {
		const struct kernel_sign *sign = &build->signs.all[i];
		struct kernel_said said = kernel_settings_ask(&build->settings, sign->option);
		if (sign->shown.sight != KERNEL_SIGHT_PRESENT || said.on > 0 || said.off == 0)
			continue;
		if (count++ == 0)
			words = arena_format(build->arena, "CONFIG_%.*s is not set, and %.*s is among the %s of Linux %.*s",
					     SPAN_FORMAT(sign->option), SPAN_FORMAT(sign->shown.name), sign->shown.source,
					     SPAN_FORMAT(build->version));
	}
	if (count < CONTRADICTED_FROM)
		return;
	build->settings = (struct kernel_settings){ 0 };
	build->contradicted = arena_format(build->arena, "the configuration is not used: the kernel itself contradicts it in %zu"
					   " options (%.*s)", count, SPAN_FORMAT(words));
}

void kernel_build_turn_to(struct kernel_build *build, int64_t component, struct span version)
{
	if (build->asked)
		*build->asked = (struct kernel_asked){ .count = 0 };
	build->version = version;
	kernel_settings_read(&build->settings, build->database, component, version, build->arena);
	kernel_lists_read(&build->lists, build->database, version, build->arena);
	build->signs = (struct kernel_signs){ 0 };
	if (build->names)
		kernel_signs_read(&build->signs, &build->map, build->names, version, build->arena);
	build->contradicted = SPAN_NONE;
	weigh_settings(build);
}

/* The machine that an option stands for; empty for any other. */
static struct span machine_of(struct span option)
{
	for (size_t i = 0; i < sizeof machine_options / sizeof *machine_options; i++)
		if (span_equal_text(option, machine_options[i].option))
			return span_of_text(machine_options[i].machine);
	return SPAN_NONE;
}

static int64_t count_of(struct kernel_build *build, const char *sql, struct span text)
{
	struct query query = query_start(build->database, sql);
	query_bind_text(&query, 1, text);
	int64_t count = query_next(&query) ? query_integer(&query, 0) : 0;
	return query_end(&query) == DONE ? count : 0;
}

/* Whether data/kernel/lasting.tsv says that of it: "lasting" (its name never changed), "usual" (every build has it). */
static bool is_said(struct span option, const char *what)
{
	struct span said;
	return lookup_line(embedded("kernel/lasting.tsv"), option, &said) && span_find_text(said, what, 0) != SPAN_NOT_FOUND;
}

static struct kernel_answer say(struct kernel_build *build, enum kernel_code code, struct span option, const char *words,
				int64_t file)
{
	return (struct kernel_answer){ .code = code, .option = option, .file = file,
		.words = arena_format(build->arena, "CONFIG_%.*s %s", SPAN_FORMAT(option), words) };
}

/* What the configurations say; true where that decides. */
static bool ask_settings(struct kernel_build *build, struct span option, const struct kernel_option_row *row,
			 struct kernel_answer *out)
{
	const struct kernel_settings *settings = &build->settings;
	struct kernel_said said = kernel_settings_ask(settings, option);
	if (settings->complete ? said.on == settings->files : said.on > 0) {
		*out = (struct kernel_answer){ .code = KERNEL_CODE_PRESENT, .option = option, .file = said.file,
			.words = arena_format(build->arena, "CONFIG_%.*s=%.*s", SPAN_FORMAT(option), SPAN_FORMAT(said.value)) };
		return true;
	}
	if (!settings->complete && said.on == 0 && said.off > 0) {
		*out = say(build, KERNEL_CODE_ABSENT, option, "is not set", said.file);
		return true;
	}
	if (!settings->complete || said.on > 0)
		return said.on > 0;
	if (said.silent == 0 || row->exists || is_said(option, "lasting")) {
		*out = say(build, KERNEL_CODE_ABSENT, option,
			   said.silent == 0 ? "is not set" : "is not among the options of the configuration", said.file);
		return true;
	}
	return false;
}

static int64_t file_of_module(struct kernel_build *build, struct span name)
{
	return count_of(build, "SELECT min(file) FROM kernel_module WHERE replace(name, '-', '_') = ?1", name);
}

/* The modules that an option makes, '=' being the one of its own name, as modules call themselves. */
static struct span module_names(struct kernel_build *build, const struct kernel_option_row *row)
{
	struct span rest = row->modules, word, names = SPAN_NONE;
	while (span_next_word(&rest, &word)) {
		word = span_slice(word, 0, span_find_byte(word, '?', 0));
		if (span_equal_text(word, "="))
			word = arena_small_letters(build->arena, row->name);
		names = arena_format(build->arena, "%.*s%s%.*s", SPAN_FORMAT(names), names.size > 0 ? " " : "", SPAN_FORMAT(word));
	}
	return names;
}

/* What the modules that an option builds show: one of them is there, or whole lists have none that it surely builds. */
static bool ask_modules(struct kernel_build *build, const struct kernel_option_row *row, struct kernel_answer *out)
{
	const struct kernel_lists *lists = &build->lists;
	struct span names = module_names(build, row), rest = row->modules, name;
	bool always = false;
	while (span_next_word(&names, &name)) {
		bool loads = kernel_lists_loads(lists, name), inside = !loads && kernel_lists_builds_in(lists, name);
		if (loads)
			*out = say(build, KERNEL_CODE_PRESENT, row->name, "is shown by its module", file_of_module(build, name));
		if (inside)
			*out = say(build, KERNEL_CODE_PRESENT, row->name, "is shown by the list of what is built in", lists->file);
		if (loads || inside)
			return true;
	}
	while (span_next_word(&rest, &name))
		always = always || !span_ends_text(name, "?");
	if (!lists->whole || !row->tristate || !row->exists || !always)
		return false;
	*out = say(build, KERNEL_CODE_ABSENT, row->name, "has none of its modules in the lists of modules", lists->file);
	return true;
}

/* What the files that are built under an option show. */
static bool ask_signs(struct kernel_build *build, struct span option, struct kernel_answer *out)
{
	const struct kernel_sign *sign = kernel_signs_find(&build->signs, option);
	if (!sign)
		return false;
	bool present = sign->shown.sight == KERNEL_SIGHT_PRESENT;
	*out = (struct kernel_answer){
		.code = present ? KERNEL_CODE_PRESENT : KERNEL_CODE_ABSENT, .option = option, .file = sign->shown.file,
		.seen = true, .offset = sign->shown.offset,
		.words = arena_format(build->arena, "CONFIG_%.*s %s by %.*s (%.*s is %samong its %s)", SPAN_FORMAT(option),
				      present ? "is shown" : "is shown to be off", SPAN_FORMAT(sign->path),
				      SPAN_FORMAT(sign->shown.name), present ? "" : "not ", sign->shown.source),
	};
	return true;
}

/* A file system that the image consists of: "SQUASHFS", "UBIFS_FS". */
static bool shows_volume(struct kernel_build *build, struct span option)
{
	struct span format = span_ends_text(option, "_FS") ? span_slice(option, 0, option.size - 3) : option;
	return count_of(build, "SELECT count(*) FROM volume WHERE format = lower(?1) AND state = 'read'", format) > 0;
}

static struct kernel_answer ask(struct kernel_build *build, struct span option, unsigned depth);

/* Where none of the machines is the kernel's, or one of the options that it needs is off. */
static bool lacks_need(struct kernel_build *build, const struct kernel_option_row *row, unsigned depth,
		       struct kernel_answer *out)
{
	struct span machines = row->machines, needs = row->needs, one;
	bool other = machines.size > 0;
	struct kernel_answer answer = { 0 };
	while (other && span_next_word(&machines, &one)) {
		answer = ask(build, one, depth + 1);
		other = answer.code == KERNEL_CODE_ABSENT;
	}
	while (!other && span_next_word(&needs, &one)) {
		answer = ask(build, one, depth + 1);
		other = answer.code == KERNEL_CODE_ABSENT;
	}
	if (other)
		*out = answer;
	return other;
}

static struct kernel_answer ask_machine(struct kernel_build *build, struct span option, struct span machine)
{
	enum kernel_code code = kernel_build_machine(build, machine);
	return (struct kernel_answer){ .code = code, .option = option,
		.words = arena_format(build->arena, "it is for %.*s, and this is %.*s", SPAN_FORMAT(machine),
				      SPAN_FORMAT(kernel_build_machine_words(build))) };
}

/* True where its code is never part of a module: neither it nor what it needs can be one. */
static bool is_built_in(struct kernel_build *build, const struct kernel_option_row *row, unsigned depth)
{
	struct span needs = row->needs, one;
	bool built_in = row->built_in && depth < NEEDS_DEPTH_MAX;
	while (built_in && span_next_word(&needs, &one)) {
		struct kernel_option_row need;
		built_in = kernel_map_option(&build->map, one, build->version, &need) && is_built_in(build, &need, depth + 1);
	}
	return built_in;
}

/* What the kernel itself shows; true where that decides. */
static bool ask_traces(struct kernel_build *build, const struct kernel_option_row *row, struct kernel_answer *out)
{
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN };
	if (build->names)
		shown = kernel_traces_show(build->names, &(struct kernel_traced){
			.option = row->name, .tristate = row->tristate, .exists = row->exists,
			.lasting = row->exists || is_said(row->name, "lasting"), .built_in = is_built_in(build, row, 0),
			.modules = module_names(build, row) });
	if (shown.sight == KERNEL_SIGHT_UNKNOWN)
		return false;
	bool present = shown.sight == KERNEL_SIGHT_PRESENT;
	*out = (struct kernel_answer){ .code = present ? KERNEL_CODE_PRESENT : KERNEL_CODE_ABSENT, .option = row->name,
		.file = shown.file, .seen = true, .offset = shown.offset,
		.words = arena_format(build->arena, present ? "CONFIG_%.*s is on, for %.*s is among its %s"
							    : "CONFIG_%.*s is off, for none of %.*s is among its %s",
				      SPAN_FORMAT(row->name), SPAN_FORMAT(shown.name), shown.source) };
	return true;
}

static struct kernel_answer look_up(struct kernel_build *build, struct span option, unsigned depth)
{
	struct kernel_option_row row;
	struct kernel_answer answer = { .option = option };
	struct span machine = machine_of(option);
	if (machine.size > 0 && build->machine_count > 0)
		answer = ask_machine(build, option, machine);
	if (answer.code != KERNEL_CODE_UNKNOWN)
		return answer;
	bool known = kernel_map_option(&build->map, option, build->version, &row);
	struct kernel_answer traced = { 0 };
	if (ask_settings(build, option, &row, &answer))
		return answer;
	if (ask_signs(build, option, &answer)) /* where traces say otherwise, nothing is known */
		return ask_traces(build, &row, &traced) && traced.code != answer.code
			? (struct kernel_answer){ .option = option } : answer;
	if (known && depth < NEEDS_DEPTH_MAX && lacks_need(build, &row, depth, &answer))
		return answer;
	if (known && ask_modules(build, &row, &answer))
		return answer;
	if (ask_traces(build, &row, &answer))
		return answer;
	if (!build->settings.complete && shows_volume(build, option))
		return say(build, KERNEL_CODE_PRESENT, option, "is shown by a file system of the image", 0);
	if (!build->settings.complete && is_said(option, "usual"))
		return say(build, KERNEL_CODE_PRESENT, option, "is part of every usual kernel", 0);
	return answer;
}

static size_t slot_of(const struct kernel_asked *asked, struct span name)
{
	uint32_t hash = 2166136261U;
	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ span_byte(name, i)) * 16777619U;
	size_t slot = hash % ASKED_SLOTS;
	while (asked->slots[slot].name.size > 0 && !span_equal(asked->slots[slot].name, name))
		slot = (slot + 1) % ASKED_SLOTS;
	return slot;
}

static struct kernel_answer ask(struct kernel_build *build, struct span option, unsigned depth)
{
	struct kernel_asked *asked = build->asked;
	if (!asked)
		return look_up(build, option, NEEDS_DEPTH_MAX);
	size_t slot = slot_of(asked, option);
	if (asked->slots[slot].name.size > 0)
		return asked->slots[slot].answer;
	struct span name = arena_copy(build->arena, option);
	struct kernel_answer answer = look_up(build, name, depth);
	slot = slot_of(asked, option); /* others may have been asked in between */
	if (name.size > 0 && asked->slots[slot].name.size == 0 && asked->count < ASKED_SLOTS / 2) {
		asked->slots[slot].name = name;
		asked->slots[slot].answer = answer;
		asked->count++;
	}
	return answer;
}

static struct kernel_answer ask_word(struct kernel_build *build, struct span word)
{
	if (span_equal_text(word, "-"))
		return (struct kernel_answer){ .code = KERNEL_CODE_PRESENT };
	if (span_equal_text(word, "?"))
		return (struct kernel_answer){ .code = KERNEL_CODE_UNKNOWN };
	if (span_byte(word, 0) != '!')
		return ask(build, word, 0);
	struct kernel_answer answer = ask(build, span_from(word, 1), 0);
	if (answer.code != KERNEL_CODE_UNKNOWN)
		answer.code = answer.code == KERNEL_CODE_PRESENT ? KERNEL_CODE_ABSENT : KERNEL_CODE_PRESENT;
	return answer;
}

/* Both must hold: an answer that decides against it, else one that leaves it open, and of those one that names an option. */
static struct kernel_answer both(struct kernel_answer a, struct kernel_answer b)
{
	if (a.code == KERNEL_CODE_ABSENT || b.code == KERNEL_CODE_ABSENT)
		return a.code == KERNEL_CODE_ABSENT ? a : b;
	if (a.code == KERNEL_CODE_UNKNOWN && b.code == KERNEL_CODE_UNKNOWN)
		return a.option.size > 0 ? a : b;
	if (a.code == KERNEL_CODE_UNKNOWN || b.code == KERNEL_CODE_UNKNOWN)
		return a.code == KERNEL_CODE_UNKNOWN ? a : b;
	return a.option.size > 0 ? a : b;
}

static struct kernel_answer either(struct kernel_answer a, struct kernel_answer b)
{
	if (a.code == KERNEL_CODE_PRESENT || b.code == KERNEL_CODE_PRESENT)
		return a.code == KERNEL_CODE_PRESENT ? a : b;
	if (a.code == KERNEL_CODE_ABSENT && b.code == KERNEL_CODE_ABSENT) /* an option says more than one of several machines */
		return a.option.size == 0 || machine_of(a.option).size > 0 ? b : a;
	return a.code == KERNEL_CODE_UNKNOWN ? a : b;
}

/* "A&B|C" */
static struct kernel_answer ask_alternatives(struct kernel_build *build, struct span condition)
{
	struct kernel_answer answer = { .code = KERNEL_CODE_ABSENT };
	struct span term, word;
	while (span_next_field(&condition, '|', &term)) {
		struct kernel_answer all = { .code = KERNEL_CODE_PRESENT };
		while (span_next_field(&term, '&', &word))
			all = both(all, ask_word(build, word));
		answer = either(answer, all);
	}
	return answer;
}

struct kernel_answer kernel_build_condition(struct kernel_build *build, const struct kernel_condition *condition)
{
	struct kernel_answer answer = { .code = KERNEL_CODE_PRESENT };
	for (size_t i = 0; i < condition->count; i++) {
		const struct kernel_level *level = &condition->levels[i];
		struct kernel_answer one = ask_alternatives(build, level->condition);
		if (!span_equal(level->condition, level->other)) {
			struct kernel_answer other = ask_alternatives(build, level->other);
			if (other.code != one.code)
				one = (struct kernel_answer){ .code = KERNEL_CODE_UNKNOWN, .option = one.option };
		}
		answer = both(answer, one);
	}
	return answer;
}

struct kernel_answer kernel_build_any(struct kernel_build *build, struct span options)
{
	struct kernel_answer answer = { .code = KERNEL_CODE_ABSENT };
	struct span option;
	while (span_next_word(&options, &option))
		answer = either(answer, ask(build, option, 0));
	return answer;
}
