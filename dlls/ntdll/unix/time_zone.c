// Works out the host's time zone by asking the C library what it does over the year.
#include "dlls/ntdll/unix/time_zone.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct tm local_of(time_t at)
{
    struct tm local = {0};
    localtime_r(&at, &local);
    return local;
}

int32_t time_zone_bias_now(uint32_t *id)
{
    DYNAMIC_TIME_ZONE_INFORMATION32 zone;
    struct tm local = local_of(time(NULL));
    time_zone_get(&zone);
    *id = zone.DaylightDate.wMonth ? (local.tm_isdst > 0 ? 2 : 1) : 0;
    return (int32_t)(-local.tm_gmtoff / 60);
}

// The host's name of the zone: TZ, or where /etc/localtime points.
static void host_name(char *name, size_t size)
{
    const char *tz = getenv("TZ");
    snprintf(name, size, "UTC");
    if (tz) {
        if (*tz == ':') tz++;
        const char *below = strstr(tz, "zoneinfo/");
        if (*tz) snprintf(name, size, "%s", below ? below + 9 : tz);
        return;
    }
    char target[256];
    ssize_t n = readlink("/etc/localtime", target, sizeof target - 1);
    if (n <= 0) return;
    target[n] = 0;
    const char *below = strstr(target, "zoneinfo/");
    if (below) snprintf(name, size, "%s", below + 9);
}

// out is a member of a packed structure: bytes.
static void put_name(void *out, size_t size, const char *name)
{
    uint16_t units[128] = {0};
    for (size_t i = 0; name[i] && i + 1 < size / sizeof *units; i++) units[i] = (uint8_t)name[i];
    memcpy(out, units, size);
}

// The first moment in (low, high] at which the offset differs from low's.
static time_t find_change(time_t low, time_t high)
{
    struct tm before = local_of(low);
    while (high - low > 1) {
        time_t middle = low + (high - low) / 2;
        struct tm local = local_of(middle);
        if (local.tm_gmtoff == before.tm_gmtoff && local.tm_isdst == before.tm_isdst)
            low = middle;
        else
            high = middle;
    }
    return high;
}

// A change as "the nth weekday of a month at a wall-clock time before the change", 5 being the last.
static SYSTEMTIME32 rule_of(time_t change)
{
    struct tm before = local_of(change - 1);
    time_t shown = change + before.tm_gmtoff;
    struct tm wall;
    gmtime_r(&shown, &wall);
    time_t week_later = shown + 7 * 86400;
    struct tm later;
    gmtime_r(&week_later, &later);
    SYSTEMTIME32 rule = {.wMonth = (uint16_t)(wall.tm_mon + 1),
                         .wDayOfWeek = (uint16_t)wall.tm_wday,
                         .wDay = (uint16_t)(later.tm_mon != wall.tm_mon ? 5 : (wall.tm_mday - 1) / 7 + 1),
                         .wHour = (uint16_t)wall.tm_hour,
                         .wMinute = (uint16_t)wall.tm_min,
                         .wSecond = (uint16_t)wall.tm_sec};
    return rule;
}

// The rules of the year of now, if it has daylight saving time.
static void find_rules(DYNAMIC_TIME_ZONE_INFORMATION32 *zone, time_t now)
{
    struct tm january = {.tm_year = local_of(now).tm_year, .tm_mday = 1};
    time_t at = timegm(&january);
    SYSTEMTIME32 standard = {0}, daylight = {0};
    long standard_offset = 0, daylight_offset = 0;
    struct tm local = local_of(at);
    for (int day = 0; day < 366; day++, at += 86400) {
        struct tm next = local_of(at + 86400);
        if (next.tm_isdst != local.tm_isdst) {
            time_t change = find_change(at, at + 86400);
            struct tm after = local_of(change);
            if (after.tm_isdst > 0)
                daylight = rule_of(change), daylight_offset = after.tm_gmtoff;
            else
                standard = rule_of(change), standard_offset = after.tm_gmtoff;
        }
        local = next;
    }
    if (!standard.wMonth || !daylight.wMonth) return;
    zone->Bias = (int32_t)(-standard_offset / 60);
    zone->DaylightBias = (int32_t)((standard_offset - daylight_offset) / 60);
    zone->StandardDate = standard;
    zone->DaylightDate = daylight;
}

void time_zone_get(DYNAMIC_TIME_ZONE_INFORMATION32 *zone)
{
    char host[128], standard[128], daylight[128];
    time_t now = time(NULL);
    memset(zone, 0, sizeof *zone);
    zone->Bias = (int32_t)(-local_of(now).tm_gmtoff / 60);
    find_rules(zone, now);

    host_name(host, sizeof host);
    const char *windows = time_zone_windows_name(host);
    snprintf(standard, sizeof standard, "%s", windows ? windows : host);
    put_name(&zone->TimeZoneKeyName, sizeof zone->TimeZoneKeyName, standard);
    if (!strcmp(standard, "UTC")) snprintf(standard, sizeof standard, "Coordinated Universal Time");
    snprintf(daylight, sizeof daylight, "%s", standard);
    char *word = strstr(daylight, "Standard Time");
    if (word) snprintf(word, sizeof daylight - (size_t)(word - daylight), "Daylight Time");
    put_name(&zone->StandardName, sizeof zone->StandardName, standard);
    put_name(&zone->DaylightName, sizeof zone->DaylightName, daylight);
}
