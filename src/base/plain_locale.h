/*
 * Numbers are written and read as in the C locale, whatever the program around the
 * library has set: per thread, and only while the library works.
 *
 *     SCOPED(plain_locale) here = plain_locale_enter();
 */
#ifndef ASSAY_BASE_PLAIN_LOCALE_H
#define ASSAY_BASE_PLAIN_LOCALE_H

struct plain_locale {
	void *own, *before; /* own is 0 where it could not be made: then the caller's stays */
};

/* Enters the C locale in this thread. */
struct plain_locale plain_locale_enter(void);
/* Goes back to the locale from before. */
void plain_locale_done(struct plain_locale *locale);

#endif
