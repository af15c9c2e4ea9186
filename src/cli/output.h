/*
 * Outputs of which nothing is lost: each is written beside the file that it replaces, synced, and put in its place by
 * one rename when all are whole. Whatever ends the program before that (a full disk, a signal, a power cut) leaves the
 * old files as they were. The renames are made by a process of its own (committer.h), so that the
 * process that parses an image can name no file at all.
 */
#ifndef ASSAY_CLI_OUTPUT_H
#define ASSAY_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { OUTPUTS_MAX = 48, IDENTITIES_MAX = 512, OUTPUT_NAME_MAX = 255 };

/* A file that is in use, with the name that the user gave it. */
struct identity {
	const char *name;
	struct stat status;
};

struct output {
	const char *report;    /* name of a reporter; NULL for the saved evidence */
	const char *path;      /* as the user gave it; with the folder of --out before it */
	char *owned;           /* that path, where it was put together here */
	int descriptor;        /* takes the bytes */
	bool named;            /* written by way of output_temporary_path(), and so never without a name */
	bool direct;           /* a pipe, a device, standard output: nothing to put in place */
	int folder;            /* the folder that the file lies in; -1 where it is direct */
	char name[OUTPUT_NAME_MAX + 1];      /* in that folder, links followed */
	char temporary[OUTPUT_NAME_MAX + 1]; /* in that folder; "" where the file has no name yet (O_TMPFILE) */
	bool exists;           /* there is a file of that name already: */
	struct stat old;
};

struct outputs {
	struct output all[OUTPUTS_MAX];
	int count;
	struct identity inputs[IDENTITIES_MAX]; /* files that are read, which no output may be */
	int input_count;
	const char *made_folder; /* that --out made; NULL for none */
	int committer;           /* a socket to the process that puts outputs in place; 0 for none */
};

/* Remembers a file that is read. False after saying that there are too many. */
bool outputs_protect(struct outputs *outputs, const char *name, const struct stat *status);
/* Opens an output ("-" is standard output). False after saying on standard error why it cannot be. */
bool output_open(struct outputs *outputs, const char *report, const char *path);
/* Makes the folder of --out where it is absent. False after saying why it cannot be. */
bool outputs_folder(struct outputs *outputs, const char *folder);
/* Opens an output of that name in a folder. */
bool output_open_in(struct outputs *outputs, const char *report, const char *folder, const char *name);
/* Whether an output takes standard output. */
bool output_is_standard(const struct output *output);
/* Refuses outputs that are an input or are named twice; then starts the committer. False after saying why. */
bool outputs_ready(struct outputs *outputs);

/* A path to the file that takes the bytes of an output that is `named`; valid while the output is open. */
void output_temporary_path(const struct output *output, char *path, size_t size);
/* Brings what was written to that path down to the disk. False after saying why. */
bool output_sync(struct output *output);
/* Writes the bytes of one output, down to the disk. False after saying why. */
bool output_write(struct output *output, const void *bytes, size_t size);
/* Puts all outputs in place. False after saying which could not be. */
bool outputs_commit(struct outputs *outputs);
/* Removes what is unfinished. */
void outputs_take_away(const struct outputs *outputs);
/* Has everything removed that was not put in place, and closes all. */
void outputs_close(struct outputs *outputs);

#endif
