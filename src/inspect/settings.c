/*
 * Settings that matter to security, from the configuration files of servers, of the
 * system and of the maker's defaults: as they stand, without judging them.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { ROWS_MAX = 10000 };

/* How a file writes its settings. */
enum style {
	STYLE_PAIRS,  /* name=value, name value, name: value */
	STYLE_UCI,    /* option name 'value' */
	STYLE_MOUNTS, /* fstab(5) */
	STYLE_WORDS,  /* one word a line */
	STYLE_ECHO,   /* echo value > /proc/sys/name, in a boot script */
};

struct setting_file {
	const char *ending;        /* of the path */
	const char *subject;
	enum style style;
	const char *const *names;  /* only these, or all where NULL; "x*" for all that start so */
};

static const char *const wifi_names[] = { "encryption", "wpa", "wpa_key_mgmt", "wpa_pairwise", "rsn_pairwise", "auth_algs",
					  "wps_state", "ieee80211w", "wps_*", "ap_setup_locked", "disabled", "key_mgmt", "proto",
					  "wep_default_key", "wpa_disable_eapol_key_retries", "sae_pwe", NULL };
static const char *const ralink_names[] = { "AuthMode", "EncrypType", "WscConfMode", "WscConfStatus", "PMFMFPC",
					     "PMFMFPR", NULL };
static const char *const firewall_names[] = { "input", "output", "forward", "syn_flood", "drop_invalid", "masq", NULL };
static const char *const dhcp_names[] = { "rebind_protection", "rebind_localhost", "localservice", "domainneeded", "boguspriv",
					  "dnssec", NULL };
static const char *const system_names[] = { "ttylogin", "log_remote", "log_ip", NULL };
static const char *const web_names[] = { "server.port", "server.username", "server.tag", "ssl.*", "dir-listing.*", "server.bind",
					 "auth.*", NULL };
static const char *const nginx_names[] = { "listen", "ssl_protocols", "ssl_ciphers", "server_tokens", "autoindex", "user",
					   "ssl_prefer_server_ciphers", "add_header", NULL };
static const char *const login_names[] = { "ENCRYPT_METHOD", "PASS_MIN_LEN", "PASS_MAX_DAYS", "LOGIN_RETRIES", "FAIL_DELAY",
					   "UMASK",
					   "LOGIN_TIMEOUT", NULL };
static const char *const android_names[] = { "ro.debuggable", "ro.secure", "ro.adb.secure", "ro.build.type", "ro.build.tags",
					     "persist.sys.usb.config", "persist.service.adb.enable", "service.adb.tcp.port",
					     "ro.build.version.security_patch", "ro.build.version.release",
					     "ro.vendor.build.security_patch", "ro.build.version.sdk",
					     "ro.board.platform", "ro.soc.manufacturer", "ro.mediatek.platform",
					     "ro.hardware", "ro.product.board",
					     "ro.allow.mock.location",
					     "ro.oem_unlock_supported", "ro.boot.*", NULL };
static const char *const smb_names[] = { "guest ok", "guest only", "map to guest", "security", "null passwords", "public",
					 "min protocol", "server min protocol", "client min protocol", "encrypt passwords",
					 "restrict anonymous", "path", "writable", "writeable", "read only", "interfaces",
					 "server signing", "ntlm auth", NULL };
static const char *const wget_names[] = { "check_certificate", "check-certificate", NULL };
static const char *const opkg_names[] = { "no_check_certificate", NULL };
static const char *const msmtp_names[] = { "tls_certcheck", NULL };
static const char *const stunnel_names[] = { "verify", "verifyChain", "verifyPeer", NULL };
static const char *const snmp_names[] = { "agentaddress", "rouser", "rwuser", "createUser", "authtrapenable", NULL };

static const struct setting_file files[] = {
	{ "/sshd_config", "sshd", STYLE_PAIRS, NULL },
	{ "/config/dropbear", "dropbear", STYLE_UCI, NULL },
	{ "/config/uhttpd", "uhttpd", STYLE_UCI, NULL },
	{ "/config/firewall", "firewall", STYLE_UCI, firewall_names },
	{ "/config/wireless", "wifi", STYLE_UCI, wifi_names },
	{ "/config/system", "system", STYLE_UCI, system_names },
	{ "/config/samba", "smb", STYLE_UCI, NULL },
	{ "/config/upnpd", "upnp", STYLE_UCI, NULL },
	{ "/config/telnet", "telnet", STYLE_UCI, NULL },
	{ "/config/dhcp", "dns", STYLE_UCI, dhcp_names },
	{ "/sysctl.conf", "sysctl", STYLE_PAIRS, NULL },
	{ "/hostapd.conf", "wifi", STYLE_PAIRS, wifi_names },
	{ "/wpa_supplicant.conf", "wifi", STYLE_PAIRS, wifi_names },
	{ "/lighttpd.conf", "lighttpd", STYLE_PAIRS, web_names },
	{ "/nginx.conf", "nginx", STYLE_PAIRS, nginx_names },
	{ "/mini_httpd.conf", "mini_httpd", STYLE_PAIRS, NULL },
	{ "/boa.conf", "boa", STYLE_PAIRS, NULL },
	{ "/vsftpd.conf", "vsftpd", STYLE_PAIRS, NULL },
	{ "/bftpd.conf", "bftpd", STYLE_PAIRS, NULL },
	{ "/proftpd.conf", "proftpd", STYLE_PAIRS, NULL },
	{ "/smb.conf", "smb", STYLE_PAIRS, smb_names },
	{ "/snmpd.conf", "snmpd", STYLE_PAIRS, snmp_names },
	{ "/stunnel.conf", "stunnel", STYLE_PAIRS, stunnel_names },
	{ "/mosquitto.conf", "mosquitto", STYLE_PAIRS, NULL },
	{ "/login.defs", "login", STYLE_PAIRS, login_names },
	{ "/.curlrc", "curl", STYLE_WORDS, NULL },
	{ "/curlrc", "curl", STYLE_WORDS, NULL },
	{ "/wgetrc", "wget", STYLE_PAIRS, wget_names },
	{ "/.wgetrc", "wget", STYLE_PAIRS, wget_names },
	{ "/opkg.conf", "opkg", STYLE_UCI, opkg_names },
	{ "/msmtprc", "msmtp", STYLE_PAIRS, msmtp_names },
	{ "/etc/sudoers", "sudo", STYLE_WORDS, NULL },
	{ "/pam.d/su", "pam su", STYLE_WORDS, NULL },
	{ "/securetty", "securetty", STYLE_WORDS, NULL },
	{ "/fstab", "mount", STYLE_MOUNTS, NULL },
	{ "/default.prop", "android property", STYLE_PAIRS, android_names },
	{ "/build.prop", "android property", STYLE_PAIRS, android_names },
	{ "/prop.default", "android property", STYLE_PAIRS, android_names },
	{ "/rcS", "sysctl", STYLE_ECHO, NULL },
	{ "/rc.local", "sysctl", STYLE_ECHO, NULL },
	{ "/rc.sysinit", "sysctl", STYLE_ECHO, NULL },
};

static const struct setting_file sysctl_folder = { "", "sysctl", STYLE_PAIRS, NULL };
static const struct setting_file sshd_folder = { "", "sshd", STYLE_PAIRS, NULL };
static const struct setting_file sudo_folder = { "", "sudo", STYLE_WORDS, NULL };
static const struct setting_file ralink = { "", "wifi", STYLE_PAIRS, ralink_names };
static const struct setting_file defaults = { "", "default configuration", STYLE_PAIRS, NULL };

/* The maker's defaults: lists of name=value that are loaded into nvram or a configuration store. */
static bool is_defaults(const struct inspection *file)
{
	static const char *const words[] = { "nvram", "default.cfg", "default_config", "defaultconfig", "default.conf",
					     "defaults.cfg",
					     "config.default", "factory.cfg", "reduced_data_model", NULL };
	if (file->kind == KIND_SCRIPT || !kind_is_text(file->kind))
		return false;
	for (size_t i = 0; words[i]; i++)
		if (contains_caseless(file->name, words[i]))
			return true;
	return false;
}

static bool is_ralink(struct span name)
{
	return span_ends_text(name, ".dat") &&
	       (span_starts_text(name, "RT2860") || span_starts_text(name, "RT") || span_starts_text(name, "mt7") ||
		span_starts_text(name, "MT7"));
}

static const struct setting_file *find(const struct inspection *file)
{
	if (!inspection_is_live_lines(file))
		return NULL;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (span_ends_text(file->path, files[i].ending))
			return &files[i];
	if (path_has_folder(file->path, "sysctl.d") && span_ends_text(file->name, ".conf"))
		return &sysctl_folder;
	if (path_has_folder(file->path, "sshd_config.d"))
		return &sshd_folder;
	if (path_has_folder(file->path, "sudoers.d"))
		return &sudo_folder;
	if (is_ralink(file->name))
		return &ralink;
	return is_defaults(file) ? &defaults : NULL;
}

static bool is_wanted(const struct setting_file *kind, struct span name)
{
	if (!kind->names)
		return true;
	for (size_t i = 0; kind->names[i]; i++) {
		struct span wanted = span_of_text(kind->names[i]);
		bool prefix = span_byte(wanted, wanted.size - 1) == '*';
		if (prefix ? span_starts(name, span_slice(wanted, 0, wanted.size - 1)) : equal_caseless(name, kind->names[i]))
			return true;
	}
	return false;
}

/* Secrets are stated elsewhere, masked; here they would stand whole. */
static bool is_secret(struct span name)
{
	static const char *const words[] = { "passw", "psk", "secret", "passphrase", "createuser", "_key", "pin", NULL };
	for (size_t i = 0; words[i]; i++)
		if (contains_caseless(name, words[i]) && !contains_caseless(name, "authentication") &&
		    !equal_caseless(name, "encrypt passwords") && !equal_caseless(name, "null passwords") &&
		    !equal_caseless(name, "passwordauth") && !equal_caseless(name, "rootpasswordauth") &&
		    !equal_caseless(name, "permitemptypasswords") && !equal_caseless(name, "wpa_key_mgmt") &&
		    !contains_caseless(name, "file"))
			return true;
	return false;
}

struct settings {
	struct inspection *file;
	const struct setting_file *kind;
	int rows;
};

static void state(struct settings *settings, int64_t line, struct span name, struct span value)
{
	bool whole_line = settings->kind->style == STYLE_WORDS;
	if (!is_wanted(settings->kind, name) || (!whole_line && is_secret(name)))
		return;
	struct facts *facts = settings->file->facts;
	if (settings->rows++ >= ROWS_MAX) {
		facts_drop(facts, EVIDENCE_SETTING);
		return;
	}
	struct fact *fact = fact_new(facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_word(facts, fact, SETTING_SUBJECT, settings->kind->subject);
	fact_text(facts, fact, SETTING_NAME, name);
	fact_text(facts, fact, SETTING_VALUE, value);
}

/* A value ends before a remark, and before the ';' of nginx. */
static struct span without_remark(struct span value)
{
	size_t remark = span_find_text(value, " #", 0);
	value = span_trim(span_slice(value, 0, remark));
	if (span_byte(value, value.size - 1) == ';')
		value.size--;
	return unquoted(value);
}

static void read_pair(struct settings *settings, int64_t number, struct span line)
{
	struct span name, value;
	size_t equals = span_find_byte(line, '=', 0);
	bool words = equals != SPAN_NOT_FOUND && settings->kind->names == smb_names;
	if (words) {
		name = span_trim(span_slice(line, 0, equals));
		value = span_trim(span_from(line, equals + 1));
	} else if (!setting_split(line, &name, &value))
		return;
	state(settings, number, name, without_remark(value));
}

/* Names of the maker's defaults that open a service. */
static bool opens_service(struct span name)
{
	static const char *const words[] = { "telnet", "ssh",  "ftp",	 "upnp",   "wps",  "remote", "adb",  "debug", "snmp",
					     "tr069",  "cwmp", "http_enable", "https", "samba", "smb", "dlna", "wan_access", NULL };
	for (size_t i = 0; words[i]; i++)
		if (contains_caseless(name, words[i]))
			return true;
	return false;
}

static void read_default(struct settings *settings, int64_t number, struct span line)
{
	size_t equals = span_find_byte(line, '=', 0);
	if (equals == SPAN_NOT_FOUND)
		return;
	struct span name = span_trim(span_slice(line, 0, equals)), value = unquoted(span_trim(span_from(line, equals + 1)));
	static const char *const switches[] = { "0", "1", "on", "off", "yes", "no", "true", "false", "enable", "disable", NULL };
	if (value.size > 0 && (opens_service(name) || is_one_of(value, switches)) && span_find_byte(name, ' ', 0) == SPAN_NOT_FOUND)
		state(settings, number, name, value);
}

static void read_uci(struct settings *settings, int64_t number, struct span line)
{
	struct span rest = line, word, name;
	if (!span_next_word(&rest, &word) || (!span_equal_text(word, "option") && !span_equal_text(word, "list")) ||
	    !span_next_word(&rest, &name))
		return;
	state(settings, number, unquoted(name), without_remark(span_trim(rest)));
}

/* device, mount point, type, options */
static void read_mount(struct settings *settings, int64_t number, struct span line)
{
	struct span device, point, type, options;
	if (span_next_word(&line, &device) && span_next_word(&line, &point) && span_next_word(&line, &type) &&
	    span_next_word(&line, &options))
		state(settings, number, point, options);
}

/* A line that is not indented stands outside of any condition, as such scripts are written. */
static void read_echo(struct settings *settings, const struct lines *lines, struct span line)
{
	size_t target = span_find_text(line, "/proc/sys/", 0), arrow = span_find_byte(line, '>', 0);
	bool indented = span_byte(lines->text, lines->offset) <= ' ';
	if (indented || !span_starts_text(line, "echo ") || target == SPAN_NOT_FOUND || arrow == SPAN_NOT_FOUND ||
	    arrow > target)
		return;
	struct span value = unquoted(span_trim(span_slice(line, 5, arrow - 5)));
	struct span path = span_from(line, target + sizeof "/proc/sys/" - 1), name;
	char *text = span_next_word(&path, &name) ? arena_text(settings->file->scratch, name) : NULL;
	for (char *c = text; c && *c; c++)
		if (*c == '/')
			*c = '.';
	if (text && span_find_byte(value, '$', 0) == SPAN_NOT_FOUND)
		state(settings, lines->number, span_of_text(text), value);
}

static void inspect(struct inspection *file)
{
	struct settings settings = { .file = file, .kind = find(file) };
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (settings.kind && lines_next_setting(&lines, &line)) {
		switch (settings.kind->style) {
		case STYLE_PAIRS:
			if (settings.kind == &defaults)
				read_default(&settings, lines.number, line);
			else
				read_pair(&settings, lines.number, line);
			break;
		case STYLE_UCI:
			read_uci(&settings, lines.number, line);
			break;
		case STYLE_MOUNTS:
			read_mount(&settings, lines.number, line);
			break;
		case STYLE_WORDS:
			state(&settings, lines.number, line, SPAN_LITERAL("allowed"));
			break;
		case STYLE_ECHO:
			read_echo(&settings, &lines, line);
			break;
		}
	}
}

static bool wants(const struct inspection *file)
{
	return find(file) != NULL;
}

const struct inspector inspector_settings = {
	.name = "settings",
	.wants = wants,
	.inspect = inspect,
};
