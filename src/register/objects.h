/*
 * The folder of objects beside a register: saved results and documents by the SHA-256 of their bytes, packed with
 * Zstandard (RFC 8878), as ab/abcdef….zst. What is there never changes.
 */
#ifndef ASSAY_REGISTER_OBJECTS_H
#define ASSAY_REGISTER_OBJECTS_H

#include "base/buffer.h"

enum { OBJECT_NAME_ROOM = 65 };

/* The name that bytes have: SHA-256 in hexadecimal. */
void objects_digest(struct span bytes, char name[static OBJECT_NAME_ROOM]);
/* Puts bytes in, and synchronizes them; name is their digest. False with errno set. */
bool objects_put(int folder, struct span bytes, char name[static OBJECT_NAME_ROOM]);
/* Gets them back. NOT_THIS where there is none of that name; MALFORMED where what is there is something else. */
enum outcome objects_get(int folder, struct span name, struct buffer *out) MUST_CHECK;

#endif
