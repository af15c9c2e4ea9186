/*
 * Compares what an unpacker lists and reads with the tree that an image was made
 * from: both become sorted lines of text, ours from the entries, the other from find
 * and sha256sum.
 */
#ifndef ASSAY_TESTS_UNPACK_MANIFEST_H
#define ASSAY_TESTS_UNPACK_MANIFEST_H

#include <stdarg.h>
#include <unistd.h>

#include "base/digest.h"
#include "harness.h"
#include "unpack/opened.h"

/* An image file that has been opened. */
struct manifest_volume {
	struct file_view view;
	struct opened opened;
};

static inline void manifest_forget(void);

/* A folder of this process, below the scratch folder, so that tests may run beside each other. Static
 * storage. */
static inline const char *manifest_folder(void)
{
	static char path[512];
	if (path[0] == 0) {
		(void)snprintf(path, sizeof path, "%s/assay-unpack-%ld", harness_scratch(), (long)getpid());
		(void)harness_shell("mkdir -p '%s'", path);
		(void)atexit(manifest_forget);
	}
	return path;
}

static inline void manifest_forget(void)
{
	(void)harness_shell("rm -rf '%s'", manifest_folder());
}

/* Runs a shell command made by printf in that folder, its words to standard error; true where it succeeds. */
__attribute__((format(printf, 1, 2))) static inline bool manifest_shell(const char *format, ...)
{
	char command[4096];
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	return size > 0 && (size_t)size < sizeof command &&
	       harness_shell("cd '%s' && { %s; } >&2 || exit 1", manifest_folder(), command);
}

/* True where all those commands are there: a test SKIPs without them. */
static inline bool manifest_has(const char *commands)
{
	return manifest_shell("for c in %s; do command -v $c || exit 1; done", commands);
}

/* Opens a file as a format; false where the format does not claim it. */
static inline bool manifest_open(const char *path, const struct unpacker *unpacker,
				 struct manifest_volume *out)
{
	*out = (struct manifest_volume){ 0 };
	if (!path || !file_view_open(path, SIZE_MAX, &out->view))
		return false;
	(void)opened_open(&out->opened, unpacker, out->view.bytes);
	if (outcome_usable(out->opened.measured))
		return true;
	opened_close(&out->opened);
	file_view_close(&out->view);
	return false;
}

static inline void manifest_close(struct manifest_volume *from)
{
	opened_close(&from->opened);
	file_view_close(&from->view);
}

/* One line of metadata as find prints it, and one of content as sha256sum does. */
static inline void manifest_print(FILE *to, const struct entry *entry, struct span content)
{
	struct span target = entry->type == ENTRY_LINK ? entry->target : SPAN_NONE;
	uint64_t size = entry->type == ENTRY_FILE || entry->type == ENTRY_LINK ? entry->size : 0;
	(void)fprintf(to, "%.*s|%c|%o|%u|%u|%llu|%.*s|%u:%u\n", SPAN_FORMAT(entry->path),
		      "fdlcbps-"[entry->type], entry->mode, entry->uid, entry->gid, (unsigned long long)size,
		      SPAN_FORMAT(target), entry->device_major, entry->device_minor);
	if (entry->type != ENTRY_FILE)
		return;
	uint8_t digest[SHA256_SIZE];
	digest_sha256(content, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		(void)fprintf(to, "%02x", digest[i]);
	(void)fprintf(to, "  %.*s\n", SPAN_FORMAT(entry->path));
}

/* Reads every file and prints the manifest; the worst outcome. */
static inline enum outcome manifest_print_all(struct opened *opened, FILE *to)
{
	enum outcome worst = opened->reading;
	for (size_t i = 0; i < opened->listing.count; i++) {
		const struct entry *entry = &opened->listing.entries[i];
		struct span content = SPAN_NONE;
		if (entry->type == ENTRY_FILE) {
			enum outcome step = opened_read(opened, entry, &content);
			worst = step > worst ? step : worst;
		}
		if (!span_equal_text(entry->path, "/"))
			manifest_print(to, entry, content);
	}
	return worst;
}

/* Writes what the volume holds to the scratch file "NAME.got"; the worst outcome. */
static inline enum outcome manifest_write(struct opened *opened, const char *name)
{
	char path[1024];
	(void)snprintf(path, sizeof path, "%s/%s.got", manifest_folder(), name);
	FILE *to = fopen(path, "w");
	if (!to)
		return NO_MEMORY;
	enum outcome outcome = manifest_print_all(opened, to);
	(void)fclose(to);
	return outcome;
}

/* True where "NAME.got" says the same as the folder of that path; sed changes what the format cannot keep. */
static inline bool manifest_same(const char *name, const char *folder, const char *sed)
{
	return manifest_shell(
		   "export LC_ALL=C; (cd %s && { find . -mindepth 1 \\( -type f -o -type l \\) -printf "
		   "'/%%P|%%y|%%m|%%U|%%G|%%s|%%l|' -printf '0:0\\n' -o -type d -printf "
		   "'/%%P|d|%%m|%%U|%%G|0||0:0\\n' -o -type p -printf '/%%P|p|%%m|%%U|%%G|0||0:0\\n' -o "
		   "\\( -type c -o -type b \\) -exec stat -c '/%%n|%%F|%%a|%%u|%%g|0||%%Hr:%%Lr' {} +; "
		   "find . -type f -exec sha256sum {} +; } | sed 's#  \\./#  /#; s#^/\\./#/#; "
		   "s/|character special file|/|c|/; s/|block special file|/|b|/' | sed '%s' | sort) > "
		   "%s.want && sed '%s' %s.got | "
		   "sort | diff -u %s.want - | head -40 | grep . && false || true",
		   folder, sed, name, sed, name, name) &&
	       manifest_shell("LC_ALL=C sed '%s' %s.got | LC_ALL=C sort | cmp -s %s.want -", sed, name, name);
}

/* Makes a folder of that name: files of all sizes, links, devices where we may, odd modes and owners. */
static inline bool manifest_make_tree(const char *name)
{
	return manifest_shell(
	    "rm -rf %s && mkdir -p %s/etc/init.d %s/bin %s/empty %s/deep/er/and/deeper && cd %s && umask 022 "
	    "&& "
	    "printf root::0:0:::/bin/sh > etc/passwd && : > etc/nothing && "
	    "yes 'a line that repeats itself' | head -c 300001 > bin/tool && chmod 4755 bin/tool && "
	    "head -c 70000 /dev/urandom > bin/random && head -c 4096 /dev/zero > deep/zeros && "
	    "seq 1 20000 > deep/er/and/deeper/numbers && ln -s tool bin/alias && "
	    "ln -s /a/long/target/that/does/not/fit/into/sixty/bytes/of/an/inode/at/all/really bin/far && "
	    "ln etc/passwd etc/passwd-hard && chmod 600 etc/passwd && echo x > 'etc/with space' && "
	    "{ [ $(id -u) != 0 ] || { chown 7:9 etc/nothing && mknod console c 5 1 && mknod disk b 8 1 && "
	    "mkfifo pipe; }; } && touch -d @1000000000 bin/tool",
	    name, name, name, name, name, name);
}

/* Exercises damaged copies of a file; sanitizers judge. */
static inline void manifest_damage_file(const char *path, const struct unpacker *unpacker, size_t copies)
{
	struct file_view view;
	REQUIRE(path && file_view_open(path, SIZE_MAX, &view));
	opened_exercise_damaged(unpacker, view.bytes, copies / 4, copies);
	file_view_close(&view);
}

/* Path of a file in the scratch folder; static storage. */
static inline const char *manifest_path(const char *name)
{
	static char path[1024];
	(void)snprintf(path, sizeof path, "%s/%s", manifest_folder(), name);
	return path;
}

#endif
