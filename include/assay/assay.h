/*
 * libassay: what is inside an image, what is known to be wrong with it, and which
 * baselines it meets, contradicts or leaves unproven.
 *
 *     struct assay_options options = ASSAY_OPTIONS_INIT;
 *     struct assay *result = NULL;
 *     if (assay_image(bytes, size, "firmware.bin", &options, &result) == ASSAY_DONE)
 *             assay_report(result, "json", &text, &length);
 *     assay_free(result);
 *
 * Nothing here opens a connection or prints, and only assay_store_build() writes to disk. An
 * image is hostile: what cannot be read is in the result's notes, and never ends the work.
 */
#ifndef ASSAY_ASSAY_H
#define ASSAY_ASSAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_API __attribute__((visibility("default")))

/* What a call came to. */
enum assay_status {
	ASSAY_DONE = 0,
	ASSAY_UNREADABLE = 1, /* the input cannot be used; assay_error() says why */
	ASSAY_NO_MEMORY = 2,
	ASSAY_INTERNAL = 3,
	ASSAY_LIMIT = 4,      /* time, or what effort it may take, was up before it could be judged */
};

/* How far a running assay is; called in the caller's thread, from time to time. */
typedef void (*assay_progress)(void *context, const char *stage, uint64_t done, uint64_t total);

/* A text that the caller gives: a house-rule file, a catalogue, declarations. Borrowed during the call. */
struct assay_text {
	const char *name; /* for messages */
	const char *text;
	size_t length;    /* in bytes */
};

/* Who vouches for a store: what its signature is worth. */
struct assay_seal {
	size_t size;      /* sizeof(struct assay_seal), set by ASSAY_SEAL_INIT */
	char state[16];   /* "built in", "trusted", "other key", "unsigned", "wrong", "changed" (docs/vulnerabilities.md) */
	char signer[17];  /* name of the key: the first 16 hexadecimal digits of the public key's SHA-256; "" for none */
	char sha256[65];  /* of the store's tables */
	char advice[256]; /* what that means and what to do; "" where there is nothing to tell */
};
#define ASSAY_SEAL_INIT { .size = sizeof(struct assay_seal) }

struct assay_options {
	size_t size;                /* of this struct, set by ASSAY_OPTIONS_INIT: what lies beyond is not read */
	unsigned jobs;              /* threads; 0: one for each processor */
	struct assay_text product;  /* product.yaml; text NULL for none */
	const struct assay_text *rules;    /* house-rule files (docs/rules.md) */
	size_t rule_count;
	const struct assay_text *catalogs; /* further catalogues of requirements */
	size_t catalog_count;
	const void *store;          /* bytes of a vulnerability store; NULL for the one that is built in */
	size_t store_size;          /* in bytes */
	const char *store_name;     /* for the report; NULL: "starter" */
	int no_vulnerabilities;     /* not 0: do not match */
	uint64_t time_limit_ms;     /* for all of it: three quarters to read, the rest to judge and report; 0: none */
	assay_progress progress;    /* NULL for none */
	void *progress_context;
	int show_secrets;           /* not 0: secrets and cracked passwords stand whole in the result; 0: their middle is masked */
	uint64_t memory_limit;      /* bytes that it may hold, about; at least 128 MiB; 0: 1.5 GiB. What has no room is told */
	int as_saved;               /* not 0: assay_saved() takes a result as it was saved, within these limits of time and memory */
	const struct assay_text *vex; /* OpenVEX, CSAF and CycloneDX documents with statements on vulnerabilities (docs/vex.md) */
	size_t vex_count;
	struct assay_text kernel_config; /* the configuration of the image's kernel, as Kconfig writes it; text NULL for none */
	const struct assay_seal *seal; /* what assay_store_check() found of the store; NULL: it is looked at, and no key trusted */
};
#define ASSAY_OPTIONS_INIT { .size = sizeof(struct assay_options) }

/* A result: the evidence of one product. */
struct assay;

/* Version of the library, "0.1.0". Static. */
ASSAY_API const char *assay_version(void);

/* Assays the bytes of an image. The bytes are borrowed during the call. *out is set unless memory is refused; free it. */
ASSAY_API enum assay_status assay_image(const void *bytes, size_t size, const char *name,
					const struct assay_options *options, struct assay **out);
/* Assays a folder: an unpacked root file system, or files that are one product. Its descriptor is borrowed during the call. */
ASSAY_API enum assay_status assay_directory(int directory, const char *name, const struct assay_options *options,
					    struct assay **out);
/* One of several inputs: the bytes of a file, or a directory's descriptor. Both are borrowed during the call. */
struct assay_input {
	size_t size;       /* sizeof(struct assay_input), set by ASSAY_INPUT_INIT */
	const char *name;  /* path, as it is shown */
	const void *bytes; /* of a file */
	size_t length;     /* in bytes */
	int directory;     /* -1 for a file */
};
#define ASSAY_INPUT_INIT { .size = sizeof(struct assay_input), .directory = -1 }

/*
 * Assays several files and directories as one product with one grade: boot loader, kernel, root file system, an app.
 * Each is an artifact of the result. Their order does not matter. One input gives what assay_image() or
 * assay_directory() gives. *out is set unless memory is refused; free it.
 */
ASSAY_API enum assay_status assay_several(const struct assay_input *inputs, size_t count,
					  const struct assay_options *options, struct assay **out);
/*
 * Takes a saved result (the bytes are copied). With options not NULL it is matched, judged and
 * graded again, against today's store and declarations; with NULL, or as_saved in them, it is taken as it was saved.
 */
ASSAY_API enum assay_status assay_saved(const void *bytes, size_t size, const struct assay_options *options,
					struct assay **out);
/*
 * Checks what the caller gives (rules, catalogues, declarations, store) without an image. ASSAY_UNREADABLE where one
 * is wrong; assay_error() says which, and in which line. *out as assay_image(); it is the result of no bytes.
 */
ASSAY_API enum assay_status assay_check(const struct assay_options *options, struct assay **out);
/*
 * A result without an image, whose database describes itself: schema_table (name, meaning, temporary) and
 * schema_column (table_name, name, type, meaning, number). Tables that are temporary are made for rules and queries.
 */
ASSAY_API enum assay_status assay_schema(struct assay **out);
ASSAY_API void assay_free(struct assay *result);

/* Words for the last failure of a call on this result; "" where there was none. Borrowed. */
ASSAY_API const char *assay_error(const struct assay *result);

/* The grade and its ceiling, 0 to 5; -1 where nothing has been graded, or where it is no device that the rules judge. */
ASSAY_API int assay_grade(const struct assay *result);
ASSAY_API int assay_ceiling(const struct assay *result);
/* What it has cost so far, in units of about a nanosecond: the same for the same input, on any machine. */
ASSAY_API uint64_t assay_effort(const struct assay *result);

/*
 * A report by name: "json", "html", "cyclonedx", "sarif", "openvex", "csaf-vex", "terminal". The text is terminated by a
 * NUL that length does not count, and belongs to the caller, who gives it to assay_release(). It is empty where the form
 * cannot say that there is nothing: OpenVEX needs a statement at least.
 */
ASSAY_API enum assay_status assay_report(struct assay *result, const char *name, char **text, size_t *length);
/* The page for a terminal: colour not 0 for ANSI colours; width in columns, 0 for 100. As assay_report(). */
ASSAY_API enum assay_status assay_page(struct assay *result, int colour, int width, char **text, size_t *length);
/* The whole evidence as a SQLite database; *bytes goes to assay_release(). */
ASSAY_API enum assay_status assay_save(struct assay *result, void **bytes, size_t *size);
/* The evidence as an open sqlite3 *, for queries. Borrowed; see docs/evidence.md for its tables. */
ASSAY_API void *assay_database(struct assay *result);
ASSAY_API void assay_release(void *memory);

/* A report that assay_report() makes. Its texts are static. */
struct assay_report_kind {
	size_t size;           /* sizeof(struct assay_report_kind), set by ASSAY_REPORT_KIND_INIT */
	const char *name;      /* "json" */
	const char *option;    /* of the command line, "--json"; NULL for none */
	const char *file_name; /* in a folder of all reports, "report.json"; NULL for none */
	const char *summary;   /* what it is, in a few words */
};
#define ASSAY_REPORT_KIND_INIT { .size = sizeof(struct assay_report_kind) }
/* The report of that number, counted from 0. 0 past the last one, else 1. */
ASSAY_API int assay_report_kind(size_t number, struct assay_report_kind *out);

/*
 * Rows of an answer, one at a time. Columns count from 0; past the last one, and between the rows, every value is NULL.
 *     struct assay_rows *rows;
 *     if (assay_query(result, "SELECT path FROM elf JOIN file ON file.id = elf.file WHERE NOT pie", 0, &rows) == ASSAY_DONE)
 *             while (assay_rows_next(rows))
 *                     puts(assay_rows_text(rows, 0, NULL));
 *     enum assay_status status = assay_rows_end(rows);
 */
struct assay_rows;
enum assay_type { ASSAY_NULL = 0, ASSAY_INTEGER = 1, ASSAY_REAL = 2, ASSAY_TEXT = 3 };

/*
 * Starts one SELECT over the evidence, with the tables and functions that rules have (docs/rules.md). It reads only.
 * time_limit_ms bounds it from here on; 0 for none but the result's own. ASSAY_UNREADABLE where it is no such statement;
 * assay_error() says why. *rows is NULL then.
 */
ASSAY_API enum assay_status assay_query(struct assay *result, const char *sql, uint64_t time_limit_ms,
					struct assay_rows **rows);
ASSAY_API int assay_rows_columns(const struct assay_rows *rows);
/* The name of a column; valid until assay_rows_end(). NULL past the last one. */
ASSAY_API const char *assay_rows_name(const struct assay_rows *rows, int column);
/* 1 where there is a row; 0 after the last one, and where it failed, as assay_rows_end() tells. */
ASSAY_API int assay_rows_next(struct assay_rows *rows);
/* Values of the row; 0, 0.0 and NULL for NULL. A text is UTF-8 as far as the image's was, ends in a NUL that *length does
 * not count (length may be NULL), and is valid until the next call on these rows. Numbers come as texts too. */
ASSAY_API enum assay_type assay_rows_type(const struct assay_rows *rows, int column);
ASSAY_API int64_t assay_rows_integer(const struct assay_rows *rows, int column);
ASSAY_API double assay_rows_real(const struct assay_rows *rows, int column);
ASSAY_API const char *assay_rows_text(const struct assay_rows *rows, int column, size_t *length);
/*
 * Frees them, before their result. ASSAY_LIMIT where time ended them, ASSAY_NO_MEMORY, or ASSAY_UNREADABLE where a row could
 * not be computed; assay_error() says why. NULL gives ASSAY_UNREADABLE.
 */
ASSAY_API enum assay_status assay_rows_end(struct assay_rows *rows);

/*
 * The SELECT of a listing, for assay_query(): "files", "components", "vulnerabilities", "findings" (each fact once, the
 * worst first, with its severity), "requirements"; "vulnerabilities-affected", "-review", "-fixed" and "-not-affected" are
 * those of one status. "changes", of a result that assay_saved() has matched again: what is new of its vulnerabilities.
 * Static; NULL where there is none of that name.
 */
ASSAY_API const char *assay_listing(const char *name);

/*
 * Compares a result with an older one, whose evidence is copied beside it: later queries find that in the schema `old`
 * ("SELECT path FROM old.file"), and the differences in the table difference (aspect, sign, words), in the order to read
 * them: '+' for what is new, '-' for what is gone, '~' for what has changed. Once for a result; ASSAY_UNREADABLE after that.
 */
ASSAY_API enum assay_status assay_compare(struct assay *result, struct assay *older);

/* A vulnerability store, as it describes itself. */
struct assay_store {
	size_t size;             /* sizeof(struct assay_store), set by ASSAY_STORE_INIT */
	int64_t vulnerabilities; /* how many it holds */
	char date[16];           /* day of its newest data, "YYYY-MM-DD" */
	int old;                 /* not 0: that is more than 30 days ago */
	int other_version;       /* not 0: it is a store, but of another version of assay */
	char name[256];          /* "starter", or the file's name */
	char error[512];         /* why it cannot be used; "" where it can */
	/* A line for each feed: name, day of its newest data or "-", records, whether old; and for each reason to leave out. */
	char feeds[4096];
};
#define ASSAY_STORE_INIT { .size = sizeof(struct assay_store) }
/* Looks at the store of that path; NULL for the one that is built in. ASSAY_UNREADABLE with an error where it is none. */
ASSAY_API enum assay_status assay_store_describe(const char *path, struct assay_store *out);

/* A store to be built from a folder of feeds (docs/vulnerabilities.md). */
struct assay_store_plan {
	size_t size;           /* sizeof(struct assay_store_plan), set by ASSAY_STORE_PLAN_INIT */
	const char *directory; /* read with the folders in it */
	const char *path;      /* of the store: what is there is overwritten, and removed where the store does not come to be */
	void (*progress)(void *context, const char *file, size_t number, size_t count); /* before each file; NULL for none */
	void (*remark)(void *context, const char *words); /* what could not be read, and why it failed; NULL for none */
	void *context;
	const char *const *directories; /* further folders, read as one with the first; NULL for none */
	size_t directory_count;
	const char *previous; /* store to be replaced, NULL for none: one that lost a feed, or a fifth, does not come to be */
	int alone;            /* 1: the store that is built in adds nothing */
	int lenient;          /* 1: a list that has not all the entries that it says it has counts for those that it has */
};
#define ASSAY_STORE_PLAN_INIT { .size = sizeof(struct assay_store_plan) }
/* Builds it. ASSAY_UNREADABLE where the folder holds no feed, or it or the store cannot be used; the last remark says why. */
ASSAY_API enum assay_status assay_store_build(const struct assay_store_plan *plan);

/*
 * Looks at the seal of a store: its bytes, and public keys (PEM, Ed25519) that are trusted; NULL bytes are the store that is
 * built in. ASSAY_UNREADABLE where they are no store, or a key is none; advice says which.
 */
ASSAY_API enum assay_status assay_store_check(const void *bytes, size_t size, const struct assay_text *trusted, size_t count,
					      struct assay_seal *out);
/*
 * What a store was made of, source by source, as text for people or as JSON (json not 0). seal is what assay_store_check()
 * has found; NULL bytes are the store that is built in. The text goes to assay_release(). ASSAY_UNREADABLE: then it says why.
 */
ASSAY_API enum assay_status assay_store_tell(const void *bytes, size_t size, const char *name, const struct assay_seal *seal,
					     int json, char **text, size_t *length);
/* A vulnerability as a store describes it: what reports take over, and what decides no match. */
struct assay_store_vulnerability {
	size_t size;
	const char *id;        /* "CVE-2014-0160" */
	const char *severity;  /* NULL where not known */
	double cvss, epss;     /* negative where not known */
	const char *exploited; /* day on which CISA listed it as exploited; NULL where it is not */
};
/* Who reads a store; each function may be NULL, and ends the reading with 0. Texts are valid during the call. */
struct assay_store_reader {
	size_t size;   /* sizeof(struct assay_store_reader), set by ASSAY_STORE_READER_INIT */
	void *context;
	int (*date)(void *context, const char *day); /* of its newest data, "YYYY-MM-DD"; first */
	/* The digest (SHA-256, hexadecimal) of all that it says of a product and that decides matches. In the order of names. */
	int (*product)(void *context, const char *name, const char *digest);
	int (*vulnerability)(void *context, const struct assay_store_vulnerability *it);
};
#define ASSAY_STORE_READER_INIT { .size = sizeof(struct assay_store_reader) }
/*
 * Reads what a store says: its bytes; NULL for the one that is built in. Where a product has one digest in two stores, a
 * component that asks for it (assay_questions()) matches alike in both. ASSAY_UNREADABLE where it is no store, or ended.
 */
ASSAY_API enum assay_status assay_store_claims(const void *bytes, size_t size, const struct assay_store_reader *reader);
/*
 * What a result's components ask of any store: later queries find it in the table question (component, product);
 * component is NULL where it is the image that is asked about. A component that asks nothing matches nothing.
 */
ASSAY_API enum assay_status assay_questions(struct assay *result);
/*
 * Signs a store with a secret key (PEM, Ed25519). *text, for assay_release(), stands in the file behind its first *offset bytes
 * from then on. ASSAY_UNREADABLE where it is no store or the key cannot sign: *text says why.
 */
ASSAY_API enum assay_status assay_store_sign(const void *bytes, size_t size, const struct assay_text *key, size_t *offset,
					     char **text, size_t *length);
/*
 * Whether a store may take the place of another: it has every source of that, none older or a fifth smaller. ASSAY_UNREADABLE
 * where not; *text, for assay_release(), says why. An old one that this version of assay does not read may be replaced.
 */
ASSAY_API enum assay_status assay_store_replaces(const void *before, size_t before_size, const void *after, size_t after_size,
						 char **text, size_t *length);
/* Makes a pair of keys as PEM; both go to assay_release(). */
ASSAY_API enum assay_status assay_key_make(char **secret, size_t *secret_length, char **open, size_t *open_length);

#ifdef __cplusplus
}
#endif

#endif
