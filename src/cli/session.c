#define _POSIX_C_SOURCE 200809L
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "cli/progress.h"
#include "cli/store_path.h"
#include "evidence/query.h"
#include "report/reporter.h"

/* Standard input is kept in memory: a ceiling keeps a wrong pipe from filling it. */
static const size_t INPUT_CEILING = (size_t)8 << 30;
static const size_t TEXT_CEILING = (size_t)16 << 20;
#define NOT_IN_FORCE "the sandbox is not fully in force on this kernel: "

static bool is_saved(struct span bytes)
{
	return span_starts_text(bytes, "SQLite format 3");
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
			(void)unusable("cannot open the folder %s: %s", path, strerror(errno));
		return input->directory >= 0;
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
	return true;
}

static bool open_text(const char *path, size_t ceiling, struct file_view *view)
{
	if (file_view_open(path, ceiling, view))
		return true;
	(void)unusable("cannot read %s: %s", path, strerror(errno));
	return false;
}

static struct assay_text text_of(const char *path, const struct file_view *view)
{
	return (struct assay_text){
		.name = path,
		.text = view->bytes.data ? (const char *)view->bytes.data : "",
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
	return open_text(session->store_path, INPUT_CEILING, &session->store);
}

static bool open_texts(struct session *session)
{
	const struct options *options = session->options;
	if (options->product && !open_text(options->product, TEXT_CEILING, &session->product))
		return false;
	for (int i = 0; i < options->rule_count; i++) {
		if (!open_text(options->rules[i], TEXT_CEILING, &session->rules[i]))
			return false;
		session->rule_texts[i] = text_of(options->rules[i], &session->rules[i]);
	}
	for (int i = 0; i < options->catalog_count; i++) {
		if (!open_text(options->catalogs[i], TEXT_CEILING, &session->catalogs[i]))
			return false;
		session->catalog_texts[i] = text_of(options->catalogs[i], &session->catalogs[i]);
	}
	return options->no_vulnerabilities || open_store(session);
}

/* Opened now and emptied when there is something to write, so that a failed run leaves an old report alone. */
static bool open_output(struct session *session, int folder, const char *report, const char *path)
{
	struct output *output = &session->outputs[session->output_count++];
	*output = (struct output){ .report = report, .path = path, .descriptor = -1 };
	if (strcmp(path, "-") == 0) {
		output->descriptor = STDOUT_FILENO;
		session->page_to_stdout = false;
		return true;
	}
	output->descriptor = openat(folder, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (output->descriptor < 0)
		(void)unusable("cannot write %s: %s", path, strerror(errno));
	return output->descriptor >= 0;
}

static bool open_folder_outputs(struct session *session, const char *path)
{
	if (mkdir(path, 0755) != 0 && errno != EEXIST) {
		(void)unusable("cannot make the folder %s: %s", path, strerror(errno));
		return false;
	}
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool opened = folder >= 0;
	if (!opened)
		(void)unusable("cannot open the folder %s: %s", path, strerror(errno));
	for (const struct reporter *const *one = reporters; opened && *one; one++)
		if ((*one)->file_name && session->output_count < REPORTS_MAX)
			opened = open_output(session, folder, (*one)->name, (*one)->file_name);
	if (folder >= 0)
		(void)close(folder);
	return opened;
}

static bool open_outputs(struct session *session)
{
	const struct options *options = session->options;
	session->page_to_stdout = !options->quiet;
	for (int i = 0; i < options->report_count; i++)
		if (!open_output(session, AT_FDCWD, options->reports[i].name, options->reports[i].path))
			return false;
	if (options->out && !open_folder_outputs(session, options->out))
		return false;
	return !options->save || open_output(session, AT_FDCWD, NULL, options->save);
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
	*session = (struct session){ .options = options };
	for (int i = 0; i < inputs; i++)
		if (!open_input(session, options->operands[i]))
			return false;
	if (!open_texts(session) || !open_outputs(session))
		return false;
	give_up_the_rest(session);
	return true;
}

void session_close(struct session *session)
{
	for (int i = 0; i < session->input_count; i++) {
		if (session->inputs[i].directory >= 0)
			(void)close(session->inputs[i].directory);
		file_view_close(&session->inputs[i].view);
	}
	file_view_close(&session->product);
	file_view_close(&session->store);
	for (int i = 0; i < FILES_MAX; i++) {
		file_view_close(&session->rules[i]);
		file_view_close(&session->catalogs[i]);
	}
}

static struct assay_options assay_options_of(struct session *session, struct progress *progress)
{
	const struct options *options = session->options;
	struct assay_options out = ASSAY_OPTIONS_INIT;
	out.jobs = options->jobs;
	if (options->product)
		out.product = text_of(options->product, &session->product);
	out.rules = session->rule_texts;
	out.rule_count = (size_t)options->rule_count;
	out.catalogs = session->catalog_texts;
	out.catalog_count = (size_t)options->catalog_count;
	out.store = session->store.bytes.data;
	out.store_size = session->store.bytes.size;
	out.store_name = session->store_path;
	out.no_vulnerabilities = options->no_vulnerabilities;
	out.time_limit_ms = (uint64_t)options->timeout * 1000;
	out.progress = progress_show;
	out.progress_context = progress;
	return out;
}

static int explain(const struct input *input, enum assay_status status, const struct assay *assay)
{
	if (status == ASSAY_UNREADABLE)
		return unusable("%s: %s", input->name, assay_error(assay));
	(void)unusable("%s: internal error: %s", input->name, assay_error(assay));
	return EXIT_INTERNAL;
}

/* How an image was read belongs to its evidence; a saved result keeps what was noted when it was made. */
static bool note_unprotected(const struct session *session, struct assay *assay)
{
	struct query query = query_start(assay_database(assay), "INSERT INTO note (severity, code, message)"
								" VALUES ('warning', 'sandbox.partial', ?1 || ?2)");
	query_bind_text(&query, 1, SPAN_LITERAL(NOT_IN_FORCE));
	query_bind_text(&query, 2, span_of_text(session->unprotected));
	(void)query_next(&query);
	return query_end(&query) == DONE;
}

int session_assay(struct session *session, int input_index, bool judge_saved, struct assay **out)
{
	const struct input *input = &session->inputs[input_index];
	struct progress progress;
	progress_init(&progress, session->options->quiet, session->options->times);
	struct assay_options options = assay_options_of(session, &progress);
	enum assay_status status;
	if (input->directory >= 0)
		status = assay_directory(input->directory, input->name, &options, out);
	else if (input->saved)
		status = assay_saved(input->view.bytes.data, input->view.bytes.size, judge_saved ? &options : NULL, out);
	else
		status = assay_image(input->view.bytes.data, input->view.bytes.size, input->name, &options, out);
	progress_end(&progress);
	if (status == ASSAY_DONE && session->unprotected && !input->saved && !note_unprotected(session, *out))
		status = ASSAY_INTERNAL;
	if (status == ASSAY_DONE)
		return EXIT_DONE;
	int code = explain(input, status, *out);
	assay_free(*out);
	*out = NULL;
	return code;
}

static int write_output(const struct output *output, struct assay *assay)
{
	void *bytes = NULL;
	char *text = NULL;
	size_t size = 0;
	enum assay_status status = output->report ? assay_report(assay, output->report, &text, &size)
						  : assay_save(assay, &bytes, &size);
	if (text)
		bytes = text;
	if (status != ASSAY_DONE) {
		(void)unusable("cannot make the report for %s: %s", output->path, assay_error(assay));
		return EXIT_INTERNAL;
	}
	if (output->descriptor != STDOUT_FILENO)
		(void)ftruncate(output->descriptor, 0);
	bool written = file_write_all(output->descriptor, span_of(bytes, size));
	if (written && output->descriptor != STDOUT_FILENO)
		written = close(output->descriptor) == 0;
	assay_release(bytes);
	return written ? EXIT_DONE : unusable("cannot write %s: %s", output->path, strerror(errno));
}

int session_write(struct session *session, struct assay *assay)
{
	for (int i = 0; i < session->output_count; i++) {
		int status = write_output(&session->outputs[i], assay);
		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}

int session_run(const struct arguments *arguments, int operands, int inputs, const char *wrong,
		int (*work)(struct session *session))
{
	struct options options;
	struct session session = { 0 };
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count != operands)
		return unusable("%s", wrong);
	int status = session_open(&session, &options, inputs) ? work(&session) : EXIT_UNUSABLE;
	session_close(&session);
	return status;
}
