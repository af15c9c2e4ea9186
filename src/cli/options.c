#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay/assay.h"
#include "cli/options_clock.h"
#include "cli/options_format.h"
#include "cli/options_register.h"
#include "cli/options_store.h"
#include "cli/suggest.h"

/* How an option is taken: each has one function, so that the table below is all there is to know. */
struct option_rule {
	enum option_group group;
	const char *name;
	const char *value;   /* what its value is called; NULL for a switch */
	const char *summary;
	bool (*set)(struct options *options, const char *value);
};

static bool bad(const char *what, const char *value)
{
	(void)unusable("%s: '%s'", what, value);
	return false;
}

static bool to_number(const char *text, long least, long most, long *out)
{
	char *end = NULL;
	*out = strtol(text, &end, 10);
	return *text && !*end && *out >= least && *out <= most;
}

bool options_once(const char **field, const char *option, const char *value)
{
	if (*field)
		return !unusable("%s is given twice: %s and %s; name one", option, *field, value);
	*field = value;
	return true;
}

static bool set_save(struct options *options, const char *value)
{
	return options_once(&options->save, "--save", value);
}

static bool set_out(struct options *options, const char *value)
{
	return options_once(&options->out, "--out", value);
}

static bool set_product(struct options *options, const char *value)
{
	return options_once(&options->product, "--product", value);
}

static bool set_kernel_config(struct options *options, const char *value)
{
	return options_once(&options->kernel_config, "--kernel-config", value);
}

static bool set_rules(struct options *options, const char *value)
{
	if (options->rule_count == FILES_MAX)
		return bad("too many --rules", value);
	options->rules[options->rule_count++] = value;
	return true;
}

static bool set_catalog(struct options *options, const char *value)
{
	if (options->catalog_count == FILES_MAX)
		return bad("too many --catalog", value);
	options->catalogs[options->catalog_count++] = value;
	return true;
}

static bool set_vex(struct options *options, const char *value)
{
	if (options->vex_count == FILES_MAX)
		return bad("too many --vex", value);
	options->vex[options->vex_count++] = value;
	return true;
}

static bool set_db(struct options *options, const char *value)
{
	return options_once(&options->db, "--db", value);
}

static bool set_from(struct options *options, const char *value)
{
	if (options->from_count == FILES_MAX)
		return bad("too many --from", value);
	options->from[options->from_count++] = value;
	return true;
}

static bool set_jobs(struct options *options, const char *value)
{
	long number;
	if (!to_number(value, 1, 1024, &number))
		return bad("--jobs wants a number from 1 to 1024", value);
	options->jobs = (unsigned)number;
	return true;
}

static bool set_timeout(struct options *options, const char *value)
{
	long number;
	if (!to_number(value, 1, 1000000, &number))
		return bad("--timeout wants a number of seconds", value);
	options->timeout = (unsigned)number;
	return true;
}

static bool set_memory_limit(struct options *options, const char *value)
{
	long number;
	if (!to_number(value, 128, 1 << 20, &number))
		return bad("--memory-limit wants a number of MiB from 128 to 1048576", value);
	options->memory_limit = (unsigned)number;
	return true;
}

static bool set_require_grade(struct options *options, const char *value)
{
	long number;
	if (!to_number(value, 0, 5, &number))
		return bad("--require-grade wants a grade from 0 to 5", value);
	options->require_grade = (int)number;
	return true;
}

static bool set_fail_on(struct options *options, const char *value)
{
	static const char *const names[] = { "critical", "high", "medium", "low", "exploited", "worse" };
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(value, names[i]) == 0) {
			options->fail_on |= 1u << i;
			return true;
		}
	}
	return bad("--fail-on is critical, high, medium, low, exploited or worse, not", value);
}

static bool set_max_opaque(struct options *options, const char *value)
{
	char *end = NULL;
	double percent = strtod(value, &end);
	if (!*value || *end || !(percent >= 0 && percent <= 100))
		return bad("--max-opaque wants a percentage from 0 to 100", value);
	options->max_opaque = percent;
	return true;
}

static bool set_status(struct options *options, const char *value)
{
	static const char *const names[] = { "affected", "review", "fixed", "not-affected", "all" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(value, names[i]) == 0)
			return (options->status = names[i]) != NULL;
	return bad("--status is affected, review, fixed, not-affected or all, not", value);
}

static bool set_no_vulnerabilities(struct options *options, const char *value)
{
	(void)value;
	return options->no_vulnerabilities = true;
}

static bool set_quiet(struct options *options, const char *value)
{
	(void)value;
	return options->quiet = true;
}

static bool set_force(struct options *options, const char *value)
{
	(void)value;
	return options->force = true;
}

static bool set_alone(struct options *options, const char *value)
{
	(void)value;
	return options->alone = true;
}

static bool set_personal(struct options *options, const char *value)
{
	(void)value;
	return options->personal = true;
}

static bool set_no_color(struct options *options, const char *value)
{
	(void)value;
	return options->no_color = true;
}

static bool set_times(struct options *options, const char *value)
{
	(void)value;
	return options->times = true;
}

static bool set_show_secrets(struct options *options, const char *value)
{
	(void)value;
	return options->show_secrets = true;
}

static bool set_help(struct options *options, const char *value)
{
	(void)value;
	return options->help = true;
}

static const struct option_rule option_rules[] = {
	{ OPTIONS_OUTPUTS, "--save", "FILE", "keep the evidence, for later questions without a new scan", set_save },
	{ OPTIONS_OUTPUTS, "--out", "DIR", "write every report into a folder", set_out },
	{ OPTIONS_JUDGING, "--product", "FILE", "the maker's declarations (product.yaml)", set_product },
	{ OPTIONS_JUDGING, "--kernel-config", "FILE", "the configuration that the image's kernel was built with (.config)",
	  set_kernel_config },
	{ OPTIONS_JUDGING, "--vex", "FILE", "statements on vulnerabilities (OpenVEX, CSAF, CycloneDX); may be repeated", set_vex },
	{ OPTIONS_JUDGING, "--rules", "FILE", "house rules, beside the built-in ones; may be repeated", set_rules },
	{ OPTIONS_JUDGING, "--catalog", "FILE", "a further catalogue of requirements; may be repeated", set_catalog },
	{ OPTIONS_STORE, "--db", "FILE", "the vulnerability store (see 'assay db')", set_db },
	{ OPTIONS_FEEDS, "--from", "DIR", "feeds to build a store from ('assay db build'); may be repeated", set_from },
	{ OPTIONS_STORE, "--trust", "FILE", "a public key whose signature of a store counts; may be repeated", option_trust },
	{ OPTIONS_REPLACE, "--force", NULL, "replace a store by one that has less, or that no trusted key signed", set_force },
	{ OPTIONS_KEY, "--key", "FILE", "the key to sign with, or to verify against (PEM, Ed25519)", option_key },
	{ OPTIONS_FETCH, "--feeds", "NAMES", "what to fetch, parted by commas; 'list' names all", option_feeds },
	{ OPTIONS_FETCH, "--mirror", "URL", "fetch from a copy of what 'assay db update' keeps, not from the publishers",
	  option_mirror },
	{ OPTIONS_FETCH, "--proxy", "URL", "by way of a proxy (so do https_proxy and no_proxy)", option_proxy },
	{ OPTIONS_FETCH, "--ca", "FILE", "authorities (PEM) that vouch for servers, in place of the system's", option_ca },
	{ OPTIONS_FETCH, "--into", "DIR", "where fetched feeds are kept; by default $XDG_CACHE_HOME/assay/feeds", option_into },
	{ OPTIONS_FETCH, "--offline", NULL, "fetch nothing: build from what was fetched before", option_offline },
	{ OPTIONS_MAKING, "--alone", NULL, "take nothing over from the store that is built in", set_alone },
	{ OPTIONS_REGISTER, "--register", "FILE", "the register: a file, or postgresql://... (else $ASSAY_REGISTER)",
	  option_register },
	{ OPTIONS_BY, "--by", "NAME", "who does it, of the people in the register ('assay register person')", option_by },
	{ OPTIONS_NAMING, "--name", "PATTERN", "paths that name product and version: '{product}/{version}/*.bin'", option_name },
	{ OPTIONS_CLOCK, "--from", "TIME", "when a clock began to run: 2026-11-28T09:10Z, or with +01:00; without either, in --zone",
	  option_time },
	{ OPTIONS_SINCE, "--since", "N", "only events behind that number", option_since },
	{ OPTIONS_ZONE, "--zone", "ZONE", "a time zone to count and show in, beside UTC: Europe/Berlin, or +01:00", option_zone },
	{ OPTIONS_AWARE, "--aware", "TIME", "when the maker became aware that it is exploited, or of the incident, as --by says",
	  option_aware },
	{ OPTIONS_AWARE, "--kind", "KIND", "of a case: vulnerability (the default) or incident", option_kind },
	{ OPTIONS_AWARE, "--title", "TEXT", "what a case is called", option_title },
	{ OPTIONS_AWARE, "--reporter", "NAME", "who reported it, of the people in the register", option_reporter },
	{ OPTIONS_AWARE, "--credit", "HOW", "how the reporter wishes to be named: name or anonymous", option_credit },
	{ OPTIONS_AT, "--at", "TIME", "when it happened; by default now, where that can be meant", option_at },
	{ OPTIONS_UNTIL, "--until", "TIME", "the time that was asked for or agreed on", option_until },
	{ OPTIONS_REFERENCE, "--reference", "TEXT", "under which others know it", option_reference },
	{ OPTIONS_WHY, "--why", "TEXT", "the reason of a decision", option_why },
	{ OPTIONS_FOLDER, "--into", "DIR", "where the folder of a case is written; by default here", option_folder },
	{ OPTIONS_GATES, "--require-grade", "N", "exit 1 below grade N", set_require_grade },
	{ OPTIONS_FAIL_ON, "--fail-on", "WHAT", "exit 1 for what is critical, high, medium or low (and above), or "
	  "exploited; for what is new, where images are compared, or worse; may be repeated", set_fail_on },
	{ OPTIONS_GATES, "--max-opaque", "PERCENT", "exit 1 where more of the image could not be understood", set_max_opaque },
	{ OPTIONS_JUDGING, "--no-vulnerabilities", NULL, "do not look for known vulnerabilities", set_no_vulnerabilities },
	{ OPTIONS_TABLE, "--format", "NAME", "of tables: text, tsv or json; of vulnerabilities also openvex, csaf-vex or "
	  "cyclonedx; of 'register diff' also markdown or html", option_format },
	{ OPTIONS_EXPORT, "--format", "NAME", "of an export: json (lines; the default) or csv", option_format },
	{ OPTIONS_EXPORT, "--personal", NULL, "export names and addresses of people too", set_personal },
	{ OPTIONS_STATUS, "--status", "NAME", "list what is affected (the default), review, fixed, not-affected, or all",
	  set_status },
	{ OPTIONS_RUN, "--jobs", "N", "threads; by default one for each processor", set_jobs },
	{ OPTIONS_RUN, "--timeout", "SECONDS", "stop reading after that time, and report what was read; end a query", set_timeout },
	{ OPTIONS_RUN, "--memory-limit", "MIB", "memory it may take, by default 1536; what has no room is told", set_memory_limit },
	{ OPTIONS_RUN, "--times", NULL, "say on standard error how long each stage took", set_times },
	{ OPTIONS_RUN, "--show-secrets", NULL, "give secrets and cracked passwords whole, in every output", set_show_secrets },
	{ OPTIONS_ANY, "--quiet", NULL, "no progress, no page on the terminal", set_quiet },
	{ OPTIONS_ANY, "--no-color", NULL, "no colours (so does NO_COLOR)", set_no_color },
	{ OPTIONS_ANY, "--help", NULL, "this text", set_help },
};
enum { OPTION_RULES = sizeof option_rules / sizeof *option_rules };

static bool want_report(struct options *options, const char *name, const char *path)
{
	if (options->report_count == REPORTS_MAX)
		return bad("too many reports", name);
	options->reports[options->report_count++] = (struct wanted_report){ name, path };
	return true;
}

/* An option, which is one of the table or a report. */
struct known_option {
	const struct option_rule *rule;
	const char *report; /* its name; NULL for an option of the table */
};

static bool named(const char *argument, size_t length, const char *name)
{
	return strlen(name) == length && strncmp(argument, name, length) == 0;
}

/* Two commands may give one name to options of theirs: the one that this command uses is meant. */
static struct known_option find(const struct command *command, const char *argument, size_t length)
{
	struct assay_report_kind kind = ASSAY_REPORT_KIND_INIT;
	struct known_option found = { 0 };
	for (int i = 0; i < OPTION_RULES; i++)
		if (named(argument, length, option_rules[i].name) && (!found.rule || (command->options & option_rules[i].group)))
			found.rule = &option_rules[i];
	if (found.rule)
		return found;
	for (size_t i = 0; assay_report_kind(i, &kind); i++)
		if (kind.option && named(argument, length, kind.option))
			return (struct known_option){ .report = kind.name };
	return (struct known_option){ 0 };
}

static bool unknown(const char *argument, size_t length)
{
	struct assay_report_kind kind = ASSAY_REPORT_KIND_INIT;
	struct suggestion suggestion = suggestion_start(argument, length);
	for (int i = 0; i < OPTION_RULES; i++)
		suggestion_offer(&suggestion, option_rules[i].name);
	for (size_t i = 0; assay_report_kind(i, &kind); i++)
		if (kind.option)
			suggestion_offer(&suggestion, kind.option);
	if (suggestion.best[0])
		return !unusable("there is no option %.*s; did you mean %s?", (int)length, argument, suggestion.best);
	return bad("there is no such option; see 'assay --help'", argument);
}

static bool is_used(const struct arguments *arguments, struct known_option found, const char *argument, size_t length)
{
	unsigned group = found.rule ? found.rule->group : OPTIONS_OUTPUTS;
	const struct command *command = arguments->command;
	if ((command->options | OPTIONS_ANY) & group)
		return true;
	return !unusable("'assay %s' does not use %.*s; see 'assay %s --help'", command->name, (int)length, argument,
			 command->name);
}

/* Takes one option at *index, and its value from behind '=' or from the next argument. */
static bool take_option(const struct arguments *arguments, int *index, struct options *out)
{
	const char *argument = strcmp(arguments->values[*index], "-h") == 0 ? "--help" : arguments->values[*index];
	const char *equals = strchr(argument, '=');
	size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
	struct known_option found = find(arguments->command, argument, length);
	const char *value = equals ? equals + 1 : NULL;
	if (!found.rule && !found.report)
		return unknown(argument, length);
	if (!is_used(arguments, found, argument, length))
		return false;
	bool takes_value = found.report || found.rule->value;
	if (!takes_value && value)
		return bad("this option takes no value", argument);
	if (takes_value && !value) {
		if (*index + 1 >= arguments->count)
			return bad("this option wants a value", argument);
		value = arguments->values[++*index];
	}
	return found.report ? want_report(out, found.report, value) : found.rule->set(out, value);
}

bool options_parse(const struct arguments *arguments, struct options *out)
{
	bool only_operands = false;
	*out = (struct options){ .require_grade = -1, .max_opaque = -1 };
	for (int i = 0; i < arguments->count; i++) {
		const char *argument = arguments->values[i];
		if (!only_operands && strcmp(argument, "--") == 0) {
			only_operands = true;
		} else if (!only_operands && argument[0] == '-' && argument[1] != '\0') {
			if (!take_option(arguments, &i, out))
				return false;
		} else if (out->operand_count == OPERANDS_MAX) {
			return bad("too many arguments", argument);
		} else {
			out->operands[out->operand_count++] = argument;
		}
	}
	if (out->format_report && !option_knows_format(arguments->command, out->format_report))
		return bad("--format is text, tsv or json, not", out->format_report);
	if ((out->fail_on & FAIL_EXPLOITED) && out->no_vulnerabilities)
		return !unusable("--fail-on exploited asks for what --no-vulnerabilities leaves out");
	return true;
}

static void print_one(const char *name, const char *value, const char *summary)
{
	char left[64];
	(void)snprintf(left, sizeof left, "%s%s%s", name, value ? " " : "", value ? value : "");
	(void)printf("  %-27s %s\n", left, summary);
}

void options_print(unsigned groups)
{
	struct assay_report_kind kind = ASSAY_REPORT_KIND_INIT;
	for (size_t i = 0; (groups & OPTIONS_OUTPUTS) && assay_report_kind(i, &kind); i++)
		if (kind.option)
			print_one(kind.option, "FILE", kind.summary);
	for (int i = 0; i < OPTION_RULES; i++)
		if (groups & option_rules[i].group)
			print_one(option_rules[i].name, option_rules[i].value, option_rules[i].summary);
}
