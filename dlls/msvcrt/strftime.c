/* strftime and wcsftime, and the tables of names that C++ libraries take from the runtime. */
#include "crt_time.h"

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

#include "strftime_template.h"
#define WIDE
#include "strftime_template.h"

/* A copy of the locale's names in one block: the narrow ones come right behind the table, then the wide ones.
 */
void *EXPORT _Gettnames(void)
{
    const struct time_names *names = &locale_current()->time;
    struct time_names *copy;
    size_t narrow = 0, wide = 0;
    wchar_t *wide_at;
    char *at;

    for (int i = 0; i < 43; i++) {
        narrow += strlen(names->text[i]) + 1;
        wide += wcslen(names->wide[i]) + 1;
    }
    narrow = (narrow + 4) & ~3u; /* aligned, and as in Windows not right behind */
    copy = malloc(sizeof(*copy) + narrow + wide * sizeof(wchar_t));
    if (!copy) return NULL;
    *copy = *names;
    at = (char *)(copy + 1);
    wide_at = (wchar_t *)(at + narrow);
    for (int i = 0; i < 43; i++) {
        copy->text[i] = strcpy(at, names->text[i]);
        at += strlen(at) + 1;
        copy->wide[i] = wcscpy(wide_at, names->wide[i]);
        wide_at += wcslen(wide_at) + 1;
    }
    return copy;
}

void *EXPORT _W_Gettnames(void)
{
    return _Gettnames();
}
