#include "fetch/plan.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/yaml.h"

enum { MEGABYTE = 1000 * 1000, MEGABYTES_MAX = 100000, YEARS_MAX = 200 };

static const char *filled(struct arena *arena, struct span text, int year)
{
	static const char mark[] = "{year}";
	size_t at = span_find_text(text, mark, 0);
	if (text.size == 0)
		return NULL;
	if (at == SPAN_NOT_FOUND)
		return arena_text(arena, text);
	return (const char *)arena_format(arena, "%.*s%d%.*s", SPAN_FORMAT(span_slice(text, 0, at)), year,
					  SPAN_FORMAT(span_from(text, at + sizeof mark - 1))).data;
}

static bool read_check(struct span word, enum plan_check *out)
{
	static const struct {
		const char *word;
		enum plan_check check;
	} words[] = { { "none", CHECK_NONE }, { "nvd-meta", CHECK_NVD_META }, { "goog-md5", CHECK_GOOG_MD5 } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_equal_text(word, words[i].word)) {
			*out = words[i].check;
			return true;
		}
	return false;
}

static bool read_size(const struct yaml *node, const char *key, uint64_t *out)
{
	struct span text = yaml_text(node, key);
	uint64_t megabytes = 0;
	if (text.size > 0 && !span_to_number(text, MEGABYTES_MAX, &megabytes))
		return false;
	*out = megabytes * MEGABYTE;
	return true;
}

static enum outcome add_file(struct plan_file ***end, const struct yaml *feed, const struct yaml *node,
			     int year, int this_year, struct arena *arena)
{
	struct plan_file *file = ARENA_NEW(arena, struct plan_file, 1);
	if (!file)
		return NO_MEMORY;
	file->feed = arena_text(arena, yaml_text(feed, "name"));
	file->name = filled(arena, yaml_text(node, "name"), year);
	file->url = filled(arena, yaml_text(node, "url"), year);
	file->meta = filled(arena, yaml_text(node, "meta"), year);
	file->release = filled(arena, yaml_text(node, "release"), year);
	file->asset = filled(arena, yaml_text(node, "asset"), year);
	file->may_lack = yaml_text(node, "from").size > 0 && year == this_year;
	file->check = CHECK_RELEASE;
	bool fine = file->feed && file->name && read_size(node, "most", &file->most) && file->most > 0 &&
		    read_size(node, "unpacked", &file->unpacked);
	if (file->release)
		fine = fine && file->asset && !file->url;
	else
		fine = fine && file->url && read_check(yaml_text(node, "check"), &file->check);
	if (!fine || (file->check == CHECK_NVD_META) != (file->meta != NULL))
		return MALFORMED;
	**end = file;
	*end = &file->next;
	return DONE;
}

/* A file, or one of each year. */
static enum outcome add_files(struct plan_file ***end, const struct yaml *feed, int year, struct arena *arena)
{
	for (const struct yaml *node = yaml_first(yaml_member(feed, "files")); node; node = node->next) {
		uint64_t from = (uint64_t)year;
		struct span first = yaml_text(node, "from");
		if (first.size > 0 && (!span_to_number(first, (uint64_t)year, &from) || from + YEARS_MAX < (uint64_t)year))
			return MALFORMED;
		for (int of = (int)from; of <= year; of++)
			TRY(add_file(end, feed, node, of, year, arena));
	}
	return DONE;
}

static bool is_named(struct span names, struct span name)
{
	struct span one;
	while (span_next_field(&names, ',', &one))
		if (span_equal(span_trim(one), name))
			return true;
	return false;
}

static bool are_known(const struct yaml *feeds, struct span names, struct arena *arena, struct span *error)
{
	struct span one;
	while (span_next_field(&names, ',', &one)) {
		bool known = false;
		for (const struct yaml *feed = yaml_first(feeds); feed; feed = feed->next)
			known |= span_equal(yaml_text(feed, "name"), span_trim(one));
		if (!known) {
			*error = arena_format(arena, "there is no feed '%.*s'; --feeds list names those that there are",
					      SPAN_FORMAT(span_trim(one)));
			return false;
		}
	}
	return true;
}

enum outcome plan_read(struct span text, const char *names, int year, struct arena *arena, struct plan *out, struct span *error)
{
	const struct yaml *feeds;
	struct plan_file **end = &out->first;
	*out = (struct plan){ 0 };
	TRY(yaml_read(text, arena, &feeds, error));
	if (names && !are_known(feeds, span_of_text(names), arena, error))
		return MALFORMED;
	for (const struct yaml *feed = yaml_first(feeds); feed; feed = feed->next) {
		bool wanted = names ? is_named(span_of_text(names), yaml_text(feed, "name"))
				    : !span_equal_text(yaml_text(feed, "asked"), "false");
		enum outcome outcome = wanted ? add_files(&end, feed, year, arena) : DONE;
		if (outcome == MALFORMED)
			*error = arena_format(arena, "the feed of line %" PRIu32 " is not described as it must be", feed->line);
		TRY(outcome);
	}
	return DONE;
}

enum outcome plan_print(struct span text, struct arena *arena)
{
	const struct yaml *feeds;
	struct span error;
	TRY(yaml_read(text, arena, &feeds, &error));
	for (const struct yaml *feed = yaml_first(feeds); feed; feed = feed->next)
		(void)printf("%-15.*s %.*s%s\n%16s%.*s; %.*s\n", SPAN_FORMAT(yaml_text(feed, "name")),
			     SPAN_FORMAT(yaml_text(feed, "title")),
			     span_equal_text(yaml_text(feed, "asked"), "false") ? " (only where it is named)" : "", "",
			     SPAN_FORMAT(yaml_text(feed, "cadence")), SPAN_FORMAT(yaml_text(feed, "licence")));
	return DONE;
}
