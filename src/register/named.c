#include "register/named.h"

int64_t named_product(struct event *event, struct span name, bool *came)
{
	int64_t id = registry_find(event->registry, "SELECT id FROM product WHERE name = ?1", name);
	if (id != 0)
		return id;
	id = registry_next(event->registry, "product");
	event_insert(event, "product", (const struct field[]){ { "id", value_integer(id) }, { "name", value_text(name) } }, 2);
	if (came)
		*came = true;
	return id;
}

int64_t named_version(struct event *event, int64_t product, struct span name, bool *came)
{
	const struct value asked[] = { value_integer(product), value_text(name) };
	int64_t id = registry_number(event->registry, "SELECT id FROM version WHERE product = ?1 AND name = ?2", asked, 2);
	if (id != 0)
		return id;
	id = registry_next(event->registry, "version");
	event_insert(event, "version", (const struct field[]){
		{ "id", value_integer(id) }, { "product", value_integer(product) }, { "name", value_text(name) },
		{ "state", value_word("shipped") } }, 4);
	if (came)
		*came = true;
	return id;
}

int64_t named_organisation(struct event *event, struct span name, struct span role)
{
	int64_t id = registry_find(event->registry, "SELECT id FROM organisation WHERE name = ?1", name);
	if (id != 0)
		return id;
	id = registry_next(event->registry, "organisation");
	event_insert(event, "organisation", (const struct field[]){
		{ "id", value_integer(id) }, { "name", value_text(name) }, { "role", value_text(role) } }, 3);
	return id;
}
