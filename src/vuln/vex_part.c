/*
 * The parts of components that statements name: only those that data/parts knows, where it knows any of the
 * component, or that our own facts name of the vulnerability: what goes out must come in again.
 */
#include "vuln/vex_part.h"

#include "vuln/component_facts.h"
#include "vuln/cpe.h"
#include "vuln/identifier.h"
#include "vuln/vex_scope.h"

enum { NAMED_MAX = 24 }; /* of the known parts, in an error */

/* The component's name: of a package URL its name, of a CPE name its product. */
static struct span name_of(struct vex_reader *reader, struct span component)
{
	struct purl purl;
	struct cpe cpe;
	if (purl_parse(reader->arena, component, &purl))
		return purl.name;
	return cpe_parse(component, &cpe) ? cpe.product : component;
}

static struct span known_words(struct vex_reader *reader, const struct part_component *component)
{
	struct span words = SPAN_NONE;
	for (size_t i = 0; i < component->count && i < NAMED_MAX; i++)
		words = arena_format(reader->arena, "%.*s%s%.*s", SPAN_FORMAT(words), i > 0 ? ", " : "",
				     SPAN_FORMAT(component->parts[i].name));
	return arena_format(reader->arena, "%.*s%s", SPAN_FORMAT(words),
			    component->count > NAMED_MAX ? " and others (data/parts)" : "");
}

static bool is_of_any(const struct parts *parts, struct span word)
{
	for (size_t i = 0; i < parts->count; i++)
		if (part_named(&parts->all[i], word))
			return true;
	return false;
}

/* Whether one of our own facts about the vulnerability has it, though no sign of it is known. */
static bool is_of_fact(struct span vulnerability, struct span word)
{
	int64_t id = identifier_parse(vulnerability);
	struct span rest = component_facts_text(), part;
	struct component_fact fact;
	while (id != 0 && component_facts_next(&rest, &fact))
		while (fact.id == id && span_next_word(&fact.part, &part))
			if (span_equal(part, word))
				return true;
	return false;
}

static enum outcome check_word(struct vex_reader *reader, const struct vex_statement *s, struct span word)
{
	struct span component = s->component.size > 0 ? s->component : s->product;
	struct span name = name_of(reader, component);
	const struct part_component *known = parts_of(&reader->parts, name);
	uint32_t line = s->parted ? s->parted : s->line;
	if (is_of_fact(s->vulnerability, word))
		return DONE;
	if (known && !part_named(known, word))
		return vex_fail(reader, line, "'%.*s' is no part of %.*s that assay knows; it knows %.*s", SPAN_FORMAT(word),
				SPAN_FORMAT(known->name), SPAN_FORMAT(known_words(reader, known)));
	if (s->component.size == 0 && !known && !is_of_any(&reader->parts, word))
		return vex_fail(reader, line, "'%.*s' is no part of a component that assay knows; say of which component it is",
				SPAN_FORMAT(word));
	return DONE;
}

enum outcome vex_check_part(struct vex_reader *reader, const struct vex_statement *statement)
{
	struct span rest = statement->part, word, error;
	if (rest.size > 0 && reader->parts.count == 0)
		TRY(parts_load(reader->arena, &reader->parts, &error));
	while (span_next_word(&rest, &word))
		TRY(check_word(reader, statement, word));
	return DONE;
}
