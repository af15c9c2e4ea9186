#define _POSIX_C_SOURCE 200809L
#include "fetch/http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/span.h"

enum { HEADERS_MOST = 64 * 1024, REDIRECTIONS_MOST = 5, CONNECT_SECONDS = 30, STALL_BYTES = 1 };

struct transfer {
	const struct http_settings *settings;
	const struct http_request *request;
	struct http_answer *answer;
	CURL *curl;
	uint64_t headers;  /* bytes of all answers */
	uint64_t received; /* of the body, with the offset */
	bool begun;        /* the body has */
	bool too_much;     /* why it was ended */
	bool unwritable;
	char range[32];
};

static void keep(char out[static HTTP_TAG_SIZE], struct span value)
{
	value = span_trim(value);
	bool fine = value.size < HTTP_TAG_SIZE;
	for (size_t i = 0; fine && i < value.size; i++)
		fine = span_byte(value, i) >= ' ' && span_byte(value, i) < 0x7f;
	(void)snprintf(out, HTTP_TAG_SIZE, "%.*s", SPAN_FORMAT(fine ? value : SPAN_NONE));
}

static bool is_field(struct span line, const char *name, struct span *value)
{
	size_t size = strlen(name);
	if (line.size <= size || strncasecmp((const char *)line.data, name, size) != 0 || span_byte(line, size) != ':')
		return false;
	*value = span_from(line, size + 1);
	return true;
}

/* Fields of an answer that is redirected are forgotten where the next one begins. */
static void take_field(struct http_answer *answer, struct span line)
{
	struct span value;
	uint64_t seconds;
	if (span_starts_text(line, "HTTP/")) {
		answer->tag[0] = answer->modified[0] = answer->hash[0] = '\0';
		answer->wait = 0;
	} else if (is_field(line, "etag", &value)) {
		keep(answer->tag, value);
	} else if (is_field(line, "last-modified", &value)) {
		keep(answer->modified, value);
	} else if (is_field(line, "retry-after", &value) && span_to_number(span_trim(value), 3600, &seconds)) {
		answer->wait = (long)seconds;
	} else if (is_field(line, "x-goog-hash", &value)) {
		size_t at = span_find_text(value, "md5=", 0);
		if (at != SPAN_NOT_FOUND)
			keep(answer->hash, span_from(value, at + strlen("md5=")));
	}
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	t->headers += size * count;
	if (t->headers > HEADERS_MOST) {
		t->too_much = true;
		return 0;
	}
	take_field(t->answer, span_of(bytes, size * count));
	return size * count;
}

/* 206 goes on where the file ends; what is sent whole, though a part was asked for, takes its place. */
static bool begin(struct transfer *t)
{
	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &t->answer->status);
	t->begun = true;
	t->answer->resumed = t->answer->status == 206 && t->request->offset > 0;
	if (t->answer->resumed) {
		t->received = t->request->offset;
		return true;
	}
	return fflush(t->request->out) == 0 && ftruncate(fileno(t->request->out), 0) == 0 && fseek(t->request->out, 0, SEEK_SET) == 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	size_t length = size * count;
	if (!t->begun && !begin(t)) {
		t->unwritable = true;
		return 0;
	}
	if (t->answer->status != 200 && t->answer->status != 206)
		return length; /* words of an error, which are for people */
	t->received += length;
	if (t->received > t->request->most) {
		t->too_much = true;
		return 0;
	}
	t->unwritable = fwrite(bytes, 1, length, t->request->out) != length;
	return t->unwritable ? 0 : length;
}

static int on_progress(void *context, curl_off_t total, curl_off_t done, curl_off_t up_total, curl_off_t up)
{
	struct transfer *t = context;
	uint64_t before = t->answer->resumed ? t->request->offset : 0;
	(void)up_total;
	(void)up;
	if (t->settings->progress && done > 0)
		t->settings->progress(t->settings->context, before + (uint64_t)done, total > 0 ? before + (uint64_t)total : 0);
	return 0;
}

static struct curl_slist *with(struct curl_slist *list, const char *field, const char *value)
{
	char line[HTTP_TAG_SIZE + 64];
	(void)snprintf(line, sizeof line, "%s: %s", field, value);
	struct curl_slist *longer = curl_slist_append(list, line);
	return longer ? longer : list;
}

/* A weak tag vouches for the meaning, not for the bytes: a rest is asked for by a strong one, or the date. */
static struct curl_slist *conditions(const struct http_request *request)
{
	struct curl_slist *list = NULL;
	bool strong = request->tag && strncmp(request->tag, "W/", 2) != 0;
	if (request->offset > 0)
		return strong ? with(list, "If-Range", request->tag)
		     : request->modified ? with(list, "If-Range", request->modified) : list;
	if (request->tag)
		list = with(list, "If-None-Match", request->tag);
	if (request->modified)
		list = with(list, "If-Modified-Since", request->modified);
	return list;
}

static void set_up(CURL *curl, struct transfer *t, struct curl_slist *fields)
{
	const struct http_settings *s = t->settings;
	const char *protocols = s->plain ? "http,https" : "https";
	(void)curl_easy_setopt(curl, CURLOPT_URL, t->request->url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
	(void)curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTIONS_MOST);
	(void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES);
	(void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, s->stall);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, s->whole);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "assay/" ASSAY_VERSION);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)snprintf(t->range, sizeof t->range, "%" PRIu64 "-", t->request->offset);
	if (t->request->offset > 0)
		(void)curl_easy_setopt(curl, CURLOPT_RANGE, t->range);
	if (s->proxy)
		(void)curl_easy_setopt(curl, CURLOPT_PROXY, s->proxy);
	if (s->ca)
		(void)curl_easy_setopt(curl, CURLOPT_CAINFO, s->ca);
}

static enum http_result by_status(struct http_answer *answer)
{
	long status = answer->status;
	if (status == 200 || status == 206)
		return HTTP_DONE;
	if (status == 304)
		return HTTP_UNCHANGED;
	(void)snprintf(answer->words, sizeof answer->words, "the server answers %ld", status);
	if (status == 404 || status == 410)
		return HTTP_GONE;
	return status == 408 || status == 429 || status >= 500 ? HTTP_BROKEN : HTTP_REFUSED;
}

static enum http_result by_error(const struct transfer *t, CURLcode code, const char *words)
{
	struct http_answer *answer = t->answer;
	(void)snprintf(answer->words, sizeof answer->words, "%s", words[0] ? words : curl_easy_strerror(code));
	if (t->too_much)
		(void)snprintf(answer->words, sizeof answer->words, "the server sends more than it may");
	if (t->unwritable)
		(void)snprintf(answer->words, sizeof answer->words, "it cannot be written: the disk may be full");
	if (t->too_much || t->unwritable)
		return HTTP_REFUSED;
	switch (code) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_TOO_MANY_REDIRECTS:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_REFUSED;
	default:
		return HTTP_BROKEN;
	}
}

enum http_result http_get(const struct http_settings *settings, const struct http_request *request, struct http_answer *answer)
{
	char words[CURL_ERROR_SIZE] = "";
	struct transfer t = { .settings = settings, .request = request, .answer = answer, .curl = curl_easy_init() };
	*answer = (struct http_answer){ 0 };
	if (!t.curl) {
		(void)snprintf(answer->words, sizeof answer->words, "out of memory");
		return HTTP_REFUSED;
	}
	struct curl_slist *fields = conditions(request);
	set_up(t.curl, &t, fields);
	(void)curl_easy_setopt(t.curl, CURLOPT_ERRORBUFFER, words);
	CURLcode code = curl_easy_perform(t.curl);
	(void)curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &answer->status);
	if (code == CURLE_OK && !t.begun && answer->status == 200 && !begin(&t))
		t.unwritable = true;
	enum http_result result = code == CURLE_OK && !t.unwritable ? by_status(answer) : by_error(&t, code, words);
	if (code == CURLE_OK && answer->status == 416)
		result = HTTP_BROKEN;
	curl_slist_free_all(fields);
	curl_easy_cleanup(t.curl);
	return result;
}
