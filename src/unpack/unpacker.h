/*
 * A format that holds other bytes: what every file in this folder implements.
 *
 * A format is one file with one const struct unpacker, named in registry.c. It
 * never writes to disk and allocates only from the arena, buffer and listing that
 * it is given. All of its input is hostile.
 */
#ifndef ASSAY_UNPACK_UNPACKER_H
#define ASSAY_UNPACK_UNPACKER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/notes.h"
#include "base/outcome.h"
#include "base/span.h"
#include "unpack/listing.h"

/* What a format is for; decides how its entries are treated and drawn. */
enum unpacker_role {
	ROLE_FILE_SYSTEM, /* entries are files of a device */
	ROLE_ARCHIVE,     /* entries are files; each may be an image */
	ROLE_STREAM,      /* one entry: the decompressed bytes */
	ROLE_PACKAGE,     /* a header over parts of the same bytes (uImage, TRX, FIT) */
	ROLE_KERNEL,      /* an operating-system kernel */
	ROLE_BOOT,        /* a boot loader, or its environment */
	ROLE_DATA,        /* recognised, and has no entries (a device tree, a partition table) */
};

/* Bytes at a fixed offset from the start of the format. */
struct magic {
	struct span bytes;
	uint32_t offset;
};
#define MAGIC(text, at) { { (const uint8_t *)(text), sizeof(text) - 1 }, (at) }
enum { MAGICS_MAX = 32 };

/* What a header says of the device that it is for; empty where it does not. */
struct device_names {
	struct span board;    /* a code: data/identity/boards.yaml says what it stands for */
	struct span model;
	struct span hardware; /* revision */
	struct span version;  /* of the firmware */
	struct span dated;
};

/* What measure() learned. Strings are borrowed from the image or static, or from the arena. */
struct extent {
	uint64_t size;      /* bytes that the format claims, from its first; never more than there are */
	uint32_t bits;      /* how many bits were verified (magic, checksums, plausible fields): the bid */
	struct span label;  /* the name that the container gives itself */
	struct span detail; /* variant in words: "4.0 little-endian xz, 128 KiB blocks" */
	struct device_names names;
	struct buffer content; /* of a stream that had to be decoded to the end: for the read that follows; else empty */
	uint64_t effort;    /* bytes that a measure() went over before it refused, where they can be many */
};

/* A container that has been found. */
struct volume {
	const struct unpacker *unpacker;
	struct span bytes;     /* exactly extent.size bytes, from the format's first */
	struct span beyond;    /* the bytes of the parent from the format's first to the parent's end */
	struct extent extent;
	struct arena *arena;   /* lives as long as the volume: listing, state */
	struct budget *budget;
	struct notes *notes;   /* for measure and list, which run in one thread */
	void *state;           /* the format's own, made by list(); read-only afterwards */
	int directory;         /* ROLE_FILE_SYSTEM over a real folder: its descriptor; else -1 */
};

/* One worker's way of reading a volume. */
struct reader {
	const struct volume *volume;
	struct notes *notes;   /* of the worker */
	struct arena *arena;   /* lives as long as the reader */
	void *state;           /* the format's own: handles, the last block */
};

struct unpacker {
	const char *name;      /* "squashfs": volume.format */
	const char *title;     /* "SquashFS file system" */
	enum unpacker_role role;
	struct magic magics[MAGICS_MAX]; /* any of them; none: only recognised by the engine's own ways */
	bool sequential;       /* entries must be read in order by one worker (solid archives) */
	bool at_start_only;    /* recognised only at the first byte of a file or part, never carved from its middle */
	bool stored;           /* file system or archive whose content lies in it byte for byte, not compressed */
	bool encrypted;        /* by its nature: told and not read */
	bool inspect_whole;    /* inspectors want the volume's own bytes too (device tree, FIT, partition table) */

	/*
	 * Where the magics stand somewhere in the format: the start of the one that a magic at `at` belongs to, not
	 * before `least`; UINT64_MAX where there is none. *effort: bytes gone over. NULL: they stand at their offsets.
	 */
	uint64_t (*find_start)(struct span bytes, uint64_t at, uint64_t least, uint64_t *effort);

	/*
	 * Decides whether bytes (from where the format would start to the end of
	 * what there is) are of this format, and how far it reaches. Cheap: no
	 * decompression beyond what is needed to be sure. NOT_THIS where they are
	 * not; MALFORMED only where it is surely this format but damaged.
	 */
	enum outcome (*measure)(struct span bytes, struct arena *arena, struct extent *out) MUST_CHECK;

	/* Lists the entries (metadata only) and keeps what reading needs in volume->state. */
	enum outcome (*list)(struct volume *volume, struct listing *out) MUST_CHECK;

	/* Prepares a reader; NULL where nothing needs preparing. */
	enum outcome (*open)(struct reader *reader) MUST_CHECK;
	/*
	 * Appends the content of an entry to out. Called for entries that are not
	 * plain; runs in several threads, each with its own reader. On PARTIAL and
	 * worse, what could be read stays in out. NULL where every entry is plain.
	 */
	enum outcome (*read)(struct reader *reader, const struct entry *entry, struct buffer *out) MUST_CHECK;
	/* Points at content that lies in memory as it is, though not in the volume's bytes; false where it is to be read.
	 * NULL where there is none. */
	bool (*borrow)(const struct volume *volume, const struct entry *entry, struct span *out);
	/* Frees what open() and read() took; NULL where nothing was. */
	void (*close)(struct reader *reader);
	/* Frees what list() took outside the arena; NULL where nothing was. */
	void (*release)(struct volume *volume);
};

/* Every unpacker, NULL at the end, in the order in which equal bids are preferred. */
extern const struct unpacker *const unpackers[];
/* The one of a name; NULL where there is none. */
const struct unpacker *unpacker_named(struct span name);

#endif
