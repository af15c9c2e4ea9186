#include "inspect/service_program.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "harness.h"

static struct service_program find(const char *name)
{
	return service_program_find(span_of_text(name));
}

static uint32_t port(const char *name, const char *arguments)
{
	struct service_program program = find(name);
	return service_port_in(span_of_text(name), &program, span_of_text(arguments));
}

TEST(knows_programs_by_name)
{
	struct service_program program = find("/usr/sbin/telnetd");
	CHECK(program.role == ROLE_SERVER);
	CHECK_TEXT(program.protocol, "telnet");
	CHECK(find("udhcpc").role == ROLE_CLIENT);
	CHECK_TEXT(find("udhcpd").protocol, "dhcp");
	CHECK_TEXT(find("dhcp6s").protocol, "dhcpv6");
	CHECK_EQUAL(service_usual_port(find("odhcpd").protocol), 547);
	CHECK(find("frpc").role == ROLE_TUNNEL);
	CHECK(find("mount").role == ROLE_TOOL);
	CHECK(find("vendord").role == ROLE_UNKNOWN);
	CHECK(find("").role == ROLE_UNKNOWN);
	CHECK(find("#").role == ROLE_UNKNOWN);
}

TEST(finds_ports_in_arguments)
{
	CHECK_EQUAL(port("telnetd", "-l /bin/sh -p 2323"), 2323);
	CHECK_EQUAL(port("dropbear", "-p192.0.2.1:2222"), 2222);
	CHECK_EQUAL(port("nc", "-lp 4444 -e sh"), 4444);
	CHECK_EQUAL(port("tcpsvd", "-E 0.0.0.0 21 ftpd /"), 21);
	CHECK_EQUAL(port("gdbserver", ":9999 /bin/app"), 9999);
	CHECK_EQUAL(port("rsync", "--daemon --port=8730"), 8730);
	CHECK_EQUAL(port("socat", "TCP-LISTEN:31337,fork EXEC:sh"), 31337);
	CHECK_EQUAL(port("telnetd", "-p 99999"), 0);
	CHECK_EQUAL(port("telnetd", "-p $PORT"), 0);
	CHECK_EQUAL(port("telnetd", "-F 23"), 0);
}

TEST(some_wait_only_where_told)
{
	struct service_program nc = find("nc"), rsync = find("rsync"), socat = find("socat");
	CHECK(service_program_listens(&nc, SPAN_LITERAL("-nlvp 4444")));
	CHECK(!service_program_listens(&nc, SPAN_LITERAL("192.0.2.1 4444")));
	CHECK(service_program_listens(&rsync, SPAN_LITERAL("--daemon")));
	CHECK(!service_program_listens(&rsync, SPAN_LITERAL("-a --delete x y")));
	CHECK(service_program_listens(&socat, SPAN_LITERAL("TCP4-LISTEN:1 -")));
}

/* Every line of a table is found by its key, has its fields, and names what there is. */
static void check_table(const char *name, size_t fields)
{
	struct span table = embedded(name), rest = table, line, last = SPAN_NONE, found;
	size_t count = 0;
	while (span_next_line(&rest, &line)) {
		struct span key = line, cell = line;
		if (span_byte(line, 0) == '#')
			continue;
		(void)span_next_field(&cell, '\t', &key);
		size_t cells = 1;
		for (struct span field; span_next_field(&cell, '\t', &field); cells++)
			CHECK(field.size > 0);
		CHECK_EQUAL(cells, fields);
		CHECK(last.size == 0 || span_compare(last, key) < 0);
		CHECK(lookup_line(table, key, &found));
		last = key;
		count++;
	}
	CHECK(count > 20);
}

TEST(the_tables_are_sorted_and_whole)
{
	check_table("services/programs.tsv", 5);
	check_table("services/protocols.tsv", 3);
	check_table("services/ports.tsv", 3);
	struct span rest = embedded("services/programs.tsv"), line, found;
	while (span_next_line(&rest, &line)) {
		if (span_byte(line, 0) == '#')
			continue;
		struct service_program program = service_program_find(span_slice(line, 0, span_find_byte(line, '\t', 0)));
		CHECK(program.role != ROLE_UNKNOWN);
		CHECK(program.protocol.size == 0 || lookup_line(embedded("services/protocols.tsv"), program.protocol, &found));
		CHECK((program.role == ROLE_CONDITIONAL) == (program.condition.size > 0));
	}
	CHECK_EQUAL(service_usual_port(SPAN_LITERAL("telnet")), 23);
	CHECK_EQUAL(service_usual_port(SPAN_LITERAL("no such")), 0);
}

TESTS(knows_programs_by_name, finds_ports_in_arguments, some_wait_only_where_told, the_tables_are_sorted_and_whole)
