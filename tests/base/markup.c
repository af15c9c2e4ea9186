#include "base/markup.h"

#include "harness.h"

static struct buffer out;

/* What becomes of a text. */
static struct span made(const char *text)
{
	buffer_done(&out);
	buffer_init(&out, 1 << 10, NULL);
	CHECK_EQUAL(markup_append(&out, span_of_text(text)), DONE);
	return buffer_span(&out);
}

TEST(text_stays_text)
{
	CHECK_TEXT(made(""), "");
	CHECK_TEXT(made("Router X 1.0"), "Router X 1.0");
	CHECK_TEXT(made("<b a=\"x\" b='y'>&amp;"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
	CHECK_TEXT(made("k\xc3\xbc" "che\nand\tmore"), "k\xc3\xbc" "che and more");
	CHECK_TEXT(made("\xff<\x1b[2J"), "\xef\xbf\xbd&lt;\xef\xbf\xbd[2J");
	buffer_done(&out);
}

TEST(too_much_is_told)
{
	struct buffer small;
	buffer_init(&small, 8, NULL);
	CHECK_EQUAL(markup_append(&small, SPAN_LITERAL("<<<<")), OVER_BUDGET);
	buffer_done(&small);
}

TESTS(text_stays_text, too_much_is_told)
