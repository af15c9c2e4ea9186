#include "vuln/android_bulletin.h"

#include "base/embedded.h"
#include "inspect/lines.h"

enum { LEVEL_SIZE = 10 };

bool android_level_valid(struct span text)
{
	bool valid = text.size == LEVEL_SIZE;
	for (size_t i = 0; i < text.size; i++)
		valid = valid && (i == 4 || i == 7 ? span_byte(text, i) == '-' : is_digit(span_byte(text, i)));
	return valid;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Letters of either case; the word is in lower case. */
static bool has(struct span text, const char *word)
{
	struct span needle = span_of_text(word);
	for (size_t at = 0; at + needle.size <= text.size; at++) {
		size_t same = 0;
		while (same < needle.size && lower(span_byte(text, at + same)) == span_byte(needle, same))
			same++;
		if (same == needle.size)
			return true;
	}
	return false;
}

const char *android_owner(struct span section, struct span component, struct span level)
{
	static const char *const makers[][2] = {
		{ "qualcomm", "qualcomm" }, { "adreno", "qualcomm" }, { "mediatek", "mediatek" }, { "nvidia", "nvidia" },
		{ "broadcom", "broadcom" }, { "synaptics", "synaptics" }, { "htc", "htc" }, { "lg components", "lg" },
		{ "motorola", "motorola" }, { "goodix", "goodix" }, { "texas instruments", "texas instruments" },
		{ "unisoc", "unisoc" }, { "imagination", "imagination" }, { "arm components", "arm" },
		{ "realtek", "realtek" }, { "marvell", "marvell" },
	};
	static const char *const below[] = { "kernel", "driver", "bootloader", "subsystem", "file system" };
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (has(section, makers[i][0]) || has(component, makers[i][0]))
			return makers[i][1];
	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (has(section, below[i]) || has(component, below[i]))
			return ANDROID_KERNEL;
	/* Since July 2016 a month has two levels: the platform's on its first day, and drivers' and the kernel's on its fifth. */
	bool second = span_compare(level, SPAN_LITERAL("2016-07")) > 0 && !span_ends_text(level, "-01");
	return second ? ANDROID_KERNEL : ANDROID_PLATFORM;
}

struct span android_chip_maker(struct span name)
{
	struct span rest = embedded("vulnerabilities/chips.tsv"), line, chip;
	while (span_next_line(&rest, &line)) {
		if (span_byte(line, 0) == '#' || !span_next_field(&line, '\t', &chip))
			continue;
		bool begins = name.size >= chip.size;
		for (size_t i = 0; begins && i < chip.size; i++)
			begins = lower(span_byte(name, i)) == span_byte(chip, i);
		if (begins)
			return line;
	}
	return SPAN_NONE;
}
