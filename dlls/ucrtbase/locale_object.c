/* Locales as objects: made by a wide name, and the lock that C++ libraries hold over several calls. */
#include "ucrtbase.h"

crt_locale_t EXPORT _create_locale(int category, const char *name);

crt_locale_t EXPORT _wcreate_locale(int category, const wchar_t *name)
{
    char *narrow = name ? narrow_copy(name) : NULL;
    crt_locale_t result = narrow ? _create_locale(category, narrow) : NULL;

    free(narrow);
    return result;
}

void EXPORT _lock_locales(void)
{
    _lock(LOCK_LOCALE);
}
void EXPORT _unlock_locales(void)
{
    _unlock(LOCK_LOCALE);
}
