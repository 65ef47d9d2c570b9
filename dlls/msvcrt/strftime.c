/* strftime and wcsftime, and the tables of names that C++ libraries take from the runtime. */
#include "crt_time.h"

#include "strftime_template.h"
#define WIDE
#include "strftime_template.h"

/* With the caller's own names, or the locale's. */
size_t EXPORT _Strftime(char *out, size_t size, const char *format, const tm *time, struct time_names *names)
{
    const struct crt_locale *locale = locale_current();
    return format_by(out, size, format, time, names ? names : &locale->time, locale);
}

/* ":Sun:Sunday:Mon:…": short and long names in turn; malloc'ed. */
static char *list_names(int first_short, int first_long, int count)
{
    const struct time_names *names = &locale_current()->time;
    size_t size = 1;
    char *list, *p;

    for (int i = 0; i < count; i++)
        size += strlen(names->text[first_short + i]) + strlen(names->text[first_long + i]) + 2;
    list = p = malloc(size);
    if (!list) return NULL;
    for (int i = 0; i < count; i++) {
        *p++ = ':';
        strcpy(p, names->text[first_short + i]);
        p += strlen(p);
        *p++ = ':';
        strcpy(p, names->text[first_long + i]);
        p += strlen(p);
    }
    return list;
}

char *EXPORT _Getdays(void)
{
    return list_names(NAME_SHORT_DAY, NAME_DAY, 7);
}
char *EXPORT _Getmonths(void)
{
    return list_names(NAME_SHORT_MONTH, NAME_MONTH, 12);
}

/* A copy of the locale's names in one block. */
void *EXPORT _Gettnames(void)
{
    const struct time_names *names = &locale_current()->time;
    struct time_names *copy;
    size_t size = sizeof(*copy);
    char *p;

    for (int i = 0; i < 43; i++) size += strlen(names->text[i]) + 1;
    copy = malloc(size);
    if (!copy) return NULL;
    *copy = *names;
    p = (char *)(copy + 1);
    for (int i = 0; i < 43; i++) {
        strcpy(p, names->text[i]);
        copy->text[i] = p;
        p += strlen(p) + 1;
    }
    return copy;
}
