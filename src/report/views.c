#include "report/views.h"

const char view_facts[] =
	"SELECT system FROM image WHERE system IS NOT NULL AND system <> coalesce(title, '') UNION ALL"
	" SELECT 'Linux ' || release FROM (SELECT DISTINCT release FROM kernel ORDER BY source = 'modules', release LIMIT 1)"
	" UNION ALL SELECT name || ' ' || byte_order || '-endian' FROM (SELECT name, byte_order FROM machine"
	" ORDER BY weight DESC, name, byte_order LIMIT 1)"
	" UNION ALL SELECT name || coalesce(' ' || version, '') FROM (SELECT DISTINCT name, version FROM boot_loader"
	" ORDER BY version IS NULL, name, version LIMIT 1)"
	" UNION ALL SELECT CASE WHEN size >= 1000000 THEN printf('%.1f MB', size / 1e6) WHEN size >= 1000 THEN"
	" printf('%.1f kB', size / 1e3) ELSE size || ' bytes' END FROM image"
	" UNION ALL SELECT printf('understood %d %%', CAST(100.0 * understood / size AS INTEGER)) FROM image WHERE size > 0";

const char view_reservation[] =
	"SELECT CASE WHEN files = 0 THEN 'No file in it could be read: that little was found says nothing about the product.'"
	" ELSE 'Not all of it was read: ' || unread || CASE WHEN EXISTS (SELECT 1 FROM grade) THEN '. The grade and its ceiling"
	" take that for harmless.' ELSE '.' END END FROM (SELECT (SELECT unread FROM device) AS unread, (SELECT count(*) FROM file f"
	" WHERE f.type IN ('file', 'part') AND f.size > 0 AND f.state IN ('read', 'partial') AND"
	" (f.type = 'file' OR f.kind <> 'data')) AS files) WHERE files = 0 OR unread IS NOT NULL";
