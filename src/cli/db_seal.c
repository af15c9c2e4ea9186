/* assay db key, sign, verify, info: who vouches for a vulnerability store, and what it was made of. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/db.h"
#include "cli/store_path.h"
#include "cli/trust.h"

enum { KEY_CEILING = 64 * 1024, KEY_PATH_MAX = 4096 };

static int tell(const char *path, const struct file_view *view, const struct trust *trust, const struct options *options)
{
	struct assay_seal seal = ASSAY_SEAL_INIT;
	char *text = NULL;
	size_t length = 0;
	struct span name = span_basename(span_of_text(path));
	if (path ? !trust_check(trust, path, view->bytes, &seal) : assay_store_check(NULL, 0, NULL, 0, &seal) != ASSAY_DONE)
		return EXIT_UNUSABLE;
	enum assay_status status = assay_store_tell(view->bytes.data, view->bytes.size, (const char *)name.data, &seal,
						    options->format == TABLE_JSON, &text, &length);
	if (status == ASSAY_DONE)
		(void)fwrite(text, 1, length, stdout);
	else
		(void)unusable("%s: %s", path ? path : "the store that is built in", text ? text : "out of memory");
	assay_release(text);
	return status == ASSAY_DONE ? EXIT_DONE : EXIT_UNUSABLE;
}

int db_show(const char *path, const struct options *options)
{
	struct trust trust = { 0 };
	struct file_view view = { 0 };
	int status = EXIT_UNUSABLE;
	if (trust_open(&trust, options) && (!path || db_open_store(path, &view))) {
		db_give_up_the_rest();
		status = tell(path, &view, &trust, options);
	}
	file_view_close(&view);
	trust_close(&trust);
	return status;
}

int db_info(const struct options *options)
{
	const char *path = store_path_asked(options);
	if (options->format == TABLE_TSV)
		return unusable("'assay db info' writes text or json, not tsv");
	if (!path && access(store_path_usual(), R_OK) == 0)
		path = store_path_usual();
	return db_show(path, options);
}

static bool write_new(const char *path, mode_t mode, const char *text, size_t length)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (descriptor < 0)
		return !unusable("cannot write %s: %s", path, strerror(errno));
	bool written = file_write_all(descriptor, span_of(text, length)) && fsync(descriptor) == 0;
	if (close(descriptor) != 0 || !written)
		return !unusable("cannot write %s: %s", path, strerror(errno));
	return true;
}

int db_key(const struct options *options)
{
	char open_path[KEY_PATH_MAX];
	char *secret = NULL, *open_key = NULL;
	size_t secret_length = 0, open_length = 0;
	const char *path = options->operands[1];
	if (snprintf(open_path, sizeof open_path, "%s.pub", path) >= (int)sizeof open_path)
		return unusable("the path is too long: %s", path);
	if (access(open_path, F_OK) == 0)
		return unusable("cannot write %s: it is there already", open_path);
	bool made = assay_key_make(&secret, &secret_length, &open_key, &open_length) == ASSAY_DONE;
	bool written = made && write_new(path, 0600, secret, secret_length) && write_new(open_path, 0644, open_key, open_length);
	if (written)
		(void)printf("%s signs: keep it secret ('assay db sign STORE --key %s')\n%s verifies: give it to who uses the store, "
			     "for --trust or\n  %s\n", path, path, open_path, trust_folder());
	assay_release(secret);
	assay_release(open_key);
	if (!made)
		return unusable("no key can be made here");
	return written ? EXIT_DONE : EXIT_UNUSABLE;
}

static bool write_signed(struct output *output, const struct file_view *view, size_t offset, const char *seal, size_t length)
{
	struct span tables = span_slice(view->bytes, 0, offset);
	if (!file_write_all(output->descriptor, tables))
		return !unusable("cannot write %s: %s", output->path, strerror(errno));
	return output_write(output, seal, length);
}

static int sign(const char *path, const struct file_view *view, const struct file_view *key, struct outputs *outputs)
{
	char *text = NULL;
	size_t offset = 0, length = 0;
	const struct assay_text pem = { .name = "key", .text = (const char *)key->bytes.data, .length = key->bytes.size };
	enum assay_status status = assay_store_sign(view->bytes.data, view->bytes.size, &pem, &offset, &text, &length);
	bool written = status == ASSAY_DONE && !file_view_changed(view) &&
		       write_signed(&outputs->all[0], view, offset, text, length) && outputs_commit(outputs);
	if (status != ASSAY_DONE)
		(void)unusable("%s: %s", path, text ? text : "out of memory");
	assay_release(text);
	return written ? EXIT_DONE : EXIT_UNUSABLE;
}

int db_sign(const struct options *options)
{
	struct file_view view = { 0 }, key = { 0 };
	struct outputs outputs = { 0 };
	const char *path = options->operands[1];
	int status = EXIT_UNUSABLE;
	if (!options->key)
		return unusable("usage: assay db sign STORE --key SECRET; 'assay db key' makes a pair");
	if (!file_view_open(options->key, KEY_CEILING, &key))
		return unusable("cannot read the key %s: %s", options->key, strerror(errno));
	if (db_open_store(path, &view) && db_open_output(&outputs, path) && outputs_ready(&outputs)) {
		db_give_up_the_rest();
		status = sign(path, &view, &key, &outputs);
	}
	outputs_close(&outputs);
	file_view_close(&view);
	file_view_close(&key);
	return status;
}

/* Whose tables cannot be read is none, whoever signed it. */
static int verify(const char *path, const struct file_view *view, const struct trust *trust)
{
	struct assay_seal seal;
	char *text = NULL;
	size_t length = 0;
	if (!trust_check(trust, path, view->bytes, &seal))
		return EXIT_UNUSABLE;
	enum assay_status status = assay_store_tell(view->bytes.data, view->bytes.size, path, &seal, 0, &text, &length);
	if (status != ASSAY_DONE)
		(void)unusable("%s: %s", path, text ? text : "out of memory");
	assay_release(text);
	if (status != ASSAY_DONE)
		return EXIT_UNUSABLE;
	bool good = strcmp(seal.state, "trusted") == 0;
	(void)printf("%s: %s%s%s\n  sha256 %s\n", path, good ? "signed by key " : seal.advice, good ? seal.signer : "",
		     good ? ", and as it was signed" : "", seal.sha256);
	return good ? EXIT_DONE : EXIT_GATE;
}

int db_verify(const struct options *options)
{
	struct options with = *options;
	struct trust trust = { 0 };
	struct file_view view = { 0 };
	int status = EXIT_UNUSABLE;
	if (options->key) {
		with.trust[0] = options->key;
		with.trust_count = 1;
	}
	if (trust_open(&trust, &with) && db_open_store(options->operands[1], &view)) {
		db_give_up_the_rest();
		status = trust.count > 0 ? verify(options->operands[1], &view, &trust)
			 : unusable("no key is trusted: name the publisher's with --key, or put it into %s", trust_folder());
	}
	file_view_close(&view);
	trust_close(&trust);
	return status;
}
