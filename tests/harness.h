/*
 * A test program: cases that check, TAP on standard output.
 *
 *     TEST(reads_a_header)
 *     {
 *             CHECK(cursor_ok(&c));
 *             CHECK_EQUAL(value, 42);
 *     }
 *     TESTS(reads_a_header, …)
 */
#ifndef ASSAY_TESTS_HARNESS_H
#define ASSAY_TESTS_HARNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

struct harness_case {
	const char *name;
	void (*run)(void);
};

extern int harness_failures;        /* of the running case */
extern const char *harness_skipped; /* why the running case was skipped */

#define TEST(name) static void name(void)
#define TESTS(...)                                                                  \
	int main(int argc, char **argv)                                             \
	{                                                                           \
		static void (*const runs[])(void) = { __VA_ARGS__ };                \
		return harness_main(argc, argv, #__VA_ARGS__, runs, sizeof runs / sizeof *runs); \
	}

int harness_main(int argc, char **argv, const char *names, void (*const *runs)(void), size_t count);
void harness_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
void harness_check_text(const char *file, int line, struct span got, const char *want);

#define CHECK(condition)                                                              \
	do {                                                                          \
		if (!(condition))                                                     \
			harness_fail(__FILE__, __LINE__, "not true: %s", #condition); \
	} while (0)
#define CHECK_EQUAL(got, want)                                                                              \
	do {                                                                                                \
		long long got_ = (long long)(got), want_ = (long long)(want);                               \
		if (got_ != want_)                                                                          \
			harness_fail(__FILE__, __LINE__, "%s is %lld, not %lld", #got, got_, want_);        \
	} while (0)
/* got is a span, want a C string. */
#define CHECK_TEXT(got, want) harness_check_text(__FILE__, __LINE__, (got), (want))
/* As CHECK, and leaves the case where it does not hold. */
#define REQUIRE(condition)                                                            \
	do {                                                                          \
		if (!(condition)) {                                                   \
			harness_fail(__FILE__, __LINE__, "not true: %s", #condition); \
			return;                                                       \
		}                                                                     \
	} while (0)
/* Leaves the case, saying why it cannot run here. */
#define SKIP(why)                        \
	do {                             \
		harness_skipped = (why); \
		return;                  \
	} while (0)

/* Path of a file of the shared corpus, or NULL (then SKIP): harness_corpus("dafang/…/rootfs.bin"). Static storage. */
const char *harness_corpus(const char *path);
/* Path of a file of the source tree: harness_source("tests/judge/rules/boot.yaml"). Static storage. */
const char *harness_source(const char *path);
/* Runs a command in the shell, to make inputs and to ask other tools; true where it ends with status 0. */
bool harness_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Path of a scratch directory of this run, removed by the runner. */
const char *harness_scratch(void);

#endif
