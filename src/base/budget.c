#include "base/budget.h"

#include "base/clock.h"
#include "base/memory.h"

static const uint64_t MEBIBYTE = 1024 * 1024;
/* Entries of a small image, and how many bytes of it another one takes; real files take hundreds. */
enum { ENTRIES_LEAST = 50000, ENTRIES_MOST = 1000000, BYTES_PER_ENTRY = 64, DEPTH = 12 };
enum { VOLUMES_LEAST = 4096, VOLUMES_MOST = 65536, BYTES_PER_VOLUME = 4096 };
/* Units of effort: for an image however small, and for each of its bytes. Real images take less than a tenth of it. */
static const uint64_t EFFORT_LEAST = UINT64_C(1500000000), EFFORT_PER_BYTE = 500;
/* Of the memory of a run: the content that the walk holds, and with it all of its containers. The rest is for the jobs. */
enum { HELD_PART = 3, CONTAINERS_PART = 5, CONTAINERS_PARTS = 12 };
/* What a share holds at least; the first where there are few jobs, the second where there are many. */
enum { SHARE_MEBIBYTES = 16, SHARE_MEBIBYTES_LEAST = 1, SHARE_ENTRIES = 20000, SHARE_ENTRIES_LEAST = 1000 };
enum { SHARE_VOLUMES = 256, SHARE_VOLUMES_LEAST = 16 };
static const uint64_t SHARE_EFFORT = 500000000, SHARE_EFFORT_LEAST = 20000000;

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Times a factor, without overflow. */
static uint64_t times(uint64_t value, uint64_t factor)
{
	return value > UINT64_MAX / factor ? UINT64_MAX : value * factor;
}

void budget_init(struct budget *budget, uint64_t image_size)
{
	/* Real images unpack to about four times their size, and nearly empty ones to thirty. */
	atomic_init(&budget->bytes_left, clamp(times(image_size, 64), 1024 * MEBIBYTE, 256 * 1024 * MEBIBYTE));
	atomic_init(&budget->entries_left, clamp(ENTRIES_LEAST + image_size / BYTES_PER_ENTRY, 0, ENTRIES_MOST));
	budget->held = clamp(times(image_size, 16), 512 * MEBIBYTE, UINT64_MAX);
	atomic_init(&budget->volumes_left, clamp(image_size / BYTES_PER_VOLUME, VOLUMES_LEAST, VOLUMES_MOST));
	budget->effort = EFFORT_LEAST + clamp(times(image_size, EFFORT_PER_BYTE), 0, UINT64_MAX / 4);
	budget_hold(budget, MEMORY_DEFAULT);
	budget->depth = DEPTH;
	budget->deadline = 0;
}

void budget_hold(struct budget *budget, uint64_t memory)
{
	if (budget->held > memory / HELD_PART)
		budget->held = memory / HELD_PART;
}

uint64_t budget_containers(uint64_t memory)
{
	return memory / CONTAINERS_PARTS * CONTAINERS_PART;
}

void budget_share(struct budget *share, const struct budget *whole, uint64_t weight, uint64_t total, uint64_t jobs)
{
	uint64_t bytes = atomic_load(&whole->bytes_left), entries = atomic_load(&whole->entries_left);
	double part = total > 0 ? (double)weight / (double)total : 1.0;
	jobs = jobs > 0 ? jobs : 1;
	atomic_init(&share->bytes_left, (uint64_t)((double)bytes * part) +
		    clamp(bytes / jobs, SHARE_MEBIBYTES_LEAST * MEBIBYTE, SHARE_MEBIBYTES * MEBIBYTE));
	atomic_init(&share->entries_left, (uint64_t)((double)entries * part) +
		    clamp(entries / jobs, SHARE_ENTRIES_LEAST, SHARE_ENTRIES));
	uint64_t volumes = atomic_load(&whole->volumes_left);
	atomic_init(&share->volumes_left, (uint64_t)((double)volumes * part) +
		    clamp(volumes / jobs, SHARE_VOLUMES_LEAST, SHARE_VOLUMES));
	share->effort = (uint64_t)((double)whole->effort * part) / 2 +
			clamp(whole->effort / jobs / 2, SHARE_EFFORT_LEAST, SHARE_EFFORT);
	share->held = whole->held / 4 * 3;
	share->depth = whole->depth;
	share->deadline = whole->deadline;
}

uint64_t budget_room(const struct budget *budget, uint64_t held)
{
	return held < budget->held ? (budget->held - held) / 2 : 0;
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

bool budget_spend_volume(struct budget *budget)
{
	return !budget_expired(budget) && spend(&budget->volumes_left, 1);
}
