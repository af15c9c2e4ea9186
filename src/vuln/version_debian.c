/* Debian Policy 5.6.12: [epoch:]upstream[-revision], compared by runs of non-digits and digits; apk's suffixes fit in. */
#include "vuln/version_debian.h"

struct parts {
	struct span epoch, upstream, revision;
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static struct parts split(struct span version)
{
	struct parts parts = { .upstream = version };
	size_t colon = span_find_byte(version, ':', 0);
	if (colon != SPAN_NOT_FOUND) {
		parts.epoch = span_slice(version, 0, colon);
		parts.upstream = span_from(version, colon + 1);
	}
	for (size_t i = parts.upstream.size; i > 0; i--) {
		if (span_byte(parts.upstream, i - 1) != '-')
			continue;
		parts.revision = span_from(parts.upstream, i);
		parts.upstream = span_slice(parts.upstream, 0, i - 1);
		break;
	}
	return parts;
}

/* Alpine's "_rc1", where Debian, whose versions have no '_', has "~rc1". */
static bool is_candidate(struct span rest)
{
	return span_starts_text(rest, "_alpha") || span_starts_text(rest, "_beta") || span_starts_text(rest, "_pre") ||
	       span_starts_text(rest, "_rc");
}

/* '~' before the end, the end (and digits) before letters, letters before all else. */
static int weight(struct span rest)
{
	uint8_t c = span_byte(rest, 0);
	if (c == '~' || is_candidate(rest))
		return -1;
	if (c == 0 || is_digit(c))
		return 0;
	if (c == '_')
		return 1; /* Alpine's "_p1" comes before any further field */
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return letter ? c : c + 256;
}

static struct span take_digits(struct span *rest)
{
	size_t size = 0;
	while (size < rest->size && is_digit(span_byte(*rest, size)))
		size++;
	struct span digits = span_slice(*rest, 0, size);
	*rest = span_from(*rest, size);
	while (digits.size > 0 && span_byte(digits, 0) == '0')
		digits = span_from(digits, 1);
	return digits;
}

static int compare_numbers(struct span a, struct span b)
{
	if (a.size != b.size)
		return a.size < b.size ? -1 : 1;
	return span_compare(a, b);
}

static int compare_part(struct span a, struct span b)
{
	while (a.size > 0 || b.size > 0) {
		while ((a.size > 0 && !is_digit(span_byte(a, 0))) || (b.size > 0 && !is_digit(span_byte(b, 0)))) {
			int difference = weight(a) - weight(b);
			if (difference != 0)
				return difference;
			a = span_from(a, a.size > 0);
			b = span_from(b, b.size > 0);
		}
		int difference = compare_numbers(take_digits(&a), take_digits(&b));
		if (difference != 0)
			return difference;
	}
	return 0;
}

int version_compare_debian(struct span a, struct span b)
{
	struct parts left = split(a), right = split(b);
	int difference = compare_numbers(take_digits(&left.epoch), take_digits(&right.epoch));
	if (difference == 0)
		difference = compare_part(left.upstream, right.upstream);
	if (difference == 0)
		difference = compare_part(left.revision, right.revision);
	return difference;
}
