#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

/* "subject|value" of the first setting, or "" where there is none. */
static const char *seen(const char *path, struct span bytes)
{
	static char words[512];
	struct inspected got;
	inspected_run(&got, &inspector_program_commands, path, bytes);
	const struct fact *fact = inspected_row(&got, EVIDENCE_SETTING, 0);
	words[0] = '\0';
	if (fact)
		(void)snprintf(words, sizeof words, "%.*s|%.*s", SPAN_FORMAT(inspected_text(fact, SETTING_SUBJECT)),
			       SPAN_FORMAT(inspected_text(fact, SETTING_VALUE)));
	inspected_done(&got);
	return words;
}
#define SEES(path, text, wanted) CHECK_TEXT(span_of_text(seen((path), SPAN_LITERAL(text))), (wanted))

TEST(sees_commands_that_programs_hold)
{
	SEES("/bin/a", "\177ELF\0curl -s -k -o /tmp/f https://%s/fw\0x", "curl|curl -s -k -o /tmp/f https://%s/fw");
	SEES("/bin/a", "\177ELF\0cd /tmp; wget -q --no-check-certificate %s\0", "wget|cd /tmp; wget -q --no-check-certificate %s");
	SEES("/bin/a", "\177ELF\0/mnt/sdcard/test/factory.sh\0", "removable storage|/mnt/sdcard/test/factory.sh");
}

TEST(leaves_usage_texts_and_others_alone)
{
	SEES("/bin/wget", "\177ELF\0wget [-cqS] [--no-check-certificate] [-O FILE] URL\0", "");
	SEES("/bin/a", "\177ELF\0curl -o -k.txt https://%s/fw\0", "");
	SEES("/bin/a", "\177ELF\0curl -k http://a.example/\0", "");
	SEES("/bin/a", "\177ELF\0/mnt/data/factory.sh\0/mnt/sdcard/a.txt\0", "");
	SEES("/usr/share/doc/a", "\177ELF\0curl -k https://%s/fw\0", "");
}

TESTS(sees_commands_that_programs_hold, leaves_usage_texts_and_others_alone)
