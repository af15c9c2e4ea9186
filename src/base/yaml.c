#include "base/yaml.h"

#include <yaml.h>

enum { DEPTH_MAX = 32, NODES_MAX = 200000 };

struct loader {
	struct arena *arena;
	struct span *error;
	yaml_parser_t parser;
	size_t nodes;
};

static enum outcome fail(struct loader *loader, size_t line, const char *what)
{
	*loader->error = arena_format(loader->arena, "line %zu: %s", line + 1, what);
	return MALFORMED;
}

static enum outcome next_event(struct loader *loader, yaml_event_t *event)
{
	if (yaml_parser_parse(&loader->parser, event))
		return DONE;
	return fail(loader, loader->parser.problem_mark.line,
		    loader->parser.problem ? loader->parser.problem : "cannot be read");
}

static enum outcome read_node(struct loader *loader, const yaml_event_t *event, int depth, struct yaml *out);

/* Children up to the end event; in a mapping every second scalar is the key of the next node. */
static enum outcome read_children(struct loader *loader, yaml_event_type_t end, int depth, struct yaml *parent)
{
	struct yaml *last = NULL;
	struct span key = SPAN_NONE;
	bool mapping = parent->kind == YAML_MAPPING, have_key = false;
	for (;;) {
		yaml_event_t event;
		TRY(next_event(loader, &event));
		size_t line = event.start_mark.line;
		enum outcome outcome = DONE;
		if (event.type == end) {
			yaml_event_delete(&event);
			return DONE;
		}
		if (mapping && !have_key) {
			if (event.type == YAML_SCALAR_EVENT)
				key = arena_copy(loader->arena, span_of(event.data.scalar.value, event.data.scalar.length));
			else
				outcome = fail(loader, line, "a key must be a plain word");
			have_key = true;
			yaml_event_delete(&event);
			TRY(outcome);
			continue;
		}
		struct yaml *child = ARENA_NEW(loader->arena, struct yaml, 1);
		if (!child)
			outcome = NO_MEMORY;
		else
			outcome = read_node(loader, &event, depth + 1, child);
		yaml_event_delete(&event);
		TRY(outcome);
		child->key = key;
		key = SPAN_NONE;
		have_key = false;
		if (last)
			last->next = child;
		else
			parent->first = child;
		last = child;
	}
}

static enum outcome read_node(struct loader *loader, const yaml_event_t *event, int depth, struct yaml *out)
{
	out->line = (uint32_t)event->start_mark.line + 1;
	if (depth > DEPTH_MAX || ++loader->nodes > NODES_MAX)
		return fail(loader, event->start_mark.line, "nested too deeply, or too long");
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		out->kind = YAML_SCALAR;
		out->text = arena_copy(loader->arena, span_of(event->data.scalar.value, event->data.scalar.length));
		return out->text.data ? DONE : NO_MEMORY;
	case YAML_SEQUENCE_START_EVENT:
		out->kind = YAML_SEQUENCE;
		return read_children(loader, YAML_SEQUENCE_END_EVENT, depth, out);
	case YAML_MAPPING_START_EVENT:
		out->kind = YAML_MAPPING;
		return read_children(loader, YAML_MAPPING_END_EVENT, depth, out);
	default:
		return fail(loader, event->start_mark.line, "aliases are not read");
	}
}

static enum outcome read_document(struct loader *loader, const struct yaml **out)
{
	struct yaml *root = ARENA_NEW(loader->arena, struct yaml, 1);
	if (!root)
		return NO_MEMORY;
	root->kind = YAML_MAPPING;
	root->line = 1;
	*out = root;
	for (;;) {
		yaml_event_t event;
		TRY(next_event(loader, &event));
		yaml_event_type_t type = event.type;
		bool framing = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT;
		enum outcome outcome = DONE;
		if (!framing && type != YAML_STREAM_END_EVENT)
			outcome = read_node(loader, &event, 0, root);
		yaml_event_delete(&event);
		if (!framing)
			return outcome;
	}
}

enum outcome yaml_read(struct span text, struct arena *arena, const struct yaml **out, struct span *error)
{
	struct loader loader = { .arena = arena, .error = error };
	if (!yaml_parser_initialize(&loader.parser))
		return NO_MEMORY;
	yaml_parser_set_input_string(&loader.parser, text.data ? text.data : (const uint8_t *)"", text.size);
	enum outcome outcome = read_document(&loader, out);
	yaml_parser_delete(&loader.parser);
	return outcome;
}

const struct yaml *yaml_first(const struct yaml *node)
{
	return node ? node->first : NULL;
}

const struct yaml *yaml_member(const struct yaml *node, const char *key)
{
	if (!node || node->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml *child = node->first; child; child = child->next)
		if (span_equal_text(child->key, key))
			return child;
	return NULL;
}

struct span yaml_text(const struct yaml *node, const char *key)
{
	const struct yaml *member = yaml_member(node, key);
	return member && member->kind == YAML_SCALAR ? member->text : SPAN_NONE;
}

size_t yaml_count(const struct yaml *node)
{
	size_t count = 0;
	for (const struct yaml *child = yaml_first(node); child; child = child->next)
		count++;
	return count;
}
