/*
 * Walks the containers of an image: searches bytes, opens what is found, goes into
 * its parts, and hands on every entry and every unclaimed gap as a target to be
 * examined. The same walk serves the whole image (targets are queued for the
 * workers, volumes stay open) and a file inside it (targets are examined at once).
 */
#ifndef ASSAY_ENGINE_EXPLORE_H
#define ASSAY_ENGINE_EXPLORE_H

#include "engine/gaps.h"
#include "engine/opened.h"
#include "engine/program.h"
#include "engine/understood.h"
#include "inspect/kernel_image.h"
#include "unpack/volume.h"

#define NO_OFFSET UINT64_MAX

/* An open volume and what was listed in it. */
struct node {
	int64_t id;
	struct volume volume;
	struct listing listing;
	enum outcome outcome;
	struct understood_sums own; /* of its bytes that lie in none of its parts */
	struct arena *arena;
	struct node *next;
};

/* Where bytes lie. */
struct place {
	int64_t volume;        /* that holds them */
	int64_t file;          /* entry whose content they are; 0 for the image itself */
	uint64_t image_offset; /* of their first byte in the artifact; NO_OFFSET in decompressed bytes */
	int64_t within;        /* volume whose content they are a piece of, where that has a map; 0: the image */
	uint64_t map_offset;   /* of their first byte in that map; NO_OFFSET where they are in none */
	struct span name;      /* of the part or image */
	struct span path;      /* of the file, where it is not prefix and name */
	struct span prefix;    /* for paths below: empty, or "/outer.zip!" */
	enum kernel_claim claim; /* what the containers say of them */
	uint32_t depth;
	struct span member;    /* name of the artifact, where it is one of several; else empty */
	bool entire;           /* they are all that the artifact is, but for archives and compression around them */
};

/* A thing that becomes a row of `file`, and whose content is looked at. */
struct target {
	int64_t file;              /* its number; negative numbers are local to a job */
	int64_t artifact, volume;
	const struct node *node;   /* to read the entry from; NULL where bytes are given */
	struct reader *reader;     /* over node, during the call; NULL where targets are queued */
	const struct entry *entry;
	struct span path;
	struct span bytes;         /* where node is NULL */
	enum outcome outcome;      /* of reading the bytes, where they are given */
	bool inspect;              /* false: its bytes were searched as an image, only digest it */
	bool headers_only;         /* its content is examined elsewhere: no search for patterns */
	bool nest;                 /* may be a container itself */
	const struct claim *held;  /* containers that were found in the bytes, ascending */
	struct claims claims;      /* those of them that cut the bytes into pieces, where it is not inspected whole */
	bool residue;              /* it is in a layer alone: only secrets and keys in it count, and it has no row */
	bool repeated;             /* bytes that are counted elsewhere */
	uint64_t held_base;        /* what to take off their offsets */
	int64_t part_of;           /* file whose bytes these are a piece of; 0 for none */
	uint32_t depth;
};

/* A volume that was found, for its row. */
struct volume_sighting {
	const struct node *node;
	int64_t artifact;
	int64_t parent; /* 0 for none */
	int64_t file; /* 0 for none */
	uint64_t offset;       /* in the parent's bytes */
	uint64_t image_offset; /* or NO_OFFSET */
};

/* What a byte range of the image is, for the map. */
struct range_sighting {
	uint64_t offset, size;
	const char *kind;      /* as range.kind */
	struct span bytes;
	struct span label;
	int64_t artifact, volume;
	int64_t within;        /* map that it is in: of the content of a volume, or 0: of the image */
	bool whole;            /* it is all of the volume, and as opaque as what that holds */
	int64_t file;          /* it is the content of a file; 0 where it is not */
};

struct explorer {
	const struct program *program;
	struct budget *budget;
	struct notes *notes;
	struct arena *arena;
	int64_t step;          /* +1: numbers of the evidence; -1: local to a job */
	int64_t last_volume, last_file;
	int64_t artifact;      /* whose bytes are being walked; 0 for none */
	bool keep;             /* volumes and bytes stay until explorer_done() */
	uint64_t held;         /* decompressed bytes that the caller holds meanwhile */
	struct node *nodes;    /* open volumes, newest first */
	struct opened opened;  /* where all bytes stay: containers that need not be opened again */
	bool overlap_told;
	bool volumes_spent;    /* it has been told that there are more volumes than may be opened */
	struct kept *kept;     /* decompressed bytes, newest first */
	uint64_t kept_bytes;   /* how many they are */
	void *context;
	void (*volume)(struct explorer *explorer, const struct volume_sighting *sighting);
	void (*target)(struct explorer *explorer, const struct target *target);
	void (*range)(struct explorer *explorer, const struct range_sighting *range); /* NULL: no map */
	/* Numbers of new artifacts, which lie in the one that is being walked; of bytes, and of a folder that is a volume. */
	int64_t (*new_artifact)(struct explorer *explorer, struct span name, struct span bytes);
	int64_t (*new_folder)(struct explorer *explorer, struct span name, int64_t volume);
};

/*
 * Searches bytes of unknown content and goes into all that is found; the bytes
 * between become targets. Where the bytes are the content of an entry (not NULL),
 * the entry becomes a target too; outcome says how well it was read.
 */
void explore_bytes(struct explorer *explorer, struct span bytes, enum outcome outcome, const struct place *place,
		   const struct entry *entry);
/* Goes into the container that a file's content is (found on its first byte). False where it is none after all. */
bool explore_found(struct explorer *explorer, struct span bytes, struct found *found, const struct place *place);
/* Goes into a volume that the caller has opened (a directory). */
void explore_volume(struct explorer *explorer, struct node *node, const struct place *place);
/* Hands on an entry of a volume, as one that is listed in a volume under a path. */
void explore_entry(struct explorer *explorer, const struct node *node, struct reader *reader, const struct entry *entry,
		   const struct place *place, int64_t volume, struct span path);
/* Reads an entry into bytes that live as long as the explorer. */
enum outcome explore_read(struct explorer *explorer, struct reader *reader, const struct entry *entry,
			  struct span *out) MUST_CHECK;
/* The number of the next file. */
int64_t explore_next_file(struct explorer *explorer);
/* The path, behind the prefix of those below a container; in the explorer's arena. */
struct span explore_prefixed(struct explorer *explorer, struct span prefix, struct span path);
/* A fresh node for the caller's own volume. NULL without memory. */
struct node *explore_new_node(struct explorer *explorer);
/* Closes all volumes and frees all bytes. */
void explorer_done(struct explorer *explorer);

#endif
