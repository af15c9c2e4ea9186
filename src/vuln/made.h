/* When the image was made, as far as its kernel and its files tell. */
#ifndef ASSAY_VULN_MADE_H
#define ASSAY_VULN_MADE_H

#include "base/arena.h"
#include "evidence/query.h"

/*
 * The latest day ('YYYY-MM-DD', in the arena) that anything in the image is dated: builds of kernels, and times of files where
 * they differ (what sets them all to one hides when it was made). Empty where nothing is, or no kernel says when it was built.
 */
struct span made_latest(sqlite3 *evidence, struct arena *arena);
/* "2012-07-21" of "Sat Jul 21 10:13:09 CST 2012", the date of a kernel's banner; empty where it is none. */
struct span made_of_banner(struct span built, struct arena *arena);

#endif
