#define _POSIX_C_SOURCE 200809L
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "cli/progress.h"
#include "cli/shrinking.h"
#include "cli/store_path.h"

/* Standard input is kept in memory: a ceiling keeps a wrong pipe from filling it. */
static const size_t INPUT_CEILING = (size_t)8 << 30;
static const size_t TEXT_CEILING = (size_t)16 << 20;
#define NOT_IN_FORCE "the sandbox is not fully in force on this kernel: "

static bool is_saved(struct span bytes)
{
	return span_starts_text(bytes, "SQLite format 3");
}

/* What is read is guarded against outputs that would overwrite it, and against being cut short. */
static bool protect(struct session *session, const char *path, const struct file_view *view)
{
	struct stat status;
	bool standard = strcmp(path, "-") == 0;
	if (view && view->mapped)
		shrinking_guard(view->bytes.data, view->bytes.size);
	if (standard ? fstat(STDIN_FILENO, &status) != 0 : stat(path, &status) != 0)
		return !unusable("cannot read %s: %s", path, strerror(errno));
	return outputs_protect(&session->outputs, standard ? "standard input" : path, &status);
}

static bool open_input(struct session *session, const char *path)
{
	struct input *input = &session->inputs[session->input_count++];
	struct stat status;
	*input = (struct input){ .path = path, .directory = -1 };
	input->name = strcmp(path, "-") == 0 ? "standard input" : path;
	if (strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		input->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (input->directory < 0)
			return !unusable("cannot open the folder %s: %s", path, strerror(errno));
		return protect(session, path, NULL);
	}
	if (!file_view_open(path, INPUT_CEILING, &input->view)) {
		(void)unusable("cannot read %s: %s; name an image, or a command of 'assay --help'", path, strerror(errno));
		return false;
	}
	if (input->view.bytes.size == 0) {
		(void)unusable("%s is empty; name a firmware image, a folder or a saved .assay", path);
		return false;
	}
	input->saved = is_saved(input->view.bytes);
	return protect(session, path, &input->view);
}

static bool open_text(struct session *session, const char *path, size_t ceiling, struct file_view *view)
{
	if (file_view_open(path, ceiling, view))
		return protect(session, path, view);
	(void)unusable("cannot read %s: %s", path, strerror(errno));
	return false;
}

static struct assay_text text_of(const char *path, const struct file_view *view)
{
	return (struct assay_text){
		.name = path,
		.text = !path ? NULL : view->bytes.data ? (const char *)view->bytes.data : "",
		.length = view->bytes.size,
	};
}

/* The store that is asked for, or that 'assay db build' leaves where it is looked for; else the built-in one. */
static bool open_store(struct session *session)
{
	const char *asked = store_path_asked(session->options);
	if (!asked && access(store_path_usual(), R_OK) != 0)
		return true;
	session->store_path = asked ? asked : store_path_usual();
	return trust_open(&session->trust, session->options) &&
	       open_text(session, session->store_path, INPUT_CEILING, &session->store);
}

static bool open_list(struct session *session, const char *const *paths, int count, struct file_view *views,
		      struct assay_text *texts)
{
	for (int i = 0; i < count; i++) {
		if (!open_text(session, paths[i], TEXT_CEILING, &views[i]))
			return false;
		texts[i] = text_of(paths[i], &views[i]);
	}
	return true;
}

static bool open_texts(struct session *session)
{
	const struct options *options = session->options;
	if ((options->product && !open_text(session, options->product, TEXT_CEILING, &session->product)) ||
	    (options->kernel_config && !open_text(session, options->kernel_config, TEXT_CEILING, &session->kernel_config)) ||
	    !open_list(session, options->rules, options->rule_count, session->rules, session->rule_texts) ||
	    !open_list(session, options->catalogs, options->catalog_count, session->catalogs, session->catalog_texts) ||
	    !open_list(session, options->vex, options->vex_count, session->vex, session->vex_texts))
		return false;
	return options->no_vulnerabilities || open_store(session);
}

static bool open_outputs(struct session *session)
{
	const struct options *options = session->options;
	struct outputs *outputs = &session->outputs;
	struct assay_report_kind kind = ASSAY_REPORT_KIND_INIT;
	for (int i = 0; i < options->report_count; i++)
		if (!output_open(outputs, options->reports[i].name, options->reports[i].path))
			return false;
	if (options->out && !outputs_folder(outputs, options->out))
		return false;
	for (size_t i = 0; options->out && assay_report_kind(i, &kind); i++)
		if (kind.file_name && !output_open_in(outputs, kind.name, options->out, kind.file_name))
			return false;
	if (options->save && !output_open(outputs, NULL, options->save))
		return false;
	session->page_to_stdout = !options->quiet;
	for (int i = 0; i < outputs->count; i++)
		session->page_to_stdout &= !output_is_standard(&outputs->all[i]);
	return outputs_ready(outputs);
}

/* From here on nothing can be opened but what lies below folders that are images, or it says what cannot be kept. */
static void give_up_the_rest(struct session *session)
{
	int directories[INPUTS_MAX];
	struct sandbox_plan plan = { .readable_directories = directories };
	for (int i = 0; i < session->input_count; i++)
		if (session->inputs[i].directory >= 0)
			directories[plan.readable_count++] = session->inputs[i].directory;
	session->unprotected = sandbox_missing(sandbox_enter(&plan));
	if (session->unprotected && !session->options->quiet)
		(void)fprintf(stderr, "assay: " NOT_IN_FORCE "%s\n", session->unprotected);
}

bool session_open(struct session *session, const struct options *options, int inputs)
{
	session->options = options;
	for (int i = 0; i < inputs; i++)
		if (!open_input(session, options->operands[i]))
			return false;
	if (session->together && session->input_count > 1 && !session_may_stand_together(session))
		return false;
	if (!open_texts(session) || !open_outputs(session))
		return false;
	give_up_the_rest(session);
	return !session->store_path || trust_check(&session->trust, session->store_path, session->store.bytes, &session->seal);
}

void session_close(struct session *session)
{
	outputs_close(&session->outputs);
	for (int i = 0; i < session->input_count; i++) {
		if (session->inputs[i].directory >= 0)
			(void)close(session->inputs[i].directory);
		file_view_close(&session->inputs[i].view);
	}
	file_view_close(&session->product);
	file_view_close(&session->kernel_config);
	file_view_close(&session->store);
	trust_close(&session->trust);
	for (int i = 0; i < FILES_MAX; i++) {
		file_view_close(&session->rules[i]);
		file_view_close(&session->catalogs[i]);
		file_view_close(&session->vex[i]);
	}
}

static struct assay_options assay_options_of(struct session *session, struct progress *progress)
{
	const struct options *options = session->options;
	struct assay_options out = ASSAY_OPTIONS_INIT;
	out.jobs = options->jobs;
	out.product = text_of(options->product, &session->product);
	out.kernel_config = text_of(options->kernel_config, &session->kernel_config);
	out.rules = session->rule_texts;
	out.rule_count = (size_t)options->rule_count;
	out.catalogs = session->catalog_texts;
	out.catalog_count = (size_t)options->catalog_count;
	out.vex = session->vex_texts;
	out.vex_count = (size_t)options->vex_count;
	out.store = session->store.bytes.data;
	out.store_size = session->store.bytes.size;
	out.store_name = session->store_path;
	out.seal = session->store_path ? &session->seal : NULL;
	out.no_vulnerabilities = options->no_vulnerabilities;
	out.show_secrets = options->show_secrets;
	out.time_limit_ms = (uint64_t)options->timeout * 1000;
	out.memory_limit = (uint64_t)options->memory_limit << 20;
	out.progress = progress_show;
	out.progress_context = progress;
	return out;
}

static bool changed(const char *path, const struct file_view *view)
{
	return file_view_changed(view) &&
	       unusable("%s changed while it was read; assay a copy of it that nothing writes to", path) != EXIT_DONE;
}

static bool any_changed(const char *const *paths, int count, const struct file_view *views)
{
	for (int i = 0; i < count; i++)
		if (changed(paths[i], &views[i]))
			return true;
	return false;
}

/* Bytes of before and after in one result would be of a file that never was. */
static bool inputs_changed(const struct session *session)
{
	const struct options *options = session->options;
	for (int i = 0; i < session->input_count; i++)
		if (changed(session->inputs[i].name, &session->inputs[i].view))
			return true;
	return any_changed(options->rules, options->rule_count, session->rules) ||
	       any_changed(options->catalogs, options->catalog_count, session->catalogs) ||
	       any_changed(options->vex, options->vex_count, session->vex) ||
	       (options->product && changed(options->product, &session->product)) ||
	       (options->kernel_config && changed(options->kernel_config, &session->kernel_config)) ||
	       (session->store_path && changed(session->store_path, &session->store));
}

static int explain(const struct input *input, enum assay_status status, const struct assay *assay)
{
	if (status == ASSAY_NO_MEMORY)
		return unusable("%s: out of memory: it takes more than it may; give it more with --memory-limit", input->name);
	if (status == ASSAY_UNREADABLE || status == ASSAY_LIMIT)
		return unusable("%s: %s", input->name, assay_error(assay));
	(void)unusable("%s: internal error: %s", input->name, assay_error(assay));
	return EXIT_INTERNAL;
}

/* How an image was read belongs to its evidence; a saved result keeps what was noted when it was made. */
static bool note_unprotected(const struct session *session, struct assay *assay)
{
	char *sql = sqlite3_mprintf("INSERT INTO note (severity, code, message) VALUES ('warning', 'sandbox.partial', %Q || %Q)",
				    NOT_IN_FORCE, session->unprotected);
	bool noted = sql && sqlite3_exec(assay_database(assay), sql, NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_free(sql);
	return noted;
}

/* Whether an option asks for a verdict other than the one that was saved. */
static bool asks_to_judge(const struct options *options)
{
	return options->product || options->kernel_config || options->vex_count > 0 || options->rule_count > 0 ||
	       options->catalog_count > 0 || options->db || options->no_vulnerabilities;
}

/* What the user wrote is looked at before the image, which may take long. */
static int check_inputs(struct session *session, struct assay_options *options)
{
	struct assay *nothing = NULL;
	assay_progress progress = options->progress;
	if (!asks_to_judge(session->options) && !session->store_path)
		return EXIT_DONE;
	options->progress = NULL;
	enum assay_status status = assay_check(options, &nothing);
	options->progress = progress;
	if (status != ASSAY_DONE)
		(void)unusable("%s", assay_error(nothing));
	assay_free(nothing);
	return status == ASSAY_DONE ? EXIT_DONE : status == ASSAY_INTERNAL ? EXIT_INTERNAL : EXIT_UNUSABLE;
}

int session_check(struct session *session)
{
	struct assay_options options = assay_options_of(session, NULL);
	return check_inputs(session, &options);
}

enum assay_status session_recheck(struct session *session, struct span bytes, struct assay **out)
{
	struct assay_options options = assay_options_of(session, NULL);
	options.progress = NULL;
	return assay_saved(bytes.data, bytes.size, &options, out);
}

static enum assay_status assay_together(const struct session *session, const struct assay_options *options,
					struct assay **out)
{
	struct assay_input inputs[INPUTS_MAX];
	for (int i = 0; i < session->input_count; i++) {
		const struct input *input = &session->inputs[i];
		inputs[i] = (struct assay_input)ASSAY_INPUT_INIT;
		inputs[i].name = input->name;
		inputs[i].bytes = input->view.bytes.data;
		inputs[i].length = input->view.bytes.size;
		inputs[i].directory = input->directory;
	}
	return assay_several(inputs, (size_t)session->input_count, options, out);
}

int session_assay(struct session *session, int input_index, bool judge_saved, struct assay **out)
{
	const struct input *input = &session->inputs[input_index];
	struct progress progress;
	progress_init(&progress, session->options->quiet, session->options->times);
	struct assay_options options = assay_options_of(session, &progress);
	enum assay_status status;
	int checked = input_index == 0 ? check_inputs(session, &options) : EXIT_DONE;
	if (checked != EXIT_DONE)
		return checked;
	options.as_saved = !judge_saved && !asks_to_judge(session->options);
	if (session->together && session->input_count > 1)
		status = assay_together(session, &options, out);
	else if (input->directory >= 0)
		status = assay_directory(input->directory, input->name, &options, out);
	else if (input->saved)
		status = assay_saved(input->view.bytes.data, input->view.bytes.size, &options, out);
	else
		status = assay_image(input->view.bytes.data, input->view.bytes.size, input->name, &options, out);
	progress_end(&progress, assay_effort(*out));
	if (status == ASSAY_DONE && session->unprotected && !input->saved && !note_unprotected(session, *out))
		status = ASSAY_INTERNAL;
	bool stale = inputs_changed(session);
	if (status == ASSAY_DONE && !stale)
		return EXIT_DONE;
	int code = stale ? EXIT_UNUSABLE : explain(input, status, *out);
	assay_free(*out);
	*out = NULL;
	return code;
}

static int write_output(struct output *output, struct assay *assay)
{
	void *bytes = NULL;
	char *text = NULL;
	size_t size = 0;
	enum assay_status status = output->report ? assay_report(assay, output->report, &text, &size)
						  : assay_save(assay, &bytes, &size);
	if (text)
		bytes = text;
	if (status != ASSAY_DONE) {
		(void)unusable("cannot make the report for %s: %s%s", output->path, assay_error(assay),
			       status == ASSAY_NO_MEMORY ? "; give it more with --memory-limit" : "");
		return status == ASSAY_LIMIT || status == ASSAY_NO_MEMORY ? EXIT_UNUSABLE : EXIT_INTERNAL;
	}
	if (size == 0)
		(void)fprintf(stderr, "assay: %s was not written: " SAYS_NOTHING "\n", output->path);
	bool written = output_write(output, bytes, size);
	assay_release(bytes);
	return written ? EXIT_DONE : EXIT_UNUSABLE;
}

static int write_outputs(struct outputs *outputs, struct assay *assay, bool direct)
{
	int status = EXIT_DONE;
	for (int i = 0; i < outputs->count && status == EXIT_DONE; i++)
		if (outputs->all[i].direct == direct)
			status = write_output(&outputs->all[i], assay);
	return status;
}

/* Pipes last: whoever reads them can take any time, or fail. */
int session_write(struct session *session, struct assay *assay)
{
	int status = write_outputs(&session->outputs, assay, false);
	if (status == EXIT_DONE && !outputs_commit(&session->outputs))
		status = EXIT_UNUSABLE;
	return status == EXIT_DONE ? write_outputs(&session->outputs, assay, true) : status;
}

/* What the library takes where nobody says otherwise. */
enum { MEMORY_DEFAULT_MEBIBYTES = 1536 };

/* All of the program's databases together take no more than it may hold: the evidence, what sorts it, and queries. */
static void bound_databases(const struct options *options)
{
	uint64_t mebibytes = options->memory_limit > 0 ? options->memory_limit : MEMORY_DEFAULT_MEBIBYTES;
	(void)sqlite3_hard_heap_limit64((sqlite3_int64)(mebibytes << 20));
}

static int run(struct session *session, const struct options *options, int inputs, int (*work)(struct session *session))
{
	bound_databases(options);
	int status = session_open(session, options, inputs) ? work(session) : EXIT_UNUSABLE;
	session_close(session);
	return status;
}

int session_run(const struct arguments *arguments, int operands, int inputs, const char *wrong,
		int (*work)(struct session *session))
{
	struct options options;
	struct session session = { 0 };
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	return options.operand_count == operands ? run(&session, &options, inputs, work) : unusable("%s", wrong);
}

int session_run_product(const struct arguments *arguments, int after, const char *wrong,
			int (*work)(struct session *session))
{
	struct options options;
	struct session session = { .together = true };
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	int inputs = options.operand_count - after;
	return inputs > 0 ? run(&session, &options, inputs, work) : unusable("%s", wrong);
}
