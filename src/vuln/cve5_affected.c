/* CVE record format 5.x, `affected[]`: products by CPE names or in words, with their versions (cve5_version.c). */
#include "vuln/cve5_affected.h"

#include "vuln/cpe.h"
#include "vuln/cve5_version.h"
#include "vuln/feed_json.h"
#include "vuln/platform.h"
#include "vuln/product.h"

enum { NAME_SIZE_MAX = 4096, CPES_MAX = 64, FILES_SIZE_MAX = 2048 };

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

/* Firmware and hardware that CPE names list; *any where there are some. */
static enum outcome add_cpe_devices(const struct cve5_entry *entry, struct device_feed *devices,
				    const struct json_value *affected, bool *any)
{
	const struct json_value *cpes = json_value_member(affected, "cpes");
	size_t left = CPES_MAX;
	JSON_EACH(one, cpes) {
		struct cpe cpe;
		if (left-- == 0)
			break;
		if (!cpe_parse(json_value_text(one), &cpe))
			continue;
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

static enum outcome add_named(struct cve5_entry *entry, struct buffer *name, const struct json_value *affected)
{
	const struct json_value *cpes = json_value_member(affected, "cpes");
	bool any = false;
	size_t left = CPES_MAX;
	JSON_EACH(one, cpes) {
		struct cpe cpe;
		if (left-- == 0)
			break;
		if (!cpe_parse(json_value_text(one), &cpe) || cpe.part == 'h')
			continue;
		any = true;
		if (!platform_target_fits(cpe.target_software))
			continue;
		TRY(cpe_product(name, &cpe));
		entry->product = buffer_span(name);
		TRY(cve5_versions(entry, affected));
	}
	if (any)
		return DONE;
	struct span vendor = feed_json_text(affected, "vendor"), product = feed_json_text(affected, "product");
	enum outcome outcome = product_name(name, vendor, product);
	if (outcome == NOT_THIS)
		return DONE;
	TRY(outcome);
	entry->product = buffer_span(name);
	return cve5_versions(entry, affected);
}

static enum outcome add_all(struct builder *builder, const struct json_value *affected, struct buffer *name,
			    struct buffer *files, struct device_feed *devices)
{
	int64_t number = 0;
	JSON_EACH(one, affected) {
		TRY(write_files(files, json_value_member(one, "programFiles")));
		struct cve5_entry entry = {
			.builder = builder,
			.scope = { .files = buffer_span(files), .entry = ++number,
				   .listed = span_equal_text(feed_json_text(one, "defaultStatus"), "unaffected") },
		};
		TRY(add_named(&entry, name, one));
		TRY(add_devices(&entry, devices, one));
	}
	return DONE;
}

enum outcome cve5_affected(struct builder *builder, int64_t id, enum store_source source, struct span stamp,
			   const struct json_value *affected)
{
	TRY(builder_record_begin(builder, id, source, stamp));
	struct buffer name, files;
	buffer_init(&name, NAME_SIZE_MAX, NULL);
	buffer_init(&files, NAME_SIZE_MAX, NULL);
	struct device_feed devices;
	device_feed_init(&devices, builder);
	enum outcome outcome = add_all(builder, affected, &name, &files, &devices);
	device_feed_done(&devices);
	buffer_done(&name);
	buffer_done(&files);
	if (outcome == OVER_BUDGET)
		return MALFORMED; /* a product name or list beyond all measure */
	TRY(outcome);
	return builder_record_end(builder);
}
