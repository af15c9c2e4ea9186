/*
 * Two images whose component has the same variant must have the same vulnerabilities in it, by any store: otherwise the
 * register would answer for one image with what holds of another.
 */
#define _XOPEN_SOURCE 700
#include "register/variant.h"

#include <ftw.h>
#include <inttypes.h>

#include "base/buffer.h"
#include "base/file.h"
#include "harness.h"

/* Files of the corpus up to that size, unless ASSAY_VARIANT_BYTES says another. */
enum { BYTES_MAX = 512 << 10, STORES = 2, WORDS_CEILING = 64 << 20 };

/* What a store says of a component of an image. */
struct seen {
	int store;
	struct span variant, component, image, rows;
};

static struct collection {
	struct arena arena;
	struct seen *all;
	size_t count, capacity;
	size_t components, images;
	int64_t most;
	struct file_view store; /* the full one; no bytes where it could not be built */
	bool failed;
} collection;

/* Where a file stands in an image is no matter: words that begin with a slash are left out. */
static enum outcome add_plain(struct buffer *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '/' && (c == text || c[-1] == ' ' || c[-1] == '(')) {
			while (c[1] && c[1] != ' ' && c[1] != ')' && c[1] != ',' && c[1] != ';')
				c++;
			continue;
		}
		TRY(buffer_append(out, span_of(c, 1)));
	}
	return buffer_append(out, SPAN_LITERAL("\n"));
}

static struct span rows_of(struct assay *assay, int64_t component)
{
	char sql[256];
	struct assay_rows *rows = NULL;
	struct buffer text;
	buffer_init(&text, WORDS_CEILING, NULL);
	(void)snprintf(sql, sizeof sql, "SELECT id || ' ' || status || ' ' || coalesce(justification, '') || ' ' || reason || ' ' ||"
		       " coalesce(question, '') || ' ' || coalesce(fixed_in, '') FROM vulnerability WHERE component = %" PRId64
		       " ORDER BY 1", component);
	bool done = assay_query(assay, sql, 0, &rows) == ASSAY_DONE;
	while (done && assay_rows_next(rows))
		done = add_plain(&text, assay_rows_text(rows, 0, NULL)) == DONE;
	collection.failed |= assay_rows_end(rows) != ASSAY_DONE || !done;
	struct span out = arena_copy(&collection.arena, buffer_span(&text));
	buffer_done(&text);
	return out;
}

static void collect(struct assay *assay, int store, const char *image)
{
	struct variants variants;
	struct span name = arena_copy(&collection.arena, span_of_text(image));
	if (variants_of(assay, &collection.arena, &variants) != DONE) {
		collection.failed = true;
		return;
	}
	for (size_t i = 0; i < variants.count; i++) {
		struct seen *all = arena_grow(&collection.arena, collection.all, collection.count, &collection.capacity, sizeof *all);
		if (!all) {
			collection.failed = true;
			return;
		}
		collection.all = all;
		all[collection.count++] = (struct seen){ store, variants.all[i].digest, variants.all[i].name, name,
							 rows_of(assay, variants.all[i].component) };
	}
	collection.components += variants.count;
}

static void collect_again(struct assay *assay, const char *image)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *again = NULL;
	void *saved = NULL;
	size_t size = 0;
	options.jobs = 1;
	options.store = collection.store.bytes.data;
	options.store_size = collection.store.bytes.size;
	options.store_name = "full";
	bool done = assay_save(assay, &saved, &size) == ASSAY_DONE && assay_saved(saved, size, &options, &again) == ASSAY_DONE;
	if (done)
		collect(again, 1, image);
	collection.failed |= !done;
	assay_free(again);
	assay_release(saved);
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *assay = NULL;
	struct file_view view;
	(void)walk;
	if (type != FTW_F || status->st_size == 0 || status->st_size > collection.most ||
	    !file_view_open(path, (size_t)collection.most, &view))
		return 0;
	options.jobs = 1;
	if (assay_image(view.bytes.data, view.bytes.size, path, &options, &assay) == ASSAY_DONE) {
		collection.images++;
		collect(assay, 0, path);
		if (collection.store.bytes.size > 0)
			collect_again(assay, path);
	}
	assay_free(assay);
	file_view_close(&view);
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;
	int order = span_compare(a->variant, b->variant);
	if (order == 0)
		order = a->store - b->store;
	return order ? order : span_compare(a->image, b->image);
}

/* The first line that one has and the other has not. */
static void tell(const struct seen *a, const struct seen *b)
{
	struct span rest = a->rows, line;
	while (span_next_line(&rest, &line) && span_find(b->rows, line, 0) != SPAN_NOT_FOUND)
		;
	printf("# store %d, %.*s: %.*s has, and %.*s has not: %.*s\n", a->store, SPAN_FORMAT(a->component), SPAN_FORMAT(a->image),
	       SPAN_FORMAT(b->image), SPAN_FORMAT(line));
}

static size_t count_differences(size_t *distinct, size_t *pairs)
{
	size_t differences = 0;
	qsort(collection.all, collection.count, sizeof *collection.all, compare);
	for (size_t i = 0; i < collection.count; i++) {
		const struct seen *last = i ? &collection.all[i - 1] : NULL, *seen = &collection.all[i];
		bool same = last && span_equal(last->variant, seen->variant);
		*distinct += !same;
		if (!same || last->store != seen->store)
			continue;
		++*pairs;
		if (span_equal(last->rows, seen->rows))
			continue;
		differences++;
		tell(last, seen);
		tell(seen, last);
	}
	return differences;
}

static void build_store(const char *feeds)
{
	static char path[4096];
	struct assay_store_plan plan = ASSAY_STORE_PLAN_INIT;
	(void)snprintf(path, sizeof path, "%s/full.db", harness_scratch());
	plan.directory = feeds;
	plan.path = path;
	if (assay_store_build(&plan) != ASSAY_DONE || !file_view_open(path, (size_t)1 << 30, &collection.store))
		printf("# no full store: the one that is built in alone\n");
}

TEST(one_variant_has_one_match)
{
	const char *corpus = harness_corpus("README.md"), *bytes = getenv("ASSAY_VARIANT_BYTES");
	char root[4096], feeds[4096 + 16];
	size_t distinct = 0, pairs = 0;
	if (!corpus)
		SKIP("the corpus is not here");
	(void)snprintf(root, sizeof root, "%.*s", (int)(strlen(corpus) - strlen("/README.md")), corpus);
	(void)snprintf(feeds, sizeof feeds, "%s/../feeds", root);
	arena_init(&collection.arena, (size_t)4 << 30);
	collection.most = bytes ? atoll(bytes) : BYTES_MAX;
	build_store(feeds);
	CHECK(nftw(root, visit, 16, FTW_PHYS) == 0);
	CHECK(!collection.failed);
	CHECK_EQUAL(count_differences(&distinct, &pairs), 0);
	printf("# %zu images, %zu components by each store, %zu distinct variants, %zu pairs compared\n", collection.images,
	       collection.components / (collection.store.bytes.size > 0 ? STORES : 1), distinct, pairs);
	CHECK(pairs > 0);
	file_view_close(&collection.store);
	arena_done(&collection.arena);
}

TESTS(one_variant_has_one_match)
