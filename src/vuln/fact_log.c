#include "vuln/fact_log.h"

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
	if (size > 0)
		memcpy(at, bytes, size);
	return at + size;
}

enum outcome fact_log_add(struct buffer *log, const struct fact *fact)
{
	uint8_t head[3] = { (uint8_t)fact->kind, (uint8_t)fact->numbers, (uint8_t)fact->texts };
	size_t size = sizeof head + sizeof fact->real + fact->numbers * sizeof *fact->number;
	for (size_t i = 0; i < fact->texts; i++)
		size += sizeof fact->text[i].size + fact->text[i].size;
	uint8_t *at;
	TRY(buffer_extend(log, size, &at));
	at = put(at, head, sizeof head);
	at = put(at, &fact->real, sizeof fact->real);
	at = put(at, fact->number, fact->numbers * sizeof *fact->number);
	for (size_t i = 0; i < fact->texts; i++) {
		at = put(at, &fact->text[i].size, sizeof fact->text[i].size);
		at = put(at, fact->text[i].data, fact->text[i].size);
	}
	return DONE;
}

static void take(struct span *rest, void *out, size_t size)
{
	struct span bytes = span_slice(*rest, 0, size);
	if (bytes.size == size && size > 0)
		memcpy(out, bytes.data, size);
	*rest = span_from(*rest, size);
}

bool fact_log_next(struct span *rest, struct fact *out)
{
	*out = (struct fact){ .kind = (enum fact_kind)span_byte(*rest, 0), .numbers = span_byte(*rest, 1),
			      .texts = span_byte(*rest, 2) };
	if (rest->size == 0 || out->numbers > FACT_NUMBERS_MAX || out->texts > FACT_TEXTS_MAX)
		return false;
	*rest = span_from(*rest, 3);
	take(rest, &out->real, sizeof out->real);
	take(rest, out->number, out->numbers * sizeof *out->number);
	for (size_t i = 0; i < out->texts; i++) {
		size_t size = 0;
		take(rest, &size, sizeof size);
		out->text[i] = span_slice(*rest, 0, size);
		*rest = span_from(*rest, size);
	}
	return true;
}
