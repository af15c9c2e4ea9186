/* States a key: shared by the readers of its formats. */
#ifndef ASSAY_INSPECT_KEY_STATE_H
#define ASSAY_INSPECT_KEY_STATE_H

#include "inspect/inspector.h"
#include "inspect/public_key.h"

struct key_found {
	uint64_t offset;
	bool private_key;
	const char *format;
	bool encrypted;
	struct public_key key;
	const char *purpose;  /* NULL: as the path tells */
	struct span comment;
};

void key_state(struct inspection *file, const struct key_found *found);

/* Readers, each of them for one kind of file. */
void keys_pem(struct inspection *file);
void keys_ssh_lines(struct inspection *file);
void keys_dropbear(struct inspection *file);
void keys_signify(struct inspection *file);
void keys_der(struct inspection *file);
void keys_pkcs12(struct inspection *file);

/* States the key in a decoded "OPENSSH PRIVATE KEY" block. */
void keys_openssh(struct inspection *file, uint64_t offset, struct span blob);

#endif
