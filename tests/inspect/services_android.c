#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

/* A file of the root, and what is stated of it. */
static void add(struct evidence *evidence, int64_t id, const char *path, const char *text)
{
	struct query q = query_start(evidence_database(evidence), "INSERT INTO file (id, volume, path, type, size, kind, state)"
				     " VALUES (?1, 1, ?2, 'file', 0, 'text', 'read')");
	query_bind_integer(&q, 1, id);
	query_bind_text(&q, 2, span_of_text(path));
	CHECK(!query_next(&q) && query_end(&q) == DONE);
	inspected_run(&got, &inspector_services, path, span_of_text(text));
	CHECK(evidence_insert_all(evidence, id, &got.facts) == DONE);
	inspected_done(&got);
}

/* Files of other hardware lie beside init.rc; what they start counts where init reads them. */
TEST(only_what_init_reads_starts)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'cpio', 0, 1, 'read')") == DONE);
	add(evidence, 1, "/init.rc",
	    "import /init.usb.rc\non boot\n    start early\nservice early /system/bin/early\n    disabled\n");
	add(evidence, 2, "/init.usb.rc", "on boot\n    start usbd\nservice usbd /system/bin/usbd\n    disabled\n");
	add(evidence, 3, "/init.emulator.rc", "import /init.inner.rc\non boot\n    start qemud\nservice qemud /system/bin/qemud\n");
	add(evidence, 4, "/init.inner.rc", "on boot\n    start innerd\nservice innerd /system/bin/innerd\n");
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name IN ('early', 'usbd') AND enabled = 1"), 2);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name IN ('qemud', 'innerd') AND enabled IS NULL"), 2);
	evidence_free(evidence);
}

/* What the property of the USB port names is started with it. */
TEST(a_property_starts_the_debug_bridge)
{
	static const char *const values[] = { "mass_storage,adb", "mtp" };
	for (size_t i = 0; i < 2; i++) {
		struct evidence *evidence;
		REQUIRE(evidence_new(&evidence) == DONE);
		sqlite3 *database = evidence_database(evidence);
		CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state)"
				" VALUES (1, 'cpio', 0, 1, 'read')") == DONE);
		add(evidence, 1, "/init.rc", "service adbd /sbin/adbd\n    disabled\n");
		struct query q = query_start(database, "INSERT INTO setting (file, line, subject, name, value)"
					     " VALUES (1, 1, 'android property', 'persist.sys.usb.config', ?1)");
		query_bind_text(&q, 1, span_of_text(values[i]));
		CHECK(!query_next(&q) && query_end(&q) == DONE);
		CHECK(inspector_services.conclude(evidence) == DONE);
		CHECK_EQUAL(query_number(database, "SELECT ifnull(enabled, -1) FROM service WHERE name = 'adbd'"), i == 0 ? 1 : -1);
		evidence_free(evidence);
	}
}

TESTS(only_what_init_reads_starts, a_property_starts_the_debug_bridge)
