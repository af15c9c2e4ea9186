/* Records of installed packages, whatever database they come from. */
#ifndef ASSAY_IDENTIFY_PACKAGE_H
#define ASSAY_IDENTIFY_PACKAGE_H

#include "inspect/inspector.h"

/* One record; spans are borrowed, empty where the database has none. */
struct package_record {
	const char *manager; /* "opkg", "dpkg", "apk", "rpm" */
	int64_t line;        /* of the record's first line, from 1; 0 in a binary database */
	struct span name, version, architecture, source, licence, distribution, cpe;
};

/* States it as a row of `package`; a record without name or version is dropped. */
void package_state(struct inspection *file, const struct package_record *record);

/*
 * The upstream version in a packager's: without epoch, revision, and the marks that
 * distributions add. Copied to the arena; the whole version where memory is refused.
 */
struct span package_upstream(struct arena *arena, const char *manager, struct span version);

/* The package databases, NULL at the end. */
extern const struct inspector *const package_inspectors[];
extern const struct inspector inspector_package_files;
extern const struct inspector inspector_packages_apk;
extern const struct inspector inspector_packages_control;
extern const struct inspector inspector_packages_rpm;

#endif
