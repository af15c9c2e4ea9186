#include "engine/pipeline.h"

#include "base/shortage.h"
#include "evidence/query.h"
#include "identify/identify.h"
#include "identify/identity.h"
#include "judge/product.h"
#include "vuln/match.h"
#include "vuln/starter.h"
#include "vuln/store.h"
#include "vuln/kernel_config.h"
#include "vuln/vex.h"

static void report(const struct pipeline_options *options, const char *stage)
{
	if (options->progress)
		options->progress(options->progress_context, stage, 0, 0);
}

static enum outcome match(struct evidence *evidence, const struct recognisers *recognisers,
			  const struct pipeline_options *options, struct arena *arena, struct span *error)
{
	struct store *store;
	bool given = options->store.size > 0;
	enum outcome outcome = given
				       ? store_open_memory(options->store, options->store_name, &store)
				       : store_open_packed(span_of(starter_store, starter_store_size), STARTER_NAME, &store);
	if (outcome != DONE) {
		struct span foreign = given && outcome == UNSUPPORTED ? store_foreign(options->store, arena) : SPAN_NONE;
		*error = foreign.size > 0
				 ? arena_format(arena, "the vulnerability store has the %.*s, which no store has: it was changed, or is none",
						SPAN_FORMAT(foreign))
				 : SPAN_LITERAL("the vulnerability store cannot be read; build it again with 'assay db build'");
		return outcome;
	}
	const struct seal_verdict built_in = seal_built_in(store_seal(store));
	if (given && options->seal)
		store_vouch(store, options->seal);
	else if (!given)
		store_vouch(store, &built_in);
	if (given)
		store_measure_against(store, starter_manifest());
	outcome = match_components(evidence, store, recognisers);
	store_close(store);
	return outcome;
}

/* What an earlier run concluded; what it saw stays. */
static const char forget[] = "DELETE FROM component; DELETE FROM component_witness; DELETE FROM part;"
			     "DELETE FROM vulnerability; DELETE FROM premise; DELETE FROM vulnerability_store;"
			     "DELETE FROM vulnerability_feed;"
			     "DELETE FROM incomplete WHERE code GLOB 'identify.*' OR code GLOB 'match.*';"
			     "DELETE FROM note WHERE code IN ('identify.sightings', 'identify.parts', 'match.products',"
			     " 'match.android-months', 'match.android-level');";

/* Components or matches that there was no memory for. */
static enum outcome note_short(struct evidence *evidence)
{
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_ERROR,
		.missing = MISSING_SIGHT,
		.cause = CAUSE_MEMORY,
		.amount = NOTE_NO_AMOUNT,
		.code = SPAN_LITERAL("identify.memory"),
		.message = SPAN_LITERAL("memory was refused while components were identified and matched; some may be missing"),
		.offset = NOTE_NO_OFFSET,
	});
}

/* What makers and others say of vulnerabilities. Documents that are given stand in place of those that the evidence had. */
static enum outcome read_statements(struct evidence *evidence, const struct pipeline_options *options, struct arena *arena,
				    struct span *error)
{
	if (options->vex_count > 0)
		TRY(query_run(evidence_database(evidence), "DELETE FROM statement WHERE format <> 'product.yaml'"));
	for (size_t i = 0; i < options->vex_count; i++)
		TRY(vex_read(evidence, options->vex[i].name, options->vex[i].text, arena, error));
	return vex_declared(evidence, options->product.name, arena, error);
}

static enum outcome conclude(struct evidence *evidence, const struct recognisers *recognisers,
			     const struct pipeline_options *options, struct arena *arena, struct span *error)
{
	TRY(query_run(evidence_database(evidence), forget));
	report(options, "identify");
	TRY(identify_merge(evidence, recognisers));
	TRY(identity_conclude(evidence));
	const struct judge_source *product = &options->product, *config = &options->kernel_config;
	if (product->text.data)
		TRY(product_read(evidence, product->name, product->text, arena, error));
	if (config->text.data)
		TRY(kernel_config_declare(evidence, config->name, config->text, arena, error));
	TRY(read_statements(evidence, options, arena, error));
	report(options, "match");
	if (options->match)
		TRY(match(evidence, recognisers, options, arena, error));
	TRY(vex_apply(evidence, recognisers));
	if (shortage_take())
		TRY(note_short(evidence));
	report(options, "judge");
	TRY(judge(evidence, &options->judge, arena, error));
	return shortage_take() ? NO_MEMORY : DONE; /* a verdict may rest on what was not there */
}

/*
 * "TP-Link TL-WR841N 14.0": as declared; where the maker declares nothing, as the image names itself: its model, or else
 * what it runs.
 */
static const char name_image[] =
	"UPDATE image SET title = coalesce((SELECT group_concat(value, ' ') FROM (SELECT value FROM declaration WHERE key IN "
	"('product.vendor', 'product.model', 'product.version') ORDER BY CASE key WHEN 'product.vendor' THEN 1 "
	"WHEN 'product.model' THEN 2 ELSE 3 END)),"
	" CASE WHEN model IS NOT NULL THEN coalesce(vendor || ' ', '') || model || CASE WHEN instr(model, hardware) = 0"
	" THEN ' ' || hardware ELSE '' END"
	" || coalesce(' ' || version, '') WHEN vendor IS NOT NULL AND version IS NOT NULL THEN vendor || ' ' || version"
	" ELSE system END)";

enum outcome pipeline_run(struct evidence *evidence, const struct recognisers *recognisers,
			  const struct pipeline_options *options, struct arena *arena, struct span *error)
{
	*error = SPAN_NONE;
	TRY(conclude(evidence, recognisers, options, arena, error));
	return query_run(evidence_database(evidence), name_image);
}
