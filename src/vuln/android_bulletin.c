#include "vuln/android_bulletin.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "inspect/lines.h"

enum { LEVEL_SIZE = 10 };

bool android_level_valid(struct span text)
{
	bool valid = text.size == LEVEL_SIZE;
	for (size_t i = 0; i < text.size; i++)
		valid = valid && (i == 4 || i == 7 ? span_byte(text, i) == '-' : is_digit(span_byte(text, i)));
	return valid;
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
		if (contains_caseless(section, makers[i][0]) || contains_caseless(component, makers[i][0]))
			return makers[i][1];
	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (contains_caseless(section, below[i]) || contains_caseless(component, below[i]))
			return ANDROID_KERNEL;
	/* Since July 2016 a month has two levels: the platform's on its first day, and drivers' and the kernel's on its fifth. */
	bool second = span_compare(level, SPAN_LITERAL("2016-07")) > 0 && !span_ends_text(level, "-01");
	return second ? ANDROID_KERNEL : ANDROID_PLATFORM;
}

struct span android_chip_maker(struct span name)
{
	struct span rest = embedded("vulnerabilities/chips.tsv"), line;
	while (lookup_next(&rest, &line)) {
		struct span chip = lookup_field(&line);
		if (equal_span_caseless(span_slice(name, 0, chip.size), chip))
			return line;
	}
	return SPAN_NONE;
}
