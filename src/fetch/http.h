/*
 * One transfer over HTTP, by libcurl, within bounds: protocols, redirections, bytes of headers and of the body, and time. A
 * server may say and send anything.
 */
#ifndef ASSAY_FETCH_HTTP_H
#define ASSAY_FETCH_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { HTTP_TAG_SIZE = 256, HTTP_WORDS_SIZE = 512 };

/* What holds for all transfers of a run. */
struct http_settings {
	const char *proxy;  /* NULL: as the environment says */
	const char *ca;     /* file of authorities; NULL: the system's */
	bool plain;         /* http:// may be fetched too: the user said so */
	long stall;         /* seconds without a byte after which it is given up */
	long whole;         /* seconds that one transfer may take */
	/* Called now and then while bytes come; NULL for none. */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *context;
};

struct http_request {
	const char *url;
	FILE *out;             /* takes the body, from where it stands */
	uint64_t most;         /* bytes that the body may have, with what is there already */
	uint64_t offset;       /* bytes that are there already: the rest is asked for */
	const char *tag;       /* ETag of what is there: with an offset If-Range, else If-None-Match; NULL for none */
	const char *modified;  /* Last-Modified of it, likewise, where there is no tag; NULL for none */
};

enum http_result {
	HTTP_DONE,      /* the body is in the file */
	HTTP_UNCHANGED, /* 304 */
	HTTP_GONE,      /* 404 or 410 */
	HTTP_REFUSED,   /* it will not get better by trying again */
	HTTP_BROKEN,    /* it may */
};

struct http_answer {
	long status;
	bool resumed;                /* the body begins at the offset; else the file was emptied before it */
	char tag[HTTP_TAG_SIZE];
	char modified[HTTP_TAG_SIZE];
	char hash[HTTP_TAG_SIZE];    /* MD5 in base64, of x-goog-hash */
	long wait;                   /* seconds after which the server wants to be asked again; 0 for none */
	char words[HTTP_WORDS_SIZE]; /* why it failed */
};

enum http_result http_get(const struct http_settings *settings, const struct http_request *request, struct http_answer *answer);

#endif
