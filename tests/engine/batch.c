#include "engine/batch.h"

#include "harness.h"

enum { COUNT = 3000, KIB = 1024 };
static const struct unpacker scattered = { .name = "scattered" };
static const struct unpacker solid = { .name = "solid", .sequential = true };
static struct node nodes[] = {
	{ .id = 1, .volume = { .unpacker = &scattered } },
	{ .id = 2, .volume = { .unpacker = &solid } },
	{ .id = 3, .volume = { .unpacker = &scattered } },
};
static struct entry entries[COUNT];

static void add(struct batches *batches, int64_t file, const struct node *node, const struct entry *entry)
{
	CHECK_EQUAL(batches_add(batches, &(struct target){ .file = file, .node = node, .entry = entry }), DONE);
}

/* Job of a file; -1 where it is in none. Each target must be in exactly one. */
static long job_of(const struct batches *batches, int64_t file)
{
	long found = -1;
	for (size_t job = 0; job < batches_count(batches); job++) {
		const struct target *first;
		size_t count = batches_job(batches, job, &first);
		for (size_t i = 0; i < count; i++) {
			if (first[i].file != file)
				continue;
			CHECK_EQUAL(found, -1);
			found = (long)job;
		}
	}
	return found;
}

/* Entries of many sizes, now and then several in one block or of one content. */
static void fill(void)
{
	memset(entries, 0, sizeof entries);
	for (uint32_t i = 0; i < COUNT; i++) {
		entries[i].size = i * UINT64_C(2654435761) % (200 * KIB);
		entries[i].offset = (i / 3) * UINT64_C(4096);
		entries[i].group = i % 7 == 0 ? 0 : i / 3 + 1;
	}
}

TEST(cuts_do_not_depend_on_the_order_of_adding)
{
	struct batches one, other;
	batches_init(&one);
	batches_init(&other);
	fill();
	for (size_t i = 0; i < COUNT; i++)
		add(&one, (int64_t)i + 1, &nodes[i % 3], &entries[i]);
	for (size_t i = COUNT; i-- > 0;)
		add(&other, (int64_t)(i * 1009 % COUNT) + 1, &nodes[i * 1009 % COUNT % 3], &entries[i * 1009 % COUNT]);
	CHECK_EQUAL(batches_sort(&one), DONE);
	CHECK_EQUAL(batches_sort(&other), DONE);
	REQUIRE(batches_count(&one) > 10 && batches_count(&one) == batches_count(&other));
	uint64_t weight = 0;
	size_t targets = 0;
	for (size_t job = 0; job < batches_count(&one); job++) {
		const struct target *a, *b;
		size_t count = batches_job(&one, job, &a);
		REQUIRE(count > 0 && count == batches_job(&other, job, &b));
		for (size_t i = 0; i < count; i++)
			CHECK_EQUAL(a[i].file, b[i].file);
		weight += batches_weight(&one, job);
		targets += count;
	}
	CHECK_EQUAL(targets, COUNT);
	CHECK_EQUAL(weight, one.weight);
	batches_done(&one);
	batches_done(&other);
}

TEST(targets_lie_in_the_order_of_their_data)
{
	struct batches batches;
	const struct target *first;
	const struct entry late = { .offset = 900 }, early = { .offset = 100 };
	batches_init(&batches);
	add(&batches, 1, &nodes[2], &early);
	add(&batches, 2, &nodes[1], &late); /* of a solid archive: in the order of listing */
	add(&batches, 3, &nodes[1], &early);
	add(&batches, 4, &nodes[0], &late);
	add(&batches, 5, &nodes[0], &early);
	add(&batches, 6, NULL, NULL); /* raw bytes */
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 1);
	REQUIRE(batches_job(&batches, 0, &first) == 6);
	static const int64_t want[] = { 6, 5, 4, 2, 3, 1 };
	for (size_t i = 0; i < 6; i++)
		CHECK_EQUAL(first[i].file, want[i]);
	batches_done(&batches);
}

TEST(big_files_are_jobs_of_their_own)
{
	struct batches batches;
	static const struct entry big[] = { { .size = 600 * KIB, .offset = 1 }, { .size = 600 * KIB, .offset = 2 } };
	batches_init(&batches);
	add(&batches, 1, &nodes[0], &big[0]);
	add(&batches, 2, &nodes[0], &big[1]);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 2);
	CHECK_EQUAL(batches_weight(&batches, 1), 600 * KIB);
	batches_done(&batches);
}

TEST(hard_links_and_fragments_stay_together)
{
	struct batches batches;
	batches_init(&batches);
	memset(entries, 0, sizeof entries);
	for (size_t i = 0; i < 40; i++) {
		entries[i].size = 300 * KIB;
		entries[i].offset = i < 20 ? 4096 : 8192;
		entries[i].identity = i < 20 ? 7 : 0; /* names of one content */
		entries[i].group = i < 20 ? 0 : 9;    /* fragments of one block */
		add(&batches, (int64_t)i + 1, &nodes[0], &entries[i]);
	}
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 2);
	for (int64_t file = 1; file <= 40; file++)
		CHECK_EQUAL(job_of(&batches, file), file > 20);
	batches_done(&batches);
}

TEST(numbers_of_other_volumes_bind_nothing)
{
	struct batches batches;
	static const struct entry big = { .size = 600 * KIB, .identity = 7, .group = 9 };
	batches_init(&batches);
	add(&batches, 1, &nodes[0], &big);
	add(&batches, 2, &nodes[2], &big);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 2);
	batches_done(&batches);
}

TEST(a_solid_archive_is_one_job)
{
	struct batches batches;
	batches_init(&batches);
	fill();
	for (size_t i = 0; i < COUNT; i++)
		add(&batches, (int64_t)i + 1, &nodes[1], &entries[i]);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 1);
	batches_done(&batches);
}

TEST(many_small_files_are_several_jobs)
{
	struct batches batches;
	static const struct entry empty;
	batches_init(&batches);
	for (int64_t file = 1; file <= COUNT; file++)
		add(&batches, file, &nodes[0], &empty);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK(batches_count(&batches) > 1);
	CHECK_EQUAL(job_of(&batches, 1), 0);
	CHECK_EQUAL(job_of(&batches, COUNT), batches_count(&batches) - 1);
	batches_done(&batches);
}

TEST(nothing_makes_no_job)
{
	struct batches batches;
	batches_init(&batches);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 0);
	batches_done(&batches);
}

/* Sizes are what an image states: their sum must not wrap. */
TEST(stated_sizes_do_not_wrap)
{
	struct batches batches;
	static const struct entry huge = { .size = UINT64_MAX };
	batches_init(&batches);
	for (int64_t file = 1; file <= 4; file++)
		add(&batches, file, &nodes[0], &huge);
	CHECK_EQUAL(batches_sort(&batches), DONE);
	CHECK_EQUAL(batches_count(&batches), 4);
	CHECK(batches.weight >= batches_weight(&batches, 0) && batches_weight(&batches, 0) > 0);
	batches_done(&batches);
}

TESTS(cuts_do_not_depend_on_the_order_of_adding, targets_lie_in_the_order_of_their_data, big_files_are_jobs_of_their_own,
      hard_links_and_fragments_stay_together, numbers_of_other_volumes_bind_nothing, a_solid_archive_is_one_job,
      many_small_files_are_several_jobs, nothing_makes_no_job, stated_sizes_do_not_wrap)
