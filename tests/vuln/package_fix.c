#include "vuln/package_fix.h"

#include "harness.h"

TEST(debian_mends_each_release_by_itself)
{
	static const struct {
		const char *list, *package;
		bool by_release;
		enum range_verdict verdict;
	} cases[] = {
		{ "[*,5.6.1+really5.4.5-1)", "5.4.1-1+deb12u2", true, RANGE_SILENT },
		{ "[*,2:4.11.0+dfsg-6)", "2:2.6.2+samba4.17.12+dfsg-0+deb12u4", true, RANGE_SILENT },
		{ "[*,2.36-9+deb12u4)", "2.36-9+deb12u1", true, RANGE_AFFECTED },
		{ "[*,2.36-9+deb12u4)", "2.36-9+deb12u14", true, RANGE_UNAFFECTED },
		{ "[*,1.2.12-r0)", "1.2.11-r3", false, RANGE_AFFECTED },
		{ "[*,1.2.12-r0)", "1.2.12-r0", false, RANGE_UNAFFECTED },
		/* Built for an older release, of the very package that has the fix, or of an earlier one. */
		{ "[*,1:9.16.48-1)", "1:9.16.48-1~deb11u1", false, RANGE_UNAFFECTED },
		{ "[*,1:9.16.48-1)", "1:9.16.47-1~deb11u1", false, RANGE_AFFECTED },
		{ "[*,4.13.13+dfsg-1~deb11u5)", "4.13.13+dfsg-1~deb11u2", false, RANGE_AFFECTED },
		/* "not-affected (1.30+dfsg-7ubuntu0.20.04.2)": of older packages nothing is said. */
		{ "![1.30+dfsg-7ubuntu0.20.04.2,*]", "1.30+dfsg-7ubuntu0.20.04.2", false, RANGE_UNAFFECTED },
		{ "![1.30+dfsg-7ubuntu0.20.04.2,*]", "1.30+dfsg-7", false, RANGE_SILENT },
		{ "[*,1.2-r3) [*,1.3-r0)", "1.2-r5", false, RANGE_SILENT },
		/* Raspberry Pi OS, backports and other releases: greater numbers, and not mended by it. */
		{ "[*,2.85-1+deb11u1)", "2.85-1+deb11u2", false, RANGE_UNAFFECTED },
		{ "[*,2.85-1+deb11u1)", "2.85-1+rpt1", false, RANGE_SILENT },
		{ "[*,2.85-1+deb11u1)", "2.85-1+deb11u1+rpt1", false, RANGE_UNAFFECTED },
		{ "[*,2.85-1)", "2.85-1+rpt1", false, RANGE_UNAFFECTED },
		{ "[*,2.85-1+deb11u1)", "2.89-1~bpo11+1", false, RANGE_SILENT },
		{ "[*,2.85-1+deb11u1)", "2.89-1", false, RANGE_SILENT },
		{ "[*,2.85-1+deb11u1)", "2.89-1+deb12u1", false, RANGE_SILENT },
		{ "[*,2.85-1+deb11u1)", "2.85-1", false, RANGE_AFFECTED },
		{ "[*,1:9.16.44-1~deb11u1)", "1:9.16.48-1~deb11u1", false, RANGE_UNAFFECTED },
		{ "[*,6.2-1+deb11u1) [*,6.4-3) [*,6.4-3)", "6.4-4", true, RANGE_UNAFFECTED },
		{ "[*,1.33.1-r7)", "1.34.1-r3", false, RANGE_SILENT }, /* of edge, on a system of 3.14 */
		{ "[*,1.33.1-r7)", "1.33.2-r0", false, RANGE_UNAFFECTED },
		{ "[*,1.33.0-r0)", "1.34.1-r3", false, RANGE_UNAFFECTED },
		{ "[*,1.1.1l-r8)", "1.1.1n-r0", false, RANGE_UNAFFECTED },
		{ "[*,2.80-1.1ubuntu1.6)", "2.86-1.1ubuntu0.3", false, RANGE_SILENT },
		{ "[*,2.80-1.1ubuntu1.6)", "2.80-1.1ubuntu1.7+esm1", false, RANGE_UNAFFECTED },
		{ "[*,2.80-1.1ubuntu1.6)", "2.90-0ubuntu0.20.04.1", false, RANGE_UNAFFECTED },
		{ "[*,2.80-1.1ubuntu2)", "2.86-1.1ubuntu0.3", false, RANGE_UNAFFECTED },
		/* Certified packages have numbers of their own. */
		{ "[*,1.8.5-5ubuntu1.fips.1.1)", "1.8.5-5ubuntu1.1", false, RANGE_SILENT },
		{ "[*,1.8.5-5ubuntu1.fips.1.1)", "1.8.5-5ubuntu1.fips.1", false, RANGE_AFFECTED },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_EQUAL(package_fix_judge(span_of_text(cases[i].list), span_of_text(cases[i].package),
					      cases[i].by_release).verdict, cases[i].verdict);
}

TESTS(debian_mends_each_release_by_itself)
