/* What names a device: values in files, codes of headers, device trees, and the one best answer. */
#include "harness.h"

#include "evidence/query.h"
#include "identify/identity.h"

static struct arena arena;
static struct identity_data data;
static struct evidence *evidence;

static bool load(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	return identity_load(&arena, &data, &error) == DONE;
}

#define CHECK_VALUE(text, word, want) \
	CHECK_TEXT(identity_value(SPAN_LITERAL(text), SPAN_LITERAL(word), NULL), (want))

TEST(values_stand_behind_words)
{
	CHECK_VALUE("MODEL=R7000\n", "MODEL", "R7000");
	CHECK_VALUE("A=1\nMODEL = \"R7000 v2\"\n", "MODEL", "R7000 v2");
	CHECK_VALUE("\toption HARDWARE 'R4A'\n", "HARDWARE", "R4A");
	CHECK_VALUE("{\"model\": {\"id\": 1, \"name\": \"GL-AR300M\"}}", "name", "GL-AR300M");
	CHECK_VALUE("<ModelName>TL-WR841N</ModelName>", "ModelName", "TL-WR841N");
	CHECK_VALUE("<ModelName t=s r=P v=\"TL-WR841N\" />", "ModelName", "TL-WR841N");
	CHECK_VALUE("<td> Model No. TL-WR841N / TL-WR841ND </td>", "Model No.", "TL-WR841N / TL-WR841ND");
}

TEST(what_only_looks_like_a_value_is_none)
{
	CHECK_VALUE("MODELNAME=x\nOLD_MODEL=y\n", "MODEL", "");
	CHECK_VALUE("# MODEL of the device, R1 or R2\n", "MODEL", "");
	CHECK_VALUE("# MODEL of R1\nMODEL=R2\n", "MODEL", "R2");
	CHECK_VALUE("document.write(modelName + ' x');\n", "modelName", "");
	CHECK_VALUE("MODEL=${BOARD}\n", "MODEL", "");
	CHECK_VALUE("MODEL=<%= name %>\n", "MODEL", "");
	CHECK_VALUE("MODEL=unknown\n", "MODEL", "");
	CHECK_VALUE("MODEL=", "MODEL", "");
	CHECK_VALUE("", "MODEL", "");
}

TEST(banners_name_the_system_at_the_beginning_of_a_line)
{
	static const char *const cases[][3] = {
		{ " OpenWrt 18.06.1, r7258-5eb055306f", "OpenWrt", "OpenWrt 18.06.1" },
		{ "DD-WRT v24-sp2 std (c) 2010 NewMedia-NET GmbH", "DD-WRT", "DD-WRT v24-sp2 std" },
		{ "Debian GNU/Linux 12 \\n \\l", "Debian GNU/Linux", "Debian GNU/Linux 12" }, /* what getty fills in is no name */
		{ "W I R E L E S S   F R E E D O M", "OpenWrt", "" },
		{ "see OpenWrt 18.06", "OpenWrt", "" },
		{ "OpenWrtish 1", "OpenWrt", "" },
		{ "OpenWrt", "OpenWrt", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(identity_banner(span_of_text(cases[i][0]), span_of_text(cases[i][1])), cases[i][2]);
}

TEST(values_have_their_line)
{
	int64_t line = 0;
	CHECK_TEXT(identity_value(SPAN_LITERAL("A=1\n\nB=2\n"), SPAN_LITERAL("B"), &line), "2");
	CHECK_EQUAL(line, 3);
}

TEST(makers_are_known_by_every_spelling)
{
	REQUIRE(load());
	static const char *const spellings[] = { "TP-LINK", "tp-link technologies", "TPLINK", "tplink" };
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		const struct identity_vendor *vendor = identity_vendor_named(&data, span_of_text(spellings[i]));
		CHECK(vendor && span_equal_text(vendor->name, "TP-Link"));
	}
	CHECK(identity_vendor_named(&data, SPAN_LITERAL("TP-Linked")) == NULL);
	CHECK(identity_vendor_prefixed(&data, SPAN_LITERAL("")) == NULL);
	for (size_t i = 0; i < data.vendor_count; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(identity_vendor_named(&data, data.vendors[i].name) == &data.vendors[i]);
	arena_done(&arena);
}

static bool begin(const char *rows)
{
	return evidence_new(&evidence) == DONE &&
	       query_run(evidence_database(evidence),
			 "INSERT INTO image (name, size, sha256, kind) VALUES ('x', 1, 'x', 'firmware');"
			 "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 1, 'read')") == DONE &&
	       query_run(evidence_database(evidence), rows) == DONE && identity_conclude(evidence) == DONE;
}

static const char *answer(const char *column)
{
	static char words[128];
	char sql[64];
	snprintf(sql, sizeof sql, "SELECT coalesce(%s, '-') FROM image", column);
	struct query query = query_start(evidence_database(evidence), sql);
	words[0] = 0;
	if (query_next(&query))
		snprintf(words, sizeof words, "%s", query_string(&query, 0));
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

#define CHECK_ANSWER(column, want) CHECK_TEXT(span_of_text(answer(column)), (want))

TEST(codes_of_headers_name_boards)
{
	REQUIRE(begin("INSERT INTO volume (id, parent, format, offset, size, state) VALUES (2, 1, 'tplink', 0, 1, 'read');"
		      "INSERT INTO identity (volume, subject, value, source, confidence) VALUES"
		      " (2, 'board', '08410014', 'header', 85)"));
	CHECK_ANSWER("vendor", "TP-Link");
	CHECK_ANSWER("model", "TL-WR841N/ND");
	CHECK_ANSWER("hardware", "v14");
	CHECK_ANSWER("version", "-");
	CHECK_EQUAL(identity_conclude(evidence), DONE); /* once more says the same */
	CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM identity"), 4);
	evidence_free(evidence);
}

TEST(codes_name_their_maker_among_other_words)
{
	REQUIRE(begin("INSERT INTO volume (id, parent, format, offset, size, state) VALUES (2, 1, 'seama', 0, 1, 'read');"
		      "INSERT INTO identity (volume, subject, value, source, confidence) VALUES"
		      " (2, 'board', 'wrgac13_dlink.2013gui_dir850l', 'header', 85)"));
	CHECK_ANSWER("vendor", "D-Link");
	CHECK_ANSWER("model", "DIR-850L");
	evidence_free(evidence);
}

TEST(codes_that_nobody_knows_name_nothing)
{
	REQUIRE(begin("INSERT INTO volume (id, parent, format, offset, size, state) VALUES (2, 1, 'tplink', 0, 1, 'read');"
		      "INSERT INTO identity (volume, subject, value, source, confidence) VALUES"
		      " (2, 'board', 'fefe0001', 'header', 85)"));
	CHECK_ANSWER("vendor", "TP-Link");
	CHECK_ANSWER("model", "-");
	evidence_free(evidence);
}

TEST(one_tree_names_the_device_and_several_do_not)
{
	static const char file[] = "INSERT INTO file (id, volume, path, type, size, state)"
				   " VALUES (1, 1, 'dtb', 'part', 1, 'read');";
	char rows[512];
	snprintf(rows, sizeof rows, "%s%s", file, "INSERT INTO device_tree (file, offset, model, compatible) VALUES"
		 " (1, 0, 'TP-Link Archer C7 v2', 'tplink,archer-c7-v2 qca,qca9558')");
	REQUIRE(begin(rows));
	CHECK_ANSWER("vendor", "TP-Link");
	CHECK_ANSWER("model", "Archer C7 v2");
	evidence_free(evidence);
	snprintf(rows, sizeof rows, "%s%s", file, "INSERT INTO device_tree (file, offset, model, compatible) VALUES"
		 " (1, 0, 'Board A', 'a,a'), (1, 9, 'Board B', 'b,b')");
	REQUIRE(begin(rows));
	CHECK_ANSWER("model", "-");
	evidence_free(evidence);
}

/* The device's own certificate names its maker; a public root or a published sample does not. */
TEST(its_own_certificate_names_the_maker)
{
	static const struct {
		const char *columns, *want;
	} all[] = {
		{ "'CN=router,O=XiaoMi,C=CN', 1, 1, 0, 0, NULL", "Xiaomi" }, { "'O=XIAOMI,C=CN', 0, 1, 0, 0, NULL", "Xiaomi" },
		{ "'CN=router,O=Nobody,C=CN', 1, 1, 0, 0, NULL", "-" },      { "'CN=router,OU=XiaoMi', 1, 1, 0, 0, NULL", "-" },
		{ "'CN=root,O=XiaoMi', 0, 1, 1, 1, NULL", "-" },	     { "'CN=x,O=XiaoMi', 1, 1, 0, 0, 'a sample'", "-" },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char rows[600];
		snprintf(rows, sizeof rows,
			 "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/etc/a.pem', 'file', 1, 'read');"
			 "INSERT INTO certificate (file, offset, subject, private_key_present, self_signed, root_store, authority, known)"
			 " VALUES (1, 0, %s)", all[i].columns);
		REQUIRE(begin(rows));
		CHECK_ANSWER("vendor", all[i].want);
		evidence_free(evidence);
	}
}

/* "name": "TP-Link Archer C7 v2" of board.json says who made it, too. */
TEST(a_model_is_called_after_its_maker)
{
	static const char *const all[][3] = {
		{ "TP-Link Archer C7 v2", "TP-Link", "Archer C7 v2" }, { "Linksys", "-", "Linksys" },
		{ "D-LinkX DIR 1", "-", "D-LinkX DIR 1" }, { "GL.iNet GL-AR300M", "GL.iNet", "GL-AR300M" },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char rows[300];
		snprintf(rows, sizeof rows, "INSERT INTO identity (volume, subject, value, source, confidence) VALUES"
			 " (1, 'model', '%s', 'file', 75)", all[i][0]);
		REQUIRE(begin(rows));
		CHECK_ANSWER("vendor", all[i][1]);
		CHECK_EQUAL(identity_conclude(evidence), DONE); /* once more says the same */
		CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM identity"), all[i][1][0] == '-' ? 1 : 2);
		evidence_free(evidence);
	}
}

TEST(a_heading_is_a_maker_and_then_a_model)
{
	REQUIRE(load());
	struct span rest;
	const struct identity_vendor *vendor = identity_vendor_leading(&data, SPAN_LITERAL("D-LINK DIR-615 : Login"), &rest);
	CHECK(vendor && span_equal_text(vendor->name, "D-Link"));
	CHECK_TEXT(rest, "DIR-615 : Login");
	CHECK(identity_vendor_leading(&data, SPAN_LITERAL("Login to D-Link"), &rest) == NULL);
	CHECK(identity_vendor_leading(&data, SPAN_LITERAL(""), &rest) == NULL);
	arena_done(&arena);
}

TEST(the_surest_sighting_wins)
{
	REQUIRE(begin("INSERT INTO identity (volume, subject, value, source, confidence) VALUES"
		      " (1, 'model', 'Low', 'file', 50), (1, 'model', 'Low', 'file', 50), (1, 'model', 'High', 'file', 80),"
		      " (1, 'vendor', 'tp-link technologies', 'file', 40), (1, 'version', 'b', 'file', 60),"
		      " (1, 'version', 'a', 'file', 60)"));
	CHECK_ANSWER("model", "High");
	CHECK_ANSWER("vendor", "TP-Link");
	CHECK_ANSWER("version", "a");
	evidence_free(evidence);
}

#define CHECK_SHOWN(text, word, want) \
	CHECK_TEXT(identity_page_value(SPAN_LITERAL(text), SPAN_LITERAL(word), NULL), (want))

TEST(pages_show_values_behind_tags)
{
	CHECK_SHOWN("<td>Model No.</td>\n <td class=\"v\">&nbsp;TL-WR841N</td>", "Model No.", "TL-WR841N");
	CHECK_SHOWN("<b>Hardware Version:</b> <span>WR841N v10 00000000</span>", "Hardware Version", "WR841N v10 00000000");
	CHECK_SHOWN("Firmware Version : 3.16.9 Build 150310\n", "Firmware Version", "3.16.9 Build 150310");
	CHECK_SHOWN("<td>Model No.</td><td><script>document.write(model)</script></td>", "Model No.", "");
	CHECK_SHOWN("<td>Model No.</td><td><% model %></td>", "Model No.", "");
	CHECK_SHOWN("modelNameX", "modelName", "");
	CHECK_SHOWN("Model No.", "Model No.", "");
}

TEST(what_a_page_says_must_look_like_it)
{
	static const struct {
		const char *subject, *value;
		bool like;
	} all[] = {
		{ "version", "3.16.9 Build 150310 Rel.57500n", true }, { "version", "V1.0.0.18", true },
		{ "version", "of the device", false },		       { "version", "2 or later, see below", false },
		{ "model", "TL-WR841N / TL-WR841ND", true },	       { "model", "of your router", false },
		{ "model", "the name of the model of device 1", false }, { "model", "841", false },
		{ "hardware", "Rev. B1", true },		       { "hardware", "of the board", false },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		CHECK_EQUAL(identity_looks_like(all[i].subject, span_of_text(all[i].value)), all[i].like);
}

/* "program WRT54GL 1 35": a model that a file of that number names. */
static void check_agreed(const char *header, const char *rows, const char *want)
{
	char sql[1024];
	snprintf(sql, sizeof sql, "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, 'a', 'file', 1, 'read'),"
		 " (2, 1, 'b', 'file', 1, 'read'), (3, 1, 'c', 'file', 1, 'read'), (4, 1, 'd', 'file', 1, 'read');"
		 "INSERT INTO identity (file, subject, value, source, confidence) VALUES %s%s", header, rows);
	REQUIRE(begin(sql));
	CHECK_ANSWER("model", want);
	CHECK_EQUAL(identity_conclude(evidence), DONE); /* once more says the same */
	CHECK_ANSWER("model", want);
	evidence_free(evidence);
}

#define SAYS(file, source, model, confidence) "(" file ", 'model', '" model "', '" source "', " confidence ")"

TEST(programs_and_pages_must_agree_on_a_mere_name)
{
	check_agreed("", SAYS("1", "program", "HG532e", "35"), "-");
	check_agreed("", SAYS("1", "program", "HG532e", "35") "," SAYS("2", "page", "HG532e", "35"), "HG532e");
	/* Pages that were copied from another device speak against it. */
	check_agreed("", SAYS("1", "program", "A1", "35") "," SAYS("2", "page", "A1", "35") "," SAYS("3", "page", "C7", "35"), "-");
	/* What a maker writes in a form of its own needs no other, but must be told oftener than what was left from elsewhere. */
	check_agreed("", SAYS("1", "program", "A1", "55") "," SAYS("2", "program", "A1", "55") "," SAYS("3", "program", "A1", "55")
		     "," SAYS("4", "program", "A2", "55"), "A1");
	check_agreed("", SAYS("1", "program", "A1", "55") "," SAYS("4", "program", "A2", "55"), "-");
	/* It decides between the models of a code, and against none. */
	check_agreed("(NULL, 'model', 'WRT54G or WRT54GL', 'header', 86),", SAYS("1", "program", "WRT54GL", "35"), "WRT54GL");
	check_agreed("(NULL, 'model', 'WRT54G or WRT54GL', 'header', 86),", SAYS("1", "program", "WRT54GS", "35"),
		     "WRT54G or WRT54GL");
	check_agreed("(NULL, 'model', 'TL-WR841N/ND', 'header', 86),",
		     SAYS("1", "program", "Archer C7", "35") "," SAYS("2", "page", "Archer C7", "35"), "TL-WR841N/ND");
}

/* What the groups of a phrase take of the bytes; 'none' for nothing. */
static struct span phrase_reads(size_t number, struct span bytes)
{
	struct pattern_set *set;
	struct pattern_scanner *scanner;
	const struct pattern_hit *hits;
	struct pattern_match match;
	struct span error, found = SPAN_LITERAL("none");
	size_t count = 0;
	const struct identity_phrase *phrase = &data.phrases[number];
	if (pattern_set_compile(&data.patterns[number], 1, &arena, &set, &error) != DONE)
		return error;
	CHECK_EQUAL(pattern_scanner_new(set, &scanner), DONE);
	CHECK_EQUAL(pattern_scan(scanner, bytes, &hits, &count), DONE);
	if (count > 0 && phrase->mark.size > 0)
		found = phrase->mark;
	else if (count > 0 && pattern_capture(scanner, bytes, &hits[0], &match))
		found = arena_copy(&arena, match.groups[phrase->group_count]);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
	return found;
}

/* A text of the file, with \0 for NUL. */
static struct span unescaped(struct span text)
{
	uint8_t *out = arena_allocate(&arena, text.size + 1, 1);
	size_t size = 0;
	for (size_t i = 0; out && i < text.size; i++) {
		bool nul = span_has_at(text, i, SPAN_LITERAL("\\0"));
		out[size++] = nul ? 0 : span_byte(text, i);
		i += nul;
	}
	return span_of(out, size);
}

TEST(every_phrase_reads_what_its_tests_say)
{
	REQUIRE(load());
	CHECK(data.phrase_count > 0);
	for (size_t i = 0; i < data.phrase_count; i++) {
		const struct identity_phrase *phrase = &data.phrases[i];
		bool read = false, passed = false;
		for (const struct yaml *test = yaml_first(phrase->tests); test; test = test->next) {
			struct span want = test->text;
			CHECK(span_equal(phrase_reads(i, unescaped(test->key)), want));
			read |= !span_equal_text(want, "none");
			passed |= span_equal_text(want, "none");
		}
		CHECK(read && passed);
		if (phrase->vendor.size > 0)
			CHECK(identity_vendor_named(&data, phrase->vendor) != NULL);
	}
	arena_done(&arena);
}

TESTS(pages_show_values_behind_tags, what_a_page_says_must_look_like_it, programs_and_pages_must_agree_on_a_mere_name,
      every_phrase_reads_what_its_tests_say,
      a_model_is_called_after_its_maker, a_heading_is_a_maker_and_then_a_model,
      codes_name_their_maker_among_other_words,
      values_stand_behind_words, what_only_looks_like_a_value_is_none, banners_name_the_system_at_the_beginning_of_a_line,
      values_have_their_line,
      makers_are_known_by_every_spelling, codes_of_headers_name_boards, codes_that_nobody_knows_name_nothing,
      one_tree_names_the_device_and_several_do_not, its_own_certificate_names_the_maker, the_surest_sighting_wins)
