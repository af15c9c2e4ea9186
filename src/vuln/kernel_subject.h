/*
 * Which part of the kernel's tree a commit changes, by the first words of its subject: "Bluetooth: L2CAP: …". The table
 * data/kernel/subjects.tsv, which tools/make-kernel-subjects writes, has a beginning in small letters and a path, parted by
 * a tab.
 */
#ifndef ASSAY_VULN_KERNEL_SUBJECT_H
#define ASSAY_VULN_KERNEL_SUBJECT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/span.h"

/*
 * A file ("fs/aio.c"), a folder ("net/sctp/"), or what lies somewhere in one ("arch/x86/" and a star); empty where the
 * subject says nothing. In the arena, or in the program's own data.
 */
struct span kernel_subject_path(struct span subject, struct arena *arena);
/* Appends the paths of source files that a description names ("in net/packet/af_packet.c"), parted by blanks. */
enum outcome kernel_subject_named(struct span description, struct buffer *out) MUST_CHECK;

#endif
