#include "vuln/version.h"

#include "harness.h"

/* Versions of one order, earliest first; "a = b" says that they are equal. */
struct row {
	enum version_order order;
	const char *versions[16];
};

static const struct row rows[] = {
	{ ORDER_GENERIC, { "0.9", "1.0-alpha1", "1.0-beta2", "1.0-rc1", "1.0", "1.0a", "1.0.1", "1.2", "1.10", "2" } },
	{ ORDER_GENERIC, { "2.0dev", "2.0a1", "2.0b10", "2.0pre1", "2.0rc1", "2.0rc10", "2.0", "2.0p1", "2.0.1" } },
	{ ORDER_GENERIC, { "4.2.6p5", "4.2.8", "4.2.8p1", "4.2.8p3", "4.2.8p15", "4.2.9" } },
	{ ORDER_GENERIC, { "2.73rc1", "2.73", "2.78", "2.80test2", "2.80", "2.100" } },
	{ ORDER_GENERIC, { "7.9.8", "7.10", "7.61.1", "8.0.0", "8.10.1" } },
	{ ORDER_GENERIC, { "6.6p1", "6.6.1p1", "7.1p1", "7.1p2", "9.9p1", "10.0p1" } },
	{ ORDER_OPENSSL, { "0.9.7", "0.9.8", "0.9.8a", "0.9.8z", "0.9.8za", "0.9.8zh", "1.0.0-beta1", "1.0.0", "1.0.1",
			   "1.0.1e", "1.0.1g", "1.0.2-beta1", "1.0.2", "1.0.2zk", "1.1.0" } },
	{ ORDER_OPENSSL, { "1.1.1-pre9", "1.1.1", "1.1.1w", "3.0.0-alpha1", "3.0.0", "3.0.9", "3.0.10", "3.2.0" } },
	{ ORDER_DATE, { "2009-12-31", "20100101", "2021-05-02", "20210503", "20210503a", "2022-01-01" } },
	{ ORDER_DEBIAN, { "1.0~rc1-1", "1.0-1", "1.0-1+deb8u1", "1.0-2", "1.0a-1", "1.0.1-1", "1:0.1-1", "2:0.0.1-9" } },
	{ ORDER_DEBIAN, { "2.0_alpha1-r0", "2.0_beta2-r1", "2.0_rc1-r0", "2.0_rc2-r0", "2.0-r0", "2.0_p1-r0", "2.0.1-r0" } },
	{ ORDER_DEBIAN, { "1.31.1-r9", "1.31.1-r11", "1.31.1-r21", "1.32.1-r7" } },
	{ ORDER_KERNEL, { "2.4.37", "2.6.11-rc2", "2.6.11", "2.6.11.1", "2.6.36.4", "2.6.37", "3.0", "3.10.14", "3.10.104",
			  "4.14.63", "4.14.106", "5.10.0-rc3", "5.10", "5.10.1" } },
	{ ORDER_DROPBEAR, { "0.44test4", "0.44", "0.45", "0.52", "0.53.1", "2011.54", "2012.55", "2013.62", "2022.83" } },
	{ ORDER_SAMBA, { "3.0.0rc1", "3.0.0", "3.0.14", "3.0.14a", "3.0.37", "3.6.25", "4.0.0", "4.10.2" } },
	{ ORDER_UBOOT, { "1.1.2", "1.1.3", "1.1.6", "1.3.4", "2008.10", "2009.08", "2010.03-rc1", "2010.03", "2013.07",
			 "2023.01-rc4", "2023.01" } },
};

static const struct {
	enum version_order order;
	const char *a, *b;
} equal[] = {
	{ ORDER_GENERIC, "1.0", "1.0.0" },
	{ ORDER_GENERIC, "1.0-rc1", "1.0.0rc1" },
	{ ORDER_GENERIC, "v1.2.3", "1.2.3" },
	{ ORDER_GENERIC, "1.2.03", "1.2.3" },
	{ ORDER_GENERIC, "1.2.3+git5", "1.2.3" },
	{ ORDER_GENERIC, "1.2.3-RC1", "1.2.3rc1" },
	{ ORDER_GENERIC, "4.2.8-p3", "4.2.8p3" },
	{ ORDER_GENERIC, "0.12-20140410", "0.12" },
	{ ORDER_OPENSSL, "1.0.2k-fips", "1.0.2k" },
	{ ORDER_DATE, "2021-05-02", "20210502" },
	{ ORDER_DATE, "2021.5.2", "20210502" },
	{ ORDER_DEBIAN, "0:1.0-1", "1.0-1" },
	{ ORDER_KERNEL, "3.10.14-openwrt", "3.10.14" },
	{ ORDER_KERNEL, "4.14.63+", "4.14.63" },
	{ ORDER_KERNEL, "3.10.0-1160.el7.x86_64", "3.10" },
	{ ORDER_KERNEL, "2.6.31--LSDK-9.2.0.312", "2.6.31" },
	{ ORDER_UBOOT, "1.1.3-g1234abc", "1.1.3" },
	{ ORDER_UBOOT, "2012.10-00123-gdeadbee", "2012.10" },
};

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static int compare(enum version_order order, const char *a, const char *b)
{
	return sign(version_compare(order, span_of_text(a), span_of_text(b)));
}

TEST(rows_ascend)
{
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		for (size_t i = 0; i < 16 && rows[r].versions[i]; i++)
			for (size_t k = 0; k < 16 && rows[r].versions[k]; k++) {
				int want = (i > k) - (i < k);
				int got = compare(rows[r].order, rows[r].versions[i], rows[r].versions[k]);
				if (got != want)
					harness_fail(__FILE__, __LINE__, "order %d: %s against %s gives %d, not %d",
						     (int)rows[r].order, rows[r].versions[i], rows[r].versions[k], got, want);
			}
}

TEST(equal_versions)
{
	for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
		int got = compare(equal[i].order, equal[i].a, equal[i].b);
		if (got != 0)
			harness_fail(__FILE__, __LINE__, "%s against %s gives %d", equal[i].a, equal[i].b, got);
	}
}

TEST(plausible_versions)
{
	CHECK(version_plausible(SPAN_LITERAL("1.0.1e")));
	CHECK(version_plausible(SPAN_LITERAL("v2.4")));
	CHECK(version_plausible(SPAN_LITERAL("2020.81-rc1")));
	CHECK(!version_plausible(SPAN_LITERAL("")));
	CHECK(!version_plausible(SPAN_LITERAL("n/a")));
	CHECK(!version_plausible(SPAN_LITERAL("1.0 or later")));
	CHECK(!version_plausible(SPAN_LITERAL("*")));
	CHECK(!version_plausible(SPAN_LITERAL("< 1.0")));
}

/* A small generator of texts that look like versions, the same in every run. */
static struct span invented(uint64_t *state, char out[static 24])
{
	static const char *const parts[] = { "0", "1", "10", "9", "00", "20210502", ".", ".", "-", "_", "~", ":", "+",
					     "rc", "a", "b", "beta", "p", "z", "fips", "git" };
	size_t length = 0;
	out[0] = 0;
	for (int i = 0; i < 7; i++) {
		*state = *state * 6364136223846793005U + 1442695040888963407U;
		const char *part = parts[(*state >> 33) % (sizeof parts / sizeof *parts)];
		if (length + strlen(part) >= 24)
			break;
		memcpy(out + length, part, strlen(part) + 1);
		length += strlen(part);
	}
	return span_of_text(out);
}

TEST(every_order_is_antisymmetric_and_transitive)
{
	enum { COUNT = 70 };
	static char texts[COUNT][24];
	struct span all[COUNT];
	uint64_t state = 42;
	for (size_t i = 0; i < COUNT; i++)
		all[i] = invented(&state, texts[i]);
	for (int order = ORDER_GENERIC; order <= ORDER_UBOOT; order++)
		for (size_t i = 0; i < COUNT; i++)
			for (size_t k = 0; k < COUNT; k++) {
				int ik = sign(version_compare((enum version_order)order, all[i], all[k]));
				if (ik != -sign(version_compare((enum version_order)order, all[k], all[i])))
					harness_fail(__FILE__, __LINE__, "order %d: %s and %s are not antisymmetric", order,
						     texts[i], texts[k]);
				for (size_t l = 0; ik <= 0 && l < COUNT; l++)
					if (version_compare((enum version_order)order, all[k], all[l]) <= 0 &&
					    version_compare((enum version_order)order, all[i], all[l]) > 0)
						harness_fail(__FILE__, __LINE__, "order %d: %s, %s, %s go in a circle", order,
							     texts[i], texts[k], texts[l]);
			}
}

TESTS(rows_ascend, equal_versions, plausible_versions, every_order_is_antisymmetric_and_transitive)
