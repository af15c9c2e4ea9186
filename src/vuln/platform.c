#include "vuln/platform.h"

static bool among(struct span word, const char *const *words)
{
	for (; *words; words++)
		if (span_equal_text(word, *words))
			return true;
	return false;
}

bool platform_is_foreign(struct span product)
{
	static const char *const systems[] = {
		"mac_os", "mac_os_x", "macos", "iphone_os", "ipados", "watchos", "tvos", "solaris", "sunos",
		"opensolaris", "hp-ux", "aix", "freebsd", "openbsd", "netbsd", "dragonflybsd", "unixware",
		"netware", "os2", "os_x", "z\\/os", "tru64", "irix", "beos", "symbian", "symbian_os", NULL,
	};
	return span_starts_text(product, "windows") || among(product, systems);
}

bool platform_target_fits(struct span target)
{
	static const char *const fitting[] = {
		"*", "-", "", "linux", "linux_kernel", "embedded", "openwrt", "unix", "posix", "yocto", "busybox", NULL,
	};
	return among(target, fitting);
}
