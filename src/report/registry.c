/* Every report. A new one is one file in this folder and one line here. */
#include "report/registry.h"

const struct reporter *const reporters[] = {
	&reporter_json,
	&reporter_cyclonedx,
	&reporter_openvex,
	&reporter_csaf_vex,
	&reporter_html,
	&reporter_sarif,
	&reporter_terminal,
	NULL,
};

const struct reporter *reporter_find(const char *name)
{
	for (const struct reporter *const *one = reporters; *one; one++)
		if (strcmp((*one)->name, name) == 0)
			return *one;
	return NULL;
}
