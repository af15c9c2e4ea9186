/* CVE record format 5.x, `affected[]`: products by CPE names or in words, with their versions (cve5_version.c). */
#include "vuln/cve5_affected.h"

#include <stdlib.h>

#include "vuln/cpe.h"
#include "vuln/cpe_configuration.h"
#include "vuln/cve5_version.h"
#include "vuln/feed_json.h"
#include "vuln/package_product.h"
#include "vuln/platform.h"
#include "vuln/product.h"

enum { NAME_SIZE_MAX = 4096, CPES_MAX = 1024, FILES_SIZE_MAX = 2048 };

struct cve5_reader {
	struct builder *builder;
	struct buffer name, files;
	struct cpe_reader cpes;
};

/* The program files of the entry, parted by blanks; none where a name of them holds a blank. */
static enum outcome write_files(struct buffer *out, const struct json_value *files)
{
	buffer_clear(out);
	JSON_EACH(file, files) {
		struct span path = json_value_text(file);
		bool blank = path.size == 0 || span_find_byte(path, ' ', 0) != SPAN_NOT_FOUND;
		if (blank || out->size + path.size > FILES_SIZE_MAX) {
			buffer_clear(out);
			return DONE;
		}
		if (out->size > 0)
			TRY(buffer_append(out, SPAN_LITERAL(" ")));
		TRY(buffer_append(out, path));
	}
	return DONE;
}

/* As a device: what names no versions in a form that is read speaks of the device as a whole. */
static enum outcome add_device(const struct cve5_entry *entry, struct device_feed *devices, const struct json_value *affected,
			       struct span maker, struct span models)
{
	struct cve5_entry device = *entry;
	device.devices = devices;
	device.maker = maker;
	device.product = models;
	TRY(cve5_versions(&device, affected));
	bool none = device.stated || span_equal_text(feed_json_text(affected, "defaultStatus"), "unaffected");
	return none ? DONE : cve5_range(&device, (struct range){ 0 }, SPAN_LITERAL("affected"));
}

/* Lists name one product for each of its versions, which stand beside them. */
static bool is_same_product(const struct cpe *a, const struct cpe *b)
{
	return a->part == b->part && span_equal(a->vendor, b->vendor) && span_equal(a->product, b->product) &&
	       span_equal(a->target_software, b->target_software);
}

/* Firmware and hardware that CPE names list; *any where there are some. */
static enum outcome add_cpe_devices(const struct cve5_entry *entry, struct device_feed *devices,
				    const struct json_value *affected, bool *any)
{
	const struct json_value *cpes = json_value_member(affected, "cpes");
	struct cpe last = { 0 };
	size_t left = CPES_MAX;
	JSON_EACH(one, cpes) {
		struct cpe cpe;
		if (left-- == 0)
			break;
		if (!cpe_parse(json_value_text(one), &cpe) || is_same_product(&cpe, &last))
			continue;
		last = cpe;
		bool device = cpe.part == 'h' || (cpe.part == 'o' && span_ends_text(cpe.product, "_firmware"));
		*any = *any || device;
		if (device)
			TRY(add_device(entry, devices, affected, cpe.vendor, cpe.product));
	}
	return DONE;
}

static enum outcome add_devices(const struct cve5_entry *entry, struct device_feed *devices, const struct json_value *affected)
{
	bool any = false;
	struct span maker = feed_json_text(affected, "vendor"), models = feed_json_text(affected, "product");
	TRY(add_cpe_devices(entry, devices, affected, &any));
	return any ? DONE : add_device(entry, devices, affected, maker, models);
}

/* Products that CPE names list; *any where there are some. */
static enum outcome add_cpes(struct cve5_entry *entry, struct buffer *name, const struct json_value *affected, bool *any)
{
	struct cpe last = { 0 };
	size_t left = CPES_MAX;
	JSON_EACH(one, json_value_member(affected, "cpes")) {
		struct cpe cpe;
		if (left-- == 0)
			break;
		if (!cpe_parse(json_value_text(one), &cpe) || cpe.part == 'h')
			continue;
		bool same = *any && is_same_product(&cpe, &last);
		last = cpe;
		*any = true;
		if (same || !platform_target_fits(cpe.target_software))
			continue;
		TRY(cpe_product(name, &cpe));
		entry->product = buffer_span(name);
		TRY(cve5_versions(entry, affected));
	}
	return DONE;
}

/* The product by its package URL, or by its maker's words for it. */
static enum outcome add_named(struct cve5_entry *entry, struct buffer *name, const struct json_value *affected)
{
	struct span vendor = feed_json_text(affected, "vendor"), product = feed_json_text(affected, "product");
	enum outcome outcome = package_product(name, feed_json_text(affected, "packageURL"));
	if (outcome == NOT_THIS)
		outcome = product_name(name, vendor, product);
	if (outcome == NOT_THIS)
		return DONE;
	TRY(outcome);
	entry->product = buffer_span(name);
	return cve5_versions(entry, affected);
}

static enum outcome add_entry(struct cve5_reader *r, const struct json_value *affected, int64_t number)
{
	bool any = false;
	TRY(write_files(&r->files, json_value_member(affected, "programFiles")));
	struct cve5_entry entry = {
		.builder = r->builder,
		.scope = { .files = buffer_span(&r->files), .entry = number,
			   .listed = span_equal_text(feed_json_text(affected, "defaultStatus"), "unaffected") },
	};
	TRY(add_cpes(&entry, &r->name, affected, &any));
	if (!any)
		TRY(add_named(&entry, &r->name, affected));
	return add_devices(&entry, &r->cpes.devices, affected);
}

struct cve5_reader *cve5_reader_new(struct builder *builder)
{
	struct cve5_reader *r = calloc(1, sizeof *r);
	if (!r)
		return NULL;
	r->builder = builder;
	buffer_init(&r->name, NAME_SIZE_MAX, NULL);
	buffer_init(&r->files, NAME_SIZE_MAX, NULL);
	cpe_reader_init(&r->cpes, builder);
	return r;
}

void cve5_reader_free(struct cve5_reader *r)
{
	buffer_done(&r->name);
	buffer_done(&r->files);
	cpe_reader_done(&r->cpes);
	free(r);
}

static enum outcome take(struct cve5_reader *r, const struct json_value *container, int64_t *number)
{
	JSON_EACH(one, json_value_member(container, "affected"))
		TRY(add_entry(r, one, ++*number));
	const struct json_value *configurations = json_value_member(container, "cpeApplicability");
	if (feed_json_count(configurations) == 0)
		return DONE;
	return cpe_reader_take(&r->cpes, configurations, &(struct builder_scope){ .entry = ++*number });
}

enum outcome cve5_reader_take(struct cve5_reader *r, const struct json_value *container, int64_t *number)
{
	enum outcome outcome = take(r, container, number);
	return outcome == OVER_BUDGET ? MALFORMED : outcome; /* a product name or list beyond all measure */
}
