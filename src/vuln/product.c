#include "vuln/product.h"

#include "vuln/cpe.h"

/* Words of CVE records whose CPE name is another. Only where the product is surely the same. */
static const struct {
	const char *words, *name;
} aliases[] = {
	{ "linux:linux", "linux:linux_kernel" },
	{ "curl:curl", "haxx:curl" },
	{ "n/a:curl", "haxx:curl" },
	{ "n/a:https://github.com/curl/curl", "haxx:curl" },
	{ "the_gnu_c_library:glibc", "gnu:glibc" },
	{ "gnu_libc:glibc", "gnu:glibc" },
	{ "n/a:glibc", "gnu:glibc" },
	{ "php_group:php", "php:php" },
	{ "isc:bind_9", "isc:bind" },
	{ "isc:bind9", "isc:bind" },
	{ "n/a:samba", "samba:samba" },
	{ "n/a:avahi", "avahi:avahi" },
	{ "n/a:ffmpeg", "ffmpeg:ffmpeg" },
	{ "n/a:busybox", "busybox:busybox" },
	{ "n/a:libssh", "libssh:libssh" },
	{ "n/a:frr", "frrouting:frrouting" },
	{ "n/a:util-linux", "kernel:util-linux" },
	{ "n/a:dnsmasq", "thekelleys:dnsmasq" },
	{ "n/a:glib2", "gnome:glib" },
	{ "vim:vim/vim", "vim:vim" },
	{ "f5:nginx_open_source", "f5:nginx" },
	{ "eclipse_foundation:mosquitto", "eclipse:mosquitto" },
	{ "nlnet_labs:unbound", "nlnetlabs:unbound" },
	{ "the_tcpdump_group:libpcap", "tcpdump:libpcap" },
	{ "the_tcpdump_group:tcpdump", "tcpdump:tcpdump" },
	{ "openvpn:openvpn_2", "openvpn:openvpn" },
	{ "gnu_project:gnu_grub", "gnu:grub2" },
	{ "tukaani-project:xz", "tukaani:xz" },
	{ "wolfssl_inc.:wolfssl", "wolfssl:wolfssl" },
	{ "zephyrproject-rtos:zephyr", "zephyrproject:zephyr" },
	{ "freertos:freertos-kernel", "amazon:freertos" },
};

enum outcome product_name(struct buffer *out, struct span vendor, struct span product)
{
	buffer_clear(out);
	if (product.size == 0 || span_equal_text(product, "n/a"))
		return NOT_THIS;
	TRY(cpe_append_plain(out, span_trim(vendor)));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	TRY(cpe_append_plain(out, span_trim(product)));
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (!span_equal_text(buffer_span(out), aliases[i].words))
			continue;
		buffer_clear(out);
		return buffer_append(out, span_of_text(aliases[i].name));
	}
	return DONE;
}
