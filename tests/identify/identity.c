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

TESTS(a_model_is_called_after_its_maker, a_heading_is_a_maker_and_then_a_model,
      codes_name_their_maker_among_other_words,
      values_stand_behind_words, what_only_looks_like_a_value_is_none, banners_name_the_system_at_the_beginning_of_a_line,
      values_have_their_line,
      makers_are_known_by_every_spelling, codes_of_headers_name_boards, codes_that_nobody_knows_name_nothing,
      one_tree_names_the_device_and_several_do_not, its_own_certificate_names_the_maker, the_surest_sighting_wins)
