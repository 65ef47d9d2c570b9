// Dates and times as text, and the commands that show them.
#include "clock.h"
#include "builtin.h"
#include "output.h"
#include <stdio.h>

static const WCHAR *locale_text(LCTYPE type)
{
    WCHAR text[80] = L"";
    GetLocaleInfoW(LOCALE_USER_DEFAULT, type, text, ARRAYSIZE(text));
    return region_copy(text, wcslen(text));
}

// The short date with two digits for day and month whatever the locale's picture says, so that columns align
// and scripts can cut it.
static const WCHAR *short_date(const SYSTEMTIME *time)
{
    const WCHAR *picture = locale_text(LOCALE_SSHORTDATE);
    struct text padded = {};
    for (const WCHAR *p = picture; *p;) {
        size_t run = 1;
        while (p[run] == *p) run++;
        if (run == 1 && (*p == 'd' || *p == 'M')) text_add(&padded, *p);
        text_add_part(&padded, p, run);
        p += run;
    }
    WCHAR text[80] = L"";
    GetDateFormatW(LOCALE_USER_DEFAULT, 0, time, text_get(&padded), text, ARRAYSIZE(text));
    return region_copy(text, wcslen(text));
}

const WCHAR *clock_date(void)
{
    SYSTEMTIME now;
    WCHAR day[80] = L"";
    struct text text = {};
    GetLocalTime(&now);
    if (GetDateFormatW(LOCALE_USER_DEFAULT, 0, &now, L"ddd", day, ARRAYSIZE(day))) {
        text_add_string(&text, day);
        text_add(&text, ' ');
    }
    text_add_string(&text, short_date(&now));
    return text_get(&text);
}

const WCHAR *clock_time(void)
{
    SYSTEMTIME now;
    WCHAR text[64];
    GetLocalTime(&now);
    _snwprintf(text, ARRAYSIZE(text), L"%2d%s%02d%s%02d%s%02d", now.wHour, locale_text(LOCALE_STIME),
               now.wMinute, locale_text(LOCALE_STIME), now.wSecond, locale_text(LOCALE_SDECIMAL),
               now.wMilliseconds / 10);
    return region_copy(text, wcslen(text));
}

static const WCHAR *short_time(const SYSTEMTIME *time)
{
    WCHAR text[80] = L"";
    bool clock24 = *locale_text(LOCALE_ITIME) == '1';
    struct text picture = {};
    text_add_string(&picture, clock24 ? L"HH" : L"hh");
    text_add_string(&picture, locale_text(LOCALE_STIME));
    text_add_string(&picture, clock24 ? L"mm" : L"mm tt");
    GetTimeFormatW(LOCALE_USER_DEFAULT, 0, time, picture.data, text, ARRAYSIZE(text));
    return region_copy(text, wcslen(text));
}

const WCHAR *clock_stamp(const FILETIME *time, const WCHAR *between)
{
    FILETIME local;
    SYSTEMTIME fields;
    struct text text = {};
    if (!FileTimeToLocalFileTime(time, &local) || !FileTimeToSystemTime(&local, &fields)) return L"";
    text_add_string(&text, short_date(&fields));
    text_add_string(&text, between);
    text_add_string(&text, short_time(&fields));
    return text_get(&text);
}

// Neither sets the clock: that is the system's business, and needs rights that no program here has.
static int show_clock(const WCHAR *arguments, const WCHAR *what, const WCHAR *value)
{
    WCHAR *word = next_word(&arguments);
    if (word && same_text(word, L"/t")) {
        print(L"%s%s\r\n", value, same_text(what, L"date") ? L" " : L"");
        return 0;
    }
    if (word) {
        complain_error(ERROR_PRIVILEGE_NOT_HELD);
        return 1;
    }
    print(L"The current %s is: %s\r\n", what, value);
    return 0;
}

int command_date(const WCHAR *arguments)
{
    return show_clock(arguments, L"date", clock_date());
}

int command_time(const WCHAR *arguments)
{
    SYSTEMTIME now;
    const WCHAR *rest = arguments;
    WCHAR *word = next_word(&rest);
    GetLocalTime(&now);
    return show_clock(arguments, L"time", word && same_text(word, L"/t") ? short_time(&now) : clock_time());
}
