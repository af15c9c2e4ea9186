#include "engine/artifact.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/effort.h"
#include "engine/artifact_content.h"

void artifacts_init(struct artifacts *artifacts, struct arena *arena)
{
	*artifacts = (struct artifacts){ .arena = arena };
}

void artifacts_done(struct artifacts *artifacts)
{
	for (size_t i = 0; i < artifacts->count; i++)
		coverage_done(&artifacts->list[i].coverage);
	*artifacts = (struct artifacts){ 0 };
}

static struct artifact *append(struct artifacts *artifacts, int64_t parent, struct span name)
{
	struct artifact *list =
		arena_grow(artifacts->arena, artifacts->list, artifacts->count, &artifacts->capacity, sizeof *list);
	if (!list)
		return NULL;
	artifacts->list = list;
	struct artifact *artifact = &list[artifacts->count++];
	*artifact = (struct artifact){ .id = (int64_t)artifacts->count, .parent = parent, .name = name };
	coverage_init(&artifact->coverage);
	return artifact;
}

struct artifact *artifacts_add(struct artifacts *artifacts, int64_t parent, struct span name, struct span bytes)
{
	uint8_t digest[SHA256_SIZE];
	struct artifact *artifact = append(artifacts, parent, name);
	if (!artifact)
		return NULL;
	struct artifact_content content = artifact_content(name, bytes);
	artifact->bytes = bytes;
	artifact->size = bytes.size;
	artifact->kind = content.kind;
	artifact->reason = content.reason;
	digest_sha256(bytes, digest);
	if (!effort_over()) /* else it is not known */
		artifact->sha256 = digest_hex(artifacts->arena, span_of(digest, sizeof digest));
	return artifact;
}

struct artifact *artifacts_add_folder(struct artifacts *artifacts, int64_t parent, struct span name, int64_t volume)
{
	struct artifact *artifact = append(artifacts, parent, name);
	if (!artifact)
		return NULL;
	artifact->folder = volume;
	artifact->kind = "file system";
	artifact->reason = "a folder";
	return artifact;
}

enum outcome artifacts_sight(struct artifacts *artifacts, const struct range_sighting *range)
{
	if (range->artifact < 1 || (size_t)range->artifact > artifacts->count)
		return DONE;
	return coverage_add(&artifacts->list[range->artifact - 1].coverage, range);
}

enum outcome artifacts_complete(struct artifacts *artifacts)
{
	for (size_t i = 0; i < artifacts->count; i++)
		TRY(coverage_complete(&artifacts->list[i].coverage, artifacts->list[i].bytes));
	return DONE;
}

static enum outcome write_row(const struct artifacts *artifacts, const struct artifact *artifact,
			      struct evidence *evidence)
{
	struct facts facts;
	facts_init(&facts, artifacts->arena);
	struct fact *row = fact_new(&facts, EVIDENCE_ARTIFACT);
	fact_integer(row, ARTIFACT_ID, artifact->id);
	if (artifact->parent != 0)
		fact_integer(row, ARTIFACT_PARENT, artifact->parent);
	fact_text(&facts, row, ARTIFACT_NAME, artifact->name);
	fact_integer(row, ARTIFACT_SIZE, (int64_t)artifact->size);
	if (artifact->sha256.size > 0)
		fact_text(&facts, row, ARTIFACT_SHA256, artifact->sha256);
	fact_word(&facts, row, ARTIFACT_KIND, artifact->kind);
	fact_word(&facts, row, ARTIFACT_REASON, artifact->reason);
	fact_integer(row, ARTIFACT_UNDERSTOOD, 0);
	fact_integer(row, ARTIFACT_OPAQUE, 0);
	fact_integer(row, ARTIFACT_PADDING, 0);
	return evidence_insert_all(evidence, 0, &facts);
}

enum outcome artifacts_write(const struct artifacts *artifacts, struct evidence *evidence)
{
	for (size_t i = 0; i < artifacts->count; i++)
		TRY(write_row(artifacts, &artifacts->list[i], evidence));
	return DONE;
}

enum outcome artifacts_write_ranges(const struct artifacts *artifacts, struct evidence *evidence)
{
	for (size_t i = 0; i < artifacts->count; i++)
		TRY(coverage_write(&artifacts->list[i].coverage, artifacts->list[i].id, evidence));
	return DONE;
}
