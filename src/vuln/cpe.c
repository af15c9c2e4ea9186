#include "vuln/cpe.h"

static struct span next_attribute(struct span *rest)
{
	size_t at = 0;
	while (at < rest->size && span_byte(*rest, at) != ':')
		at += span_byte(*rest, at) == '\\' ? 2 : 1;
	struct span attribute = span_slice(*rest, 0, at);
	*rest = span_from(*rest, at + 1);
	return attribute;
}

bool cpe_parse(struct span name, struct cpe *out)
{
	if (!span_starts_text(name, "cpe:2.3:"))
		return false;
	struct span rest = span_from(name, 8), attributes[11];
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		attributes[i] = next_attribute(&rest);
	*out = (struct cpe){ .part = span_byte(attributes[0], 0), .vendor = attributes[1],
			     .product = attributes[2], .version = attributes[3], .update = attributes[4],
			     .target_software = attributes[8], .target_hardware = attributes[9] };
	return attributes[0].size == 1 && out->vendor.size > 0 && out->product.size > 0;
}

bool cpe_is_open(struct span attribute)
{
	return attribute.size == 0 || span_equal_text(attribute, "*") || span_equal_text(attribute, "-");
}

enum outcome cpe_append_plain(struct buffer *out, struct span attribute)
{
	for (size_t i = 0; i < attribute.size; i++) {
		uint8_t c = span_byte(attribute, i);
		if (c == '\\')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 32);
		if (c == ' ')
			c = '_';
		TRY(buffer_append(out, span_of(&c, 1)));
	}
	return DONE;
}

enum outcome cpe_product(struct buffer *out, const struct cpe *cpe)
{
	buffer_clear(out);
	TRY(cpe_append_plain(out, cpe->vendor));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	return cpe_append_plain(out, cpe->product);
}

enum outcome cpe_version(struct buffer *out, const struct cpe *cpe)
{
	buffer_clear(out);
	TRY(cpe_append_plain(out, cpe->version));
	if (cpe_is_open(cpe->update))
		return DONE;
	bool patch = span_byte(cpe->update, 0) == 'p' && span_byte(cpe->update, 1) >= '0' &&
		     span_byte(cpe->update, 1) <= '9';
	if (!patch)
		TRY(buffer_append(out, SPAN_LITERAL("-")));
	return cpe_append_plain(out, cpe->update);
}
