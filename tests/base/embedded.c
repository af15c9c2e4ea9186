#include "base/embedded.h"

#include "harness.h"

TEST(finds_every_file_by_its_name)
{
	CHECK(embedded_file_count > 10);
	for (size_t i = 0; i < embedded_file_count; i++) {
		struct span bytes = embedded(embedded_files[i].name);
		CHECK(bytes.data == embedded_files[i].data);
		CHECK_EQUAL(bytes.size, embedded_files[i].size);
	}
	CHECK(!embedded_files[embedded_file_count].name);
}

TEST(finds_no_other)
{
	static const char *const others[] = { "", "0", "schema", "schema.sql ", "zz" };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK(!embedded(others[i]).data);
}

TESTS(finds_every_file_by_its_name, finds_no_other)
