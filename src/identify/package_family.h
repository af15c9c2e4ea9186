/* Whose packages a database holds: dpkg and apk serve many distributions, whose lists of fixed packages differ. */
#ifndef ASSAY_IDENTIFY_PACKAGE_FAMILY_H
#define ASSAY_IDENTIFY_PACKAGE_FAMILY_H

#include "evidence/query.h"

/*
 * Gives the packages of dpkg and apk the distribution that the system in their root file system names itself, or
 * that the whole image does; none where it names another or several. Where no system names itself, Debian and
 * Alpine stay, and packages whose version says "ubuntu" are Ubuntu's.
 */
enum outcome package_families(sqlite3 *database) MUST_CHECK;

#endif
