/*
 * The kernels of one version: "6.1.0-40-amd64" and "6.1.0-40-cloud-amd64" are both 6.1.170, and built otherwise. What is known
 * of one of them says nothing about the others.
 */
#ifndef ASSAY_VULN_KERNEL_RELEASES_H
#define ASSAY_VULN_KERNEL_RELEASES_H

/* A table of SQL: columns release and file, of the kernels of version ?1 and of those that modules were made for. */
#define KERNEL_RELEASES \
	"(SELECT release, file FROM kernel WHERE version = ?1 UNION SELECT release, min(file) FROM kernel_module" \
	" WHERE release = ?1 OR release GLOB ?1 || '[^0-9.]*' GROUP BY release)"

#endif
