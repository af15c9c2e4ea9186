/*
 * The rulesets of nft(8): base chains that hook input, their policy, and the rules in them that open ports. Chains that
 * they jump to are not followed; what lets in only answers, one sender or the device itself is left out.
 */
#include "inspect/firewall_rule.h"
#include "inspect/lines.h"

enum { WORDS = 48 };

struct statement {
	struct span words[WORDS];
	size_t count;
	struct span text;
};

/* A chain as far as it is read, and what the whole ruleset says of packets that no rule names. */
struct ruleset {
	struct inspection *file;
	bool input;              /* the chain hooks input */
	bool accepts, drops;     /* its policy, and a rule that ends it */
	int chain_depth, depth;
	struct filter_rule policy; /* of the first chain that accepts; kind is NULL where there is none */
	bool dropped;            /* some chain of input drops what no rule named */
	struct filter_rule chain_policy;
};

static bool is_word(const struct statement *s, size_t at, const char *text)
{
	return at < s->count && span_equal_text(s->words[at], text);
}

/* Words of a statement; a set stays one word: "{ 22, 80 }". */
static void split(struct span text, struct statement *out)
{
	*out = (struct statement){ .text = text };
	struct span rest = text, word;
	while (out->count < WORDS && span_next_word(&rest, &word)) {
		size_t start = (size_t)(word.data - text.data), close = span_find_byte(text, '}', start);
		if (span_byte(word, 0) == '{' && close != SPAN_NOT_FOUND) {
			word = span_slice(text, start, close + 1 - start);
			rest = span_from(text, close + 1);
		}
		out->words[out->count++] = word;
	}
}

/* Whom a rule lets in besides everybody. */
static bool is_narrow(const struct statement *s)
{
	static const char *const narrowing[] = { "ct", "saddr", "ether", "mark", "icmp", "icmpv6", "socket", NULL };
	for (size_t i = 0; i < s->count; i++) {
		bool loop = span_equal_text(unquoted(s->words[i]), "lo");
		if (is_one_of(s->words[i], narrowing) || (loop && i > 0 && span_starts_text(s->words[i - 1], "iif")))
			return true;
	}
	return false;
}

static size_t find_word(const struct statement *s, const char *text)
{
	size_t at = 0;
	while (at < s->count && !is_word(s, at, text))
		at++;
	return at;
}

/* "{ 22, 80 }" without its braces. */
static struct span bare_set(struct span text)
{
	bool set = span_byte(text, 0) == '{' && span_ends_text(text, "}");
	return set ? span_trim(span_slice(text, 1, text.size - 2)) : text;
}

static void take_rule(struct ruleset *rules, const struct statement *s, int64_t line)
{
	size_t accept = find_word(s, "accept"), port = find_word(s, "dport");
	bool ends = s->count > 0 && (is_word(s, 0, "drop") || is_word(s, 0, "reject") ||
				     (is_word(s, 0, "counter") && (is_word(s, s->count - 1, "drop") || is_word(s, s->count - 1, "reject"))));
	rules->drops |= ends;
	if (accept == s->count || port == 0 || port + 1 >= s->count || is_narrow(s) || is_word(s, port + 1, "!="))
		return;
	struct filter_rule rule = { .tool = "nft", .kind = "rule", .line = line, .detail = s->text };
	rule.transport = is_word(s, port - 1, "th") ? SPAN_NONE : s->words[port - 1];
	rule.port = bare_set(s->words[port + 1]);
	for (size_t i = 0; i + 1 < s->count; i++)
		if (is_word(s, i, "iif") || is_word(s, i, "iifname"))
			rule.source = bare_set(unquoted(s->words[i + 1]));
	firewall_state(rules->file, &rule);
}

static void begin_chain(struct ruleset *rules)
{
	rules->chain_depth = rules->depth;
	rules->input = rules->accepts = rules->drops = false;
}

/* A chain without a policy accepts (nft(8), "policy"). */
static void end_chain(struct ruleset *rules)
{
	bool open = rules->input && rules->accepts && !rules->drops;
	rules->dropped |= rules->input && !open;
	if (open && !rules->policy.kind)
		rules->policy = rules->chain_policy;
	rules->input = false;
	rules->chain_depth = 0;
}

static void take(struct ruleset *rules, struct span text, int64_t line)
{
	struct statement s;
	split(text, &s);
	size_t hook = find_word(&s, "hook"), policy = find_word(&s, "policy");
	if (is_word(&s, 0, "type") && is_word(&s, hook + 1, "input")) {
		rules->input = rules->accepts = true;
		rules->chain_policy = (struct filter_rule){ .tool = "nft", .kind = "policy", .line = line, .detail = text };
	} else if (is_word(&s, 0, "policy") && policy + 1 < s.count) {
		rules->accepts = is_word(&s, policy + 1, "accept");
		if (rules->accepts)
			rules->chain_policy.detail = arena_format(rules->file->scratch, "%.*s; %.*s",
								  SPAN_FORMAT(rules->chain_policy.detail), SPAN_FORMAT(text));
	} else if (rules->input) {
		take_rule(rules, &s, line);
	}
}

/* Braces of blocks; those of a set open and close in one line. */
static void take_line(struct ruleset *rules, struct span line, int64_t number)
{
	struct span rest = line, statement;
	bool opens = span_ends_text(line, "{");
	if (opens) {
		rules->depth++;
		if (span_starts_text(line, "chain "))
			begin_chain(rules);
		return;
	}
	bool closes = span_byte(line, 0) == '}';
	if (!closes)
		while (span_next_field(&rest, ';', &statement))
			take(rules, span_trim(statement), number);
	if (closes && rules->depth > 0) {
		if (rules->depth == rules->chain_depth)
			end_chain(rules);
		rules->depth--;
	}
}

void firewall_nft(struct inspection *file)
{
	struct ruleset rules = { .file = file };
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line))
		take_line(&rules, line, lines.number);
	if (rules.policy.kind && !rules.dropped)
		firewall_state(file, &rules.policy);
}

/* The fragments of OpenWrt are read into a ruleset that uci tells. */
bool firewall_is_nft(const struct inspection *file)
{
	/* Files that "nft -f" is given have any name. */
	bool told = span_ends_text(file->name, ".nft") || span_equal_text(file->name, "nftables.conf") ||
		    span_find_text(file->bytes, "hook input", 0) != SPAN_NOT_FOUND;
	return told &&
	       !path_has_folder(file->path, "nftables.d") && span_find_text(file->bytes, "chain ", 0) != SPAN_NOT_FOUND;
}
