#include "evidence/listed.h"

#include "evidence/query.h"

int64_t evidence_unlisted(sqlite3 *database)
{
	return query_number(database,
		"SELECT count(*) FROM incomplete i WHERE i.missing = 'entries' OR (i.code = 'content.opaque' AND NOT EXISTS"
		" (SELECT 1 FROM file f WHERE f.volume IN (i.volume, (SELECT v.parent FROM volume v WHERE v.id = i.volume"
		"  AND v.file IS NOT NULL AND v.files = 1)) AND f.path IN ('/init', '/sbin/init', '/bin/init', '/linuxrc',"
		" '/etc/inittab', '/bin/sh', '/usr/bin/sh', '/bin/busybox', '/system/bin/sh', '/system/bin/init', '/usr/sbin/init',"
		" '/usr/lib/systemd/systemd', '/etc/init.d/rcS', '/etc/passwd', '/init.rc')))");
}

int64_t evidence_unlisted_programs(sqlite3 *database)
{
	return query_number(database,
		"SELECT max(0, (SELECT count(DISTINCT s.name) FROM setting s WHERE s.subject = 'file system of programs'"
		"  AND NOT EXISTS (SELECT 1 FROM file f WHERE f.type IN ('file', 'link')"
		"   AND substr(f.path, 1, length(s.name) + 1) = s.name || '/'))"
		" - (SELECT count(*) FROM volume v WHERE v.state = 'read'"
		"  AND v.format IN ('squashfs', 'cramfs', 'romfs', 'erofs', 'jffs2', 'ubifs', 'yaffs2', 'ext', 'f2fs', 'fat')"
		"  AND NOT EXISTS (SELECT 1 FROM file r WHERE r.volume = v.id AND r.path IN"
		"   ('/bin/sh', '/bin/busybox', '/sbin/init', '/init', '/etc/passwd', '/etc/inittab', '/etc/fstab'))))");
}
