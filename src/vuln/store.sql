-- The vulnerability store: facts that publishers of vulnerability data state, and no texts.
-- Built by store_build() or from the starter facts; read only ever after.

CREATE TABLE meta (
	name TEXT PRIMARY KEY, -- 'format', 'date' (newest data, YYYY-MM-DD), 'vulnerabilities'
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE, -- 'nvd', 'cve', 'kev', 'epss', 'alpine', 'ubuntu': who publishes it
	date TEXT,                 -- day of its newest data, YYYY-MM-DD
	records INTEGER NOT NULL   -- vulnerabilities that it speaks of
) STRICT;

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
	epss REAL,
	ssvc_exploitation TEXT, -- CISA's SSVC: 'none', 'poc', 'active'
	ssvc_automatable TEXT,  -- 'yes', 'no'
	ssvc_impact TEXT,       -- technical impact: 'partial', 'total'
	disputed INTEGER NOT NULL DEFAULT 0, -- 1 where its record says that its maker or others hold that it is no vulnerability
	stated INTEGER          -- 1 where a source that speaks of upstream's versions names products for it
) STRICT;

CREATE TABLE product (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE -- 'busybox:busybox' (vendor and product of a CPE), 'alpine/busybox', 'oss-fuzz/zstd', 'device/tplink:tlwr841n'
) STRICT;

CREATE TABLE affected (
	product INTEGER NOT NULL,
	vulnerability INTEGER NOT NULL,
	source INTEGER NOT NULL, -- enum store_source
	feed INTEGER NOT NULL,   -- table feed
	release TEXT NOT NULL,   -- release of the distribution that speaks: 'v3.14', 'bullseye'; of a device, its hardware revision: '14', 'b1'; '' for none
	entry INTEGER NOT NULL,  -- number of the entry of `affected[]` of a CVE record: each is judged alone; else 0
	listed INTEGER NOT NULL, -- 1 where it speaks only of the branches that it lists, and of no other
	ranges TEXT NOT NULL,    -- vuln/range.h
	platform TEXT,           -- what the source says that it must run on
	part TEXT,               -- the parts of the product that have the fault, parted by blanks, where the source names them
	usual INTEGER NOT NULL,  -- 1 where the part counts as there until an image shows that it lacks it
	files TEXT,              -- source files with the fault, parted by blanks: the code is there where one of them is built
	why TEXT,                -- where our own facts have it from, in words
	PRIMARY KEY (product, vulnerability, source, feed, release, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE left_out (
	vulnerability INTEGER PRIMARY KEY, -- of which feeds speak, and of which nothing stands in affected
	reason TEXT NOT NULL -- 'rejected', 'withdrawn' (no EPSS score, a month after it was published), 'foreign' (only on systems that are not matched), 'open' (nobody names versions of a product)
) STRICT;
