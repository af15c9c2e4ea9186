#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct gate {
	pthread_mutex_t lock;
};

_Thread_local struct memory *memory_current;

void memory_init(struct memory *memory, struct memory *outer, uint64_t limit)
{
	memory_init_job(memory, outer, limit, NULL, 0);
}

void memory_init_job(struct memory *memory, struct memory *outer, uint64_t limit, struct gate *gate, uint64_t light)
{
	*memory = (struct memory){ .outer = outer, .limit = limit, .gate = gate, .light = light };
}

void memory_leave(struct memory *memory)
{
	if (memory->heavy)
		(void)pthread_mutex_unlock(&memory->gate->lock);
	memory->heavy = false;
	memory->gate = NULL;
}

static void pass_gate(struct memory *memory, size_t bytes)
{
	if (!memory->gate || memory->heavy || atomic_load(&memory->held) + bytes <= memory->light)
		return;
	memory->heavy = pthread_mutex_lock(&memory->gate->lock) == 0;
}

static bool take(struct memory *memory, size_t bytes)
{
	uint64_t held = atomic_load(&memory->held);
	do {
		if (held > memory->limit || bytes > memory->limit - held)
			return false;
	} while (!atomic_compare_exchange_weak(&memory->held, &held, held + bytes));
	return true;
}

bool memory_take(struct memory *memory, size_t bytes)
{
	if (memory && bytes <= memory->limit)
		pass_gate(memory, bytes);
	for (struct memory *one = memory; one; one = one->outer) {
		if (take(one, bytes))
			continue;
		for (struct memory *taken = memory; taken != one; taken = taken->outer)
			atomic_fetch_sub(&taken->held, bytes);
		return false;
	}
	return true;
}

void memory_give(struct memory *memory, size_t bytes)
{
	for (; memory; memory = memory->outer)
		atomic_fetch_sub(&memory->held, bytes);
}

struct gate *gate_new(void)
{
	struct gate *gate = calloc(1, sizeof *gate);
	if (gate && pthread_mutex_init(&gate->lock, NULL) != 0) {
		free(gate);
		return NULL;
	}
	return gate;
}

void gate_free(struct gate *gate)
{
	if (gate)
		(void)pthread_mutex_destroy(&gate->lock);
	free(gate);
}
