#include "base/signature.h"

#include "harness.h"

#define SCRATCH_SIZE 4096

static struct span pem(struct buffer *room, bool secret)
{
	static struct buffer one, other;
	buffer_done(&one);
	buffer_done(&other);
	buffer_init(&one, SCRATCH_SIZE, NULL);
	buffer_init(&other, SCRATCH_SIZE, NULL);
	buffer_init(room, SCRATCH_SIZE, NULL);
	CHECK_EQUAL(signature_make_keys(&one, &other), DONE);
	return buffer_span(secret ? &one : &other);
}

/* RFC 8032, 7.1, TEST 2. */
TEST(holds_what_the_standard_signs)
{
	static const struct signature_key key = { {
		0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
		0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c } };
	static const char secret[] = "-----BEGIN PRIVATE KEY-----\n"
				     "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
				     "-----END PRIVATE KEY-----\n";
	static const uint8_t expected[4] = { 0x92, 0xa0, 0x09, 0xa9 };
	struct signature_key found;
	struct signature signature;
	CHECK_EQUAL(signature_sign(span_of_text(secret), SPAN_LITERAL("\x72"), &found, &signature), DONE);
	CHECK(signature_same_key(&found, &key));
	CHECK(memcmp(signature.bytes, expected, sizeof expected) == 0);
	CHECK(signature_holds(&key, SPAN_LITERAL("\x72"), &signature));
	CHECK(!signature_holds(&key, SPAN_LITERAL("\x73"), &signature));
	for (size_t i = 0; i < sizeof signature.bytes; i += 7) {
		signature.bytes[i] ^= 1;
		CHECK(!signature_holds(&key, SPAN_LITERAL("\x72"), &signature));
		signature.bytes[i] ^= 1;
	}
}

TEST(makes_pairs_that_fit)
{
	struct buffer secret, open;
	struct signature_key a, b;
	struct signature signature;
	char name[SIGNATURE_NAME_SIZE], other[SIGNATURE_NAME_SIZE];
	buffer_init(&secret, SCRATCH_SIZE, NULL);
	buffer_init(&open, SCRATCH_SIZE, NULL);
	CHECK_EQUAL(signature_make_keys(&secret, &open), DONE);
	CHECK_EQUAL(signature_read_key(buffer_span(&open), &a), DONE);
	CHECK_EQUAL(signature_read_key(buffer_span(&secret), &b), DONE);
	CHECK(signature_same_key(&a, &b));
	CHECK_EQUAL(signature_sign(buffer_span(&secret), SPAN_LITERAL("words"), &b, &signature), DONE);
	CHECK(signature_holds(&a, SPAN_LITERAL("words"), &signature));
	CHECK_EQUAL(signature_sign(buffer_span(&open), SPAN_LITERAL("words"), &b, &signature), MALFORMED);
	signature_name(&a, name);
	CHECK_EQUAL(strlen(name), SIGNATURE_NAME_SIZE - 1);
	struct buffer room;
	CHECK_EQUAL(signature_read_key(pem(&room, false), &b), DONE);
	signature_name(&b, other);
	CHECK(!signature_same_key(&a, &b) && strcmp(name, other) != 0);
	buffer_done(&room);
	buffer_done(&secret);
	buffer_done(&open);
}

TEST(refuses_what_is_no_key)
{
	static const char rsa[] = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL0\n-----END PUBLIC KEY-----\n";
	static const char x25519[] = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
				     "-----END PUBLIC KEY-----\n";
	struct signature_key key;
	CHECK_EQUAL(signature_read_key(SPAN_NONE, &key), MALFORMED);
	CHECK_EQUAL(signature_read_key(SPAN_LITERAL("no key"), &key), MALFORMED);
	CHECK_EQUAL(signature_read_key(span_of_text(rsa), &key), MALFORMED);
	CHECK_EQUAL(signature_read_key(span_of_text(x25519), &key), MALFORMED);
}

TESTS(holds_what_the_standard_signs, makes_pairs_that_fit, refuses_what_is_no_key)
