/* Programs that are started at boot or on demand: which file is read in which way. */
#include "inspect/services.h"

#include "inspect/lines.h"
#include "inspect/registry.h"

struct service_reader {
	bool (*is)(const struct inspection *file);
	void (*read)(struct inspection *file);
};

static bool is_inittab(const struct inspection *file)
{
	return span_starts_text(file->name, "inittab");
}

static bool is_unit(const struct inspection *file)
{
	return path_has_folder(file->path, "systemd") &&
	       (span_ends_text(file->name, ".service") || span_ends_text(file->name, ".socket"));
}

static bool is_android(const struct inspection *file)
{
	return span_ends_text(file->name, ".rc") &&
	       (path_has_folder(file->path, "init") || span_starts_text(file->name, "init") ||
		span_equal_text(file->name, "ueventd.rc"));
}

static bool is_inetd(const struct inspection *file)
{
	return span_equal_text(file->name, "inetd.conf");
}

static bool is_xinetd(const struct inspection *file)
{
	return path_has_folder(file->path, "xinetd.d") || span_equal_text(file->name, "xinetd.conf");
}

static const struct service_reader readers[] = {
	{ is_inittab, services_inittab }, { is_unit, services_unit },     { is_android, services_android },
	{ is_inetd, services_inetd },     { is_xinetd, services_xinetd }, { services_is_boot_script, services_script },
};

static const struct service_reader *reader_of(const struct inspection *file)
{
	if (!inspection_is_live_lines(file))
		return NULL;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (readers[i].is(file))
			return &readers[i];
	return NULL;
}

static bool wants(const struct inspection *file)
{
	return reader_of(file) != NULL;
}

static void inspect(struct inspection *file)
{
	const struct service_reader *reader = reader_of(file);
	if (reader)
		reader->read(file);
}

const struct inspector inspector_services = {
	.name = "services",
	.wants = wants,
	.inspect = inspect,
	.conclude = services_conclude,
};
