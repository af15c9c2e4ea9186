/* The entries of a volume, as its format lists them. */
#ifndef ASSAY_UNPACK_LISTING_H
#define ASSAY_UNPACK_LISTING_H

#include "base/arena.h"
#include "base/budget.h"
#include "base/notes.h"
#include "base/outcome.h"
#include "base/span.h"

enum entry_type {
	ENTRY_FILE,
	ENTRY_DIRECTORY,
	ENTRY_LINK,
	ENTRY_CHARACTER_DEVICE,
	ENTRY_BLOCK_DEVICE,
	ENTRY_FIFO,
	ENTRY_SOCKET,
	ENTRY_PART, /* raw bytes to search for further formats: a payload, a decompressed stream */
};

/* An extended attribute. */
struct attribute {
	struct span name;
	struct span value;
	struct attribute *next;
};

/* One thing in a volume: metadata only. Spans live in the volume's arena or bytes. */
struct entry {
	struct span path;      /* of a file system or archive: from '/', without '.' and '..'; of a part: a plain name */
	enum entry_type type;
	bool has_mode;         /* mode, uid, gid and mtime are known */
	uint32_t mode;         /* permission bits, 07777 */
	uint32_t uid, gid;
	int64_t mtime;         /* seconds since 1970 */
	uint64_t size;         /* of the content; of a link, of its target */
	struct span target;    /* of a symbolic link; of a hard link to what is not in the volume */
	uint32_t device_major, device_minor;
	uint32_t identity;     /* not 0: entries with the same number are hard links to one content */
	struct attribute *attributes;

	bool refused;          /* it overlaps others too often: it is listed, and not read */
	bool plain;            /* the content is volume->bytes [offset, offset + size), as it is */
	uint64_t offset;       /* where its data lies in the volume: reading goes in this order */
	uint64_t group;        /* not 0: entries with the same number share a compressed block */
	uint64_t cookie;       /* the format's own */
	const void *detail;    /* the format's own, in the volume's arena */
};

/* Bytes of a volume that belong to none of its entries: free space. */
struct unused {
	uint64_t offset, size;
	struct unused *next;
};

struct listing {
	struct arena *arena;
	struct budget *budget;
	struct entry *entries; /* in the order in which they were added */
	size_t count;
	size_t refused;        /* entries that cannot be listed, and count as if they could */
	size_t capacity;
	struct unused *unused, *last_unused; /* ascending */
	size_t ceiling;        /* one volume may take half of the entries that are left: others follow it */
};

void listing_init(struct listing *listing, struct arena *arena, struct budget *budget);
/* Adds an empty entry and points *out at it (valid until the next is added). OVER_BUDGET or NO_MEMORY. */
enum outcome listing_add(struct listing *listing, struct entry **out) MUST_CHECK;
/* An entry that cannot be listed costs as much as one that can. OVER_BUDGET. */
enum outcome listing_refuse(struct listing *listing) MUST_CHECK;
/* A part of volume->bytes, by name (copied). A part that does not lie inside is clamped. */
enum outcome listing_add_part(struct listing *listing, struct span bytes, const char *name, uint64_t offset,
			      uint64_t size) MUST_CHECK;
/* Adds free space behind that which was added before; joins it where they touch. NO_MEMORY. */
enum outcome listing_add_unused(struct listing *listing, uint64_t offset, uint64_t size) MUST_CHECK;
/* False of an entry whose path, or the one that it links to, is longer than any: it is refused. */
bool listing_may_hold(struct span path, struct span target);
/*
 * A clean path in the arena: one leading '/', no empty, '.' or '..' component, so
 * that no hostile name can pretend to lie elsewhere. Data is NULL without memory.
 */
struct span listing_clean_path(struct arena *arena, struct span path);
/* Notes a path that a program which extracts it might write outside of its folder: it has a component '..'. */
void listing_tell_escape(struct notes *notes, struct span path);

#endif
