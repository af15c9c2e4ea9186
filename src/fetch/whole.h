/* Whether a file that was fetched is whole and true: digests, and the form of gzip and zip. What is unpacked is not kept. */
#ifndef ASSAY_FETCH_WHOLE_H
#define ASSAY_FETCH_WHOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { WHOLE_HASH_SIZE = 65, WHOLE_WORDS_SIZE = 256 };

/* Digest of a file, from its beginning, in lower-case hexadecimal. name: "SHA256", "MD5". False where it cannot be read. */
bool whole_digest(FILE *file, const char *name, char out[static WHOLE_HASH_SIZE]);
/*
 * Unpacks a gzip file to nothing, at most so many bytes (0: as many as come). sha256, unless NULL, takes the digest of what it
 * holds. False, with words, where it is damaged, cut off, or holds more.
 */
bool whole_gzip(FILE *file, uint64_t most, char *sha256, char words[static WHOLE_WORDS_SIZE]);
/* Looks for the directory at the end of a zip file, which is where it says, and inside. False, with words. */
bool whole_zip(FILE *file, char words[static WHOLE_WORDS_SIZE]);

#endif
