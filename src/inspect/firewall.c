/*
 * Rules of packet filters that let packets in: iptables(8) and ip6tables in scripts and in the tables of
 * iptables-restore, nft(8), the firewall of OpenWrt's uci, and the zones of firewalld. What lets in only answers, the
 * device itself or pings is left out.
 */
#include "inspect/firewall_rule.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/shell.h"

void firewall_state(struct inspection *file, const struct filter_rule *rule)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_FIREWALL_RULE);
	if (rule->line > 0)
		fact_integer(fact, FIREWALL_RULE_LINE, rule->line);
	else
		fact_integer(fact, FIREWALL_RULE_OFFSET, rule->offset);
	fact_word(file->facts, fact, FIREWALL_RULE_TOOL, rule->tool);
	fact_word(file->facts, fact, FIREWALL_RULE_KIND, rule->kind);
	if (rule->source.size > 0)
		fact_text(file->facts, fact, FIREWALL_RULE_SOURCE, rule->source);
	if (rule->transport.size > 0)
		fact_text(file->facts, fact, FIREWALL_RULE_TRANSPORT, rule->transport);
	if (rule->port.size > 0)
		fact_text(file->facts, fact, FIREWALL_RULE_PORT, rule->port);
	fact_text(file->facts, fact, FIREWALL_RULE_DETAIL, span_slice(rule->detail, 0, 300));
	if (rule->surely)
		fact_integer(fact, FIREWALL_RULE_ENABLED, 1);
}

/* What a command of iptables says. */
struct table_command {
	struct span chain, policy, target, source, transport, port;
	bool appends, narrow; /* narrow: for answers, for one sender, for the device itself */
	bool elsewhere;       /* source is where packets do not come from: "! -i br0" */
};

static void read_option(struct table_command *out, struct span option, struct span value)
{
	static const char *const narrowing[] = { "--state", "--ctstate", "-s", "--source", "--src", "--icmp-type", "--mac-source",
						 "--match-set", NULL };
	if (span_equal_text(option, "-A") || span_equal_text(option, "-I") || span_equal_text(option, "--append") ||
	    span_equal_text(option, "--insert")) {
		out->appends = true;
		out->chain = value;
	} else if (span_equal_text(option, "-j") || span_equal_text(option, "--jump")) {
		out->target = value;
	} else if (span_equal_text(option, "-i") || span_equal_text(option, "--in-interface")) {
		out->source = value;
	} else if (span_equal_text(option, "-p") || span_equal_text(option, "--protocol")) {
		out->transport = value;
	} else if (span_equal_text(option, "--dport") || span_equal_text(option, "--dports") ||
		   span_equal_text(option, "--destination-port")) {
		out->port = value;
	} else if (is_one_of(option, narrowing)) {
		out->narrow = true;
	}
}

static struct table_command read_command(const struct span *words, size_t count)
{
	struct table_command out = { 0 };
	for (size_t i = 0; i + 1 < count; i++) {
		if ((span_equal_text(words[i], "-P") || span_equal_text(words[i], "--policy")) && i + 2 < count) {
			out.chain = words[i + 1];
			out.policy = words[i + 2];
		}
		/* "! -i br0", and "-i ! br0" as it was written before. */
		bool after = i + 2 < count && span_equal_text(words[i + 1], "!");
		bool negated = after || (i > 0 && span_equal_text(words[i - 1], "!"));
		struct span source = out.source;
		read_option(&out, words[i], words[after ? i + 2 : i + 1]);
		bool named = !span_equal(source, out.source);
		out.elsewhere |= negated && named;
		out.narrow |= negated && !named && span_starts_text(words[i], "-");
	}
	return out;
}

struct filter {
	struct inspection *file;
	struct filter_rule policy; /* the last one of INPUT; kind is NULL where there is none */
	bool accepts_all, drops_rest;
};

static bool is_one_word(struct span s, const char *a, const char *b)
{
	return span_equal_text(s, a) || span_equal_text(s, b);
}

static void take(struct filter *filter, const struct table_command *command, struct filter_rule rule)
{
	bool user = is_one_word(command->chain, "ufw-user-input", "ufw6-user-input");
	bool input = span_equal_text(command->chain, "INPUT") || user;
	bool drops = !user && is_one_word(command->target, "DROP", "REJECT");
	if (input && command->policy.size > 0) {
		filter->accepts_all = span_equal_text(command->policy, "ACCEPT");
		rule.kind = "policy";
		filter->policy = rule;
	}
	if (input && drops && command->port.size == 0 && !command->narrow)
		filter->drops_rest = true;
	bool opens = input && command->appends && span_equal_text(command->target, "ACCEPT") && !command->narrow &&
		     (!span_equal_text(command->source, "lo") || command->elsewhere) && !span_starts_text(command->transport, "icmp") &&
		     !span_equal_text(command->transport, "ipv6-icmp") && !span_equal_text(command->transport, "igmp") &&
		     command->port.size > 0;
	if (!opens)
		return;
	rule.kind = "rule";
	rule.tool = user ? "ufw" : rule.tool;
	rule.source = command->elsewhere ? arena_format(filter->file->scratch, "! %.*s", SPAN_FORMAT(command->source)) :
					  command->source;
	rule.transport = command->transport;
	rule.port = command->port;
	firewall_state(filter->file, &rule);
}

/* A policy that lets everything in says nothing where a rule drops what no other rule let in. */
static void end(struct filter *filter)
{
	if (filter->policy.kind && filter->accepts_all && !filter->drops_rest)
		firewall_state(filter->file, &filter->policy);
}

static const char *tool_of(struct span word)
{
	struct span name = span_basename(word);
	return span_equal_text(name, "iptables") ? "iptables" : span_equal_text(name, "ip6tables") ? "ip6tables" : NULL;
}

static void read_script(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	struct filter filters[2] = { { .file = file }, { .file = file } };
	if (!shell || !command)
		return;
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		const char *tool = command->unreached ? NULL : tool_of(command->words[0]);
		if (!tool)
			continue;
		struct table_command read = read_command(command->words + 1, command->count - 1);
		struct filter_rule rule = { .tool = tool, .detail = command->text, .line = command->line,
					    .surely = !command->conditional && command->function.size == 0 };
		take(&filters[tool[2] == '6'], &read, rule);
	}
	end(&filters[0]);
	end(&filters[1]);
}

/* The tables of iptables-save: "*filter", ":INPUT ACCEPT [0:0]", "-A INPUT -p tcp --dport 22 -j ACCEPT". */
static void read_tables(struct inspection *file)
{
	bool six = contains_caseless(file->name, "6");
	struct filter filter = { .file = file };
	struct lines lines = lines_over(file->bytes);
	struct span line, words[SHELL_WORDS_MAX], word;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		size_t count = 0;
		struct filter_rule rule = { .tool = six ? "ip6tables" : "iptables", .detail = line, .line = lines.number };
		while (count < SHELL_WORDS_MAX && span_next_word(&rest, &word))
			words[count++] = word;
		struct table_command read = read_command(words, count);
		if (count > 1 && span_equal_text(words[0], ":INPUT"))
			read = (struct table_command){ .chain = SPAN_LITERAL("INPUT"), .policy = words[1] };
		take(&filter, &read, rule);
	}
	end(&filter);
}

/* A section of uci's firewall as far as it is read. */
struct uci_section {
	struct span type, name, source, destination, transport, port, target, input, outside_port, host;
	bool disabled, open;
	int64_t line;
};

static void end_section(struct inspection *file, struct uci_section *section)
{
	bool accepts = equal_caseless(section->target, "ACCEPT");
	struct filter_rule rule = { .tool = "uci", .line = section->line, .transport = section->transport };
	bool zone = span_equal_text(section->type, "zone") && equal_caseless(section->input, "ACCEPT");
	bool opens = span_equal_text(section->type, "rule") && accepts && section->destination.size == 0 &&
		     section->port.size > 0;
	/* What is turned to no other host comes to the device itself. */
	bool turns = span_equal_text(section->type, "redirect") && section->outside_port.size > 0 && section->host.size == 0 &&
		     (section->target.size == 0 || equal_caseless(section->target, "DNAT"));
	if (turns)
		section->port = section->outside_port;
	if (section->open && !section->disabled && (zone || opens || turns)) {
		rule.kind = zone ? "policy" : "rule";
		rule.source = zone ? section->name : section->source;
		rule.port = section->port;
		rule.detail = zone ? arena_format(file->scratch, "zone %.*s: input %.*s", SPAN_FORMAT(section->name),
						  SPAN_FORMAT(section->input)) :
				     arena_format(file->scratch, "%s %.*s: port %.*s", turns ? "redirect" : "rule", SPAN_FORMAT(section->name),
						  SPAN_FORMAT(section->port));
		firewall_state(file, &rule);
	}
	*section = (struct uci_section){ 0 };
}

static void read_uci(struct inspection *file)
{
	struct uci_section section = { 0 };
	struct lines lines = lines_over(file->bytes);
	struct span line, word, name;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word) || !span_next_word(&rest, &name))
			continue;
		struct span value = unquoted(span_trim(rest));
		name = unquoted(name);
		if (span_equal_text(word, "config")) {
			end_section(file, &section);
			section = (struct uci_section){ .type = name, .open = true, .line = lines.number };
			continue;
		}
		struct span *fields[] = { &section.name, &section.source, &section.destination, &section.transport,
					  &section.port, &section.target, &section.input, &section.outside_port, &section.host };
		static const char *const names[] = { "name", "src", "dest", "proto", "dest_port", "target", "input", "src_dport",
						     "dest_ip" };
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (span_equal_text(name, names[i]))
				*fields[i] = value;
		section.disabled |= span_equal_text(name, "enabled") && span_equal_text(value, "0");
	}
	end_section(file, &section);
}

/*
 * Commands in a program: "iptables -A INPUT -p tcp --dport %s -j ACCEPT". In which order they are run, no string tells: a
 * policy counts only where the program never drops.
 */
static void read_program(struct inspection *file)
{
	enum { REACH = 400 };
	struct filter filters[2] = { { .file = file }, { .file = file } };
	for (size_t i = 0; i < file->hit_count; i++) {
		struct pattern_match match;
		if (!inspection_capture(file, &file->hits[i], &match))
			continue;
		size_t size = 0;
		while (size < REACH && span_byte(file->bytes, match.offset + size) >= ' ')
			size++;
		struct span rest = span_slice(file->bytes, match.offset, size), text = rest, words[SHELL_WORDS_MAX];
		size_t count = 0;
		while (count < SHELL_WORDS_MAX && span_next_word(&rest, &words[count]))
			count++;
		struct table_command read = read_command(words, count);
		bool six = span_starts_text(text, "ip6");
		struct filter_rule rule = { .tool = six ? "ip6tables" : "iptables", .detail = text,
					    .offset = (int64_t)match.offset };
		struct filter *filter = &filters[six];
		filter->drops_rest |= span_equal_text(read.chain, "INPUT") && span_equal_text(read.policy, "DROP");
		take(filter, &read, rule);
	}
	end(&filters[0]);
	end(&filters[1]);
}

static bool is_uci(const struct inspection *file)
{
	return span_ends_text(file->path, "/config/firewall");
}

static bool is_tables(const struct inspection *file)
{
	return kind_is_text(file->kind) && file->kind != KIND_SCRIPT && span_find_text(file->bytes, "*filter", 0) != SPAN_NOT_FOUND &&
	       span_find_text(file->bytes, "COMMIT", 0) != SPAN_NOT_FOUND;
}

static bool is_script(const struct inspection *file)
{
	return (file->kind == KIND_SCRIPT || span_ends_text(file->name, ".sh") || path_has_folder(file->path, "init.d") ||
		span_starts_text(file->name, "rc") || span_starts_text(file->name, "firewall")) &&
	       span_find_text(file->bytes, "tables", 0) != SPAN_NOT_FOUND;
}

static bool wants(const struct inspection *file)
{
	return inspection_is_live_text(file) && (is_uci(file) || firewall_is_nft(file) || firewall_is_zone(file) ||
						 is_tables(file) || is_script(file));
}

static void inspect(struct inspection *file)
{
	if (file->kind == KIND_ELF)
		read_program(file);
	else if (!wants(file))
		return;
	else if (is_uci(file))
		read_uci(file);
	else if (firewall_is_nft(file))
		firewall_nft(file);
	else if (firewall_is_zone(file))
		firewall_zone(file);
	else if (is_tables(file))
		read_tables(file);
	else
		read_script(file);
}

static const struct pattern patterns[] = {
	{ "(?:ip6?tables (?:-[tw] ?[a-z0-9]* )?(?:-[AIP]|--append|--insert|--policy) INPUT )", 0 },
};

const struct inspector inspector_firewall = {
	.name = "firewall",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.wants = wants,
	.inspect = inspect,
};
