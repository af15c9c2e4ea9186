/* What decides whether a service starts: tests of scripts, options of uci. */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

/* "source name operator value" of the conditions of a service, joined by "; "; "?" for what is not understood. */
static const char *conditions(const char *script, const char *service)
{
	static char words[1024];
	size_t size = 0;
	words[0] = '\0';
	inspected_run(&got, &inspector_services, "/etc/init.d/rcS", span_of_text(script));
	for (size_t i = 0; i < inspected_count(&got, EVIDENCE_SERVICE_CONDITION); i++) {
		const struct fact *fact = inspected_row(&got, EVIDENCE_SERVICE_CONDITION, i);
		struct span source = inspected_text(fact, SERVICE_CONDITION_SOURCE);
		if (!span_equal_text(inspected_text(fact, SERVICE_CONDITION_SERVICE), service))
			continue;
		size += (size_t)snprintf(words + size, sizeof words - size, "%s", size > 0 ? "; " : "");
		if (source.size == 0)
			size += (size_t)snprintf(words + size, sizeof words - size, "?");
		else
			size += (size_t)snprintf(words + size, sizeof words - size, "%.*s %.*s%.*s%.*s", SPAN_FORMAT(source),
						 SPAN_FORMAT(inspected_text(fact, SERVICE_CONDITION_NAME)),
						 SPAN_FORMAT(inspected_text(fact, SERVICE_CONDITION_OPERATOR)),
						 SPAN_FORMAT(inspected_text(fact, SERVICE_CONDITION_VALUE)));
	}
	inspected_done(&got);
	return words;
}
#define CONDITIONS(script, wanted) CHECK_TEXT(span_of_text(conditions("#!/bin/sh\n" script, "telnetd")), wanted)

TEST(understands_what_a_test_asks)
{
	CONDITIONS("if [ \"$(nvram get mode)\" = \"1\" ]; then\ntelnetd\nfi\n", "nvram mode=1");
	CONDITIONS("if [ \"`nvram get mode`\" != 1 ]\nthen\ntelnetd\nfi\n", "nvram mode<>1");
	CONDITIONS("if test \"x$($CONFIG get mode)\" = x1; then :; else telnetd; fi\n", "nvram mode<>1");
	CONDITIONS("M=$(uci -q get a.b.c)\n[ -n \"$M\" ] && telnetd\n", "uci a.b.c<>");
	CONDITIONS("[ \"$M\" ] || telnetd &\n", "variable M=");
	CONDITIONS("[ -f /etc/x ] && [ \"$(getprop ro.debuggable)\" = 1 ] && telnetd\n",
		   "file /etc/x=there; property ro.debuggable=1");
	CONDITIONS("if ! grep -q factory /proc/cmdline; then telnetd; fi\n", "kernel command line factory<>there");
	CONDITIONS("case `fw_printenv -n mode` in\na) ;;\nb)\n telnetd ;;\nesac\n", "boot environment mode=b");
	CONDITIONS("[ \"$A\" = 1 ] && {\n\t[ \"$B\" = 2 ] && telnetd\n}\n", "variable A=1; variable B=2");
	CONDITIONS("f() {\n\ttelnetd\n}\nif [ \"$A\" = 1 ]; then\n\tf\nfi\n", "variable A=1");
	CONDITIONS("[ \"$A\" = 1 ] || exit 0\ntelnetd\n", "variable A=1");
	CONDITIONS("D=0\n[ $D = 1 ] && telnetd\n", "constant 0=1");
}

TEST(claims_no_more_than_it_understands)
{
	CONDITIONS("case `nvram get mode` in\n1|2) telnetd ;;\nesac\n", "?");
	CONDITIONS("case `nvram get mode` in\n*) telnetd ;;\nesac\n", "?");
	CONDITIONS("if [ -x /a ] && b; then telnetd; fi\n", "file /a=there; ?");
	CONDITIONS("if a | b; then telnetd; fi\n", "?");
	CONDITIONS("if [ \"$A\" = 1 ]; then :; elif [ \"$B\" = 1 ]; then telnetd; fi\n", "variable B=1; ?");
	CONDITIONS("M=$(nvram get m)\nM=2\n[ $M = 1 ] && telnetd\n", "variable M=1");
	CONDITIONS("D=1\n. /etc/conf\n[ $D = 1 ] && telnetd\n", "variable D=1");
	CONDITIONS("[ -f /x ] && D=1\n[ \"$D\" = 1 ] && telnetd\n", "variable D=1");
	CONDITIONS("f() {\n\ttelnetd\n}\n[ $A = 1 ] && f\n[ $B = 1 ] && f\n", "variable A=1; ?");
	CONDITIONS("{ [ \"$A\" = 1 ]; } && telnetd\n", "?");
	CONDITIONS("( [ \"$A\" = 1 ] ) && telnetd\n", "?");
	CONDITIONS("[ \"$A\" = \"$B\" ] && telnetd\n", "?");
	CONDITIONS("[ \"$A\" = 1 -o \"$B\" = 1 ] && telnetd\n", "?");
}

TEST(one_of_several_is_enough)
{
	inspected_run(&got, &inspector_services, "/etc/init.d/rcS",
		      span_of_text("#!/bin/sh\nif [ \"$A\" = 1 ] || [ \"$B\" = 1 ]; then\ntelnetd\nfi\n"
				   "if [ \"$A\" = 1 ] && [ \"$B\" = 1 ]; then :; else\nvsftpd\nfi\n"));
	REQUIRE(inspected_count(&got, EVIDENCE_SERVICE_CONDITION) == 4);
	for (size_t i = 0; i < 4; i += 2)
		CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_SERVICE_CONDITION, i), SERVICE_CONDITION_NUMBER),
			    inspected_integer(inspected_row(&got, EVIDENCE_SERVICE_CONDITION, i + 1), SERVICE_CONDITION_NUMBER));
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SERVICE_CONDITION, 2), SERVICE_CONDITION_OPERATOR), "<>");
	inspected_done(&got);
}

TEST(reads_sections_of_uci)
{
	inspected_run(&got, &inspector_uci, "/etc/config/net",
		      span_of_text("config lan 'one'\n\toption on '1'\n\toption key 'hunter22'\nconfig lan # two\n\tlist on yes\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SETTING), 5);
	CHECK_TEXT(inspected_text(inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, "net.@lan[0]"), SETTING_VALUE), "one");
	CHECK_TEXT(inspected_text(inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, "net.@lan[1]"), SETTING_VALUE), "");
	CHECK_TEXT(inspected_text(inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, "net.@lan[1].on"), SETTING_VALUE), "yes");
	/* What may be a secret stays where secrets are told. */
	CHECK_TEXT(inspected_text(inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, "net.@lan[0].key"), SETTING_VALUE), "set");
	inspected_done(&got);
	inspected_run(&got, &inspector_uci, "/etc/configs/net", span_of_text("config lan\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SETTING), 0);
	inspected_done(&got);
}

static void sections_of_kinds(int count)
{
	static char text[8192];
	size_t size = 0;
	for (int i = 0; i < count; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, "config k%d\n", i);
	inspected_run(&got, &inspector_uci, "/etc/config/net", span_of(text, size));
}

TEST(kinds_of_sections)
{
	sections_of_kinds(128);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SETTING), 128);
	CHECK_EQUAL(got.facts.dropped, 0);
	inspected_done(&got);
	sections_of_kinds(129);
	CHECK_EQUAL(got.facts.dropped, 1);
	inspected_done(&got);
}

TEST(more_than_is_followed_is_not_understood)
{
	CONDITIONS("if [ $A = 1 ]; then if [ $B = 1 ]; then telnetd; fi; fi\n", "variable A=1; variable B=1");
	const char *words = conditions("#!/bin/sh\nif a; then if b; then if c; then if d; then if e; then if f; then"
				       " if g; then if h; then\ntelnetd\nfi; fi; fi; fi; fi; fi; fi; fi\n", "telnetd");
	CHECK_TEXT(span_of_text(words), "?; ?; ?; ?; ?; ?; ?; ?; ?");
}

TESTS(kinds_of_sections, more_than_is_followed_is_not_understood, understands_what_a_test_asks,
      claims_no_more_than_it_understands, one_of_several_is_enough, reads_sections_of_uci)
