/* The configuration that the maker says a kernel was built with (--kernel-config): evidence as what the image shows. */
#ifndef ASSAY_VULN_KERNEL_CONFIG_H
#define ASSAY_VULN_KERNEL_CONFIG_H

#include "evidence/evidence.h"

/*
 * Reads a .config, as Kconfig writes it, in place of the options that the evidence holds of the same kernel: the one whose
 * version its head names ("# Linux/mips 4.14.63 Kernel Configuration"), else the only one. MALFORMED where a line is none of a
 * configuration, or no kernel of the image has that version; *error (in the arena) is then one line that says what is wrong, in
 * which file and line, and the evidence is unchanged. Of an image without a kernel it is not used, which a note tells.
 */
enum outcome kernel_config_declare(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
				   struct span *error) MUST_CHECK;

#endif
