// systeminfo.exe: what computer and system this is.
#include "../shared/console_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

enum { FACTS = 40 };
enum format { FORMAT_LIST, FORMAT_TABLE, FORMAT_CSV };

// Facts with several lines, as the report has them, have LF between these.
struct fact {
    const WCHAR *name;
    WCHAR *value;
};

static struct fact facts[FACTS];
static int fact_count;

static void add(const WCHAR *name, const WCHAR *format, ...)
{
    WCHAR text[1024];
    va_list arguments;
    va_start(arguments, format);
    _vsnwprintf(text, ARRAYSIZE(text), format, arguments);
    va_end(arguments);
    text[ARRAYSIZE(text) - 1] = 0;
    if (fact_count < FACTS) facts[fact_count++] = (struct fact){name, copy_text(text)};
}

// ---- from the registry ----

static WCHAR *registry_text(const WCHAR *key, const WCHAR *value, WCHAR text[256])
{
    DWORD size = 255 * sizeof(WCHAR);
    text[0] = 0;
    RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, NULL, text, &size);
    return text;
}

static DWORD registry_number(const WCHAR *key, const WCHAR *value)
{
    DWORD number = 0, size = sizeof number;
    RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, NULL, &number,
                 &size);
    return number;
}

static const WCHAR version_key[] = L"Software\\Microsoft\\Windows NT\\CurrentVersion";
static const WCHAR bios_key[] = L"Hardware\\Description\\System\\BIOS";

// ---- what is asked for ----

// The version itself: GetVersionEx tells programs without a manifest that they run on an older one.
static void get_version(OSVERSIONINFOEXW *version)
{
    LONG(WINAPI * function)
    (OSVERSIONINFOEXW *) = (void *)GetProcAddress(GetModuleHandleW(L"ntdll"), "RtlGetVersion");
    if (function) function(version);
}

static void add_system(void)
{
    WCHAR text[256];
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    DWORD size = ARRAYSIZE(text);
    GetComputerNameW(text, &size);
    add(L"Host Name", L"%s", text);
    registry_text(version_key, L"ProductName", text);
    add(L"OS Name", wcsncmp(text, L"Microsoft", 9) == 0 ? L"%s" : L"Microsoft %s", text);
    get_version(&version);
    add(L"OS Version", L"%lu.%lu.%lu %s Build %lu", version.dwMajorVersion, version.dwMinorVersion,
        version.dwBuildNumber, *version.szCSDVersion ? version.szCSDVersion : L"N/A", version.dwBuildNumber);
    add(L"OS Manufacturer", L"Microsoft Corporation");
    add(L"OS Configuration",
        version.wProductType == VER_NT_WORKSTATION ? L"Standalone Workstation" : L"Standalone Server");
    add(L"OS Build Type", L"Multiprocessor Free");
    add(L"Registered Owner", L"%s", registry_text(version_key, L"RegisteredOwner", text));
    add(L"Registered Organization", L"%s", registry_text(version_key, L"RegisteredOrganization", text));
    add(L"Product ID", L"%s", registry_text(version_key, L"ProductId", text));
}

static void add_time(const WCHAR *name, ULONGLONG ticks)
{
    FILETIME time = {(DWORD)ticks, (DWORD)(ticks >> 32)}, local;
    SYSTEMTIME parts;
    WCHAR date[80] = L"", clock[80] = L"";
    if (!FileTimeToLocalFileTime(&time, &local) || !FileTimeToSystemTime(&local, &parts)) return;
    GetDateFormatW(LOCALE_USER_DEFAULT, DATE_SHORTDATE, &parts, NULL, date, ARRAYSIZE(date));
    GetTimeFormatW(LOCALE_USER_DEFAULT, 0, &parts, NULL, clock, ARRAYSIZE(clock));
    add(name, L"%s, %s", date, clock);
}

static void add_times(void)
{
    const ULONGLONG second = 10000000, unix_epoch = 116444736000000000ULL;
    FILETIME now;
    DWORD installed = registry_number(version_key, L"InstallDate");
    if (installed) add_time(L"Original Install Date", unix_epoch + installed * second);
    GetSystemTimeAsFileTime(&now);
    add_time(L"System Boot Time",
             ((ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime) - GetTickCount64() * (second / 1000));
}

static void add_processor(void)
{
    static const WCHAR key[] = L"Hardware\\Description\\System\\CentralProcessor\\0";
    WCHAR name[256], vendor[256];
    SYSTEM_INFO system;
    GetNativeSystemInfo(&system);
    add(L"System Type",
        system.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64 ? L"x64-based PC" : L"X86-based PC");
    registry_text(key, L"Identifier", name);
    registry_text(key, L"VendorIdentifier", vendor);
    add(L"Processor(s)", L"1 Processor(s) Installed.\n[01]: %s %s ~%lu Mhz", name, vendor,
        registry_number(key, L"~MHz"));
}

static void add_places(void)
{
    WCHAR text[MAX_PATH], number[256];
    DYNAMIC_TIME_ZONE_INFORMATION zone;
    GetWindowsDirectoryW(text, ARRAYSIZE(text));
    add(L"Windows Directory", L"%s", text);
    GetSystemDirectoryW(text, ARRAYSIZE(text));
    add(L"System Directory", L"%s", text);
    GetSystemDefaultLocaleName(text, LOCALE_NAME_MAX_LENGTH);
    GetLocaleInfoEx(text, LOCALE_SLOCALIZEDDISPLAYNAME, number, ARRAYSIZE(number));
    add(L"System Locale", L"%s;%s", _wcslwr(text), number);
    GetUserDefaultLocaleName(text, LOCALE_NAME_MAX_LENGTH);
    GetLocaleInfoEx(text, LOCALE_SLOCALIZEDDISPLAYNAME, number, ARRAYSIZE(number));
    add(L"Input Locale", L"%s;%s", _wcslwr(text), number);
    if (GetDynamicTimeZoneInformation(&zone) == TIME_ZONE_ID_INVALID) return;
    LONG minutes = zone.Bias < 0 ? -zone.Bias : zone.Bias;
    add(L"Time Zone", L"(UTC%s%02ld:%02ld) %s", zone.Bias > 0 ? L"-" : L"+", minutes / 60, minutes % 60,
        zone.StandardName);
}

static const WCHAR *megabytes(ULONGLONG bytes, WCHAR text[48])
{
    WCHAR digits[32];
    NUMBERFMTW format = {
        .Grouping = 3, .lpDecimalSep = (WCHAR *)L".", .lpThousandSep = (WCHAR *)L",", .NegativeOrder = 1};
    _snwprintf(digits, ARRAYSIZE(digits), L"%I64u", bytes >> 20);
    GetNumberFormatW(LOCALE_INVARIANT, 0, digits, &format, text, 48);
    return text;
}

static void add_memory(void)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    WCHAR text[48];
    GlobalMemoryStatusEx(&memory);
    add(L"Total Physical Memory", L"%s MB", megabytes(memory.ullTotalPhys, text));
    add(L"Available Physical Memory", L"%s MB", megabytes(memory.ullAvailPhys, text));
    add(L"Virtual Memory: Max Size", L"%s MB", megabytes(memory.ullTotalPageFile, text));
    add(L"Virtual Memory: Available", L"%s MB", megabytes(memory.ullAvailPageFile, text));
    add(L"Virtual Memory: In Use", L"%s MB",
        megabytes(memory.ullTotalPageFile - memory.ullAvailPageFile, text));
}

static void add_user(void)
{
    WCHAR text[256];
    DWORD size = GetEnvironmentVariableW(L"USERDOMAIN", text, ARRAYSIZE(text));
    add(L"Domain", L"%s", size && size < ARRAYSIZE(text) ? text : L"WORKGROUP");
    size = GetEnvironmentVariableW(L"LOGONSERVER", text, ARRAYSIZE(text));
    add(L"Logon Server", L"%s", size && size < ARRAYSIZE(text) ? text : L"N/A");
    add(L"Hotfix(s)", L"N/A");
}

static void collect(void)
{
    WCHAR text[256];
    add_system();
    add_times();
    add(L"System Manufacturer", L"%s", registry_text(bios_key, L"SystemManufacturer", text));
    add(L"System Model", L"%s", registry_text(bios_key, L"SystemProductName", text));
    add_processor();
    add_places();
    add_memory();
    add_user();
}

// ---- showing ----

static void show_list(void)
{
    enum { COLUMN = 27 };
    print(L"\r\n");
    for (int i = 0; i < fact_count; i++) {
        WCHAR *line = facts[i].value, *next;
        print(L"%s:%*s", facts[i].name, COLUMN - 1 - (int)wcslen(facts[i].name), L"");
        for (; (next = wcschr(line, '\n')); line = next + 1) {
            *next = 0;
            print(L"%s\r\n%*s", line, COLUMN, L"");
        }
        print(L"%s\r\n", line);
    }
}

static void show_row(bool names)
{
    for (int i = 0; i < fact_count; i++) {
        WCHAR *value = facts[i].value;
        for (WCHAR *end; (end = wcschr(value, '\n'));) *end = ',';
        print(L"%s\"%s\"", i ? L"," : L"", names ? facts[i].name : value);
    }
    print(L"\r\n");
}

static int width_of(const struct fact *fact)
{
    size_t name = wcslen(fact->name), value = wcslen(fact->value);
    return (int)(name > value ? name : value);
}

static void show_table(bool headless)
{
    print(L"\r\n");
    for (int i = 0; i < fact_count; i++)
        for (WCHAR *end; (end = wcschr(facts[i].value, '\n'));) *end = ',';
    for (int i = 0; !headless && i < fact_count; i++) print(L"%-*s ", width_of(&facts[i]), facts[i].name);
    if (!headless) print(L"\r\n");
    for (int i = 0; !headless && i < fact_count; i++) {
        for (int n = width_of(&facts[i]); n > 0; n--) print(L"=");
        print(L" ");
    }
    if (!headless) print(L"\r\n");
    for (int i = 0; i < fact_count; i++) print(L"%-*s ", width_of(&facts[i]), facts[i].value);
    print(L"\r\n");
}

static int fail(void)
{
    complain(L"ERROR: Invalid syntax.\r\nType \"SYSTEMINFO /?\" for usage.\r\n");
    return 1;
}

int wmain(int count, WCHAR **words)
{
    static const WCHAR *const formats[] = {L"list", L"table", L"csv"};
    enum format format = FORMAT_LIST;
    bool headless = false;
    for (int i = 1; i < count; i++) {
        const WCHAR *name = words[i] + 1;
        if (words[i][0] != '/' && words[i][0] != '-') return fail();
        if (wcscmp(name, L"?") == 0) {
            print(L"SYSTEMINFO [/FO TABLE | LIST | CSV] [/NH]\r\n\r\n  /NH  without names, in tables and "
                  L"CSV\r\n");
            return 0;
        }
        if (_wcsicmp(name, L"nh") == 0) {
            headless = true;
            continue;
        }
        int which = 0;
        if (_wcsicmp(name, L"fo") != 0 || ++i == count) return fail();
        while (which < 3 && _wcsicmp(words[i], formats[which]) != 0) which++;
        if (which == 3) return fail();
        format = which;
    }
    if (headless && format == FORMAT_LIST) return fail();
    collect();
    if (format == FORMAT_LIST) show_list();
    if (format == FORMAT_TABLE) show_table(headless);
    if (format == FORMAT_CSV) {
        if (!headless) show_row(true);
        show_row(false);
    }
    return 0;
}
