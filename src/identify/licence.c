/* SPDX specification, annex D: licence expressions. The names of Fedora's guidelines came before them. */
#include "identify/licence.h"

#include "base/embedded.h"

enum { IDENTIFIER_MAX = 80, EXPRESSION_MAX = 300 };

static bool is_identifier(struct span word)
{
	char line[IDENTIFIER_MAX + 2];
	if (span_starts_text(word, "LicenseRef-"))
		return word.size > 11;
	if (span_ends_text(word, "+"))
		word = span_slice(word, 0, word.size - 1);
	if (word.size == 0 || word.size > IDENTIFIER_MAX)
		return false;
	memcpy(line + 1, word.data, word.size);
	line[0] = line[word.size + 1] = '\n';
	return span_find(embedded("licences/spdx.txt"), span_of(line, word.size + 2), 0) != SPAN_NOT_FOUND;
}

/* The next word or parenthesis. */
static struct span take(struct span *rest)
{
	*rest = span_trim(*rest);
	size_t size = 0;
	uint8_t byte = span_byte(*rest, 0);
	bool parenthesis = byte == '(' || byte == ')';
	while (size < rest->size && !parenthesis) {
		byte = span_byte(*rest, size);
		if (byte == ' ' || byte == '(' || byte == ')')
			break;
		size++;
	}
	struct span word = span_slice(*rest, 0, parenthesis ? 1 : size);
	*rest = span_from(*rest, word.size);
	return word;
}

bool licence_is_expression(struct span text)
{
	size_t open = 0;
	bool value = false; /* an identifier or a closing parenthesis stands before */
	if (text.size > EXPRESSION_MAX)
		return false;
	while (span_trim(text).size > 0) {
		struct span word = take(&text);
		bool joins = span_equal_text(word, "AND") || span_equal_text(word, "OR") || span_equal_text(word, "WITH");
		bool opens = span_equal_text(word, "("), closes = span_equal_text(word, ")");
		if ((joins || closes) != value || (closes && open == 0))
			return false;
		if (!joins && !opens && !closes && !is_identifier(word))
			return false;
		open += opens;
		open -= closes;
		value = !joins && !opens;
	}
	return value && open == 0;
}

struct span licence_of_package(struct span words)
{
	static const struct {
		const char *said, *licence;
	} others[] = {
		{ "ASL 2.0", "Apache-2.0" },          { "GPLv2", "GPL-2.0-only" },
		{ "GPLv2+", "GPL-2.0-or-later" },     { "GPLv3", "GPL-3.0-only" },
		{ "GPLv3+", "GPL-3.0-or-later" },     { "LGPLv2", "LGPL-2.0-only" },
		{ "LGPLv2+", "LGPL-2.0-or-later" },   { "LGPLv3", "LGPL-3.0-only" },
		{ "LGPLv3+", "LGPL-3.0-or-later" },   { "MPLv2.0", "MPL-2.0" },
		{ "GPLv2+ and LGPLv2+", "GPL-2.0-or-later AND LGPL-2.0-or-later" },
	};
	words = span_trim(words);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (span_equal_text(words, others[i].said))
			return span_of_text(others[i].licence);
	return licence_is_expression(words) ? words : SPAN_NONE;
}
