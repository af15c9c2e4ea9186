#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *rule(const char *path, const char *text, size_t index)
{
	inspected_run(&got, &inspector_firewall, path, span_of_text(text));
	return inspected_row(&got, EVIDENCE_FIREWALL_RULE, index);
}

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

TEST(what_is_negated_is_told_so)
{
	const struct fact *r = rule("/etc/init.d/fw", "#!/bin/sh\niptables -A INPUT ! -i lo -p tcp --dport 22 -j ACCEPT\n"
				    "iptables -A INPUT -i ! br0 -p tcp --dport 23 -j ACCEPT\n"
				    "iptables -A INPUT -p tcp ! --dport 24 -j ACCEPT\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 2);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_SOURCE), "! lo");
	CHECK_TEXT(WORD(inspected_row(&got, EVIDENCE_FIREWALL_RULE, 1), FIREWALL_RULE_SOURCE), "! br0");
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
	/* A port that is turned to no other host is one of the device. */
	r = rule("/etc/config/firewall",
		 "config redirect\n\toption src wan\n\toption src_dport '8022'\n\toption dest_port '22'\n", 0);
	CHECK_TEXT(inspected_text(r, FIREWALL_RULE_PORT), "8022");
	CHECK_TEXT(inspected_text(r, FIREWALL_RULE_SOURCE), "wan");
	inspected_done(&got);
	CHECK(!rule("/etc/config/firewall",
		    "config redirect\n\toption src wan\n\toption src_dport 80\n\toption dest_ip 192.168.1.9\n", 0));
	inspected_done(&got);
}

TEST(reads_rulesets_of_nft)
{
	const struct fact *r = rule("/etc/nftables.conf",
				    "#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n\tchain input {\n"
				    "\t\ttype filter hook input priority 0; policy accept;\n\t\tct state established,related accept\n"
				    "\t\tiif lo tcp dport 1 accept\n\t\tip saddr 192.0.2.1 tcp dport 2 accept\n"
				    "\t\tiifname \"eth0\" tcp dport { 22, 80 } accept\n\t\ttcp dport 3 drop\n\t}\n"
				    "\tchain forward {\n\t\ttype filter hook forward priority 0; policy accept;\n"
				    "\t\ttcp dport 4 accept\n\t}\n}\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 2);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "22, 80");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_SOURCE), "eth0");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_TRANSPORT), "tcp");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), 9);
	r = inspected_row(&got, EVIDENCE_FIREWALL_RULE, 1);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_KIND), "policy");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), 5);
	inspected_done(&got);
	/* A policy that drops, a rule that ends the chain, another chain that drops. */
	static const char *const closed[] = {
		"chain i {\ntype filter hook input priority 0; policy drop;\n}\n",
		"chain i {\ntype filter hook input priority 0; policy accept;\nct state established accept\nreject\n}\n",
		("chain i {\ntype filter hook input priority -1; policy accept;\n}\nchain j {\ntype filter hook input priority 0;"
		 " policy drop;\n}\n"),
	};
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		CHECK(!rule("/etc/fw.nft", closed[i], 0));
		inspected_done(&got);
	}
	CHECK(rule("/etc/rules", "table ip f {\nchain i {\ntype filter hook input priority 0;\n}\n}\n", 0) != NULL);
	CHECK(rule("/etc/fw.nft", "chain i {\ntype filter hook input priority 0;\n}\n", 0) != NULL);
	inspected_done(&got);
}

TEST(reads_zones_of_firewalld)
{
	static const char zone[] = "<?xml version=\"1.0\"?>\n<zone target=\"ACCEPT\">\n<service name=\"ssh\"/>\n"
				   "<!-- <port port=\"1\" protocol=\"tcp\"/> -->\n<port port=\"8080\" protocol=\"tcp\"/>\n"
				   "<rule><source address=\"192.0.2.1\"/><service name=\"ftp\"/><accept/></rule>\n</zone>\n";
	const struct fact *r = rule("/etc/firewalld/zones/public.xml", zone, 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 3);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_KIND), "policy");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_SOURCE), "public");
	CHECK_TEXT(WORD(inspected_row(&got, EVIDENCE_FIREWALL_RULE, 1), FIREWALL_RULE_PORT), "22");
	r = inspected_row(&got, EVIDENCE_FIREWALL_RULE, 2);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "8080");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), 5);
	inspected_done(&got);
	CHECK(!rule("/usr/lib/firewalld/zones/trusted.xml", zone, 0));
	inspected_done(&got);
}

TEST(reads_the_rules_of_ufw)
{
	const struct fact *r = rule("/etc/ufw/user.rules", "*filter\n:ufw-user-input - [0:0]\n### tuple ### allow tcp 22\n"
				    "-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n-A ufw-user-input -p tcp --dport 23 -j DROP\nCOMMIT\n",
				    0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 1);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_TOOL), "ufw");
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "22");
	inspected_done(&got);
}

TEST(reads_commands_of_a_program)
{
	static const char open[] = "\x7f" "ELF\1\1\1\0iptables -t filter -A INPUT -i %s -p tcp --dport 7547 -j ACCEPT\0"
				   "iptables -P INPUT ACCEPT\0iptables -A FORWARD -p tcp --dport 1 -j ACCEPT\0";
	static const char shut[] = "\x7f" "ELF\1\1\1\0iptables -P INPUT DROP\0iptables -P INPUT ACCEPT\0";
	inspected_run(&got, &inspector_firewall, "/bin/rc", span_of(open, sizeof open));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 2);
	const struct fact *r = inspected_row(&got, EVIDENCE_FIREWALL_RULE, 0);
	CHECK_TEXT(WORD(r, FIREWALL_RULE_PORT), "7547");
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_OFFSET), 8);
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_LINE), INSPECTED_NULL);
	CHECK_EQUAL(inspected_integer(r, FIREWALL_RULE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
	inspected_run(&got, &inspector_firewall, "/bin/rc", span_of(shut, sizeof shut));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIREWALL_RULE), 0);
	inspected_done(&got);
}

TESTS(reads_rulesets_of_nft, reads_zones_of_firewalld, reads_the_rules_of_ufw, reads_commands_of_a_program, reads_scripts,
      the_last_policy_counts_and_what_drops_the_rest, what_is_negated_is_told_so, reads_tables, reads_uci)
