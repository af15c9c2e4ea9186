#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *rule(const char *path, const char *text, size_t index)
{
	inspected_run(&got, &inspector_firewall, path, span_of_text(text));
	return inspected_row(&got, EVIDENCE_FIREWALL_RULE, index);
}
#define WORD(fact, column) inspected_text((fact), (column))

TEST(reads_scripts)
{
	const struct fact *r = rule("/etc/init.d/fw", "#!/bin/sh\niptables -P INPUT ACCEPT\n"
				    "iptables -A INPUT -p tcp --dport 23 -j ACCEPT\n"
				    "iptables -A INPUT -m state --state ESTABLISHED --dport 1 -j ACCEPT\n"
				    "iptables -A INPUT -i lo --dport 2 -j ACCEPT\n"
				    "iptables -A FORWARD -p tcp --dport 3 -j ACCEPT\niptables -A INPUT -p tcp --dport 4 -j DROP\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 2);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_KIND), "rule");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "23");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), 3);
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_ENABLED), 1);
	r = inspected_row(&got, EVIDENCE_FIREWALL_RULE, 1);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_KIND), "policy");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), 2);
	inspected_done(&got);
}

TEST(the_last_policy_counts_and_what_drops_the_rest)
{
	CHECK(!rule("/etc/init.d/fw", "#!/bin/sh\niptables -P INPUT ACCEPT\niptables -F\niptables -P INPUT DROP\n", 0));
	inspected_done(&got);
	CHECK(!rule("/etc/init.d/fw", "#!/bin/sh\niptables -P INPUT ACCEPT\niptables -A INPUT -i wan -j DROP\n", 0));
	inspected_done(&got);
	const struct fact *r = rule("/etc/init.d/fw", "#!/bin/sh\nif [ $x ]; then\niptables -P INPUT ACCEPT\nfi\n", 0);
	CHECK(r != NULL);
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
}

TEST(reads_tables)
{
	const struct fact *r = rule("/etc/iptables/rules.v6", "*filter\n:INPUT DROP [0:0]\n"
				    "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 1);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_TOOL), "ip6tables");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "22");
	inspected_done(&got);
}

TEST(reads_uci)
{
	const struct fact *r = rule("/etc/config/firewall",
				    "config zone\n\toption name 'wan'\n\toption input 'ACCEPT'\nconfig zone\n\toption name wan6\n"
				    "\toption input REJECT\nconfig rule\n\toption src 'wan'\n\toption dest_port '22'\n\toption proto tcp\n"
				    "\toption target 'ACCEPT'\nconfig rule\n\toption src wan\n\toption dest lan\n\toption dest_port 1\n"
				    "\toption target ACCEPT\nconfig rule\n\toption src wan\n\toption dest_port 2\n\toption target ACCEPT\n"
				    "\toption enabled 0\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 2);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_KIND), "policy");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_SOURCE), "wan");
	CHECK_TEXT(WORD(inspected_row(&got, EVIDENCE_FIREWALL_RULE, 1), FIREWALL_RULE_PORT), "22");
	inspected_done(&got);
}

TESTS(reads_scripts, the_last_policy_counts_and_what_drops_the_rest, reads_tables, reads_uci)
