-- The register, schema 1. The dialect is that of src/register/database.h: one text for SQLite and PostgreSQL.
--
-- `event` is the register's memory: what was done, by whom, when. Every other table is a projection of it, written in the same
-- transaction, and can be made again from it: a row is a change that an event holds, or content whose digest an event holds.

-- Which migrations have run.
CREATE TABLE migration (number INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT;

-- What happened, in order; each row's hash covers the one before it (src/register/event.h).
CREATE TABLE event (
	sequence INTEGER PRIMARY KEY,
	-- UTC, 'YYYY-MM-DDThh:mm:ssZ'.
	at TEXT NOT NULL,
	-- Who did it: number of a person, so that a name can be blanked; NULL for the program by itself.
	person INTEGER,
	-- 'artifact.added', 'version.changed', 'component.matched', …
	kind TEXT NOT NULL,
	-- What it is about, in words that stay: 'product Router X', 'sha256:…'.
	subject TEXT NOT NULL,
	-- The rows that it wrote, as JSON.
	body TEXT NOT NULL,
	-- Hash of the event before it; of the first one, 64 zeros.
	previous TEXT NOT NULL,
	hash TEXT NOT NULL UNIQUE
) STRICT;

-- Makers, suppliers, laboratories, authorities.
CREATE TABLE organisation (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	role TEXT NOT NULL
) STRICT;

-- People, as the chain knows them: a number and a salted digest of what person_private holds.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	digest TEXT NOT NULL,
	-- When what is known of them was blanked; NULL while it is there.
	blanked TEXT
) STRICT;

-- What is personal: no event holds it, and blanking takes it away.
CREATE TABLE person_private (
	person INTEGER PRIMARY KEY REFERENCES person(id),
	salt TEXT NOT NULL,
	name TEXT NOT NULL UNIQUE,
	email TEXT,
	unit TEXT,
	country TEXT
) STRICT;

CREATE TABLE person_role (
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person(id),
	role TEXT NOT NULL,
	since TEXT NOT NULL,
	until TEXT
) STRICT;
CREATE INDEX person_role_person ON person_role(person);

CREATE TABLE product (
	id INTEGER PRIMARY KEY,
	organisation INTEGER REFERENCES organisation(id),
	name TEXT NOT NULL UNIQUE,
	-- Model as images of it say.
	model TEXT,
	-- What kind of product; class of the Cyber Resilience Act: 'default', 'important I', 'important II', 'critical'.
	category TEXT,
	cra_class TEXT,
	contact TEXT
) STRICT;

-- A version of a product.
CREATE TABLE version (
	id INTEGER PRIMARY KEY,
	product INTEGER NOT NULL REFERENCES product(id),
	name TEXT NOT NULL,
	-- 'draft', 'shipped' or 'withdrawn'.
	state TEXT NOT NULL,
	-- Days, 'YYYY-MM-DD'; NULL where not known.
	shipped TEXT,
	supported_until TEXT,
	-- Countries, parted by blanks; NULL where not known.
	markets TEXT,
	units INTEGER,
	-- 1 where every file of it has a result; 0 of a version of which a file is not known, or could not be assayed.
	assayed INTEGER NOT NULL DEFAULT 0,
	UNIQUE (product, name)
) STRICT;
-- What must be told as unknown is counted at each question: few of many.
CREATE INDEX version_unread ON version(id) WHERE assayed = 0;

-- A file that a version is shipped as.
CREATE TABLE artifact (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL REFERENCES version(id),
	-- Of its bytes, in hexadecimal.
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	UNIQUE (version, sha256)
) STRICT;
CREATE INDEX artifact_sha256 ON artifact(sha256, version);

-- What assay found in an artifact's bytes; the newest of an artifact counts.
CREATE TABLE result (
	id INTEGER PRIMARY KEY,
	-- Digest of the bytes that were assayed.
	artifact TEXT NOT NULL,
	-- Digest of the saved evidence, which lies in the folder of objects.
	saved TEXT NOT NULL,
	at TEXT NOT NULL,
	-- Version of the program.
	program TEXT NOT NULL,
	-- Name and day of the store that it was matched with first.
	store TEXT,
	store_date TEXT,
	-- 0 to 5; NULL where it is not graded.
	grade INTEGER,
	ceiling INTEGER,
	-- Share of its bytes whose meaning is known, 0 to 1.
	understood REAL NOT NULL,
	-- What was not read, in rows of `incomplete`.
	unread INTEGER NOT NULL,
	-- What it holds.
	component_set INTEGER NOT NULL,
	-- Digest of its rows of `sighting`.
	sightings TEXT NOT NULL,
	-- 1 of the newest result of its artifact, 0 of those before.
	current INTEGER NOT NULL,
	-- 1 where all that it asks is as the newest row of `store` says; 0 where only `store` and `store_date` hold.
	followed INTEGER NOT NULL
) STRICT;
CREATE INDEX result_artifact ON result(artifact, current);
CREATE INDEX result_component_set ON result(component_set, current, artifact);
CREATE INDEX result_saved ON result(saved);
CREATE INDEX result_opaque ON result(artifact) WHERE current = 1 AND understood < 0.9;
CREATE INDEX result_unfollowed ON result(artifact) WHERE current = 1 AND followed = 0;

-- What can be asked for beside components: 'key' (fingerprint), 'host', 'finding' (rule), 'file' (SHA-256); 'product' is a name by
-- which the image as a whole asks a store (the device that it is for).
CREATE TABLE sighting (
	result INTEGER NOT NULL REFERENCES result(id),
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	-- Where, and what of it.
	path TEXT,
	PRIMARY KEY (kind, value, result)
) STRICT;
CREATE INDEX sighting_result ON sighting(result);

-- A component as it can be matched: two images have the same one where all that matching looks at is the same.
CREATE TABLE component (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	version TEXT,
	-- Digest of all that matching looks at (src/register/variant.h).
	variant TEXT NOT NULL UNIQUE,
	-- A saved result that holds it, to match it again.
	saved TEXT NOT NULL,
	-- Digest of its rows of `component_question`.
	questions TEXT NOT NULL
) STRICT;
CREATE INDEX component_name ON component(name, version);

-- The names of products by which a component asks a store: it is matched again where a store says something else of one.
CREATE TABLE component_question (
	component INTEGER NOT NULL REFERENCES component(id),
	product TEXT NOT NULL,
	PRIMARY KEY (product, component)
) STRICT;
CREATE INDEX component_question_component ON component_question(component);

-- The components of an image, by the digest of their sorted variants.
CREATE TABLE component_set (
	id INTEGER PRIMARY KEY,
	sha256 TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE set_component (
	component_set INTEGER NOT NULL REFERENCES component_set(id),
	component INTEGER NOT NULL REFERENCES component(id),
	PRIMARY KEY (component, component_set)
) STRICT;
CREATE INDEX set_component_set ON set_component(component_set);

-- What is known of a vulnerability that something matched.
CREATE TABLE vulnerability (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	severity TEXT,
	cvss REAL,
	epss REAL,
	-- Day since when it is known to be exploited; NULL where it is not known to be.
	exploited TEXT
) STRICT;

-- A status of a vulnerability for a component, as the last match says.
CREATE TABLE match (
	component INTEGER NOT NULL REFERENCES component(id),
	vulnerability INTEGER NOT NULL REFERENCES vulnerability(id),
	-- 'affected', 'under review', 'not affected' or 'fixed'.
	status TEXT NOT NULL,
	justification TEXT,
	-- Why, or the question that would decide it.
	reason TEXT NOT NULL,
	fixed_in TEXT,
	PRIMARY KEY (vulnerability, component)
) STRICT;
CREATE INDEX match_component ON match(component);

-- When a component was matched last, with which store, and the digest of its rows of `match`.
CREATE TABLE component_match (
	component INTEGER PRIMARY KEY REFERENCES component(id),
	at TEXT NOT NULL,
	store TEXT NOT NULL,
	-- Day of the store's newest data.
	store_date TEXT,
	matches TEXT NOT NULL,
	-- 1 where the newest row of `store` says the same of all that it asks; 0 where only `store` and `store_date` hold.
	followed INTEGER NOT NULL
) STRICT;
CREATE INDEX component_match_followed ON component_match(followed) WHERE followed = 0;

-- Stores that the register has followed, in the order in which they came.
CREATE TABLE store (
	id INTEGER PRIMARY KEY,
	-- Of its tables, in hexadecimal.
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	-- Day of its newest data.
	date TEXT NOT NULL,
	at TEXT NOT NULL,
	-- The event that took it.
	event INTEGER NOT NULL,
	-- How many products it speaks of.
	products INTEGER NOT NULL,
	-- Digest of the rows of `store_product` while it was the newest.
	claims TEXT NOT NULL
) STRICT;

-- What the newest store says, as a digest by product.
CREATE TABLE store_product (
	product TEXT PRIMARY KEY,
	digest TEXT NOT NULL
) STRICT;

-- What a newer store made of a component.
CREATE TABLE store_change (
	id INTEGER PRIMARY KEY,
	store INTEGER NOT NULL REFERENCES store(id),
	-- 'appeared', 'changed', 'became exploited' or 'gone'.
	change TEXT NOT NULL,
	vulnerability INTEGER NOT NULL REFERENCES vulnerability(id),
	component INTEGER NOT NULL REFERENCES component(id),
	-- Statuses before and after; NULL where there was, or is, none.
	was TEXT,
	status TEXT,
	-- How many versions hold the component.
	versions INTEGER NOT NULL
) STRICT;
CREATE INDEX store_change_store ON store_change(store, change);
CREATE INDEX store_change_vulnerability ON store_change(vulnerability);

-- Declarations of a version, from product.yaml, row by row.
CREATE TABLE declaration (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL REFERENCES version(id),
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	UNIQUE (version, key)
) STRICT;

-- Documents by digest; their bytes lie in the folder of objects.
CREATE TABLE document (
	sha256 TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	issuer TEXT,
	issued TEXT,
	valid_until TEXT
) STRICT;

-- A vulnerability or an incident that a maker deals with, from the report to the end (ISO/IEC 29147 and 30111).
CREATE TABLE case_file (
	id INTEGER PRIMARY KEY,
	-- 'vulnerability' or 'incident'.
	kind TEXT NOT NULL,
	-- 'CVE-2026-12345'; NULL of an incident, or while there is no name. Its versions are asked for, and stand nowhere.
	vulnerability TEXT,
	title TEXT NOT NULL,
	-- 'received', 'acknowledged', … (src/register/case_state.c); each change is an event.
	state TEXT NOT NULL,
	opened TEXT NOT NULL,
	-- Who reported it, and how they wish to be named in what is published: 'name', 'anonymous'; NULL where not known.
	reporter INTEGER REFERENCES person(id),
	credit TEXT
) STRICT;
CREATE INDEX case_file_vulnerability ON case_file(vulnerability);

-- Others who take part: 'upstream', 'supplier', 'maker', 'coordinator'.
CREATE TABLE case_party (
	id INTEGER PRIMARY KEY,
	case_file INTEGER NOT NULL REFERENCES case_file(id),
	role TEXT NOT NULL,
	organisation INTEGER NOT NULL REFERENCES organisation(id),
	-- When they were told, or told us; and the link or number that it has there.
	told TEXT NOT NULL,
	reference TEXT,
	person INTEGER NOT NULL REFERENCES person(id)
) STRICT;
CREATE INDEX case_party_case ON case_party(case_file);

-- What starts clocks, as a person says: no row comes to be otherwise, and none is ever taken back.
CREATE TABLE case_start (
	id INTEGER PRIMARY KEY,
	case_file INTEGER NOT NULL REFERENCES case_file(id),
	-- Event of data/clocks: 'aware.exploited-vulnerability', 'measure.available', …
	event TEXT NOT NULL,
	-- When it happened, UTC; and the due time that was asked for or agreed on, of clocks that go by it.
	at TEXT NOT NULL,
	named TEXT,
	person INTEGER NOT NULL REFERENCES person(id),
	-- Of the event of the chain that wrote it.
	sequence INTEGER NOT NULL
) STRICT;
CREATE INDEX case_start_case ON case_start(case_file);

-- That what a clock wants was sent.
CREATE TABLE case_submission (
	id INTEGER PRIMARY KEY,
	case_file INTEGER NOT NULL REFERENCES case_file(id),
	-- Of data/clocks: 'cra.vulnerability.early-warning'.
	clock TEXT NOT NULL,
	at TEXT NOT NULL,
	-- Under which the receiver knows it.
	reference TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person(id)
) STRICT;
CREATE INDEX case_submission_case ON case_submission(case_file);

-- That a clock does not apply, and why. It goes on all the same, and its due time stays to be seen.
CREATE TABLE case_clock_decision (
	id INTEGER PRIMARY KEY,
	case_file INTEGER NOT NULL REFERENCES case_file(id),
	clock TEXT NOT NULL,
	at TEXT NOT NULL,
	why TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person(id),
	UNIQUE (case_file, clock)
) STRICT;

-- What a form asks for and a person says: fields of src/register/case_field.c.
CREATE TABLE case_answer (
	id INTEGER PRIMARY KEY,
	case_file INTEGER NOT NULL REFERENCES case_file(id),
	field TEXT NOT NULL,
	value TEXT NOT NULL,
	at TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person(id),
	UNIQUE (case_file, field)
) STRICT;
