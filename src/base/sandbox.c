#define _GNU_SOURCE /* syscall */
#include "base/sandbox.h"

#include <stddef.h>

#ifndef ASSAY_SANDBOX

struct sandbox_state sandbox_enter(const struct sandbox_plan *plan)
{
	(void)plan;
	return (struct sandbox_state){ 0 };
}

const char *sandbox_missing(struct sandbox_state state)
{
	(void)state;
	return NULL;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Landlock's versions and what each added (Documentation/userspace-api/landlock.rst). The
 * numbers stand here because a build machine's headers are often older than the kernel.
 */
struct ruleset {
	uint64_t files;
	uint64_t network; /* from version 4 */
	uint64_t scope;   /* from version 6 */
};
enum { FILES_REFER = 1 << 13, FILES_TRUNCATE = 1 << 14, FILES_IOCTL = 1 << 15 };
enum { NETWORK_ALL = 3 /* bind, connect */, SCOPE_ALL = 3 /* abstract sockets, signals */ };

/* Every right that the kernel can refuse; *size is what it knows of the structure. */
static struct ruleset everything(long version, size_t *size)
{
	struct ruleset rules = { .files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	rules.files |= version >= 2 ? FILES_REFER : 0;
	rules.files |= version >= 3 ? FILES_TRUNCATE : 0;
	rules.files |= version >= 5 ? FILES_IOCTL : 0;
	rules.network = version >= 4 ? NETWORK_ALL : 0;
	rules.scope = version >= 6 ? SCOPE_ALL : 0;
	*size = version >= 6 ? sizeof rules : version >= 4 ? offsetof(struct ruleset, scope)
							   : offsetof(struct ruleset, network);
	return rules;
}

static bool allow_directory(int ruleset, int directory)
{
	struct landlock_path_beneath_attr below = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = directory,
	};
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
}

static bool restrict_files(const struct sandbox_plan *plan)
{
	size_t size;
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return false;
	struct ruleset rules = everything(version, &size);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (ruleset < 0)
		return false;
	bool restricted = true;
	for (unsigned i = 0; i < plan->readable_count; i++)
		restricted &= allow_directory(ruleset, plan->readable_directories[i]);
	restricted = restricted && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	(void)close(ruleset);
	return restricted;
}

/* What a program that computes needs: memory, threads, time, and files that are open already. */
static const int allowed_calls[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(close), SCMP_SYS(fcntl),
	SCMP_SYS(dup), SCMP_SYS(getdents64), SCMP_SYS(fsync),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk),
	SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(tgkill), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getrandom), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrusage),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(getcpu), SCMP_SYS(prctl),
};

/* Opening is refused with an error rather than with death: libraries try files that they can do without. */
static bool allow_calls(scmp_filter_ctx filter, const struct sandbox_plan *plan)
{
	bool sound = true;
	for (unsigned i = 0; i < sizeof allowed_calls / sizeof *allowed_calls; i++)
		sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0) == 0;
	/* Is it a terminal, and how wide: nothing that could type into one. */
	sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0;
	sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0)) == 0;
	sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0, 0)) == 0;
	/* Threads, not processes; glibc falls back to clone where clone3 does not exist. */
	sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
	sound &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
	if (plan->readable_count > 0) {
		sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
					  SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, 0)) == 0;
		sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(readlinkat), 0) == 0;
		sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fgetxattr), 0) == 0;
		sound &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(flistxattr), 0) == 0;
	}
	return sound;
}

static bool restrict_calls(const struct sandbox_plan *plan)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return false;
	bool restricted = allow_calls(filter, plan) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return restricted;
}

struct sandbox_state sandbox_enter(const struct sandbox_plan *plan)
{
	struct sandbox_state state = { 0 };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return state;
	state.filesystem = restrict_files(plan);
	state.calls = restrict_calls(plan);
	return state;
}

const char *sandbox_missing(struct sandbox_state state)
{
	if (!state.filesystem && !state.calls)
		return "neither files (Landlock) nor system calls (seccomp) are restricted";
	if (!state.filesystem)
		return "files are not restricted by Landlock";
	return state.calls ? NULL : "system calls are not restricted by seccomp";
}

#endif
