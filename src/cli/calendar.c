#include "cli/calendar.h"

#include "register/moment.h"

bool calendar_open(const struct options *options, struct arena *arena, struct calendar *out)
{
	struct span error = SPAN_LITERAL("not enough memory");
	out->named = NULL;
	if (clocks_load(arena, &out->clocks, &error) != DONE)
		return !unusable("the clocks cannot be read: %.*s", SPAN_FORMAT(error));
	if (!options->zone)
		return true;
	out->named = &out->zone;
	return zone_open(span_of_text(options->zone), arena, &out->zone, &error) == DONE ||
	       !unusable("%.*s", SPAN_FORMAT(error));
}

bool calendar_read(const struct calendar *calendar, const char *option, const char *text, int64_t *out)
{
	struct moment moment;
	if (!moment_read(span_of_text(text), &moment))
		return !unusable("%s wants a time of the years from 1970 on, as 2026-11-28T09:10Z: '%s'", option, text);
	if (moment.local && !calendar->named)
		return !unusable("%s names no zone: end it in Z or an offset (+01:00), or name one with --zone: '%s'", option,
				 text);
	*out = moment.local ? zone_moment(calendar->named, moment.at) : moment.at;
	return true;
}
