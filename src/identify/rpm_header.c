#include "identify/rpm_header.h"

#include "base/cursor.h"

enum { ENTRY_SIZE = 16, ENTRIES_MAX = 65535, STORE_MAX = 256 << 20 };

enum rpm_tag {
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_EPOCH = 1003,
	TAG_VENDOR = 1011,
	TAG_LICENCE = 1014,
	TAG_ARCHITECTURE = 1022,
	TAG_SOURCE_RPM = 1044,
};

struct rpm_values {
	struct span name, version, release, vendor, licence, architecture, source;
	uint32_t epoch;
	bool has_epoch;
};

uint64_t rpm_header_size(struct span bytes)
{
	struct cursor cursor = cursor_over(bytes);
	uint64_t entries = cursor_u32be(&cursor), store = cursor_u32be(&cursor);
	if (!cursor_ok(&cursor) || entries == 0 || entries > ENTRIES_MAX || store > STORE_MAX)
		return 0;
	uint64_t size = 8 + entries * ENTRY_SIZE + store;
	return size <= bytes.size ? size : 0;
}

static void take_value(struct rpm_values *values, uint32_t tag, struct span at)
{
	struct span text = span_until_nul(at);
	switch (tag) {
	case TAG_NAME:
		values->name = text;
		break;
	case TAG_VERSION:
		values->version = text;
		break;
	case TAG_RELEASE:
		values->release = text;
		break;
	case TAG_EPOCH: {
		struct cursor cursor = cursor_over(at);
		values->epoch = cursor_u32be(&cursor);
		values->has_epoch = cursor_ok(&cursor);
		break;
	}
	case TAG_VENDOR:
		values->vendor = text;
		break;
	case TAG_LICENCE:
		values->licence = text;
		break;
	case TAG_ARCHITECTURE:
		values->architecture = text;
		break;
	case TAG_SOURCE_RPM:
		values->source = text;
		break;
	default:
		break;
	}
}

/* "openssl-1.1.1k-9.el8.src.rpm" without version and release. */
static struct span source_name(struct span source)
{
	for (int parts = 0; parts < 2; parts++) {
		size_t at = source.size;
		while (at > 0 && span_byte(source, at - 1) != '-')
			at--;
		if (at == 0)
			return SPAN_NONE;
		source = span_slice(source, 0, at - 1);
	}
	return source;
}

static struct span whole_version(struct arena *arena, const struct rpm_values *values)
{
	if (values->has_epoch && values->epoch > 0)
		return arena_format(arena, "%u:%.*s-%.*s", values->epoch, SPAN_FORMAT(values->version),
				    SPAN_FORMAT(values->release));
	return arena_format(arena, "%.*s-%.*s", SPAN_FORMAT(values->version), SPAN_FORMAT(values->release));
}

bool rpm_header_read(struct span bytes, struct arena *arena, struct package_record *out, uint64_t *size)
{
	*size = rpm_header_size(bytes);
	if (*size == 0)
		return false;
	struct cursor cursor = cursor_over(bytes);
	uint32_t entries = cursor_u32be(&cursor);
	uint32_t store_size = cursor_u32be(&cursor);
	struct span store = span_slice(bytes, 8 + (uint64_t)entries * ENTRY_SIZE, store_size);
	struct rpm_values values = { 0 };
	for (uint32_t i = 0; i < entries && cursor_ok(&cursor); i++) {
		uint32_t tag = cursor_u32be(&cursor);
		cursor_skip(&cursor, 4);
		uint32_t offset = cursor_u32be(&cursor);
		cursor_skip(&cursor, 4);
		take_value(&values, tag, span_from(store, offset));
	}
	if (values.name.size == 0 || values.version.size == 0)
		return false;
	*out = (struct package_record){
		.manager = "rpm",
		.name = values.name,
		.version = whole_version(arena, &values),
		.architecture = values.architecture,
		.source = source_name(values.source),
		.licence = values.licence,
		.distribution = values.vendor,
	};
	return true;
}
