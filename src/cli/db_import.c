/* assay db import FILE: puts a signed store in place, for machines that fetch nothing. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/db.h"
#include "cli/store_path.h"
#include "cli/trust.h"

struct importing {
	const struct options *options;
	struct trust trust;
	struct file_view new, old; /* old.bytes is empty where there is none */
	struct outputs outputs;
};

/* What is signed wrongly or was changed takes no place, whatever is asked; what nobody vouches for, only with --force. */
static bool is_vouched_for(const struct importing *it, const char *path)
{
	struct assay_seal seal;
	if (!trust_check(&it->trust, path, it->new.bytes, &seal))
		return false;
	if (strcmp(seal.state, "wrong") == 0 || strcmp(seal.state, "changed") == 0)
		return !unusable("%s is not what its publisher made (%s), and does not take the place of your store", path,
				 strcmp(seal.state, "wrong") == 0 ? "its signature is wrong" : "it was changed");
	if (strcmp(seal.state, "trusted") == 0 || it->options->force)
		return true;
	if (strcmp(seal.state, "other key") == 0)
		return !unusable("%s is signed by key %s, which is not trusted; name the key with --trust, or import it with --force",
				 path, seal.signer);
	return !unusable("%s is not signed; have its publisher sign it ('assay db sign'), or import it with --force", path);
}

static bool may_take_its_place(const struct importing *it, const char *path)
{
	char *why = NULL;
	size_t length = 0;
	struct span old = it->old.bytes.size > 0 ? it->old.bytes : it->new.bytes, new = it->new.bytes;
	enum assay_status status = assay_store_replaces(old.data, old.size, new.data, new.size, &why, &length);
	bool may = status == ASSAY_DONE || (it->options->force && it->old.bytes.size > 0);
	if (!may)
		(void)unusable("%s: %s%s", path, why ? why : "out of memory",
			       it->old.bytes.size > 0 ? "; what is there stays; --force replaces it" : "");
	assay_release(why);
	return may;
}

static int put_in_place(struct importing *it, const char *path)
{
	if (!is_vouched_for(it, path) || !may_take_its_place(it, path))
		return EXIT_UNUSABLE;
	if (file_view_changed(&it->new))
		return unusable("%s changed while it was read", path);
	struct span bytes = it->new.bytes;
	return output_write(&it->outputs.all[0], bytes.data, bytes.size) && outputs_commit(&it->outputs) ? EXIT_DONE : EXIT_UNUSABLE;
}

static bool open_all(struct importing *it, const char *path, const char *place)
{
	return trust_open(&it->trust, it->options) && db_open_store(path, &it->new) && db_open_place(&it->outputs, place) &&
	       (access(place, R_OK) != 0 || db_open_store(place, &it->old)) && outputs_ready(&it->outputs);
}

int db_import(const struct options *options)
{
	struct importing it = { .options = options };
	const char *path = options->operands[1], *asked = store_path_asked(options);
	int status = EXIT_UNUSABLE;
	if (open_all(&it, path, asked ? asked : store_path_usual())) {
		db_give_up_the_rest();
		status = put_in_place(&it, path);
	}
	if (status == EXIT_DONE && !options->quiet)
		(void)printf("%s is %s now\n", path, asked ? asked : store_path_usual());
	outputs_close(&it.outputs);
	file_view_close(&it.new);
	file_view_close(&it.old);
	trust_close(&it.trust);
	return status;
}
