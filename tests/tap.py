"""A test program in Python: cases that check, TAP on standard output; see tests/harness.h for the same in C.

    @case
    def reads_a_folder():
        run = assay("files", folder)
        equal(run.status, 0)

    main()
"""
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="assay-test-", dir=os.environ.get("ASSAY_SCRATCH")))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
_cases = []


class Skip(Exception):
    """Why a case cannot run here."""


class Run:
    """What a finished command left."""

    def __init__(self, done):
        self.status, self.bytes = done.returncode, done.stdout
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")


def enter_scratch():
    """Lets other users enter the scratch folder, and the one of the whole run that it may lie in."""
    for folder in (SCRATCH, SCRATCH.parent):
        if folder.name.startswith("assay-test-"):
            folder.chmod(0o755)


def command(*words, stdin=b"", cwd=SCRATCH, **variables):
    """Runs a command; a user's own settings and stores have no say."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
    environment.update(XDG_DATA_HOME=str(SCRATCH / "data"), SOURCE_DATE_EPOCH="1767225600", LC_ALL="C.UTF-8")
    environment.update(variables)
    return Run(subprocess.run([str(word) for word in words], input=stdin, capture_output=True, cwd=cwd,
                              env=environment, timeout=240, check=False))


def assay(*words, **options):
    """Runs the program under test."""
    return command(PROGRAM, *words, **options)


def case(function):
    _cases.append(function)
    return function


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what or 'got'}: {got!r}, not {want!r}")


def holds(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text[:2000]!r}")


def lacks(text, part):
    if part in text:
        raise AssertionError(f"{part!r} is in {text[:2000]!r}")


def corpus(path):
    """Path of a file of the shared corpus; skips the case where it is not here."""
    root = pathlib.Path(os.environ.get("ASSAY_CORPUS") or ROOT / ".." / "shared" / "corpus").resolve()
    if not (root / path).exists():
        raise Skip(f"the corpus has no {path} here")
    return root / path


def write(name, content, mode=0o644):
    """Writes a file below the scratch folder, and gives its path."""
    path = SCRATCH / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def main():
    failed = 0
    print(f"1..{len(_cases)}")
    for number, function in enumerate(_cases, 1):
        words, verdict = "", "ok"
        try:
            function()
        except Skip as why:
            words = f" # SKIP {why}"
        except Exception:  # pylint: disable=broad-except
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()))
            verdict, failed = "not ok", failed + 1
        print(f"{verdict} {number} - {function.__name__}{words}", flush=True)
    sys.exit(failed != 0)
