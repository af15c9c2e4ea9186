/* States facts about Linux kernels: who they are, what their strings prove, their built-in command line. */
#include "inspect/command_line.h"
#include "inspect/kernel_conclude.h"
#include "inspect/kernel_image.h"
#include "inspect/kernel_options.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { PATTERN_BANNER, PATTERN_CONSOLE };
static const struct pattern kernel_patterns[] = {
	[PATTERN_BANNER] = { "Linux version [1-9]\\.\\d", 0 },
	[PATTERN_CONSOLE] = { "console=tty[A-Z]{1,4}\\d", 0 },
};
enum { BANNER_HIT_SIZE = 17 /* "Linux version 4.1" */ };

static void state_kernel(struct inspection *file, const struct kernel_banner *banner)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL);
	fact_text(file->facts, fact, KERNEL_RELEASE, banner->release);
	fact_text(file->facts, fact, KERNEL_VERSION, banner->version);
	fact_text(file->facts, fact, KERNEL_BANNER, banner->text);
	if (banner->compiler.size > 0)
		fact_text(file->facts, fact, KERNEL_COMPILER, banner->compiler);
	if (banner->built.size > 0)
		fact_text(file->facts, fact, KERNEL_BUILT, banner->built);
	fact_word(file->facts, fact, KERNEL_SOURCE, "banner");
}

static bool has_parameter(struct span line, const char *name)
{
	struct span word;
	while (span_next_word(&line, &word))
		if (span_starts_text(word, name))
			return true;
	return false;
}

/* A whole command line, not a message about one: it starts with a parameter and says what to boot. */
static struct span command_line_at(struct span bytes, uint64_t at)
{
	struct span run = span_trim(printable_run(bytes, at));
	bool starts = span_starts_text(run, "console=") || span_starts_text(run, "root=") ||
		      span_starts_text(run, "mem=") || span_starts_text(run, "init=") || span_starts_text(run, "rootfstype=") ||
		      span_starts_text(run, "noinitrd ");
	bool boots = has_parameter(run, "root=") || has_parameter(run, "rootfstype=") || has_parameter(run, "init=");
	bool format = span_find_byte(run, '%', 0) != SPAN_NOT_FOUND;
	return starts && boots && !format ? run : SPAN_NONE;
}

/* Boards keep several command lines in one kernel; only a single one is surely used. */
static void state_command_line(struct inspection *file)
{
	struct span only = SPAN_NONE;
	for (size_t i = 0; i < file->hit_count; i++) {
		if (file->hits[i].pattern != PATTERN_CONSOLE)
			continue;
		struct span line = command_line_at(file->bytes, file->hits[i].end - 1);
		if (line.size == 0 || span_equal(line, only))
			continue;
		if (only.size > 0)
			return;
		only = line;
	}
	command_line_state(file, "kernel", only);
}

/* The area that OpenWrt keeps for a board's own parameters and fills in after linking (its tool patch-cmdline). */
static void state_patched_line(struct inspection *file)
{
	enum { AREA = 512 };
	static const char mark[] = "CMDLINE:";
	size_t at = span_find_text(file->bytes, mark, 0);
	struct span area = at == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(file->bytes, at + sizeof mark - 1, AREA);
	size_t end = span_find_byte(area, 0, 0);
	struct span line = end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(area, 0, end);
	if (line.size > 0 && is_letter(span_byte(line, 0)) && span_find_byte(line, '=', 0) != SPAN_NOT_FOUND)
		command_line_state(file, "kernel", line);
}

static enum kernel_claim claim_of(const struct inspection *file)
{
	return file->entry->type == ENTRY_PART ? kernel_claim_of(file->name) : KERNEL_UNCLAIMED;
}

static void kernel_inspect(struct inspection *file)
{
	enum { KERNELS_MAX = 8 };
	struct kernel_banner banners[KERNELS_MAX];
	size_t count = 0;
	if (!kernel_image_find(file->bytes, claim_of(file), NULL))
		return;
	for (size_t i = 0; i < file->hit_count; i++) {
		const struct pattern_hit *hit = &file->hits[i];
		struct kernel_banner banner;
		if (hit->pattern != PATTERN_BANNER || hit->end < BANNER_HIT_SIZE ||
		    !kernel_banner_read(file->bytes, hit->end - BANNER_HIT_SIZE, &banner))
			continue;
		bool repeated = false;
		for (size_t k = 0; k < count; k++)
			repeated = repeated || span_equal(banner.release, banners[k].release);
		if (repeated)
			continue;
		if (count == KERNELS_MAX) {
			facts_drop(file->facts, EVIDENCE_KERNEL);
			continue;
		}
		banners[count++] = banner;
		state_kernel(file, &banner);
	}
	if (count != 1)
		return;
	state_command_line(file);
	state_patched_line(file);
	if (span_find_text(file->bytes, "IKCFG_ST", 0) == SPAN_NOT_FOUND)
		kernel_options_infer(file, &banners[0]);
}

const struct inspector inspector_kernel = {
	.name = "kernel",
	.patterns = kernel_patterns,
	.pattern_count = sizeof kernel_patterns / sizeof *kernel_patterns,
	.inspect = kernel_inspect,
	.conclude = kernel_conclude,
};
