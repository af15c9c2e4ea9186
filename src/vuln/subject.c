#include "vuln/subject.h"

#include <stdio.h>

#include "vuln/branch.h"
#include "vuln/cpe.h"

enum { PRODUCTS_MAX = 128, NAME_SIZE_MAX = 1024, NUMBER_SIZE_MAX = 21 };

struct products {
	int64_t all[PRODUCTS_MAX];
	size_t count;
};

/*
 * The release that the system's own words name ("Alpine Linux v3.14.2", "Debian GNU/Linux 12 (bookworm)"), as the
 * lists of its distribution name it: by two fields, or one. Empty where it names none, or two roots differ. Words of which
 * others are surer do not count ("Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY" of a motd, beside os-release).
 */
static struct span release_of(sqlite3 *evidence, const char *words, const char *prefix, size_t fields, struct arena *arena)
{
	struct span release = SPAN_NONE;
	bool differ = false;
	struct query query = query_start(evidence, "SELECT DISTINCT substr(value, length(?1) + 1) FROM identity"
						   " WHERE subject = 'system' AND substr(value, 1, length(?1)) = ?1 AND confidence ="
						   " (SELECT max(confidence) FROM identity WHERE subject = 'system'"
						   "  AND substr(value, 1, length(?1)) = ?1)");
	query_bind_text(&query, 1, span_of_text(words));
	while (query_next(&query)) {
		struct span branch = branch_of(query_text(&query, 0), fields);
		struct span name = arena_format(arena, "%s%.*s", prefix, SPAN_FORMAT(branch));
		differ = differ || branch.size == 0 || (release.size > 0 && !span_equal(release, name));
		release = name;
	}
	return query_end(&query) == DONE && !differ ? release : SPAN_NONE;
}

void subject_finder_init(struct subject_finder *finder, sqlite3 *evidence, sqlite3 *store, struct arena *arena)
{
	*finder = (struct subject_finder){ .arena = arena };
	finder->find_product = store ? query_start(store, "SELECT id FROM product WHERE name = ?1")
				     : query_start(evidence, "SELECT 1");
	finder->alpine = release_of(evidence, "Alpine Linux ", "v", 2, arena);
	finder->debian = release_of(evidence, "Debian GNU/Linux ", "", 1, arena);
	finder->ubuntu = release_of(evidence, "Ubuntu ", "", 2, arena);
}

enum outcome subject_finder_end(struct subject_finder *finder)
{
	return query_end(&finder->find_product);
}

static void add_product(struct subject_finder *finder, struct products *products, struct span name)
{
	if (finder->told) {
		finder->told(finder->context, name);
		return;
	}
	query_bind_text(&finder->find_product, 1, name);
	int64_t id = query_next(&finder->find_product) ? query_integer(&finder->find_product, 0) : 0;
	query_rewind(&finder->find_product);
	for (size_t i = 0; i < products->count; i++)
		if (products->all[i] == id)
			return;
	if (id != 0 && products->count < PRODUCTS_MAX)
		products->all[products->count++] = id;
	else
		finder->left_out += id != 0;
}

static void add_cpe(struct subject_finder *finder, struct products *products, struct span name)
{
	struct cpe cpe;
	struct buffer product;
	if (!cpe_parse(name, &cpe))
		return;
	buffer_init(&product, NAME_SIZE_MAX, NULL);
	if (cpe_product(&product, &cpe) == DONE)
		add_product(finder, products, buffer_span(&product));
	buffer_done(&product);
}

static void add_package(struct subject_finder *finder, struct products *products, struct span package)
{
	static const char *const families[] = { "alpine", "debian", "openwrt", "ubuntu" };
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		add_product(finder, products, arena_format(finder->arena, "%s/%.*s", families[i], SPAN_FORMAT(package)));
}

static void add_all(struct subject_finder *finder, struct products *products, const struct subject *subject,
		    struct span cpe)
{
	const struct recogniser *recogniser = subject->recogniser;
	bool kernel = subject->asked.order == ORDER_KERNEL; /* its stable branches make one fixed version say nothing of another */
	add_cpe(finder, products, cpe);
	if (!kernel)
		add_package(finder, products, subject->name);
	if (!kernel && subject->source.size > 0)
		add_package(finder, products, subject->source);
	if (!kernel && subject->asked.branch > 1) { /* "lua5.1", "php7.2" */
		struct span branch = branch_of(subject->asked.version, subject->asked.branch);
		add_package(finder, products, arena_format(finder->arena, "%.*s%.*s", SPAN_FORMAT(subject->name),
							   SPAN_FORMAT(branch)));
	}
	for (size_t i = 0; recogniser && i < recogniser->cpe_count; i++)
		add_product(finder, products, span_from(recogniser->cpes[i], 2)); /* behind "a:" */
	if (recogniser)
		add_product(finder, products, arena_format(finder->arena, "oss-fuzz/%.*s", SPAN_FORMAT(subject->name)));
	for (size_t i = 0; recogniser && !kernel && i < recogniser->package_count; i++)
		if (!span_ends_text(recogniser->packages[i], "*"))
			add_package(finder, products, recogniser->packages[i]);
}

/* OpenSSL's branches had three fields before 3.0. */
static size_t branch_fields(const struct subject *subject)
{
	size_t fields = subject->recogniser ? subject->recogniser->branch : 1;
	uint8_t first = span_byte(subject->asked.version, 0);
	return subject->asked.order == ORDER_OPENSSL && (first == '0' || first == '1') ? fields + 1 : fields;
}

/* "lvm2 (2.03.16-2)": fixes are listed by source packages and their versions. */
static void take_source(struct subject *subject)
{
	struct span rest = subject->source, version;
	if (!span_next_word(&rest, &subject->source) || !span_next_word(&rest, &version))
		return;
	if (span_byte(version, 0) == '(' && span_byte(version, version.size - 1) == ')' && version.size > 2)
		subject->package_version = span_slice(version, 1, version.size - 2);
}

static struct span release_for(const struct subject_finder *finder, struct span distribution)
{
	if (span_equal_text(distribution, "alpine"))
		return finder->alpine;
	if (span_equal_text(distribution, "debian"))
		return finder->debian;
	return span_equal_text(distribution, "ubuntu") ? finder->ubuntu : SPAN_NONE;
}

enum outcome subject_find(struct subject_finder *finder, struct subject *subject, struct span cpe)
{
	struct products products = { .count = 0 };
	take_source(subject);
	subject->asked.order = subject->recogniser ? subject->recogniser->order : ORDER_GENERIC;
	subject->asked.branch = branch_fields(subject);
	subject->series = series_of(subject->name, subject->asked.version);
	subject->release = release_for(finder, subject->distribution);
	add_all(finder, &products, subject, cpe);
	subject->product_count = products.count;
	char text[PRODUCTS_MAX * NUMBER_SIZE_MAX + 3] = "[";
	size_t size = 1;
	for (size_t i = 0; i < products.count; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, "%s%lld", i > 0 ? "," : "",
					 (long long)products.all[i]);
	(void)snprintf(text + size, sizeof text - size, "]");
	subject->products = arena_copy(finder->arena, span_of_text(text));
	return subject->products.size > 0 ? DONE : NO_MEMORY;
}

struct query subject_rows(sqlite3 *evidence)
{
	return query_start(evidence,
		"SELECT c.id, c.name, c.version, c.package_version, c.cpe, p.distribution, p.manager,"
		" coalesce(nullif(p.source, ''), p.name) FROM component c"
		" LEFT JOIN package p ON p.rowid = (SELECT p.rowid FROM component_witness cw"
		"  JOIN witness w ON w.rowid = cw.witness JOIN package p ON p.file = w.file AND p.line IS w.line"
		"  WHERE cw.component = c.id AND w.method = 'package' LIMIT 1)"
		" WHERE c.version IS NOT NULL ORDER BY c.id");
}

enum outcome subject_read(const struct query *row, const struct recognisers *recognisers, struct subject_finder *finder,
			  struct subject *out)
{
	*out = (struct subject){
		.id = query_integer(row, 0), .name = query_text(row, 1), .asked.version = query_text(row, 2),
		.package_version = query_text(row, 3), .distribution = query_text(row, 5), .manager = query_text(row, 6),
		.source = query_text(row, 7),
	};
	out->recogniser = recogniser_find(recognisers, out->name);
	return subject_find(finder, out, query_text(row, 4));
}
