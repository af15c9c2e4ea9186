/*
 * Options by the messages of code that is compiled only with them. Absence proves
 * nothing (messages may be compiled out), so only 'y' is ever stated.
 */
#include "inspect/kernel_options.h"

#include "inspect/command_line.h"

static const struct {
	const char *text;
	const char *option;
} proofs[] = {
	{ "This sysrq operation is disabled.", "CONFIG_MAGIC_SYSRQ" },
	{ "\nSeccomp:\t", "CONFIG_SECCOMP" },
	{ "tried to access /dev/mem between", "CONFIG_STRICT_DEVMEM" },
	{ "module verification failed: signature and/or", "CONFIG_MODULE_SIG" },
	{ "KGDB: Registered I/O driver", "CONFIG_KGDB" },
	{ "Bad or missing usercopy whitelist", "CONFIG_HARDENED_USERCOPY" },
	{ "SELinux:  Initializing.", "CONFIG_SECURITY_SELINUX" },
	{ "AppArmor: AppArmor initialized", "CONFIG_SECURITY_APPARMOR" },
	{ "Smack:  Initializing.", "CONFIG_SECURITY_SMACK" },
	{ "Yama: becoming mindful.", "CONFIG_SECURITY_YAMA" },
	{ "Kernel is locked down from %s", "CONFIG_SECURITY_LOCKDOWN_LSM" },
	{ "No TPM chip found, activating TPM-bypass!", "CONFIG_IMA" },
	{ "KASLR disabled due to lack of seed", "CONFIG_RANDOMIZE_BASE" },
};

static const struct {
	const char *word;
	const char *option;
} magic_words[] = {
	{ "SMP", "CONFIG_SMP" },
	{ "preempt", "CONFIG_PREEMPT" },
	{ "mod_unload", "CONFIG_MODULE_UNLOAD" },
	{ "modversions", "CONFIG_MODVERSIONS" },
};

void kernel_options_state(struct inspection *file, const char *name, struct span value)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_OPTION);
	fact_text(file->facts, fact, KERNEL_OPTION_NAME, span_of_text(name));
	fact_text(file->facts, fact, KERNEL_OPTION_VALUE, value);
}

static void state_set(struct inspection *file, const char *name)
{
	kernel_options_state(file, name, SPAN_LITERAL("y"));
}

/* What a kernel asks of its modules: release, then words for the options that change the module interface. */
static struct span find_vermagic(struct span bytes, struct span release)
{
	size_t at = 0;
	while ((at = span_find_text(bytes, "mod_unload ", at)) != SPAN_NOT_FOUND) {
		struct span run = printable_run(bytes, at);
		for (size_t i = span_find(run, release, 0); i != SPAN_NOT_FOUND; i = span_find(run, release, i + 1))
			if (span_byte(run, i + release.size) == ' ')
				return span_from(run, i);
		at = (size_t)(run.data - bytes.data) + run.size;
	}
	return SPAN_NONE;
}

/* The option was renamed in 4.18. */
static const char *stack_protector_name(struct span version)
{
	struct span rest = version, major, minor;
	uint64_t high = 0, low = 0;
	if (span_next_field(&rest, '.', &major) && span_next_field(&rest, '.', &minor)) {
		(void)span_to_number(major, 1000, &high);
		(void)span_to_number(minor, 1000, &low);
	}
	return high > 4 || (high == 4 && low >= 18) ? "CONFIG_STACKPROTECTOR" : "CONFIG_CC_STACKPROTECTOR";
}

/* The default initramfs has three entries. */
bool kernel_options_holds_programs(struct span bytes)
{
	enum { DEFAULT_ENTRIES = 8 };
	size_t entries = 0, at = 0;
	while (entries <= DEFAULT_ENTRIES && (at = span_find_text(bytes, "070701000", at)) != SPAN_NOT_FOUND) {
		entries++;
		at++;
	}
	return entries > DEFAULT_ENTRIES;
}

void kernel_options_infer(struct inspection *file, const struct kernel_banner *banner)
{
	if (kernel_options_holds_programs(file->bytes))
		return;
	struct span vermagic = find_vermagic(file->bytes, banner->release);
	if (vermagic.size > 0)
		state_set(file, "CONFIG_MODULES");
	for (size_t i = 0; i < sizeof magic_words / sizeof *magic_words; i++)
		if (span_has_word(vermagic, span_of_text(magic_words[i].word)))
			state_set(file, magic_words[i].option);
	if (!span_has_word(vermagic, SPAN_LITERAL("SMP")) && span_has_word(banner->build, SPAN_LITERAL("SMP")))
		state_set(file, "CONFIG_SMP");
	if (!span_has_word(vermagic, SPAN_LITERAL("preempt")) && span_has_word(banner->build, SPAN_LITERAL("PREEMPT")))
		state_set(file, "CONFIG_PREEMPT");
	/* The name is exported to modules only where the kernel itself is protected. */
	if (span_find(file->bytes, SPAN_LITERAL("\0__stack_chk_fail\0"), 0) != SPAN_NOT_FOUND)
		state_set(file, stack_protector_name(banner->version));
	for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
		if (span_find_text(file->bytes, proofs[i].text, 0) != SPAN_NOT_FOUND)
			state_set(file, proofs[i].option);
}
