/* The statements of store_writer.c. */
#ifndef ASSAY_VULN_STORE_WRITER_SQL_H
#define ASSAY_VULN_STORE_WRITER_SQL_H

extern const char store_writer_settings[];
extern const char store_writer_temporary[];
/* id, rank, score, CVSS version, vector, severity, weakness, day of publication: the best rank wins. */
extern const char store_writer_vulnerability[];
/* Takes what was said into `affected`, in the order of its key, but for records that were replaced. */
extern const char store_writer_gather[];
/* From the store `base`. */
extern const char store_writer_merging[];
/* Marks what sources that speak of upstream's versions (those before ?1, and ?2) have products for. */
extern const char store_writer_stated[];
extern const char store_writer_joining[];
extern const char store_writer_closing[];

#endif
