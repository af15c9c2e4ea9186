#include "vuln/feed_batch.h"

#include <stdlib.h>

#include "vuln/build.h"

enum { EVENTS_MAX = 2048, BATCH_SIZE = 2 * 1024 * 1024, KEPT_SIZE = 8 * BATCH_SIZE };
#define DOCUMENT_SIZE_MAX ((size_t)2 * 1024 * 1024 * 1024 - 1)

struct feed_reader {
	struct builder *builder;
	struct buffer bytes; /* of the documents of the batch */
	struct feed_event *events;
	size_t count;
};

struct feed_reader *feed_reader_new(void)
{
	struct feed_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		return NULL;
	buffer_init(&reader->bytes, DOCUMENT_SIZE_MAX, NULL);
	reader->events = calloc(EVENTS_MAX, sizeof *reader->events);
	if (!reader->events || builder_new_apart(&reader->builder) != DONE) {
		feed_reader_free(reader);
		return NULL;
	}
	return reader;
}

void feed_reader_free(struct feed_reader *reader)
{
	if (reader->builder)
		builder_abandon(reader->builder);
	buffer_done(&reader->bytes);
	free(reader->events);
	free(reader);
}

bool feed_reader_fetch(struct feed_reader *reader, struct feed_source *source)
{
	if (reader->bytes.capacity > KEPT_SIZE) {
		buffer_done(&reader->bytes);
		buffer_init(&reader->bytes, DOCUMENT_SIZE_MAX, NULL);
	}
	buffer_clear(&reader->bytes);
	reader->count = 0;
	while (reader->count < EVENTS_MAX && reader->bytes.size < BATCH_SIZE &&
	       feed_source_next(source, &reader->bytes, &reader->events[reader->count]))
		reader->count++;
	return reader->count > 0;
}

void feed_batch_free(struct feed_batch *batch)
{
	if (!batch)
		return;
	buffer_done(&batch->facts);
	free(batch->all);
	free(batch);
}

static struct feed_batch *new_batch(size_t count)
{
	struct feed_batch *batch = calloc(1, sizeof *batch);
	if (!batch)
		return NULL;
	batch->all = calloc(count, sizeof *batch->all);
	batch->count = count;
	buffer_init(&batch->facts, SIZE_MAX, NULL);
	if (batch->all)
		return batch;
	feed_batch_free(batch);
	return NULL;
}

static void read_document(struct feed_reader *reader, struct feed_read *read)
{
	struct span bytes = span_slice(buffer_span(&reader->bytes), read->event.offset, read->event.size);
	struct json_scan *json = builder_json(reader->builder);
	json->wrong = NULL; /* of another document */
	read->start = builder_stated(reader->builder).size;
	read->outcome = feed_document(reader->builder, span_of_text(read->event.name), bytes);
	read->size = builder_stated(reader->builder).size - read->start;
	if (read->outcome != MALFORMED || !json->wrong)
		return;
	read->wrong = json->wrong;
	read->place = (size_t)(json->text.data - bytes.data) + json->at; /* of a line, in its document */
}

struct feed_batch *feed_reader_read(struct feed_reader *reader)
{
	struct feed_batch *batch = new_batch(reader->count);
	if (!batch)
		return NULL;
	builder_clear(reader->builder);
	for (size_t i = 0; i < batch->count; i++) {
		batch->all[i].event = reader->events[i];
		if (reader->events[i].kind == FEED_DOCUMENT)
			read_document(reader, &batch->all[i]);
	}
	batch->outcome = buffer_append(&batch->facts, builder_stated(reader->builder));
	return batch;
}
