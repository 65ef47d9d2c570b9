/* strftime and wcsftime, and the tables of names that C++ libraries take from the runtime. */
#include "crt_time.h"

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

#include "strftime_template.h"
#define WIDE
#include "strftime_template.h"

/* A copy of the locale's names, narrow and wide, in one block. */
void *EXPORT _Gettnames(void)
{
    const struct time_names *names = &locale_current()->time;
    struct time_names *copy;
    size_t size = sizeof(*copy);
    wchar_t *wide;
    char *p;

    for (int i = 0; i < 43; i++)
        size += strlen(names->text[i]) + 1 + (wcslen(names->wide[i]) + 1) * sizeof(wchar_t);
    copy = malloc(size);
    if (!copy) return NULL;
    *copy = *names;
    wide = (wchar_t *)(copy + 1);
    for (int i = 0; i < 43; i++) {
        wcscpy(wide, names->wide[i]);
        copy->wide[i] = wide;
        wide += wcslen(wide) + 1;
    }
    p = (char *)wide;
    for (int i = 0; i < 43; i++) {
        strcpy(p, names->text[i]);
        copy->text[i] = p;
        p += strlen(p) + 1;
    }
    return copy;
}

void *EXPORT _W_Gettnames(void)
{
    return _Gettnames();
}
