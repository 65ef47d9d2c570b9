// GetDurationFormat: lengths of time as text.
#include "locale_override.h"
#include "locale_text.h"

enum { TICKS_PER_SECOND = 10000000, FRACTION_DIGITS = 9 };

// A duration as a picture divides it: a unit that the picture lacks is part of the next smaller one.
struct duration {
    ULONGLONG days, hours, minutes, seconds;
    unsigned ticks; // of 100 ns, below a second
};

// The letters of a picture outside quotes, as bits.
enum { HAS_DAYS = 1, HAS_HOURS = 2, HAS_MINUTES = 4 };

static unsigned units_of(const WCHAR *picture)
{
    unsigned units = 0;
    bool quoted = false;
    for (; *picture; picture++) {
        if (*picture == '\'') quoted = !quoted;
        if (quoted) continue;
        if (*picture == 'd') units |= HAS_DAYS;
        if (*picture == 'h' || *picture == 'H') units |= HAS_HOURS;
        if (*picture == 'm') units |= HAS_MINUTES;
    }
    return units;
}

// Takes whole units out of *rest when the picture has them.
static ULONGLONG take(ULONGLONG *rest, ULONGLONG unit, bool has)
{
    if (!has) return 0;
    const ULONGLONG whole = *rest / unit;
    *rest %= unit;
    return whole;
}

static struct duration divide(ULONGLONG ticks, unsigned units)
{
    struct duration duration = {.ticks = (unsigned)(ticks % TICKS_PER_SECOND)};
    ULONGLONG rest = ticks / TICKS_PER_SECOND;
    duration.days = take(&rest, 24 * 3600, units & HAS_DAYS);
    duration.hours = take(&rest, 3600, units & HAS_HOURS);
    duration.minutes = take(&rest, 60, units & HAS_MINUTES);
    duration.seconds = rest;
    return duration;
}

static void put_fraction(struct text *out, unsigned ticks, unsigned width)
{
    unsigned place = TICKS_PER_SECOND / 10;
    for (unsigned i = 0; i < width; i++, place /= 10)
        text_put(out, place ? (WCHAR)('0' + ticks / place % 10) : '0');
}

// One run of a letter; false: it means nothing and stands for itself.
static bool put_field(struct text *out, const struct duration *duration, WCHAR letter, unsigned run)
{
    switch (letter) {
    case 'd': text_put_digits(out, duration->days, run); return true;
    case 'h':
    case 'H': text_put_digits(out, duration->hours, run); return true;
    case 'm': text_put_digits(out, duration->minutes, run); return true;
    case 's': text_put_digits(out, duration->seconds, run); return true;
    case 'f': put_fraction(out, duration->ticks, run < FRACTION_DIGITS ? run : FRACTION_DIGITS); return true;
    default: return false;
    }
}

static void put_picture(struct text *out, const struct duration *duration, const WCHAR *picture)
{
    bool quoted = false;
    while (*picture) {
        unsigned run = 1;
        if (*picture == '\'') {
            quoted = !quoted;
            picture++;
            continue;
        }
        if (!quoted)
            while (picture[run] == picture[0]) run++;
        if (quoted || !put_field(out, duration, *picture, run)) text_put_all(out, picture, run);
        picture += run;
    }
}

// What a SYSTEMTIME says of a duration; its years, months and weekday say nothing. False: no valid time.
static bool ticks_of(const SYSTEMTIME *time, ULONGLONG *ticks)
{
    if (time->wHour > 23 || time->wMinute > 59 || time->wSecond > 59 || time->wMilliseconds > 999)
        return false;
    *ticks =
        (((time->wDay * 24ull + time->wHour) * 60 + time->wMinute) * 60 + time->wSecond) * TICKS_PER_SECOND +
        time->wMilliseconds * 10000ull;
    return true;
}

static int format_duration(const struct locale *locale, DWORD flags, const SYSTEMTIME *time, ULONGLONG ticks,
                           const WCHAR *picture, WCHAR *buffer, int size)
{
    WCHAR own[LOCALE_OVERRIDE_MAX + 1];
    struct text out = {};
    if (!locale || size < 0 || (size && !buffer) || (time && !ticks_of(time, &ticks)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)LOCALE_NOUSEROVERRIDE || (picture && flags)) return fail_with(ERROR_INVALID_FLAGS);
    if (!picture) {
        if (!locale_info(locale, LOCALE_SDURATION | flags, own, ARRAY_LENGTH(own))) return 0;
        picture = own;
    }
    const struct duration duration = divide(ticks, units_of(picture));
    put_picture(&out, &duration, picture);
    return text_give(&out, buffer, size);
}

// duration: days to milliseconds, or NULL for one of ticks of 100 ns. picture: NULL is the locale's.
HOTPATCH int WINAPI GetDurationFormatEx(const WCHAR *locale, DWORD flags, const SYSTEMTIME *duration,
                                        ULONGLONG ticks, const WCHAR *picture, WCHAR *buffer, int size)
{
    return format_duration(locale_from_name(locale), flags, duration, ticks, picture, buffer, size);
}

HOTPATCH int WINAPI GetDurationFormat(LCID locale, DWORD flags, const SYSTEMTIME *duration, ULONGLONG ticks,
                                      const WCHAR *picture, WCHAR *buffer, int size)
{
    return format_duration(locale_from_id(locale), flags, duration, ticks, picture, buffer, size);
}
