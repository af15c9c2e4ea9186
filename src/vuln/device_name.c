#include "vuln/device_name.h"

#include "base/buffer.h"
#include "inspect/lines.h"
#include "vuln/cpe.h"

enum { WORDS_MAX = 16, NAME_SIZE_MAX = 256, MODEL_MIN = 3, MODEL_MAX = 48 };

/* A word of a name, in lower case, and what stands before it. */
struct word {
	struct span text;
	uint8_t before;
};

struct words {
	struct word all[WORDS_MAX];
	size_t count;
};

static bool is_word(uint8_t c)
{
	return is_digit(c) || is_letter(c) || c == '.' || c == '+';
}

static struct span lower_case(struct span text, struct arena *arena)
{
	struct buffer lower;
	buffer_init(&lower, NAME_SIZE_MAX, NULL);
	bool fits = cpe_append_plain(&lower, text) == DONE;
	struct span copy = fits ? arena_copy(arena, buffer_span(&lower)) : SPAN_NONE;
	buffer_done(&lower);
	return copy;
}

/* False where there are more words than a name has. */
static bool split(struct span text, struct arena *arena, struct words *out)
{
	out->count = 0;
	text = lower_case(text, arena);
	for (size_t at = 0; at < text.size;) {
		size_t start = at;
		while (at < text.size && is_word(span_byte(text, at)))
			at++;
		struct span word = span_slice(text, start, at - start);
		while (span_ends_text(word, "."))
			word = span_slice(word, 0, word.size - 1);
		if (word.size > 0 && out->count == WORDS_MAX)
			return false;
		if (word.size > 0)
			out->all[out->count++] = (struct word){ word, start > 0 ? span_byte(text, start - 1) : 0 };
		at++;
	}
	return true;
}

static struct span join(struct span left, struct span right, struct arena *arena)
{
	if (left.size == 0)
		return right;
	uint8_t *bytes = ARENA_NEW(arena, uint8_t, left.size + right.size);
	if (!bytes)
		return SPAN_NONE;
	memcpy(bytes, left.data, left.size);
	if (right.size > 0)
		memcpy(bytes + left.size, right.data, right.size);
	return span_of(bytes, left.size + right.size);
}

struct span device_maker(struct span words, struct arena *arena)
{
	static const char *const forms[] = { "inc", "corp", "corporation", "co", "ltd", "limited", "llc", "gmbh", "ag",
					     "technologies", "technology", "systems", "networks", "company",
					     "international", "incorporated", NULL };
	static const char *const other[][2] = { { "ui", "ubiquiti" }, { "ubnt", "ubiquiti" }, { "asustek", "asus" },
						{ "dahuasecurity", "dahua" }, { "zyxelnetworks", "zyxel" } };
	struct words split_words;
	struct span maker = SPAN_NONE;
	if (!split(words, arena, &split_words))
		return SPAN_NONE;
	for (size_t i = 0; i < split_words.count; i++)
		if (i == 0 || !is_one_of(split_words.all[i].text, forms))
			maker = join(maker, split_words.all[i].text, arena);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (span_equal_text(maker, other[i][0]))
			return span_of_text(other[i][1]);
	return maker;
}

/* "14", "3.1". */
static bool is_number(struct span text)
{
	bool number = text.size > 0 && is_digit(span_byte(text, 0)) && is_digit(span_byte(text, text.size - 1));
	for (size_t i = 0; i < text.size; i++)
		number = number && (is_digit(span_byte(text, i)) || span_byte(text, i) == '.');
	return number;
}

/* "b1", "b", "a11": a letter and up to two digits. */
static bool is_letter_revision(struct span text)
{
	if (text.size == 0 || text.size > 3 || !is_letter(span_byte(text, 0)) || span_byte(text, 0) == 'v')
		return false;
	return count_digits(text) == text.size - 1;
}

/* "14" of "14.0.0": trailing zeros say nothing. */
static struct span shorten(struct span number)
{
	while (span_ends_text(number, ".0"))
		number = span_slice(number, 0, number.size - 2);
	return number;
}

static struct span revision_of_word(struct span word)
{
	if (is_letter_revision(word))
		return word;
	if (span_byte(word, 0) == 'v')
		word = span_from(word, 1);
	return is_number(word) ? shorten(word) : SPAN_NONE;
}

static const char *const revision_words[] = { "rev", "revision", "ver", "version", "hardware", "hw", NULL };

/* "(EU)", of a revision: where it is sold. */
static bool is_region(struct span word)
{
	static const char *const regions[] = { "eu", "us", "uk", "ru", "de", "fr", "jp", "kr", "br", "in", "un", "ww", NULL };
	return is_one_of(word, regions);
}

struct span device_revision(struct span words, struct arena *arena)
{
	struct words split_words;
	struct span revision = SPAN_NONE;
	if (!split(words, arena, &split_words))
		return SPAN_NONE;
	for (size_t i = 0; i < split_words.count; i++) {
		struct span word = split_words.all[i].text;
		if (is_one_of(word, revision_words) || is_region(word))
			continue;
		if (span_starts_text(word, "rev") && word.size > 3)
			word = span_from(word, 3);
		if (revision.size > 0 || revision_of_word(word).size == 0)
			return SPAN_NONE;
		revision = revision_of_word(word);
	}
	return revision;
}

/* "v5" of "wnr2000v5": where the tail of a model that has a digit begins, or its size. */
static size_t tail_of(struct span word)
{
	size_t at = word.size;
	while (at > 0 && (is_digit(span_byte(word, at - 1)) || span_byte(word, at - 1) == '.'))
		at--;
	bool revision = at < word.size && at > 1 && span_byte(word, at - 1) == 'v' && count_digits(span_slice(word, 0, at)) > 0;
	return revision ? at - 1 : word.size;
}

/* A word behind a model that can only be its revision: "v14", "_b1", "(9.0)"; "-t1" belongs to the model. */
static bool is_revision_word(const struct word *word)
{
	struct span text = word->text;
	if (span_byte(text, 0) == 'v')
		return is_number(span_from(text, 1));
	if (is_number(text))
		return word->before == '(';
	if (!is_letter_revision(text) || text.size < 2)
		return false;
	return word->before != '-' || span_byte(text, 0) <= 'f';
}

static bool is_noise(struct span word)
{
	static const char *const noise[] = { "firmware", "router", "routers", "device", "devices", "wireless", "camera", "cameras",
					     "modem", "modems", "gateway", "switch", "access", "point", "ip", "wifi", "wi", "fi",
					     "storage", "nas", "and", "or", NULL };
	return is_one_of(word, noise) || is_region(word);
}

/* "c50+" and "c50" are two models. */
static struct span plain(struct span word, struct arena *arena)
{
	struct span text = SPAN_NONE;
	for (size_t i = 0, start = 0; i <= word.size; i++) {
		uint8_t c = span_byte(word, i);
		if (i < word.size && c != '.' && c != '+')
			continue;
		text = join(text, span_slice(word, start, i - start), arena);
		if (c == '+')
			text = join(text, SPAN_LITERAL("plus"), arena);
		start = i + 1;
	}
	return text;
}

bool device_name_of(struct span words, struct arena *arena, struct device_name *out)
{
	struct words all;
	*out = (struct device_name){ 0 };
	if (count_digits(words) == 0 || !split(words, arena, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct word *word = &all.all[i];
		bool begun = count_digits(out->model) > 0;
		if (is_noise(word->text))
			continue;
		if (begun && is_one_of(word->text, revision_words)) {
			i++;
			out->revision = i < all.count ? revision_of_word(all.all[i].text) : SPAN_NONE;
			continue;
		}
		bool revision = begun && is_revision_word(word);
		size_t tail = revision ? 0 : tail_of(word->text);
		if (tail < word->text.size)
			out->revision = revision_of_word(span_from(word->text, tail));
		out->model = join(out->model, plain(span_slice(word->text, 0, tail), arena), arena);
	}
	return count_digits(out->model) > 0 && out->model.size >= MODEL_MIN && out->model.size <= MODEL_MAX;
}

/* The next piece of a list: up to a comma, a semicolon, a slash, " and " or " or ". *alternative: it stands behind a slash. */
static struct span next_piece(struct span *rest, bool *alternative)
{
	size_t at = 0, behind = 0;
	for (; at < rest->size && behind == 0; at += behind == 0) {
		struct span here = span_from(*rest, at);
		uint8_t c = span_byte(*rest, at);
		if (c == ',' || c == ';' || c == '/')
			behind = 1;
		else if (span_starts_text(here, " and "))
			behind = 5;
		else if (span_starts_text(here, DEVICE_EITHER))
			behind = strlen(DEVICE_EITHER);
	}
	struct span piece = span_slice(*rest, 0, at);
	*alternative = span_byte(*rest, at) == '/';
	*rest = span_from(*rest, at + behind);
	return span_trim(piece);
}

/* "TL-WR841" of "TL-WR841N": the letters behind the last digit are what another variant changes. */
static struct span stem(struct span piece)
{
	size_t at = piece.size;
	while (at > 0 && is_letter(span_byte(piece, at - 1)))
		at--;
	return span_slice(piece, 0, at);
}

bool device_name_next(struct span *rest, struct span *previous, struct arena *arena, struct device_name *out)
{
	while (rest->size > 0) {
		bool slash;
		struct span piece = next_piece(rest, &slash);
		struct span behind = piece, first;
		bool suffix = previous->size > 0 && span_next_word(&behind, &first) && first.size <= 3 && count_digits(first) == 0;
		if (suffix)
			piece = join(stem(*previous), piece, arena);
		*previous = slash ? piece : SPAN_NONE;
		if (device_name_of(piece, arena, out))
			return true;
	}
	return false;
}

struct span device_product(struct span maker, struct span model, struct arena *arena)
{
	return arena_format(arena, "device/%.*s:%.*s", SPAN_FORMAT(maker), SPAN_FORMAT(model));
}

enum device_match device_revision_match(struct span named, struct span own)
{
	if (named.size == 0 || span_equal(named, own))
		return DEVICE_SAME;
	if (own.size == 0)
		return DEVICE_UNKNOWN;
	struct span longer = own.size > named.size ? own : named, shorter = own.size > named.size ? named : own;
	bool letter = is_letter(span_byte(shorter, 0)) && shorter.size == 1;
	if (!span_starts(longer, shorter) || (!letter && span_byte(longer, shorter.size) != '.'))
		return DEVICE_OTHER;
	return longer.data == own.data ? DEVICE_SAME : DEVICE_UNKNOWN;
}
