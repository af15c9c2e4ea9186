/* The applets of BusyBox: one string of names, and the structures of the first versions. */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

#define FIRST "[\0[[\0ash\0awk\0cat\0chmod\0cp\0date\0dd\0df\0"
#define MIDDLE "echo\0free\0grep\0head\0httpd\0init\0kill\0ls\0mv\0ps\0"
#define LAST "sh\0tar\0udhcpc\0vi\0wget\0zcat\0"
#define HEAD "\x7f" "ELF\1\1\1\0"

static struct inspected got;

static int64_t whole_of(const char *path, const char *bytes, size_t size)
{
	inspected_run(&got, &inspector_applets, path, span_of(bytes, size));
	int64_t whole = inspected_integer(inspected_row(&got, EVIDENCE_APPLET_TABLE, 0), APPLET_TABLE_WHOLE);
	const struct fact *cat = inspected_find(&got, EVIDENCE_APPLET, APPLET_NAME, "cat");
	if (cat)
		CHECK_TEXT(span_slice(span_of(bytes, size), (uint64_t)inspected_integer(cat, APPLET_OFFSET), 3), "cat");
	inspected_done(&got);
	return whole;
}

#define WHOLE(path, text) whole_of((path), (text), sizeof(text))

TEST(says_whether_the_names_were_read_from_the_first_to_the_last)
{
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.19.4 (x)\0\1" FIRST MIDDLE LAST "\1"), 1);
	/* A program of another name; one that nothing calls BusyBox. */
	CHECK_EQUAL(WHOLE("/bin/sh", HEAD "BusyBox v1.19.4 (x)\0\1" FIRST MIDDLE LAST "\1"), 1);
	CHECK_EQUAL(WHOLE("/bin/sh", HEAD "\1" FIRST MIDDLE LAST "\1"), INSPECTED_NULL);
	/* Cut at the end, at the start; by a name that is none. */
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.19.4 (x)\0\1" FIRST MIDDLE "\1"), 0);
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.19.4 (x)\0\1" "echo\0ed\0eject\0env\0" MIDDLE LAST "\1"), 0);
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.19.4 (x)\0\1" FIRST "Echo\0" MIDDLE LAST "\1"), 0);
	/* Literals of a table of pointers: some of them may stand elsewhere. */
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.4.2 (x)\0\1" FIRST MIDDLE LAST "\1"), 0);
	CHECK_EQUAL(WHOLE("/bin/busybox", HEAD "BusyBox v1.19.4 (x)\0\1" FIRST "\0" MIDDLE LAST "\1"), 0);
}

enum { SIZE = 0x1000, TABLE = 0x200, STRIDE = 12, NAMES = 14 };

static const char *const names[NAMES] = {
	"[", "ash", "cat", "chmod", "cp", "echo", "free", "grep", "kill", "ls", "mv", "sh", "tar", "wget",
};

static void put(uint8_t *image, size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A program at 0x400000 whose structures lead to names that stand in the file in the order of their backs. */
static void build(uint8_t *image)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	static const char version[] = "BusyBox v0.60.0 (2005.01.01)";
	size_t at = 0x800;
	memset(image, 0, SIZE);
	memcpy(image, head, sizeof head);
	memcpy(image + 0x700, version, sizeof version);
	put(image, 16, 2, 2), put(image, 18, 8, 2), put(image, 20, 1, 4), put(image, 28, 52, 4);
	put(image, 40, 52, 2), put(image, 42, 32, 2), put(image, 44, 1, 2);
	put(image, 52, 1, 4), put(image, 52 + 8, 0x400000, 4), put(image, 52 + 16, SIZE, 4), put(image, 52 + 20, SIZE, 4);
	for (size_t i = NAMES; i-- > 0;) {
		memcpy(image + at, names[i], strlen(names[i]));
		put(image, TABLE + i * STRIDE, 0x400000 + (uint32_t)at, 4);
		put(image, TABLE + i * STRIDE + 4, 0x400100 + (uint32_t)i * 4, 4);
		at += strlen(names[i]) + 1;
	}
}

static void check_structures(const uint8_t *image, size_t size, int64_t count, int64_t whole)
{
	inspected_run(&got, &inspector_applets, "/bin/busybox", span_of(image, size));
	const struct fact *table = inspected_row(&got, EVIDENCE_APPLET_TABLE, 0);
	CHECK_EQUAL(inspected_integer(table, APPLET_TABLE_COUNT), count);
	CHECK_EQUAL(inspected_integer(table, APPLET_TABLE_WHOLE), whole);
	inspected_done(&got);
}

TEST(reads_the_structures_of_the_first_versions)
{
	static uint8_t image[SIZE];
	build(image);
	inspected_run(&got, &inspector_applets, "/bin/busybox", span_of(image, SIZE));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_APPLET), NAMES);
	CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_APPLET_TABLE, 0), APPLET_TABLE_OFFSET), TABLE);
	inspected_done(&got);
	check_structures(image, SIZE, NAMES, 1);
	/* Something else than an empty structure ends it; a name in the middle leads nowhere. */
	put(image, TABLE + NAMES * STRIDE, 0x400700, 4);
	check_structures(image, SIZE, NAMES, 0);
	build(image);
	put(image, TABLE + STRIDE, 0x500000, 4);
	check_structures(image, SIZE, NAMES - 2, 1 - 1);
	build(image);
	for (size_t size = 0; size < SIZE; size += 37) { /* cut anywhere */
		inspected_run(&got, &inspector_applets, "/bin/busybox", span_of(image, size));
		CHECK(inspected_count(&got, EVIDENCE_APPLET) <= NAMES);
		inspected_done(&got);
	}
}

TESTS(says_whether_the_names_were_read_from_the_first_to_the_last, reads_the_structures_of_the_first_versions)
