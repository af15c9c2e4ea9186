/*
 * What a function owns by itself is freed where its scope ends, by whichever return:
 *
 *     SCOPED(buffer) lines = { 0 };
 *
 * is a struct buffer that buffer_done() closes. tools/check-shape holds every local
 * buffer, arena and found to it. Their _done functions take a zeroed one, and one that is done.
 */
#ifndef ASSAY_BASE_SCOPED_H
#define ASSAY_BASE_SCOPED_H

#define SCOPED(type) __attribute__((cleanup(type##_done), unused)) struct type

#endif
