#include "base/json_scan.h"

#include "harness.h"

static struct json_scan scan;

static enum outcome read_text(const char *text, const struct json_value **out)
{
	json_scan_done(&scan);
	json_scan_init(&scan, 1024 * 1024);
	return json_scan_read(&scan, span_of_text(text), out);
}

TEST(members_and_elements_are_found_by_their_names_and_in_their_order)
{
	const struct json_value *root;
	REQUIRE(read_text("\xef\xbb\xbf {\"a\" : [1, \"zwei\", {\"b\":{}, \"c\":-2.5e1}, [] , true,null] ,\"d\":\"x\",\"\":false}\n",
			  &root) == DONE);
	const struct json_value *list = json_value_member(root, "a");
	CHECK_EQUAL(json_value_count(root), 3);
	CHECK_EQUAL(json_value_count(list), 6);
	const struct json_value *item = json_value_first(list);
	CHECK(json_value_number(item) == 1.0);
	item = json_value_next(list, item);
	CHECK_TEXT(json_value_text(item), "zwei");
	item = json_value_next(list, item);
	CHECK(json_value_number(json_value_member(item, "c")) == -25.0);
	CHECK(json_value_is(json_value_member(item, "b"), JSON_OBJECT));
	CHECK(!json_value_first(json_value_member(item, "b")));
	size_t count = 0;
	JSON_EACH(one, list)
		count += one->kind == JSON_ARRAY || one->kind == JSON_TRUE || one->kind == JSON_NULL;
	CHECK_EQUAL(count, 3);
	CHECK_TEXT(json_value_text(json_value_member(root, "d")), "x");
	CHECK_TEXT(json_value_key(json_value_next(root, list)), "d");
	CHECK(json_value_is(json_value_member(root, ""), JSON_FALSE));
	CHECK(!json_value_member(root, "e"));
	CHECK(!json_value_member(list, "a"));
	CHECK(!json_value_first(NULL));
	CHECK(json_value_number(NULL) < 0.0);
}

TEST(escapes_become_utf8_and_plain_strings_stay_where_they_are)
{
	const struct json_value *root;
	static const char text[] = "[\"plain, and long enough for a word\",\"a\\u00e4\\ud83d\\ude00\\n\\\"\\/\",\"\xc3\xa4\\\\\"]";
	REQUIRE(read_text(text, &root) == DONE);
	const struct json_value *first = json_value_first(root), *second = json_value_next(root, first);
	CHECK(first->data == (const uint8_t *)text + 2);
	CHECK_TEXT(json_value_text(second), "a\xc3\xa4\xf0\x9f\x98\x80\n\"/");
	CHECK_TEXT(json_value_text(json_value_next(root, second)), "\xc3\xa4\\");
}

/* What is wrong, and at which byte. */
TEST(every_fault_of_form_is_refused_with_its_place)
{
	static const struct {
		const char *text;
		size_t at;
	} faults[] = {
		{ "", 0 }, { " ", 1 }, { "{", 1 }, { "[1", 2 }, { "[1,]", 3 }, { "{\"a\":1,}", 7 }, { "{\"a\" 1}", 5 },
		{ "{a:1}", 1 },
		{ "[1 2]", 3 }, { "{}{}", 2 }, { "[]x", 2 }, { "\"abc", 4 }, { "\"a\\", 2 }, { "\"a\\\"", 4 }, { "[\"a\nb\"]", 3 },
		{ "\"\xff\"", 1 }, { "\"\xc3\"", 1 }, { "\"\xed\xa0\x80\"", 1 }, { "\"\\q\"", 3 },
		{ "\"\\u12g4\"", 5 }, { "\"\\ud800\"", 7 },
		{ "\"\\udc00x\"", 7 }, { "01", 0 }, { "-", 0 }, { "1.", 0 }, { ".5", 0 }, { "1e", 0 }, { "+1", 0 }, { "tru", 0 },
		{ "nul", 0 }, { "[NaN]", 1 }, { "{\"a\":1,\"b\":2,\"a\":3}", 19 }, { "{\"a\":1,\"\\u0061\":2}", 18 }, { "'a'", 0 },
		{ "[1}", 2 }, { "{\"a\":1]", 6 }, { "/* */ 1", 0 },
	};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const struct json_value *root;
		CHECK_EQUAL(read_text(faults[i].text, &root), MALFORMED);
		CHECK(scan.wrong != NULL);
		if (scan.at != faults[i].at)
			printf("# %s: byte %zu, not %zu (%s)\n", faults[i].text, scan.at, faults[i].at, scan.wrong);
		CHECK_EQUAL(scan.at, faults[i].at);
	}
}

TEST(every_cut_document_is_refused)
{
	static const char text[] = "{\"list\":[{\"id\":\"\\u00e4bc\",\"n\":[true,null,-1.5]}],\"z\":\"\xe2\x82\xac\"}";
	const struct json_value *root;
	CHECK_EQUAL(read_text(text, &root), DONE);
	for (size_t size = 0; size + 1 < sizeof text; size++)
		CHECK_EQUAL(json_scan_read(&scan, span_of(text, size), &root), MALFORMED);
}

static size_t nested(size_t depth, char *text)
{
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	return 2 * depth;
}

TEST(depth_ends_at_its_limit)
{
	static char text[2 * JSON_SCAN_DEPTH_MAX + 8];
	const struct json_value *root;
	(void)nested(JSON_SCAN_DEPTH_MAX, text);
	CHECK_EQUAL(read_text(text, &root), DONE);
	(void)nested(JSON_SCAN_DEPTH_MAX + 1, text);
	CHECK_EQUAL(read_text(text, &root), MALFORMED);
	CHECK_EQUAL(scan.at, JSON_SCAN_DEPTH_MAX);
}

TEST(names_that_come_twice_are_seen_among_many_too)
{
	static char text[64 * 1024];
	for (int twice = 0; twice < 2; twice++) {
		const struct json_value *root;
		size_t size = 0;
		for (int i = 0; i < 1000; i++)
			size += (size_t)snprintf(text + size, sizeof text - size, "%c\"name%d\":{\"x\":%d}", i ? ',' : '{', i, i);
		(void)snprintf(text + size, sizeof text - size, ",\"name%d\":1}", twice ? 500 : 1000);
		CHECK_EQUAL(read_text(text, &root), twice ? MALFORMED : DONE);
	}
}

TEST(values_take_no_more_memory_than_they_may)
{
	static char text[64 * 1024];
	const struct json_value *root;
	memset(text, '[', 1);
	for (size_t i = 1; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "1,", 2);
	memcpy(text + sizeof text - 3, "1]", 3);
	text[sizeof text - 1] = '\0';
	json_scan_done(&scan);
	json_scan_init(&scan, 64 * 1024);
	CHECK_EQUAL(json_scan_read(&scan, span_of_text(text), &root), OVER_BUDGET);
	json_scan_done(&scan);
	json_scan_init(&scan, 1024 * 1024);
	CHECK_EQUAL(json_scan_read(&scan, span_of_text(text), &root), DONE);
}

struct seen {
	char text[256];
	size_t stop; /* after so many items */
};

static enum outcome see(void *context, struct span key, const struct json_value *value)
{
	struct seen *seen = context;
	size_t size = strlen(seen->text);
	(void)snprintf(seen->text + size, sizeof seen->text - size, "%.*s=%.*s%zu ", SPAN_FORMAT(key),
		       SPAN_FORMAT(json_value_text(value)), json_value_count(value));
	return seen->stop > 0 && --seen->stop == 0 ? NOT_THIS : DONE;
}

static enum outcome list_of(const char *text, const char *list, struct seen *seen)
{
	json_scan_done(&scan);
	json_scan_init(&scan, 1024 * 1024);
	return json_scan_list(&scan, span_of_text(text), list, see, seen);
}

TEST(a_long_list_is_given_one_by_one)
{
	struct seen seen = { 0 }, none = { 0 }, few = { .stop = 2 }, plain = { 0 }, late = { 0 };
	CHECK_EQUAL(list_of("{\"date\":\"d\",\"list\":[{\"a\":1,\"b\":2},[],\"s\"],\"n\":{\"list\":[1]}}", "list", &seen), DONE);
	CHECK_TEXT(span_of_text(seen.text), "date=d0 list=2 list=0 list=s0 n=1 ");
	CHECK_EQUAL(list_of("{\"list\":[],\"x\":\"\"}", "list", &none), DONE);
	CHECK_TEXT(span_of_text(none.text), "x=0 ");
	CHECK_EQUAL(list_of("{\"list\":[1,2,3]}", "list", &few), NOT_THIS);
	CHECK_TEXT(span_of_text(few.text), "list=0 list=0 ");
	CHECK_EQUAL(list_of("[{\"a\":1},{}]", NULL, &plain), DONE);
	CHECK_TEXT(span_of_text(plain.text), "=1 =0 ");
	CHECK_EQUAL(list_of("{\"list\":[{\"a\":1},{]}", "list", &late), MALFORMED);
	CHECK_EQUAL(scan.at, 18);
	CHECK_EQUAL(list_of("{\"list\":[1],\"list\":[2]}", "list", &late), MALFORMED);
	CHECK_EQUAL(list_of("[1]", "list", &late), MALFORMED);
	CHECK_EQUAL(list_of("{\"list\":[1]} x", "list", &late), MALFORMED);
	json_scan_done(&scan);
}

TESTS(members_and_elements_are_found_by_their_names_and_in_their_order,
      escapes_become_utf8_and_plain_strings_stay_where_they_are, every_fault_of_form_is_refused_with_its_place,
      every_cut_document_is_refused, depth_ends_at_its_limit, names_that_come_twice_are_seen_among_many_too,
      values_take_no_more_memory_than_they_may, a_long_list_is_given_one_by_one)
