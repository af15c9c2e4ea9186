/* The readers behind the inspector of services, one for each way of starting them. */
#ifndef ASSAY_INSPECT_SERVICES_H
#define ASSAY_INSPECT_SERVICES_H

#include "inspect/inspector.h"

/* inittab(5) of BusyBox and of System V init. */
void services_inittab(struct inspection *file);
/*
 * A shell script that boots, or that may. enabled is 1 where the line runs whenever
 * the script does; services_conclude() then finds out whether the script runs.
 */
void services_script(struct inspection *file);
bool services_is_boot_script(const struct inspection *file);
/* systemd.service(5), systemd.socket(5). */
void services_unit(struct inspection *file);
/* Android's init language. */
void services_android(struct inspection *file);
/* inetd.conf and xinetd.d. */
void services_inetd(struct inspection *file);
void services_xinetd(struct inspection *file);

/* Which scripts run, which units are wanted, which programs exist. */
enum outcome services_conclude(struct evidence *evidence);

#endif
