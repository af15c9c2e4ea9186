/* Products by the names of packages: package URLs (https://github.com/package-url/purl-spec), repositories, ecosystems. */
#ifndef ASSAY_VULN_PACKAGE_PRODUCT_H
#define ASSAY_VULN_PACKAGE_PRODUCT_H

#include "base/buffer.h"

/*
 * Each writes "vendor:product" in place of what the buffer holds. NOT_THIS where the product is not one that is surely
 * known by that name.
 */
/* "pkg:github/madler/zlib@1.2", "pkg:npm/jquery". */
enum outcome package_product(struct buffer *out, struct span purl) MUST_CHECK;
/* "https://github.com/curl/curl.git". */
enum outcome package_repository(struct buffer *out, struct span url) MUST_CHECK;
/* A package of an ecosystem as OSV and GitHub name them: "npm", "jquery". */
enum outcome package_ecosystem(struct buffer *out, struct span ecosystem, struct span name) MUST_CHECK;

#endif
