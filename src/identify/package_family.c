#include "identify/package_family.h"

/* Systems by the beginning of what they call themselves. */
#define FAMILIES                                                                                                  \
	"family(beginning, name) AS (VALUES ('Alpine Linux', 'alpine'), ('Debian GNU/Linux', 'debian'),"             \
	" ('Ubuntu', 'ubuntu'), ('Linux Mint', 'linuxmint'))"

/* Every system that names itself, in which root file system, and its family; by its first word where it is none of these. */
#define SYSTEMS                                                                                                   \
	"system(artifact, family) AS (SELECT f.artifact, coalesce((SELECT name FROM family"                          \
	" WHERE substr(i.value, 1, length(beginning)) = beginning),"                                                 \
	" lower(substr(i.value, 1, instr(i.value || ' ', ' ') - 1)))"                                                \
	" FROM identity i LEFT JOIN file f ON f.id = i.file WHERE i.subject = 'system')"

/* NULL where there are several. */
#define ONE_OF_THEM "CASE WHEN count(DISTINCT family) = 1 THEN min(family) END"

enum outcome package_families(sqlite3 *database)
{
	TRY(query_run(database, "UPDATE package SET distribution = 'ubuntu' WHERE manager = 'dpkg'"
				" AND distribution = 'debian' AND instr(version, 'ubuntu') > 0"));
	return query_run(database,
			 "WITH " FAMILIES ", " SYSTEMS " UPDATE package SET distribution = (SELECT " ONE_OF_THEM " FROM system"
			 " WHERE artifact IS (SELECT artifact FROM file WHERE id = package.file) OR NOT EXISTS (SELECT 1 FROM"
			 " system WHERE artifact IS (SELECT artifact FROM file WHERE id = package.file)))"
			 " WHERE manager IN ('dpkg', 'apk') AND EXISTS (SELECT 1 FROM system)");
}
