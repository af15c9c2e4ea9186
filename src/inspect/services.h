/* The readers behind the inspector of services, one for each way of starting them. */
#ifndef ASSAY_INSPECT_SERVICES_H
#define ASSAY_INSPECT_SERVICES_H

#include <sqlite3.h>

#include "inspect/inspector.h"

/* inittab(5) of BusyBox and of System V init. */
void services_inittab(struct inspection *file);
/*
 * A shell script that boots, or that may. enabled is 1 where the line runs whenever
 * the script does; services_conclude() then finds out whether the script runs.
 */
void services_script(struct inspection *file);
/* Scripts that it runs because they lie in a folder. */
void services_folders(struct inspection *file);
bool services_is_boot_script(const struct inspection *file);
/* A function that init scripts run to start, and a branch of "case $1 in" that does. */
bool services_is_start_function(struct span name);
bool services_is_start_branch(struct span branch);
/* systemd.service(5), systemd.socket(5). */
void services_unit(struct inspection *file);
/* systemd.preset(5): "enable sshd.service", "disable *". */
void services_preset(struct inspection *file);
/* Android's init language. */
void services_android(struct inspection *file);
void services_android_console(struct inspection *file);
/* inetd.conf and xinetd.d. */
void services_inetd(struct inspection *file);
void services_xinetd(struct inspection *file);
/* What is started later: crontabs, mdev.conf, rules of udev and hotplug2, interfaces. */
void services_crontab(struct inspection *file);
void services_mdev(struct inspection *file);
void services_udev(struct inspection *file);
void services_interfaces(struct inspection *file);

/* Which scripts run, which units are wanted, which programs exist, which of them wait for others. */
enum outcome services_conclude(struct evidence *evidence) MUST_CHECK;
/* Its steps. */
enum outcome services_start_init(sqlite3 *database) MUST_CHECK;
enum outcome services_find_programs(sqlite3 *database) MUST_CHECK;
/* Answers the conditions of services, and decides those that the image decides. */
enum outcome services_conclude_conditions(sqlite3 *database) MUST_CHECK;
/* Says at the end what the conditions decided; drops those of services that turned out to be none. */
enum outcome services_tell_conditions(sqlite3 *database) MUST_CHECK;
enum outcome services_conclude_units(sqlite3 *database) MUST_CHECK;
enum outcome services_conclude_programs(sqlite3 *database) MUST_CHECK;
enum outcome services_conclude_listening(sqlite3 *database) MUST_CHECK;

#endif
