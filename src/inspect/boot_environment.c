#include "inspect/boot_environment.h"

#include "base/effort.h"
#include "inspect/command_line.h"
#include "unpack/uboot-environment.h"

enum { VARIABLE_MAX = 64 * 1024, VARIABLES_MAX = 1024, DEFAULT_LEAST = 3, FACTS_ENOUGH = 4096 };

static bool is_name(struct span name)
{
	if (name.size == 0 || name.size > 64)
		return false;
	for (size_t i = 0; i < name.size && effort_at(i); i++) {
		uint8_t c = span_byte(name, i);
		bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
			    c == '.' || c == '-' || c == '+' || c == '#' || c == ':';
		if (!fits)
			return false;
	}
	return true;
}

static bool is_value(struct span value)
{
	for (size_t i = 0; i < value.size && effort_at(i); i++) {
		uint8_t c = span_byte(value, i);
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return true;
}

/* Reads the variable that starts at an offset and ends with a NUL; size is what it takes, with the NUL. */
static bool variable_at(struct span bytes, uint64_t offset, struct span *name, struct span *value, uint64_t *size)
{
	struct span reach = span_slice(bytes, offset, VARIABLE_MAX), whole = span_until_nul(reach);
	size_t equals = span_find_byte(whole, '=', 0);
	if (whole.size == reach.size || equals == SPAN_NOT_FOUND)
		return false;
	*name = span_slice(whole, 0, equals);
	*value = span_from(whole, equals + 1);
	*size = whole.size + 1;
	return is_name(*name) && is_value(*value);
}

/*
 * A table of the code may stand before the first variable without a NUL between
 * them. Default environments begin with one of these.
 */
static struct span without_neighbour(struct span name)
{
	static const char *const firsts[] = { "bootargs", "bootcmd", "bootdelay", "baudrate" };
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
		if (span_ends_text(name, firsts[i]))
			return span_from(name, name.size - strlen(firsts[i]));
	return name;
}

/* Loaders often hold their default environment twice. */
static bool is_stated(const struct facts *facts, struct span name, struct span value)
{
	for (const struct fact *fact = facts->first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_BOOT_VARIABLE &&
		    span_equal(fact->values[BOOT_VARIABLE_NAME].text, name) &&
		    span_equal(fact->values[BOOT_VARIABLE_VALUE].text, value))
			return true;
	return false;
}

static void state_variable(struct inspection *file, const char *source, struct span name, struct span value)
{
	if (is_stated(file->facts, name, value))
		return;
	if (file->facts->count >= FACTS_ENOUGH) {
		facts_drop(file->facts, EVIDENCE_BOOT_VARIABLE);
		return;
	}
	struct fact *fact = fact_new(file->facts, EVIDENCE_BOOT_VARIABLE);
	fact_word(file->facts, fact, BOOT_VARIABLE_SOURCE, source);
	fact_text(file->facts, fact, BOOT_VARIABLE_NAME, name);
	fact_text(file->facts, fact, BOOT_VARIABLE_VALUE, value);
	if (span_equal_text(name, "bootargs"))
		command_line_state(file, "boot environment", value);
}

/* A variable begins there whose end is further on than is looked. */
static bool is_too_long(struct span bytes, uint64_t offset)
{
	struct span reach = span_slice(bytes, offset, VARIABLE_MAX);
	size_t equals = span_find_byte(reach, '=', 0);
	return reach.size == VARIABLE_MAX && span_until_nul(reach).size == reach.size && equals != SPAN_NOT_FOUND &&
	       is_name(span_slice(reach, 0, equals));
}

/* States all variables from an offset on; gives the offset after the last. What is stored ends with an empty one, or at `end`. */
static uint64_t state_variables(struct inspection *file, bool stored, uint64_t offset, uint64_t end)
{
	const char *source = stored ? "stored" : "default";
	struct span name, value;
	uint64_t size;
	for (int i = 0; variable_at(file->bytes, offset, &name, &value, &size); i++) {
		if (i == VARIABLES_MAX) {
			facts_drop(file->facts, EVIDENCE_BOOT_VARIABLE); /* how many more there are is not looked at */
			return offset;
		}
		state_variable(file, source, !stored && i == 0 ? without_neighbour(name) : name, value);
		offset += size;
	}
	if (stored ? offset < end && span_byte(file->bytes, offset) != 0 : is_too_long(file->bytes, offset))
		facts_drop(file->facts, EVIDENCE_BOOT_VARIABLE);
	return offset;
}

static size_t count_variables(struct span bytes, uint64_t offset)
{
	struct span name, value;
	uint64_t size;
	size_t count = 0;
	while (count < VARIABLES_MAX && variable_at(bytes, offset, &name, &value, &size)) {
		count++;
		offset += size;
	}
	return count;
}

bool boot_environment_is_stored(const struct inspection *file)
{
	return file->kind == KIND_PART && span_starts_text(file->name, "environment");
}

/* The part may begin with its checksum (4 bytes), and with a flag where there are two copies. */
void boot_environment_state_stored(struct inspection *file)
{
	static const uint64_t starts[] = { 0, 4, 5 };
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (count_variables(file->bytes, starts[i]) > 0) {
			(void)state_variables(file, true, starts[i], file->bytes.size);
			return;
		}
}

/* Start of the NUL-terminated text that holds a byte. */
static uint64_t text_start(struct span bytes, uint64_t at)
{
	uint64_t start = at;
	while (start > 0 && at - start < VARIABLE_MAX && span_byte(bytes, start - 1) != 0)
		start--;
	return start;
}

/* Start of the run of variables that one of them, at a byte, belongs to; false where the byte is in none. */
static bool run_start(struct span bytes, uint64_t at, uint64_t *out)
{
	struct span name, value;
	uint64_t size, start = text_start(bytes, at);
	if (!variable_at(bytes, start, &name, &value, &size)) {
		/* What stands before the first variable may be no name at all; the keyword is one. */
		for (start = at; start > 0 && is_name(span_slice(bytes, start - 1, 1)); start--)
			continue;
		if (!variable_at(bytes, start, &name, &value, &size))
			return false;
	}
	for (int i = 0; i < VARIABLES_MAX && start > 1; i++) {
		uint64_t before = text_start(bytes, start - 1);
		if (before == start - 1 || !variable_at(bytes, before, &name, &value, &size) || before + size != start)
			break;
		start = before;
	}
	*out = start;
	return true;
}

uint64_t boot_environment_state_found(struct inspection *file, uint64_t at, bool in_code)
{
	struct uboot_environment stored;
	uint64_t start;
	if (uboot_environment_around(file->bytes, at, 0, &start, &stored)) {
		(void)state_variables(file, true, start + stored.header, start + stored.size);
		return start + stored.size;
	}
	if (!in_code || !run_start(file->bytes, at, &start) || count_variables(file->bytes, start) < DEFAULT_LEAST)
		return at;
	return state_variables(file, false, start, file->bytes.size);
}
