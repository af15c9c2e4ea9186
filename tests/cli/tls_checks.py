#!/usr/bin/env python3
"""Calls that switch the check of certificates off, in programs that the compilers that are here write, held against their sources."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, Skip, assay, case, command, equal, main, write  # noqa: E402

HEADER = """
int curl_easy_setopt(void *, int, ...); void *curl_easy_init(void); int curl_easy_perform(void *);
void SSL_CTX_set_verify(void *, int, void *); void *SSL_CTX_new(void *); int SSL_connect(void *); int SSL_accept(void *);
int mbedtls_ssl_config_defaults(void *, int, int, int); void mbedtls_ssl_conf_authmode(void *, int); int mbedtls_ssl_handshake(void *);
"""
LIBRARY = "".join(f"int {name}() {{ return 0; }}\n" for name in (
    "curl_easy_setopt", "curl_easy_perform", "SSL_connect", "SSL_accept", "mbedtls_ssl_config_defaults", "mbedtls_ssl_handshake",
    "SSL_CTX_set_verify", "mbedtls_ssl_conf_authmode")) + "void *curl_easy_init() { return 0; } void *SSL_CTX_new() { return 0; }\n"
CURL = "int main(int n, char **v) { void *c = curl_easy_init(); if (!c) return 1; curl_easy_setopt(c, 10002, v[0]); %s return curl_easy_perform(c); }"
OPENSSL = "int main(int n, char **v) { void *c = SSL_CTX_new(v); SSL_CTX_set_verify(c, %d, 0); return %s(c); }"
MBED = "char conf[99]; int main(int n, char **v) { mbedtls_ssl_config_defaults(conf, %d, 0, 0); mbedtls_ssl_conf_authmode(conf, %d); return mbedtls_ssl_handshake(v); }"
COMPILERS = {
    "x86-64": ["gcc"], "i386": ["gcc", "-m32"], "x86-64 by clang": ["clang"], "MIPS": ["mips-linux-gnu-gcc"], "MIPS little-endian": ["mipsel-linux-gnu-gcc"],
    "ARM": ["arm-linux-gnueabi-gcc", "-marm"], "AArch64": ["aarch64-linux-gnu-gcc"],
    "Thumb": ["arm-linux-gnueabi-gcc", "-march=armv7-a+fp", "-mfloat-abi=softfp", "-mthumb"],
}


def compiles(compiler):
    """Makes the library to link with; skips where the compiler has no code for that machine."""
    run = command(*compiler, "-w", "-shared", "-fPIC", "-nostdlib", "-o", "libtls.so", write("library.c", LIBRARY))
    if run.status:
        raise Skip(f"{' '.join(compiler)} cannot build a library here")


def found(compiler, flags, source):
    write("program.c", HEADER + source)
    run = command(*compiler, "-w", *flags, "-fno-stack-protector", "-nostdlib", "-Wl,-e,main", "-o", "program", "program.c", "libtls.so")
    equal(run.status, 0, run.err)
    rows = assay("query", SCRATCH / "program", "SELECT setting, confidence FROM tls_check ORDER BY offset", "--format", "tsv", "--no-vulnerabilities")
    equal(rows.status, 0, rows.err)
    return sorted(set(rows.out.splitlines()[1:]))


def check(compiler):
    compiles(compiler)
    both = "curl_easy_setopt(c, 64, %dL); curl_easy_setopt(c, 81, %dL);"
    for flags in (["-O0", "-fPIE", "-pie"], ["-O2", "-fPIE", "-pie"], ["-Os", "-fno-pie", "-no-pie"]):
        equal(found(compiler, flags, CURL % (both % (0, 0))), ["CURLOPT_SSL_VERIFYHOST\thigh", "CURLOPT_SSL_VERIFYPEER\thigh"], flags)
        equal(found(compiler, flags, CURL % (both % (1, 2))), [], flags)
        equal(found(compiler, flags, CURL % "curl_easy_setopt(c, 64, (long)(n > 1));"), [], flags)
        equal(found(compiler, flags, CURL % "curl_easy_setopt(c, 64, 0L); if (n > 1) curl_easy_setopt(c, 64, 1L);"),
              ["CURLOPT_SSL_VERIFYPEER\tlow"], flags)
        equal(found(compiler, flags, OPENSSL % (0, "SSL_connect")), ["mode\tmedium"], flags)
        equal(found(compiler, flags, OPENSSL % (1, "SSL_connect")), [], flags)
        equal(found(compiler, flags, OPENSSL % (0, "SSL_accept")), ["mode\tlow"], flags)
        equal(found(compiler, flags, MBED % (0, 0)), ["mode\tmedium"], flags)
        equal(found(compiler, flags, MBED % (1, 0)), ["mode\tlow"], flags)
        equal(found(compiler, flags, MBED % (0, 2)), [], flags)


def add(name, compiler):
    def holds_for_machine():
        check(compiler)
    holds_for_machine.__name__ = "holds_for_" + name.replace(" ", "_").replace("-", "_")
    case(holds_for_machine)


# Machines whose compilers are not here are held by the recipes of tests/inspect/tls_checks.c.
for name, compiler in COMPILERS.items():
    if shutil.which(compiler[0]):
        add(name, compiler)
main()
