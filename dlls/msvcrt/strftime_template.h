/* Time by format, once for both widths; strftime.c includes it twice. */
#include "dlls/template.h"

struct T(time_output, time_output_wide) {
    CHAR *at;
    size_t room; /* the NUL's place is kept */
    bool full, invalid;
    const struct time_names *names;
    const tm *time;
};
#define OUTPUT        struct T(time_output, time_output_wide)
#define NAME_OF(o, i) ((o)->names->T(text, wide)[i])

static void T(put_one, put_one_wide)(OUTPUT *o, CHAR c)
{
    if (o->room < 2) {
        o->full = true;
        return;
    }
    *o->at++ = c;
    o->room--;
}

static void T(put_string, put_string_wide)(OUTPUT *o, const CHAR *s)
{
    while (*s) T(put_one, put_one_wide)(o, *s++);
}

/* DIGITS at least, unless SHORT. */
static void T(put_number, put_number_wide)(OUTPUT *o, int value, int digits, bool shortest)
{
    char text[12];
    int n = 0;

    if (value < 0) {
        o->invalid = true;
        return;
    }
    do text[n++] = '0' + value % 10;
    while ((value /= 10));
    if (!shortest)
        while (n < digits) text[n++] = '0';
    while (n) T(put_one, put_one_wide)(o, text[--n]);
}

static bool T(check, check_wide)(OUTPUT *o, int value, int low, int high)
{
    if (value >= low && value <= high) return true;
    o->invalid = true;
    return false;
}

/* A picture of the system such as "dddd, MMMM dd" */
static void T(put_picture, put_picture_wide)(OUTPUT *o, const CHAR *p)
{
    const tm *t = o->time;

    while (*p) {
        CHAR c = *p;
        int run = 1;

        if (c == '\'') { /* quoted text */
            for (p++; *p && *p != '\''; p++) T(put_one, put_one_wide)(o, *p);
            if (*p) p++;
            continue;
        }
        while (p[run] == c) run++;
        p += run;
        switch (c) {
        case 'd':
            for (; run > 4; run--) T(put_one, put_one_wide)(o, c);
            if (run == 4 && T(check, check_wide)(o, t->tm_wday, 0, 6))
                T(put_string, put_string_wide)(o, NAME_OF(o, NAME_DAY + t->tm_wday));
            if (run == 3 && T(check, check_wide)(o, t->tm_wday, 0, 6))
                T(put_string, put_string_wide)(o, NAME_OF(o, NAME_SHORT_DAY + t->tm_wday));
            if (run < 3) T(put_number, put_number_wide)(o, t->tm_mday, run, false);
            break;
        case 'M':
            for (; run > 4; run--) T(put_one, put_one_wide)(o, c);
            if (run > 2 && !T(check, check_wide)(o, t->tm_mon, 0, 11)) break;
            if (run == 4) T(put_string, put_string_wide)(o, NAME_OF(o, NAME_MONTH + t->tm_mon));
            if (run == 3) T(put_string, put_string_wide)(o, NAME_OF(o, NAME_SHORT_MONTH + t->tm_mon));
            if (run < 3) T(put_number, put_number_wide)(o, t->tm_mon + 1, run, false);
            break;
        case 'y':
            if (run == 3 || run > 4) T(put_one, put_one_wide)(o, c), run--;
            for (; run > 4; run--) T(put_one, put_one_wide)(o, c);
            if (run == 1) T(put_one, put_one_wide)(o, c);
            if (run == 2) T(put_number, put_number_wide)(o, t->tm_year % 100, 2, false);
            if (run == 4) T(put_number, put_number_wide)(o, t->tm_year + 1900, 4, false);
            break;
        case 'h':
        case 'H':
        case 'm':
        case 's': {
            int value = c == 'h'   ? (t->tm_hour + 11) % 12 + 1
                        : c == 'H' ? t->tm_hour
                        : c == 'm' ? t->tm_min
                                   : t->tm_sec;
            for (; run > 2; run--) T(put_one, put_one_wide)(o, c);
            T(put_number, put_number_wide)(o, value, run, false);
            break;
        }
        case 't':
        case 'a':
        case 'A': {
            const CHAR *name = NAME_OF(o, t->tm_hour >= 12 ? NAME_PM : NAME_AM);
            if (c == 't' && run == 1) {
                if (*name) T(put_one, put_one_wide)(o, *name);
            } else {
                T(put_string, put_string_wide)(o, name);
            }
            break;
        }
        default:
            while (run--) T(put_one, put_one_wide)(o, c);
        }
    }
}

static void T(put_field, put_field_wide)(OUTPUT *o, CHAR type, bool alternate);

/* Several fields, as a format that has no errors. */
static void T(put_fields, put_fields_wide)(OUTPUT *o, const char *format, bool alternate)
{
    for (; *format; format++) {
        if (*format == '%')
            T(put_field, put_field_wide)(o, *++format, alternate);
        else
            T(put_one, put_one_wide)(o, *format);
    }
}

/* The year and week that ISO 8601 counts the day to: weeks begin on Monday and belong to the year of their
 * Thursday. */
static int T(iso_week, iso_week_wide)(const tm *t, int *year)
{
    int week = (t->tm_yday + 10 - (t->tm_wday + 6) % 7) / 7, days;

    *year = t->tm_year + 1900;
    if (week < 1) {
        days = is_leap(--*year) ? 366 : 365;
        return (t->tm_yday + days + 10 - (t->tm_wday + 6) % 7) / 7;
    }
    days = is_leap(*year) ? 366 : 365;
    if (week == 53 && t->tm_yday - (t->tm_wday + 6) % 7 + 3 >= days) {
        ++*year;
        return 1;
    }
    return week;
}

/* What C99 brought; false if TYPE is none of it. */
static bool T(put_c99_field, put_c99_field_wide)(OUTPUT *o, CHAR type, bool alternate)
{
    const tm *t = o->time;
    int year, week;

    switch (type) {
    case 'C': T(put_number, put_number_wide)(o, (t->tm_year + 1900) / 100, 2, alternate); return true;
    case 'D': T(put_fields, put_fields_wide)(o, "%m/%d/%y", alternate); return true;
    case 'e':
        if (!T(check, check_wide)(o, t->tm_mday, 1, 31)) return true;
        if (t->tm_mday < 10 && !alternate) T(put_one, put_one_wide)(o, ' ');
        T(put_number, put_number_wide)(o, t->tm_mday, 1, false);
        return true;
    case 'F': T(put_fields, put_fields_wide)(o, "%Y-%m-%d", alternate); return true;
    case 'g':
    case 'G':
    case 'V':
        if (!T(check, check_wide)(o, t->tm_wday, 0, 6) || !T(check, check_wide)(o, t->tm_yday, 0, 365))
            return true;
        week = T(iso_week, iso_week_wide)(t, &year);
        if (type == 'V')
            T(put_number, put_number_wide)(o, week, 2, alternate);
        else
            T(put_number, put_number_wide)
            (o, type == 'g' ? year % 100 : year, type == 'g' ? 2 : 4, alternate);
        return true;
    case 'h': T(put_field, put_field_wide)(o, 'b', alternate); return true;
    case 'n': T(put_one, put_one_wide)(o, '\n'); return true;
    case 'r': T(put_fields, put_fields_wide)(o, "%I:%M:%S %p", alternate); return true;
    case 'R': T(put_fields, put_fields_wide)(o, "%H:%M", alternate); return true;
    case 't': T(put_one, put_one_wide)(o, '\t'); return true;
    case 'T': T(put_fields, put_fields_wide)(o, "%H:%M:%S", alternate); return true;
    case 'u':
        if (T(check, check_wide)(o, t->tm_wday, 0, 6))
            T(put_number, put_number_wide)(o, t->tm_wday ? t->tm_wday : 7, 1, false);
        return true;
    case 'z': {
        long minutes;
        zone_init();
        minutes = -(_timezone + (t->tm_isdst > 0 ? _dstbias : 0)) / 60;
        T(put_one, put_one_wide)(o, minutes < 0 ? '-' : '+');
        if (minutes < 0) minutes = -minutes;
        T(put_number, put_number_wide)(o, minutes / 60, 2, false);
        T(put_number, put_number_wide)(o, minutes % 60, 2, false);
        return true;
    }
    case 'c': /* only the C locale's has a form of its own */
        if (alternate || o->names->lcid) return false;
        T(put_fields, put_fields_wide)(o, "%a %b %e %H:%M:%S %Y", false);
        return true;
    default: return false;
    }
}

static void T(put_field, put_field_wide)(OUTPUT *o, CHAR type, bool alternate)
{
    const tm *t = o->time;

    if (crt_profile.c99 && T(put_c99_field, put_c99_field_wide)(o, type, alternate)) return;
    switch (type) {
    case 'a':
        if (T(check, check_wide)(o, t->tm_wday, 0, 6))
            T(put_string, put_string_wide)(o, NAME_OF(o, NAME_SHORT_DAY + t->tm_wday));
        break;
    case 'A':
        if (T(check, check_wide)(o, t->tm_wday, 0, 6))
            T(put_string, put_string_wide)(o, NAME_OF(o, NAME_DAY + t->tm_wday));
        break;
    case 'b':
        if (T(check, check_wide)(o, t->tm_mon, 0, 11))
            T(put_string, put_string_wide)(o, NAME_OF(o, NAME_SHORT_MONTH + t->tm_mon));
        break;
    case 'B':
        if (T(check, check_wide)(o, t->tm_mon, 0, 11))
            T(put_string, put_string_wide)(o, NAME_OF(o, NAME_MONTH + t->tm_mon));
        break;
    case 'c':
        T(put_picture, put_picture_wide)(o, NAME_OF(o, alternate ? NAME_LONG_DATE : NAME_DATE));
        T(put_one, put_one_wide)(o, ' ');
        T(put_picture, put_picture_wide)(o, NAME_OF(o, NAME_TIME));
        break;
    case 'x': T(put_picture, put_picture_wide)(o, NAME_OF(o, alternate ? NAME_LONG_DATE : NAME_DATE)); break;
    case 'X': T(put_picture, put_picture_wide)(o, NAME_OF(o, NAME_TIME)); break;
    case 'd':
        if (T(check, check_wide)(o, t->tm_mday, 1, 31))
            T(put_number, put_number_wide)(o, t->tm_mday, 2, alternate);
        break;
    case 'H':
        if (T(check, check_wide)(o, t->tm_hour, 0, 23))
            T(put_number, put_number_wide)(o, t->tm_hour, 2, alternate);
        break;
    case 'I':
        if (T(check, check_wide)(o, t->tm_hour, 0, 23))
            T(put_number, put_number_wide)(o, (t->tm_hour + 11) % 12 + 1, 2, alternate);
        break;
    case 'j':
        if (T(check, check_wide)(o, t->tm_yday, 0, 365))
            T(put_number, put_number_wide)(o, t->tm_yday + 1, 3, alternate);
        break;
    case 'm':
        if (T(check, check_wide)(o, t->tm_mon, 0, 11))
            T(put_number, put_number_wide)(o, t->tm_mon + 1, 2, alternate);
        break;
    case 'M':
        if (T(check, check_wide)(o, t->tm_min, 0, 59))
            T(put_number, put_number_wide)(o, t->tm_min, 2, alternate);
        break;
    case 'p': T(put_string, put_string_wide)(o, NAME_OF(o, t->tm_hour >= 12 ? NAME_PM : NAME_AM)); break;
    case 'S':
        if (T(check, check_wide)(o, t->tm_sec, 0, 59))
            T(put_number, put_number_wide)(o, t->tm_sec, 2, alternate);
        break;
    case 'U': T(put_number, put_number_wide)(o, (t->tm_yday + 7 - t->tm_wday) / 7, 2, alternate); break;
    case 'W':
        T(put_number, put_number_wide)(o, (t->tm_yday + 7 - (t->tm_wday + 6) % 7) / 7, 2, alternate);
        break;
    case 'w':
        if (T(check, check_wide)(o, t->tm_wday, 0, 6))
            T(put_number, put_number_wide)(o, t->tm_wday, 1, alternate);
        break;
    case 'y': T(put_number, put_number_wide)(o, t->tm_year % 100, 2, alternate); break;
    case 'Y': T(put_number, put_number_wide)(o, t->tm_year + 1900, 4, alternate); break;
    case 'z':
    case 'Z': {
        char text[64];
        const char *name = text;
        zone_init();
        name = _tzname[t->tm_isdst > 0];
        while (*name) T(put_one, put_one_wide)(o, (unsigned char)*name++);
        break;
    }
    case '%': T(put_one, put_one_wide)(o, '%'); break;
    default: o->invalid = true;
    }
}

static size_t T(format_by, format_by_wide)(CHAR *out, size_t size, const CHAR *format, const tm *time,
                                           const struct time_names *names, const struct crt_locale *locale)
{
    OUTPUT o = {out, size, false, false, names, time};

    REQUIRE(out && size, EINVAL, 0);
    *out = 0;
    REQUIRE(format, EINVAL, 0);
    while (*format && !o.full && !o.invalid) {
        if (*format != '%') {
#ifndef WIDE
            if (locale->ctype[(unsigned char)*format + 1] & CT_LEADBYTE && format[1]) put_one(&o, *format++);
#endif
            T(put_one, put_one_wide)(&o, *format++);
            continue;
        }
        format++;
        if (crt_profile.c99 && (*format == 'E' || *format == 'O'))
            format++; /* other forms that locales may have */
        if (*format == '#' && format[1] != '%') {
            REQUIRE(time || !format[1], EINVAL, 0);
            T(put_field, put_field_wide)(&o, format[1], true);
            format += 2;
        } else if (*format == '#') {
            T(put_one, put_one_wide)(&o, '%');
            format += 2;
        } else {
            if (*format != '%') REQUIRE(time, EINVAL, 0);
            T(put_field, put_field_wide)(&o, *format, false);
            if (*format) format++;
        }
    }
    (void)locale;
    if (o.full || o.invalid) {
        *out = 0;
        if (o.full) {
            errno = ERANGE;
            return 0;
        }
        REQUIRE(false, EINVAL, 0);
    }
    *o.at = 0;
    return o.at - out;
}

size_t EXPORT T(_strftime_l, _wcsftime_l)(CHAR *out, size_t size, const CHAR *format, const tm *time,
                                          crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    return T(format_by, format_by_wide)(out, size, format, time, &locale->time, locale);
}

size_t EXPORT T(strftime, wcsftime)(CHAR *out, size_t size, const CHAR *format, const tm *time)
{
    return T(_strftime_l, _wcsftime_l)(out, size, format, time, NULL);
}
/* With the caller's own names, or the locale's. */
size_t EXPORT T(_Strftime, _Wcsftime)(CHAR *out, size_t size, const CHAR *format, const tm *time,
                                      struct time_names *names)
{
    const struct crt_locale *locale = locale_current();
    return T(format_by, format_by_wide)(out, size, format, time, names ? names : &locale->time, locale);
}

/* ":Sun:Sunday:Mon:…": short and long names in turn; malloc'ed. */
static CHAR *T(list_names, list_names_wide)(int first_short, int first_long, int count)
{
    const struct time_names *names = &locale_current()->time;
    size_t size = 1;
    CHAR *list, *p;

    for (int i = 0; i < count; i++)
        size += T(strlen, wcslen)(names->T(text, wide)[first_short + i]) +
                T(strlen, wcslen)(names->T(text, wide)[first_long + i]) + 2;
    list = p = malloc(size * sizeof(CHAR));
    if (!list) return NULL;
    for (int i = 0; i < count; i++) {
        *p++ = ':';
        T(strcpy, wcscpy)(p, names->T(text, wide)[first_short + i]);
        p += T(strlen, wcslen)(p);
        *p++ = ':';
        T(strcpy, wcscpy)(p, names->T(text, wide)[first_long + i]);
        p += T(strlen, wcslen)(p);
    }
    return list;
}

CHAR *EXPORT T(_Getdays, _W_Getdays)(void)
{
    return T(list_names, list_names_wide)(NAME_SHORT_DAY, NAME_DAY, 7);
}
CHAR *EXPORT T(_Getmonths, _W_Getmonths)(void)
{
    return T(list_names, list_names_wide)(NAME_SHORT_MONTH, NAME_MONTH, 12);
}
#undef OUTPUT
#undef NAME_OF
#include "dlls/template_end.h"
