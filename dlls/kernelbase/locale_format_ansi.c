// Dates, times, numbers and amounts of money as text in a locale's code page.
#include "locale_override.h"

#define FORMATTED_MAX 256

// Texts of one call in its code page.
struct narrow {
    UINT page;
    bool failed; // no memory for one
};

static struct narrow narrow_of(LCID id, DWORD flags)
{
    const struct locale *locale = locale_from_id(id);
    return (struct narrow){locale ? locale_code_page(locale, flags) : CP_ACP, false};
}

// NULL for NULL; else on the process heap.
static WCHAR *widen(struct narrow *narrow, const char *text)
{
    if (!text) return NULL;
    const int n = MultiByteToWideChar(narrow->page, 0, text, -1, NULL, 0);
    WCHAR *wide = heap_alloc((SIZE_T)n * sizeof(WCHAR));
    if (wide)
        MultiByteToWideChar(narrow->page, 0, text, -1, wide, n);
    else
        narrow->failed = true;
    return wide;
}

// Gives what was formatted: the length with its NUL, 0 when it failed.
static int give(const struct narrow *narrow, const WCHAR *wide, int length, char *buffer, int size)
{
    return length ? WideCharToMultiByte(narrow->page, 0, wide, length, buffer, size, NULL, NULL) : 0;
}

// ---- dates and times ----

typedef int(WINAPI *time_function)(LCID id, DWORD flags, const SYSTEMTIME *time, const WCHAR *picture,
                                   WCHAR *buffer, int size);

static int format_time(time_function format, LCID id, DWORD flags, const SYSTEMTIME *time,
                       const char *picture, char *buffer, int size)
{
    struct narrow narrow = narrow_of(id, flags);
    WCHAR wide[FORMATTED_MAX];
    AUTO_FREE WCHAR *wide_picture = widen(&narrow, picture);
    if (narrow.failed) return 0;
    return give(&narrow, wide, format(id, flags, time, wide_picture, wide, FORMATTED_MAX), buffer, size);
}

HOTPATCH int WINAPI GetDateFormatA(LCID id, DWORD flags, const SYSTEMTIME *time, const char *picture,
                                   char *buffer, int size)
{
    return format_time(GetDateFormatW, id, flags, time, picture, buffer, size);
}

HOTPATCH int WINAPI GetTimeFormatA(LCID id, DWORD flags, const SYSTEMTIME *time, const char *picture,
                                   char *buffer, int size)
{
    return format_time(GetTimeFormatW, id, flags, time, picture, buffer, size);
}

// ---- numbers ----

HOTPATCH int WINAPI GetNumberFormatA(LCID id, DWORD flags, const char *value, const NUMBERFMTA *format,
                                     char *buffer, int size)
{
    struct narrow narrow = narrow_of(id, flags);
    WCHAR wide[FORMATTED_MAX];
    AUTO_FREE WCHAR *wide_value = widen(&narrow, value);
    AUTO_FREE WCHAR *decimal = format ? widen(&narrow, format->lpDecimalSep) : NULL;
    AUTO_FREE WCHAR *thousand = format ? widen(&narrow, format->lpThousandSep) : NULL;
    NUMBERFMTW copy = {};
    if (narrow.failed) return 0;
    if (format)
        copy = (NUMBERFMTW){format->NumDigits, format->LeadingZero,  format->Grouping, decimal,
                            thousand,          format->NegativeOrder};
    int n = GetNumberFormatW(id, flags, wide_value, format ? &copy : NULL, wide, FORMATTED_MAX);
    return give(&narrow, wide, n, buffer, size);
}

HOTPATCH int WINAPI GetCurrencyFormatA(LCID id, DWORD flags, const char *value, const CURRENCYFMTA *format,
                                       char *buffer, int size)
{
    struct narrow narrow = narrow_of(id, flags);
    WCHAR wide[FORMATTED_MAX];
    AUTO_FREE WCHAR *wide_value = widen(&narrow, value);
    AUTO_FREE WCHAR *decimal = format ? widen(&narrow, format->lpDecimalSep) : NULL;
    AUTO_FREE WCHAR *thousand = format ? widen(&narrow, format->lpThousandSep) : NULL;
    AUTO_FREE WCHAR *symbol = format ? widen(&narrow, format->lpCurrencySymbol) : NULL;
    CURRENCYFMTW copy = {};
    if (narrow.failed) return 0;
    if (format)
        copy = (CURRENCYFMTW){format->NumDigits, format->LeadingZero,   format->Grouping,      decimal,
                              thousand,          format->NegativeOrder, format->PositiveOrder, symbol};
    int n = GetCurrencyFormatW(id, flags, wide_value, format ? &copy : NULL, wide, FORMATTED_MAX);
    return give(&narrow, wide, n, buffer, size);
}
