#include "register/libpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct libpq library;
static const struct libpq *loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define NAMED(name) { #name, offsetof(struct libpq, name) }
static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	NAMED(PQconnectdb), NAMED(PQfinish), NAMED(PQstatus), NAMED(PQerrorMessage), NAMED(PQsetClientEncoding),
	NAMED(PQsetNoticeReceiver), NAMED(PQexec), NAMED(PQexecParams), NAMED(PQclear), NAMED(PQresultStatus),
	NAMED(PQresultErrorField), NAMED(PQcmdStatus), NAMED(PQntuples), NAMED(PQnfields), NAMED(PQfname), NAMED(PQftype),
	NAMED(PQgetvalue), NAMED(PQgetlength), NAMED(PQgetisnull),
};

static void load(void)
{
	void *handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; handle && i < sizeof functions / sizeof *functions; i++) {
		void *function = dlsym(handle, functions[i].name);
		if (!function)
			return;
		/* What dlsym() gives is a function: POSIX has pointers to both be alike. */
		*(void **)(void *)((char *)&library + functions[i].offset) = function;
	}
	loaded = handle ? &library : NULL;
}

const struct libpq *libpq(void)
{
	(void)pthread_once(&once, load);
	return loaded;
}
