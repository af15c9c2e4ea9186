/* The banner as init/version.c composes it: release (user@host) (compiler) #build [flags] date. */
#include "inspect/kernel_banner.h"

#include "base/effort.h"

enum { BANNER_MAX = 512 };
static const char prefix[] = "Linux version ";

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_release(struct span text)
{
	if (text.size < 3 || text.size > 64 || !is_digit(span_byte(text, 0)))
		return false;
	for (size_t i = 0; i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (c <= ' ' || c >= 0x7f || c == '%' || c == '(' || c == '"')
			return false;
	}
	return true;
}

struct span kernel_upstream_version(struct span release)
{
	size_t end = 0, candidate;
	while (end < release.size && effort_at(end) && (is_digit(span_byte(release, end)) ||
				      (span_byte(release, end) == '.' && is_digit(span_byte(release, end + 1)))))
		end++;
	candidate = end;
	if (span_has_at(release, end, SPAN_LITERAL("-rc")) && is_digit(span_byte(release, end + 3)))
		for (candidate = end + 3; is_digit(span_byte(release, candidate));)
			candidate++;
	return span_slice(release, 0, candidate);
}

/* Takes " (words)" off *rest, with balanced parentheses inside. */
static bool take_parentheses(struct span *rest, struct span *inside)
{
	*rest = span_trim(*rest);
	if (span_byte(*rest, 0) != '(')
		return false;
	int depth = 0;
	for (size_t i = 0; i < rest->size && effort_at(i); i++) {
		uint8_t c = span_byte(*rest, i);
		depth += (c == '(') - (c == ')');
		if (depth == 0) {
			*inside = span_trim(span_slice(*rest, 1, i - 1));
			*rest = span_from(*rest, i + 1);
			return true;
		}
	}
	return false;
}

/* The date begins with a day of the week; Debian puts one into parentheses instead. */
static struct span find_date(struct span build)
{
	static const char *const days[] = { " Mon ", " Tue ", " Wed ", " Thu ", " Fri ", " Sat ", " Sun " };
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		size_t at = span_find_text(build, days[i], 0);
		if (at != SPAN_NOT_FOUND)
			return span_trim(span_from(build, at));
	}
	size_t at = span_find_text(build, " (20", 0);
	if (at == SPAN_NOT_FOUND || span_byte(build, at + 12) != ')')
		return SPAN_NONE;
	return span_slice(build, at + 2, 10);
}

/*
 * The release of a distribution names an ABI; the version that it was made from stands behind the distribution's name: "Debian
 * 5.10.218-1", "(Ubuntu 4.4.0-21.37-generic 4.4.6)".
 */
static struct span find_distribution_version(struct span build)
{
	size_t at = span_find_text(build, " Debian ", 0);
	if (at != SPAN_NOT_FOUND) {
		struct span package = span_from(build, at + 8);
		size_t epoch = span_find_byte(span_slice(package, 0, 4), ':', 0);
		return kernel_upstream_version(span_from(package, epoch == SPAN_NOT_FOUND ? 0 : epoch + 1));
	}
	at = span_find_text(build, " (Ubuntu ", 0);
	size_t blank = at == SPAN_NOT_FOUND ? at : span_find_byte(build, ' ', at + 9);
	return blank == SPAN_NOT_FOUND ? SPAN_NONE : kernel_upstream_version(span_from(build, blank + 1));
}

bool kernel_banner_read(struct span bytes, uint64_t offset, struct kernel_banner *out)
{
	struct span line = span_until_nul(span_slice(bytes, offset, BANNER_MAX));
	line = span_slice(line, 0, span_find_byte(line, '\n', 0));
	if (!span_starts_text(line, prefix))
		return false;
	*out = (struct kernel_banner){ .text = line };
	struct span rest = span_from(line, sizeof prefix - 1), builder;
	if (!span_next_word(&rest, &out->release) || !is_release(out->release))
		return false;
	if (!take_parentheses(&rest, &builder) || span_find_byte(builder, '@', 0) == SPAN_NOT_FOUND ||
	    span_find_byte(builder, '%', 0) != SPAN_NOT_FOUND)
		return false;
	if (!take_parentheses(&rest, &out->compiler))
		return false;
	out->build = span_trim(rest);
	if (span_byte(out->build, 0) != '#')
		return false;
	out->built = find_date(out->build);
	out->version = find_distribution_version(out->build);
	if (out->version.size == 0)
		out->version = kernel_upstream_version(out->release);
	return true;
}
