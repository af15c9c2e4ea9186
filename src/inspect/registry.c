/* Every inspector. A new one is one file in this folder and one line here, sorted by name. */
#include "inspect/registry.h"

bool inspection_capture(struct inspection *file, const struct pattern_hit *hit, struct pattern_match *out)
{
	struct pattern_hit in_set = { hit->pattern + file->first_pattern, hit->start, hit->end };
	return pattern_capture(file->scanner, file->bytes, &in_set, out);
}

bool inspection_is_live_text(const struct inspection *file)
{
	return kind_is_text(file->kind) && file->role.size == 0;
}

bool inspection_is_live_lines(const struct inspection *file)
{
	return kind_may_be_lines(file->kind) && file->role.size == 0;
}

int64_t inspection_line(struct line_counter *counter, struct span text, uint64_t offset)
{
	struct span before = span_slice(text, 0, offset);
	bool goes_on = counter && counter->line > 0 && counter->text == text.data && counter->offset <= before.size;
	int64_t line = goes_on ? counter->line : 1;
	for (size_t at = span_find_byte(before, '\n', goes_on ? counter->offset : 0); at != SPAN_NOT_FOUND;
	     at = span_find_byte(before, '\n', at + 1))
		line++;
	if (counter)
		*counter = (struct line_counter){ .text = text.data, .offset = before.size, .line = line };
	return line;
}

const struct inspector *const inspectors[] = {
	&inspector_accounts,
	&inspector_accounts_web,
	&inspector_applets,
	&inspector_boot,
	&inspector_boot_configuration,
	&inspector_certificates,
	&inspector_consoles,
	&inspector_device_tree,
	&inspector_elf,
	&inspector_endpoints,
	&inspector_firewall,
	&inspector_flat_program,
	&inspector_foreign_commands,
	&inspector_kernel,
	&inspector_kernel_config,
	&inspector_kernel_module,
	&inspector_kernel_names,
	&inspector_keys,
	&inspector_mounts,
	&inspector_programs_started,
	&inspector_remote_shells,
	&inspector_program_commands,
	&inspector_scripts,
	&inspector_secrets,
	&inspector_services,
	&inspector_settings,
	&inspector_tls_checks,
	&inspector_uci,
	&inspector_update,
	&inspector_machines, /* after services: what is started weighs most */
	NULL,
};
