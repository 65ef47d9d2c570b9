// Calendar time: conversion, normalisation, TZ, strftime.
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void test_utc(void)
{
    __time64_t t = 1000000000;
    struct tm *tm = _gmtime64(&t);
    char text[64];
    size_t size;

    CHECK(tm->tm_year == 101 && tm->tm_mon == 8 && tm->tm_mday == 9 && tm->tm_hour == 1 && tm->tm_min == 46 &&
              tm->tm_sec == 40 && tm->tm_wday == 0 && tm->tm_yday == 251,
          "1000000000");
    CHECK(!strcmp(asctime(tm), "Sun Sep 09 01:46:40 2001\n"), "asctime");
    size = strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %j %U %w %a %B %p %y %%", tm);
    CHECK_EQUAL(size, strlen(text));
    CHECK(!strcmp(text, "2001-09-09 01:46:40 252 36 0 Sun September AM 01 %"), "%s", text);
    strftime(text, sizeof(text), "%#d/%#m %#I %c %x %X", tm);
    CHECK(!strcmp(text, "9/9 1 09/09/01 01:46:40 09/09/01 01:46:40"), "%s", text);
    CHECK(_mkgmtime64(tm) == t, "_mkgmtime64");
    t = 951782400; // a leap day
    tm = _gmtime64(&t);
    CHECK(tm->tm_mon == 1 && tm->tm_mday == 29 && tm->tm_yday == 59, "2000-02-29");
    t = -50000;
    CHECK(!_gmtime64(&t), "too early");
}

static void test_zone(void)
{
    struct tm tm = {.tm_year = 101, .tm_mon = 6, .tm_mday = 1, .tm_hour = 12, .tm_isdst = -1};
    time_t t;

    _putenv("TZ=EST5EDT");
    _tzset();
    CHECK_EQUAL(_timezone, 18000);
    CHECK(!strcmp(_tzname[0], "EST") && !strcmp(_tzname[1], "EDT"), "%s %s", _tzname[0], _tzname[1]);
    t = mktime(&tm);
    CHECK_EQUAL(t, 994003200);
    CHECK_EQUAL(tm.tm_isdst, 1);
    CHECK_EQUAL(localtime(&t)->tm_hour, 12);
    tm = (struct tm){.tm_year = 101, .tm_mon = 13, .tm_mday = -1, .tm_hour = 30, .tm_isdst = 0};
    CHECK(mktime(&tm) != -1, "normalises");
    CHECK(tm.tm_year == 102 && tm.tm_mon == 0 && tm.tm_mday == 31 && tm.tm_hour == 6, "%d-%d-%d %d",
          tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour);
}

int main(void)
{
    test_utc();
    test_zone();
    return check_summary();
}
