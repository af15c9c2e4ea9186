#include "identify/settle.h"

#include "identify/library_number.h"

enum {
	WEAK_BELOW = 80,  /* a weak sighting yields to a package record, or to a sure one */
	SURE_FROM = 90,
};

/* True where one version goes on where the other ends: "252" and "252.39". */
static bool refines(struct span longer, struct span shorter)
{
	uint8_t next = span_byte(longer, shorter.size);
	return shorter.size > 0 && span_starts(longer, shorter) && (next == '.' || next == '-');
}

/* Told by a library's number alone, which gives way to whatever else shows a version. */
static bool is_number(const struct group *group)
{
	return !group->packaged && group->version.size > 0 && group->confidence <= LIBRARY_NUMBER_CONFIDENCE;
}

/* A packager's own count: a day ("2018-05-21", "20131120"), a commit, or just "1". */
static bool is_snapshot(const struct group *group)
{
	return group->packaged && span_find_byte(group->version, '.', 0) == SPAN_NOT_FOUND;
}

/* The better of two groups to go into: the surer, and of equals the first. */
static struct group *better(struct group *best, struct group *other)
{
	return !best || other->confidence > best->confidence ? other : best;
}

/* What the groups of one component say together. Groups without a version say nothing of others. */
struct company {
	struct group *best;       /* the surest of all */
	struct group *best_plain; /* the surest that is in no package record, from WEAK_BELOW on */
	bool has_sure;            /* a package record, or a sure sighting */
};

static struct company company_of(struct group *groups, size_t count)
{
	struct company company = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct group *group = &groups[i];
		if (group->version.size == 0)
			continue;
		company.best = better(company.best, group);
		if (!group->packaged && group->confidence >= WEAK_BELOW)
			company.best_plain = better(company.best_plain, group);
		company.has_sure = company.has_sure || group->packaged || group->confidence >= SURE_FROM;
	}
	return company;
}

/* The surest group that says better what this one says; NULL where it stands by itself. */
static struct group *host_of(struct group *group, const struct company *company, size_t behind)
{
	struct group *host = NULL;
	if (group->version.size == 0)
		return company->best;
	if (is_snapshot(group))
		host = company->best_plain;
	/* Groups are sorted by version: those that begin with this one follow it. */
	struct group *end = group + behind;
	for (struct group *other = group + 1; other < end && span_starts(other->version, group->version); other++)
		if (refines(other->version, group->version) && group->confidence <= other->confidence &&
		    (!host || other->confidence > host->confidence || (other->confidence == host->confidence && other < host)))
			host = other;
	return host;
}

/* Lets a group go into the one at which its hosts end. Hosts in a circle stand by themselves from there on. */
static void settle_host(struct group *group)
{
	struct group *end = group;
	for (end->visited = true; end->into && !end->into->visited; end->visited = true)
		end = end->into;
	if (end->into && !end->into->settled)
		end->into = NULL;
	else if (end->into)
		end = end->into->into ? end->into->into : end->into;
	for (struct group *next; !group->settled && group != end; group = next) {
		next = group->into;
		group->into = end;
		group->settled = true;
	}
	end->settled = true;
}

static void receive_guests(struct group *groups, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct group *host = groups[i].into;
		if (!host)
			continue;
		if (host->last_guest)
			host->last_guest->next_guest = &groups[i];
		else
			host->first_guest = &groups[i];
		host->last_guest = &groups[i];
	}
}

/* Decides which groups of one component stand, which go into another, and which are dropped. */
void settle(struct group *groups, size_t count)
{
	struct company company = company_of(groups, count);
	for (size_t i = 0; i < count; i++) {
		struct group *group = &groups[i];
		group->into = host_of(group, &company, count - i);
		group->dropped = (group->confidence < WEAK_BELOW && !group->packaged && company.has_sure) ||
				 (is_number(group) && !is_number(company.best));
	}
	for (size_t i = 0; i < count; i++)
		settle_host(&groups[i]);
	receive_guests(groups, count);
}
