/* Concludes which machines the programs of the image are for: one that runs outweighs any number that lie about. */
#include "evidence/query.h"
#include "inspect/registry.h"

/* What the kernel starts, and what runs every script. */
#define FIRST_STARTED "'/sbin/init', '/init', '/bin/init', '/linuxrc', '/bin/sh', '/bin/busybox', '/bin/bash', '/bin/dash'," \
		      " '/usr/bin/sh', '/usr/bin/dash', '/usr/bin/bash', '/system/bin/init', '/system/bin/sh'," \
		      " '/lib/systemd/systemd', '/usr/lib/systemd/systemd'"

/*
 * A program whose loader the image does not have is none that it runs: it was left by whoever
 * built the image. Firmware of other chips, and what lies in no file system, hardly count.
 */
static enum outcome conclude(struct evidence *evidence)
{
	return query_run(evidence_database(evidence),
		"DELETE FROM machine;"
		/* By its last name: the folder may be a link. */
		"WITH loader(path, name) AS (SELECT DISTINCT interpreter,"
		"  replace(interpreter, rtrim(interpreter, replace(interpreter, '/', '')), '') FROM elf WHERE interpreter IS NOT NULL),"
		" missing AS (SELECT l.path FROM loader l WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.path LIKE '%/' || l.name)),"
		" object AS (SELECT e.file AS file, e.machine AS name, e.byte_order AS byte_order, e.class AS class,"
		"  CASE WHEN f.role = 'package' THEN 1"
		/* Where no loader is there at all, that of none says anything. */
		"  WHEN e.interpreter IN (SELECT path FROM missing) AND EXISTS (SELECT 1 FROM loader"
		"   WHERE path NOT IN (SELECT path FROM missing)) THEN 1"
		"  WHEN e.file IN (SELECT program_file FROM service WHERE program_file IS NOT NULL) THEN 100"
		"  WHEN f.path IN (" FIRST_STARTED ") THEN 100"
		"  WHEN f.path NOT LIKE '/%' OR f.path LIKE '%/lib/firmware/%' OR f.path LIKE '/boot/%' THEN 1"
		"  WHEN e.type = 'executable' AND (f.mode IS NULL OR f.mode & 73) THEN 10"
		"  WHEN f.kind = 'kernel module' THEN 5 WHEN e.type = 'shared library' THEN 3 ELSE 1 END AS weight"
		"  FROM elf e JOIN file f ON f.id = e.file WHERE e.type <> 'core'"
		" UNION ALL SELECT p.file, p.machine, p.byte_order, 32,"
		"  iif(p.file IN (SELECT program_file FROM service WHERE program_file IS NOT NULL)"
		"   OR f.path IN (" FIRST_STARTED "), 100, 10)"
		"  FROM flat_program p JOIN file f ON f.id = p.file WHERE p.machine IS NOT NULL)"
		" INSERT INTO machine (name, byte_order, class, objects, weight)"
		" SELECT name, byte_order, class, count(*), sum(weight) FROM object GROUP BY 1, 2, 3 ORDER BY 5 DESC, 1, 2, 3");
}

const struct inspector inspector_machines = {
	.name = "machines",
	.conclude = conclude,
};
