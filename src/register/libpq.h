/*
 * PostgreSQL's client library, loaded when a register in PostgreSQL is opened and not before: it brings libraries
 * for networks and directories with it, which what parses images has no use for.
 */
#ifndef ASSAY_REGISTER_LIBPQ_H
#define ASSAY_REGISTER_LIBPQ_H

#include <libpq-fe.h>

/* Functions of libpq-fe.h by their own names. */
struct libpq {
	__typeof__(PQconnectdb) *PQconnectdb;
	__typeof__(PQfinish) *PQfinish;
	__typeof__(PQstatus) *PQstatus;
	__typeof__(PQerrorMessage) *PQerrorMessage;
	__typeof__(PQsetClientEncoding) *PQsetClientEncoding;
	__typeof__(PQsetNoticeReceiver) *PQsetNoticeReceiver;
	__typeof__(PQexec) *PQexec;
	__typeof__(PQexecParams) *PQexecParams;
	__typeof__(PQclear) *PQclear;
	__typeof__(PQresultStatus) *PQresultStatus;
	__typeof__(PQresultErrorField) *PQresultErrorField;
	__typeof__(PQcmdStatus) *PQcmdStatus;
	__typeof__(PQntuples) *PQntuples;
	__typeof__(PQnfields) *PQnfields;
	__typeof__(PQfname) *PQfname;
	__typeof__(PQftype) *PQftype;
	__typeof__(PQgetvalue) *PQgetvalue;
	__typeof__(PQgetlength) *PQgetlength;
	__typeof__(PQgetisnull) *PQgetisnull;
};

/* Loads it once, and keeps it for good; NULL where this machine has none. */
const struct libpq *libpq(void);

#endif
