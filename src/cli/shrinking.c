#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "cli/shrinking.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAPPINGS_MAX = 512 };

/* Written before the handler is installed or by the one thread that opens files; read by the handler. */
static struct mapping {
	uintptr_t start, end;
} mappings[MAPPINGS_MAX];
static volatile sig_atomic_t mapping_count;
static uintptr_t page_size;

static void default_action(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	(void)sigaction(number, &action, NULL); /* the access is tried again, and ends the program */
}

/* One system call alone, mmap(), which the sandbox allows. */
static void put_zeros(int number, siginfo_t *information, void *context)
{
	uintptr_t address = (uintptr_t)information->si_addr;
	uintptr_t page = address - address % page_size;
	(void)context;
	for (int i = 0; i < mapping_count; i++) {
		if (address < mappings[i].start || address >= mappings[i].end)
			continue;
		if (mmap((void *)page, mappings[i].end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
		    MAP_FAILED)
			return;
	}
	default_action(number);
}

void shrinking_guard(const void *bytes, size_t size)
{
	struct sigaction action = { .sa_sigaction = put_zeros, .sa_flags = SA_SIGINFO };
	if (size == 0 || mapping_count == MAPPINGS_MAX)
		return;
	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)bytes;
	mappings[mapping_count] = (struct mapping){ .start = start, .end = start + size };
	mapping_count++;
	(void)sigaction(SIGBUS, &action, NULL);
}
