#include "engine/artifact_content.h"

#include "inspect/kind.h"

/* Bytes from the start in which an SBOM names its form: CycloneDX 1.x, JSON and XML; SPDX 2.x and 3, JSON and tag-value. */
enum { SBOM_SAMPLE = 4096 };

static bool is_sbom(struct span bytes)
{
	static const char *const marks[] = { "\"bomFormat\"", "http://cyclonedx.org/schema/bom", "\"spdxVersion\"",
					     "https://spdx.org/rdf/", "SPDXVersion: SPDX-" };
	struct span sample = span_slice(bytes, 0, SBOM_SAMPLE);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (span_find_text(sample, marks[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

static bool is_page(struct span bytes)
{
	return span_starts_text(bytes, "%PDF-") || span_starts_text(bytes, "{\\rtf");
}

struct artifact_content artifact_content(struct span name, struct span bytes)
{
	static const struct artifact_content contents[] = {
		[KIND_EMPTY] = { "document", "it is empty" },
		[KIND_ELF] = { "program", "an ELF object by itself" },
		[KIND_KERNEL_MODULE] = { "program", "a kernel module by itself" },
		[KIND_SCRIPT] = { "program", "a script by itself" },
		[KIND_TEXT] = { "document", "it is text" },
		[KIND_PEM] = { "document", "a text with certificates or keys" },
		[KIND_DEVICE_TREE] = { "data", "a device tree" },
		[KIND_IMAGE] = { "document", "a picture, sound or font" },
		[KIND_ARCHIVE] = { "data", "an archive or a compressed stream" },
		[KIND_PART] = { "unknown", "nothing in it was recognised" },
		[KIND_DATA] = { "unknown", "nothing in it was recognised" },
	};
	enum content_kind kind = kind_of(span_basename(name), bytes);
	if (kind_is_text(kind) && is_sbom(bytes))
		return (struct artifact_content){ "sbom", "a text that calls itself CycloneDX or SPDX" };
	if (is_page(bytes))
		return (struct artifact_content){ "document", "a document to be read" };
	return contents[kind];
}
