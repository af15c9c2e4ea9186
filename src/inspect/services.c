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
	bool drop_in = span_ends_text(file->name, ".conf") && (span_find_text(file->path, ".service.d/", 0) != SPAN_NOT_FOUND ||
							       span_find_text(file->path, ".socket.d/", 0) != SPAN_NOT_FOUND);
	return path_has_folder(file->path, "systemd") &&
	       (drop_in || span_ends_text(file->name, ".service") || span_ends_text(file->name, ".socket") ||
		span_ends_text(file->name, ".target"));
}

static bool is_preset(const struct inspection *file)
{
	return path_has_folder(file->path, "system-preset") && span_ends_text(file->name, ".preset");
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

/* Tables of programs to run; the scripts of cron.daily and its like are scripts as any other. */
static bool is_crontab(const struct inspection *file)
{
	struct span folder = span_slice(file->path, 0, file->path.size - file->name.size);
	return span_equal_text(file->path, "/etc/crontab") || path_has_folder(file->path, "cron.d") ||
	       path_has_folder(file->path, "crontabs") || span_ends_text(folder, "/cron/") || span_ends_text(folder, "/cron/tabs/");
}

static bool is_mdev(const struct inspection *file)
{
	return span_equal_text(file->name, "mdev.conf");
}

static bool is_udev(const struct inspection *file)
{
	return (path_has_folder(file->path, "udev") && span_ends_text(file->name, ".rules")) ||
	       (span_starts_text(file->name, "hotplug2") && span_ends_text(file->name, ".rules"));
}

static bool is_interfaces(const struct inspection *file)
{
	return span_equal_text(file->path, "/etc/network/interfaces") || path_has_folder(file->path, "interfaces.d");
}

static const struct service_reader readers[] = {
	{ is_inittab, services_inittab }, { is_unit, services_unit },		{ is_preset, services_preset },
	{ is_android, services_android },
	{ is_inetd, services_inetd },	  { is_xinetd, services_xinetd },	{ is_crontab, services_crontab },
	{ is_mdev, services_mdev },	  { is_udev, services_udev },		{ is_interfaces, services_interfaces },
	{ services_is_boot_script, services_script },
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
