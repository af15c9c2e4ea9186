/* What readers of file systems share: Unix modes and device numbers, paths built from names, hard links. */
#ifndef ASSAY_UNPACK_TREE_H
#define ASSAY_UNPACK_TREE_H

#include "base/notes.h"
#include "unpack/unpacker.h"

/* Directories within directories; deeper ones are left out. */
enum { TREE_DEPTH_MAX = 128 };

/* Sets type, permission bits and has_mode from a Unix mode word (S_IFMT and 07777); false where its type is
 * unknown. */
bool tree_set_mode(struct entry *entry, uint32_t mode);
/* Sets major and minor from a device number as Linux keeps it in 32 bits. */
void tree_set_device(struct entry *entry, uint32_t device);
/* Sets major and minor from the old 16-bit device number. */
void tree_set_old_device(struct entry *entry, uint32_t device);

/* False of names that no directory can hold: empty, '.', '..', or with '/' or NUL in them. */
bool tree_name_is_sane(struct span name);
/* parent + '/' + name in the arena; data is NULL without memory, or where the path is longer than Linux
 * allows. */
struct span tree_join(struct arena *arena, struct span parent, struct span name);

/* open() and close() of a format whose reader's state is a struct codec_scratch. */
enum outcome tree_reader_open(struct reader *reader) MUST_CHECK;
void tree_reader_close(struct reader *reader);

/* Entries that may share content, by the numbers that their format gives them. */
struct tree_link {
	uint64_t high, low; /* device and inode number */
	size_t index;       /* in the listing */
};
struct tree_links {
	struct tree_link *links;
	size_t count;
	size_t capacity;
};

/* Remembers that an entry of the listing has that identity. The links live in the listing's arena. */
enum outcome tree_links_add(struct tree_links *links, struct listing *listing, uint64_t high, uint64_t low,
			    size_t index) MUST_CHECK;
/*
 * Gives entries with equal numbers the same identity, and those without content the
 * place of the one that has it (cpio stores content once).
 */
void tree_links_resolve(struct tree_links *links, struct listing *listing);

/* Hard links wait until all paths are known. */
struct tree_name {
	size_t index;       /* of the link in the listing */
	struct span target; /* clean path */
};
struct tree_names {
	struct tree_name *names;
	size_t count;
	size_t capacity;
};

/* Remembers that an entry is a hard link to a path. */
enum outcome tree_names_add(struct tree_names *names, struct listing *listing, size_t index,
			    struct span target) MUST_CHECK;
/* Gives links the content and the identity of the entry before them that they name; a note with that code
 * where there is none: then the link keeps the path as its target. */
void tree_names_resolve(const struct tree_names *names, struct listing *listing, struct notes *notes,
			const char *code);

#endif
