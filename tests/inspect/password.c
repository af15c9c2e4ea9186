#include "inspect/password.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "harness.h"
#include "inspect/lines.h"

static struct arena arena;
static struct password_work work;

static struct password judge(const char *user, const char *field)
{
	arena_done(&arena);
	arena_init(&arena, 1 << 20);
	password_work_init(&work, &arena);
	return password_judge(&work, span_of_text(user), span_of_text(field));
}

#define CHECK_PASSWORD(user, field, state_, scheme_, cracked_)               \
	do {                                                                 \
		struct password p_ = judge((user), (field));                 \
		CHECK_TEXT(span_of_text(p_.state), state_);                  \
		CHECK_TEXT(span_of_text(p_.scheme), scheme_);                \
		CHECK_TEXT(p_.cracked, cracked_);                            \
	} while (0)

TEST(tells_states)
{
	CHECK_PASSWORD("a", "", "empty", "", "");
	CHECK_PASSWORD("a", "*", "locked", "*", "");
	CHECK_PASSWORD("a", "!$1$abc$abcdefghijklmnopqrstuv", "locked", "", "");
	CHECK_PASSWORD("a", "x", "invalid", "x", "");
	CHECK_PASSWORD("a", "$1$short", "invalid", "", "");
}

/* The hashes were made by openssl passwd, by crypt(3) of glibc, or stand in published firmware. */
TEST(cracks_each_scheme)
{
	CHECK_PASSWORD("root", "rJ0FHsG0ZbyZo", "hash", "descrypt", "ismart12");
	CHECK_PASSWORD("admin", "$1$$iC.dUsGpxNNJGeOm1dFio/", "hash", "md5crypt", "1234");
	CHECK_PASSWORD("root", "$1$GTN.gpri$DlSyKvZKMR9A9Uj9e9wR3/", "hash", "md5crypt", "sohoadmin");
	CHECK_PASSWORD("web", "$apr1$abcdefgh$Y4vYnWKw6CDwVB5B.pcSy1", "hash", "apr1", "default");
	CHECK_PASSWORD("web", "$apr1$r3$si2OUk8eIJ1Usu/lKnEgq.", "hash", "apr1", "raspberrypi");
	CHECK_PASSWORD("guest",
			"$6$abcdefgh$3EYD7BNxYSzj7IF4jweJ7/W1eUCfZtx0bXSIGxnNGw9mrGP0zVlsb84SSkz59jWvnWEir2eIBX4Teryb7o3uP.", "hash",
					"sha512crypt", "guest");
	CHECK_PASSWORD("guest", "$5$abcdefgh$osWA07JwAHeKYaCM2OP806Wc/laToNFtqYGGdRhSew2", "hash", "sha256crypt", "guest");
	CHECK_PASSWORD("a", "{SHA}W9zTwNTSSuPnGztFKgJMYyTH5Ls=", "hash", "sha1", "support");
	CHECK_PASSWORD("a", "$3$$329153f560eb329c0e1deea55e88a1e9", "hash", "nt", "root");
	CHECK_PASSWORD("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "hash", "bcrypt", "U*U");
}

TEST(leaves_what_it_does_not_know)
{
	CHECK_PASSWORD("root", "$1$dt51WYAP$AAAAAAAAAAAAAAAAAAAAA0", "hash", "md5crypt", "");
	CHECK_PASSWORD("root", "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "hash", "bcrypt", "");
}

TEST(work_is_bounded)
{
	CHECK_PASSWORD("a", "*", "locked", "*", "");
	for (int i = 0; i < 1000; i++) {
		struct span hash = arena_format(&arena, "$1$%08d$AAAAAAAAAAAAAAAAAAAAA0", i);
		struct password p = password_judge(&work, SPAN_LITERAL("x"), hash);
		CHECK(p.cracked.data == NULL);
	}
	CHECK(work.left >= 0 && work.left < 1000);
}

TEST(digest_needs_its_realm)
{
	(void)judge("a", "*");
	struct span hash = SPAN_LITERAL("9231fb628402f17e8e6853c90b09b038");
	struct password p = password_judge_digest(&work, SPAN_LITERAL("admin"), SPAN_LITERAL("router"), hash);
	CHECK_TEXT(p.cracked, "1234");
	p = password_judge_digest(&work, SPAN_LITERAL("other"), SPAN_LITERAL("router"), hash);
	CHECK(p.cracked.data == NULL);
}

/* Each row of the table names a maker, and a user or a password, without blanks; no row stands twice. */
TEST(what_makers_publish_is_well_formed)
{
	struct lines lines = lines_over(embedded("credentials/devices.tsv"));
	struct span line, maker, user, before = SPAN_NONE;
	int rows = 0;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		bool whole = span_next_field(&rest, '\t', &maker) &&
			     (rest.size == 0 || span_next_field(&rest, '\t', &user));
		if (!whole || maker.size == 0 || span_find_byte(rest, '\t', 0) != SPAN_NOT_FOUND || span_equal(line, before))
			harness_fail(__FILE__, __LINE__, "devices.tsv:%d", (int)lines.number);
		before = line;
		rows++;
	}
	CHECK(rows > 500);
	CHECK(password_is_published(SPAN_LITERAL("zyfwp"), SPAN_LITERAL("PrOw!aN_fXp")));
	CHECK(!password_is_published(SPAN_LITERAL("root"), SPAN_LITERAL("PrOw!aN_fXp")));
	CHECK(!password_is_published(SPAN_NONE, SPAN_NONE));
	/* A password that only a maker's list knows. */
	CHECK_PASSWORD("x", "{SHA}3oydGeuu6xZg/cmidyO0mYJ8d0k=", "hash", "sha1", "PrOw!aN_fXp");
}

TESTS(what_makers_publish_is_well_formed, tells_states, cracks_each_scheme, leaves_what_it_does_not_know, work_is_bounded,
      digest_needs_its_realm)
