-- The vulnerability store: facts that publishers of vulnerability data state, and no texts.
-- Built by store_build() or from the starter facts; read only ever after.

CREATE TABLE meta (
	name TEXT PRIMARY KEY, -- 'format', 'date' (newest data, YYYY-MM-DD), 'sources'
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vulnerability (
	id INTEGER PRIMARY KEY, -- vuln/identifier.h: CVE-2014-0160 is 2014000000160
	rank INTEGER NOT NULL,  -- of the score's source: the least wins (vuln/builder.h)
	score REAL,             -- CVSS base score
	cvss TEXT,              -- CVSS version of the score: '3.1'
	vector TEXT,
	severity TEXT,          -- 'critical', 'high', 'medium', 'low', 'none'
	weakness TEXT,          -- 'CWE-787'
	published TEXT,         -- YYYY-MM-DD
	exploited TEXT,         -- day on which CISA listed it as exploited
	epss REAL
) STRICT;

CREATE TABLE product (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE -- 'busybox:busybox' (vendor and product of a CPE), 'alpine/busybox', 'oss-fuzz/zstd'
) STRICT;

CREATE TABLE affected (
	product INTEGER NOT NULL,
	vulnerability INTEGER NOT NULL,
	source INTEGER NOT NULL, -- enum store_source
	ranges TEXT NOT NULL,    -- vuln/range.h
	platform TEXT,           -- what the source says that it must run on
	options TEXT,            -- kernel options, one of which must be on for the code to be there
	PRIMARY KEY (product, vulnerability, source)
) STRICT, WITHOUT ROWID;
