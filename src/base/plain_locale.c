#define _POSIX_C_SOURCE 200809L
#include "base/plain_locale.h"

#include <locale.h>

struct plain_locale plain_locale_enter(void)
{
	struct plain_locale locale = { .own = newlocale(LC_ALL_MASK, "C", (locale_t)0) };
	if (locale.own)
		locale.before = uselocale((locale_t)locale.own);
	return locale;
}

void plain_locale_done(struct plain_locale *locale)
{
	if (!locale->own)
		return;
	(void)uselocale((locale_t)locale->before);
	freelocale((locale_t)locale->own);
	locale->own = NULL;
}
