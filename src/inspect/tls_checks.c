/*
 * Programs that switch the check of certificates off: calls of TLS libraries with the constants that their headers have for
 * it (curl/curl.h, openssl/ssl.h, mbedtls/ssl.h, wolfssl/ssl.h). GnuTLS checks nothing unless it is asked to: there is no call.
 */
#include "inspect/call_arguments.h"
#include "inspect/registry.h"

enum { ENDPOINT_AT = 1 };
enum { CALLS_MAX = 4096 };

enum library { CURL, OPENSSL, MBEDTLS, WOLFSSL };

static const struct setting {
	const char *function;
	const char *name;
	enum library library;
	size_t option_at, value_at; /* arguments; option_at 0 where the function has one purpose */
	uint32_t option;
} settings[] = {
	{ "curl_easy_setopt", "CURLOPT_SSL_VERIFYPEER", CURL, 1, 2, 64 },
	{ "curl_easy_setopt", "CURLOPT_SSL_VERIFYHOST", CURL, 1, 2, 81 },
	{ "SSL_CTX_set_verify", "mode", OPENSSL, 0, 1, 0 },
	{ "SSL_set_verify", "mode", OPENSSL, 0, 1, 0 },
	{ "mbedtls_ssl_conf_authmode", "mode", MBEDTLS, 0, 1, 0 },
	{ "ssl_set_authmode", "mode", MBEDTLS, 0, 1, 0 },
	{ "wolfSSL_CTX_set_verify", "mode", WOLFSSL, 0, 1, 0 },
	{ "wolfSSL_set_verify", "mode", WOLFSSL, 0, 1, 0 },
	{ "CyaSSL_CTX_set_verify", "mode", WOLFSSL, 0, 1, 0 },
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* Functions whose calls are looked for; the last two say whether it is a client (0) or serves (1). */
static const char *const functions[] = {
	"curl_easy_setopt", "SSL_CTX_set_verify", "SSL_set_verify", "mbedtls_ssl_conf_authmode",
	"ssl_set_authmode", "wolfSSL_CTX_set_verify", "wolfSSL_set_verify", "CyaSSL_CTX_set_verify",
	"mbedtls_ssl_config_defaults", "ssl_set_endpoint", NULL,
};

/* Of a client; of a server, or of a client that looks at the certificate itself. */
static const char *const client_functions[] = { "SSL_connect", "SSL_do_handshake", "BIO_new_ssl_connect", "mbedtls_ssl_handshake",
						"ssl_handshake", "wolfSSL_connect", "CyaSSL_connect", NULL };
static const char *const other_functions[] = {
	"SSL_accept", "SSL_get_verify_result", "X509_verify_cert", "SSL_CTX_set_cert_verify_callback", "SSL_get_peer_certificate",
	"SSL_get1_peer_certificate", "SSL_set_accept_state", "wolfSSL_accept", "CyaSSL_accept", "wolfSSL_get_verify_result",
	"mbedtls_ssl_get_verify_result", "mbedtls_x509_crt_verify", "mbedtls_ssl_get_peer_cert", "x509parse_verify",
	"ssl_get_verify_result", "mbedtls_ssl_conf_verify", NULL,
};

struct off {
	uint64_t offset;
	size_t setting;
};

struct search {
	struct arena *arena;
	struct off *found;
	size_t count, capacity;
	bool otherwise[SETTINGS]; /* set to another value, or to one that is not known */
	bool serves, asks;        /* a TLS endpoint that is, or may be, a server; one that is surely a client */
	bool no_memory;
};

static void take_setting(struct search *search, const struct call *call, size_t i)
{
	const struct setting *setting = &settings[i];
	if (setting->option_at > 0 &&
	    (!call->known[setting->option_at] || call->argument[setting->option_at] != setting->option))
		return;
	if (!call->known[setting->value_at] || call->argument[setting->value_at] != 0) {
		search->otherwise[i] = true;
		return;
	}
	struct off *grown = search->count < CALLS_MAX
				? arena_grow(search->arena, search->found, search->count, &search->capacity, sizeof *grown)
				: NULL;
	search->no_memory |= !grown;
	if (!grown)
		return;
	search->found = grown;
	search->found[search->count++] = (struct off){ call->offset, i };
}

static void see(void *context, const struct call *call)
{
	struct search *search = context;
	struct span name = span_of_text(functions[call->function]);
	if (span_equal_text(name, "mbedtls_ssl_config_defaults") || span_equal_text(name, "ssl_set_endpoint")) {
		bool client = call->known[ENDPOINT_AT] && call->argument[ENDPOINT_AT] == 0;
		search->asks |= client;
		search->serves |= !client;
	}
	for (size_t i = 0; i < SETTINGS; i++)
		if (span_equal_text(name, settings[i].function))
			take_setting(search, call, i);
}

static bool imports_one(const struct elf *elf, const char *const *names)
{
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	for (uint64_t i = 1; elf_symbol_at(elf, &symbols, i, &symbol); i++)
		for (size_t name = 0; !symbol.defined && names[name]; name++)
			if (span_equal_text(symbol.name, names[name]))
				return true;
	return false;
}

/* Programs with such an option may be told to check nothing by who runs them. */
static bool has_option(const struct elf *elf)
{
	return span_find_text(elf->bytes, "insecure", 0) != SPAN_NOT_FOUND ||
	       span_find_text(elf->bytes, "no-check-certificate", 0) != SPAN_NOT_FOUND;
}

/* What the object is beside its calls. */
struct traits {
	bool optional, client, more;
};

static const char *confidence_of(const struct traits *traits, const struct search *search, size_t setting)
{
	enum library library = settings[setting].library;
	if (search->otherwise[setting] || traits->optional)
		return "low";
	if (library == CURL)
		return "high";
	bool client = library == MBEDTLS ? search->asks && !search->serves : traits->client;
	return client && !traits->more ? "medium" : "low";
}

static bool tls_checks_wants(const struct inspection *file)
{
	return span_has_at(file->bytes, 0, SPAN_LITERAL("\177ELF"));
}

static void tls_checks_inspect(struct inspection *file)
{
	struct elf elf;
	struct search search = { .arena = file->scratch };
	if (!elf_open(file->bytes, &elf))
		return;
	if (!call_arguments_find(&elf, functions, file->scratch, see, &search) || search.no_memory)
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_LIMIT, "elf.calls", 0, NOTE_NO_AMOUNT,
				 "not all calls of TLS libraries in the machine code were looked at");
	if (search.count == 0)
		return;
	struct traits traits = { has_option(&elf), imports_one(&elf, client_functions), imports_one(&elf, other_functions) };
	for (size_t i = 0; i < search.count; i++) {
		size_t setting = search.found[i].setting;
		struct fact *fact = fact_new(file->facts, EVIDENCE_TLS_CHECK);
		fact_integer(fact, TLS_CHECK_OFFSET, (int64_t)search.found[i].offset);
		fact_word(file->facts, fact, TLS_CHECK_FUNCTION, settings[setting].function);
		fact_word(file->facts, fact, TLS_CHECK_SETTING, settings[setting].name);
		fact_integer(fact, TLS_CHECK_VALUE, 0);
		fact_word(file->facts, fact, TLS_CHECK_CONFIDENCE, confidence_of(&traits, &search, setting));
	}
}

const struct inspector inspector_tls_checks = {
	.name = "tls-checks",
	.wants = tls_checks_wants,
	.inspect = tls_checks_inspect,
};
