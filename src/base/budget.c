#include "base/budget.h"

#include "base/clock.h"

static const uint64_t MEBIBYTE = 1024 * 1024;

void budget_init(struct budget *budget, uint64_t image_size)
{
	uint64_t bytes = image_size > UINT64_MAX / 256 ? UINT64_MAX : image_size * 256;
	if (bytes < 1024 * MEBIBYTE)
		bytes = 1024 * MEBIBYTE;
	if (bytes > 256 * 1024 * MEBIBYTE)
		bytes = 256 * 1024 * MEBIBYTE;
	atomic_init(&budget->bytes_left, bytes);
	atomic_init(&budget->entries_left, 4000000);
	budget->largest_buffer = 2048 * MEBIBYTE;
	budget->depth = 12;
	budget->deadline = 0;
}

static bool spend(_Atomic uint64_t *left, uint64_t amount)
{
	uint64_t have = atomic_load(left);
	do {
		if (have < amount)
			return false;
	} while (!atomic_compare_exchange_weak(left, &have, have - amount));
	return true;
}

bool budget_expired(const struct budget *budget)
{
	return budget->deadline != 0 && clock_monotonic_ms() > budget->deadline;
}

bool budget_spend_bytes(struct budget *budget, uint64_t bytes)
{
	return !budget_expired(budget) && spend(&budget->bytes_left, bytes);
}

bool budget_spend_entry(struct budget *budget)
{
	return !budget_expired(budget) && spend(&budget->entries_left, 1);
}
