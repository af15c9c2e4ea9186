/* Sizes and digests that are known once everything has been read: those of folders, and of a product of several files. */
#ifndef ASSAY_ENGINE_FIGURES_H
#define ASSAY_ENGINE_FIGURES_H

#include "engine/artifact.h"

/* Sets size and digest of every artifact that is a folder, and of its volume. */
enum outcome figures_of_folders(const struct artifacts *artifacts, struct evidence *evidence) MUST_CHECK;
/*
 * Writes the row of `image`, without its coverage: the size of all artifacts but those that lie in another; the digest is that of
 * the only artifact, or of the sorted lines "/name digest" of all. kind as image.kind; the name, where it is
 * empty, is made of those of the artifacts.
 */
enum outcome figures_of_image(const struct artifacts *artifacts, struct span name, const char *kind,
			      struct evidence *evidence) MUST_CHECK;

#endif
