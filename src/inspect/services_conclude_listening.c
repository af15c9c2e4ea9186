/*
 * Whether a started program waits for others: by its imports where its name says nothing, and on which port by the
 * configuration that lies in the image.
 */
#include "evidence/query.h"
#include "inspect/services_sql.h"

/* What puts together the address of IP that a server binds to. */
#define PORTS "'getaddrinfo', 'htonl', 'inet_addr', 'inet_aton', 'inet_pton'"
/* Why it is thought to be started stays beside why it is thought to listen. */
#define BESIDE "CASE WHEN why GLOB 'named in *' THEN why || '; ' ELSE '' END || "
/* What a program of many names imports says nothing about one of them. */
#define IMPORTS(names)                                                                                                 \
	"EXISTS (SELECT 1 FROM elf_import i WHERE i.file = service.program_file AND i.name IN (" names ") AND i.file NOT IN"  \
	" (SELECT file FROM multicall UNION SELECT file FROM many_names))"
#define ADDRESSES                                                                                                      \
	"'getaddrinfo', 'gethostbyname', 'htonl', 'htons', 'inet_addr', 'inet_aton', 'inet_ntoa', 'inet_ntop', 'inet_pton', 'ntohs'"

#define NEW_WHY "(why IS NULL OR why GLOB 'named in *')"

static const char *const statements[] = {
	"CREATE TEMP TABLE multicall AS SELECT DISTINCT file FROM applet UNION SELECT id FROM file WHERE type = 'file' AND"
	" (path GLOB '*/busybox*' OR path GLOB '*/toybox*' OR path GLOB '*/toolbox*')",
	"CREATE TEMP TABLE many_names (file INTEGER PRIMARY KEY)",

	"UPDATE service SET why = why || '; imports listen and accept' WHERE listens = 1 AND why GLOB 'known by*'"
	" AND why NOT GLOB '*imports listen*'"
	" AND " IMPORTS("'listen'") " AND " IMPORTS("'accept', 'accept4'"),
	/* So does a program of the maker that two and more links give other names. */
	"CREATE TEMP TABLE link_name AS SELECT volume, " NAME_OF("target") " AS target, " NAME_OF("path") " AS name FROM file"
	" WHERE type = 'link' AND path NOT GLOB '*.so*'",
	"CREATE INDEX temp.link_name_target ON link_name (target)",
	"INSERT INTO many_names SELECT f.id FROM file f CROSS JOIN link_name l ON l.target = " NAME_OF("f.path") " AND"
	" l.volume = f.volume AND l.name <> l.target WHERE f.id IN (SELECT program_file FROM service WHERE listens IS NULL)"
	" GROUP BY f.id HAVING count(DISTINCT l.name) > 1",
	"DROP TABLE link_name",

	/* Connections alone may be those of other programs of the device; who turns addresses into words speaks to a network. */
	"UPDATE service SET listens = 1, why = coalesce(why || '; ', '') ||"
	" 'imports listen, accept and ' || (SELECT min(i.name) FROM elf_import i WHERE"
	" i.file = service.program_file AND i.name IN (" ADDRESSES ")) WHERE listens IS NULL AND " IMPORTS("'listen'")
	" AND " IMPORTS("'accept', 'accept4'") " AND " IMPORTS(ADDRESSES),
	/* Frames of Ethernet and netlink come through recvfrom() as well, but not to an address of IP; who connects is a client,
	   and what runs for a moment (ping) is not started at boot. */
	"UPDATE service SET listens = 1, why = " BESIDE "'imports bind, recvfrom and ' || (SELECT min(i.name) FROM elf_import i"
	" WHERE i.file = service.program_file AND i.name IN (" PORTS ")) || ': it waits for datagrams' WHERE enabled = 1 AND"
	" listens IS NULL AND " NEW_WHY " AND " IMPORTS("'bind'") " AND " IMPORTS("'recvfrom'") " AND " IMPORTS(PORTS)
	" AND NOT " IMPORTS("'connect'"),
	"UPDATE service SET why = " BESIDE "'imports bind and recvfrom: it may wait for packets' WHERE listens IS NULL AND " NEW_WHY
	" AND " IMPORTS("'bind'") " AND " IMPORTS("'recvfrom'"),

	/* Neither itself nor through a library; what imports nothing that is told may hide its imports. */
	"UPDATE service SET listens = 0, why = " BESIDE "'neither it nor a library that it names opens a socket' WHERE listens"
	" IS NULL AND " NEW_WHY " AND program_file NOT IN (SELECT file FROM multicall) AND EXISTS (SELECT 1 FROM elf e WHERE"
	" e.file = service.program_file AND e.static = 0) AND EXISTS"
	" (SELECT 1 FROM elf_import i WHERE i.file = service.program_file) AND NOT EXISTS (SELECT 1 FROM elf_import i WHERE"
	" i.file = service.program_file AND i.class = 'network') AND NOT EXISTS (SELECT 1 FROM elf_library l WHERE l.file ="
	" service.program_file AND l.name NOT GLOB 'libc.*' AND l.name NOT GLOB 'ld*' AND l.name NOT GLOB 'libgcc_s*' AND"
	" l.name NOT GLOB 'libm.*' AND l.name NOT GLOB 'libdl.*' AND l.name NOT GLOB 'libpthread*' AND l.name NOT GLOB"
	" 'libcrypt.*')",

	/* The configuration of the server names the port; what only its default would tell gives way to it. */
	"CREATE TEMP TABLE configured_port AS SELECT f.volume AS volume, t.subject AS subject, CAST(ltrim(substr(t.value,"
	" length(rtrim(t.value, '0123456789')) + 1)) AS INTEGER) AS port FROM setting t JOIN file f ON f.id = t.file WHERE"
	" t.subject IN ('sshd', 'dropbear', 'uhttpd', 'lighttpd', 'mini_httpd', 'boa', 'nginx', 'mosquitto', 'vsftpd', 'proftpd')"
	" AND lower(t.name) IN ('port', 'server.port', 'listen', 'listen_http', 'listen_port', 'listener') AND t.value GLOB"
	" '*[0-9]' ORDER BY t.file, t.line",
	"UPDATE service SET port = (SELECT c.port FROM configured_port c WHERE c.subject = service.name ORDER BY c.rowid LIMIT 1),"
	" port_source = 'configuration' WHERE listens = 1 AND ifnull(port_source, 'default') = 'default' AND EXISTS (SELECT 1 FROM"
	" configured_port c WHERE c.subject = service.name AND c.port BETWEEN 1 AND 65535)",
	"DROP TABLE configured_port",
	"DROP TABLE multicall",
	"DROP TABLE many_names",
	NULL,
};

enum outcome services_conclude_listening(sqlite3 *database)
{
	return query_run_all(database, statements);
}
