// The registry: keys, values, enumeration, links, views, volatile and deleted keys, notification, many
// processes.
// link: -ladvapi32
#include "ntdll.h"
#include "check.h"
#include <stdlib.h>
#include <string.h>

static HKEY top;
static const char top_path[] = "Software\\Lowland test";

static void test_values(void)
{
    BYTE data[64];
    DWORD type, size = sizeof data;
    CHECK_EQUAL(RegSetValueExA(top, "Text", 0, REG_SZ, (const BYTE *)"abc", 4), 0);
    CHECK_EQUAL(RegQueryValueExA(top, "tEXT", NULL, &type, data, &size), 0);
    CHECK_EQUAL(type, REG_SZ);
    CHECK_EQUAL(size, 4);
    CHECK(!strcmp((char *)data, "abc"), "%s", data);
    size = 2;
    CHECK_EQUAL(RegQueryValueExA(top, "text", NULL, &type, data, &size), ERROR_MORE_DATA);
    CHECK_EQUAL(size, 4);
    CHECK_EQUAL(RegQueryValueExA(top, "other", NULL, &type, data, &size), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegQueryValueExA(top, "text", NULL, &type, data, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(RegDeleteValueA(top, "TEXT"), 0);
    CHECK_EQUAL(RegDeleteValueA(top, "TEXT"), ERROR_FILE_NOT_FOUND);
}

// Names of up to 16,383 characters that differ at their end, data of a megabyte.
static void test_long(void)
{
    enum { LENGTH = 16383, DATA = 1 << 20 };
    WCHAR *name = malloc((LENGTH + 2) * sizeof(WCHAR));
    BYTE *data = malloc(DATA), *back = malloc(DATA);
    for (int i = 0; i < LENGTH; i++) name[i] = 'n';
    name[LENGTH] = 0;
    for (int i = 0; i < DATA; i++) data[i] = (BYTE)(i * 7);
    for (DWORD i = 0; i < 3; i++) {
        name[LENGTH - 1] = (WCHAR)('0' + i);
        CHECK_EQUAL(RegSetValueExW(top, name, 0, REG_DWORD, (BYTE *)&i, 4), 0);
    }
    for (DWORD i = 0; i < 3; i++) {
        DWORD value = 9, size = 4;
        name[LENGTH - 1] = (WCHAR)('0' + i);
        CHECK_EQUAL(RegQueryValueExW(top, name, NULL, NULL, (BYTE *)&value, &size), 0);
        CHECK_EQUAL(value, i);
        CHECK_EQUAL(RegDeleteValueW(top, name), 0);
    }
    name[LENGTH] = 'x';
    name[LENGTH + 1] = 0;
    CHECK_EQUAL(RegSetValueExW(top, name, 0, REG_DWORD, data, 4), ERROR_INVALID_PARAMETER);
    DWORD size = DATA;
    CHECK_EQUAL(RegSetValueExA(top, "large", 0, REG_BINARY, data, DATA), 0);
    CHECK_EQUAL(RegQueryValueExA(top, "large", NULL, NULL, back, &size), 0);
    CHECK(size == DATA && !memcmp(data, back, DATA), "a megabyte comes back");
    CHECK_EQUAL(RegDeleteValueA(top, "large"), 0);
    free(name);
    free(data);
    free(back);
}

// Subkeys come by name, values by age.
static void test_enumeration(void)
{
    static const char *const names[] = {"delta", "Alpha", "charlie", "BRAVO"};
    static const char *const sorted[] = {"Alpha", "BRAVO", "charlie", "delta"};
    char name[32];
    DWORD size, subkeys, values;
    HKEY key;
    for (int i = 0; i < 4; i++) {
        CHECK_EQUAL(RegCreateKeyA(top, names[i], &key), 0);
        RegCloseKey(key);
        CHECK_EQUAL(RegSetValueExA(top, names[i], 0, REG_DWORD, (const BYTE *)"1234", 4), 0);
    }
    CHECK_EQUAL(
        RegQueryInfoKeyA(top, NULL, NULL, NULL, &subkeys, NULL, NULL, &values, NULL, NULL, NULL, NULL), 0);
    CHECK_EQUAL(subkeys, 4);
    CHECK_EQUAL(values, 4);
    for (int i = 3; i >= 0; i--) {
        CHECK_EQUAL(RegEnumKeyA(top, (DWORD)i, name, sizeof name), 0);
        CHECK(!strcmp(name, sorted[i]), "%s", name);
    }
    for (int i = 0; i < 4; i++) {
        CHECK_EQUAL(RegEnumKeyA(top, (DWORD)i, name, sizeof name), 0);
        CHECK(!strcmp(name, sorted[i]), "%s", name);
        size = sizeof name;
        CHECK_EQUAL(RegEnumValueA(top, (DWORD)i, name, &size, NULL, NULL, NULL, NULL), 0);
        CHECK(!strcmp(name, names[i]), "%s", name);
    }
    CHECK_EQUAL(RegEnumKeyA(top, 4, name, sizeof name), ERROR_NO_MORE_ITEMS);
    CHECK_EQUAL(RegDeleteTreeA(top, NULL), 0);
    CHECK_EQUAL(RegEnumKeyA(top, 0, name, sizeof name), ERROR_NO_MORE_ITEMS);
}

static void test_rights(void)
{
    HKEY key;
    DWORD size = 0;
    CHECK_EQUAL(RegOpenKeyExA(HKEY_CURRENT_USER, top_path, 0, KEY_SET_VALUE, &key), 0);
    CHECK_EQUAL(RegQueryValueExA(key, "x", NULL, NULL, NULL, &size), ERROR_ACCESS_DENIED);
    RegCloseKey(key);
    CHECK_EQUAL(RegOpenKeyExA(HKEY_CURRENT_USER, top_path, 0, KEY_QUERY_VALUE, &key), 0);
    CHECK_EQUAL(RegSetValueExA(key, "x", 0, REG_SZ, (const BYTE *)"", 1), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(NtDeleteKey(key), STATUS_ACCESS_DENIED);
    RegCloseKey(key);
}

static void test_deleted(void)
{
    HKEY key;
    char name[8];
    CHECK_EQUAL(RegCreateKeyA(top, "gone", &key), 0);
    CHECK_EQUAL(RegDeleteKeyA(top, "gone"), 0);
    CHECK_EQUAL(RegEnumKeyA(key, 0, name, sizeof name), ERROR_KEY_DELETED);
    CHECK_EQUAL(RegSetValueExA(key, "x", 0, REG_SZ, (const BYTE *)"", 1), ERROR_KEY_DELETED);
    RegCloseKey(key);
    // Another of that name is another key.
    CHECK_EQUAL(RegCreateKeyA(top, "gone", &key), 0);
    CHECK_EQUAL(RegDeleteKeyA(key, ""), 0);
    RegCloseKey(key);
}

static void test_volatile(void)
{
    HKEY key, child;
    char name[16];
    CHECK_EQUAL(
        RegCreateKeyExA(top, "middle", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    CHECK_EQUAL(RegCreateKeyExA(key, "x", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &child, NULL),
                ERROR_CHILD_MUST_BE_VOLATILE);
    CHECK_EQUAL(RegCreateKeyA(top, "after", &child), 0);
    RegCloseKey(child);
    CHECK_EQUAL(RegCreateKeyA(top, "zulu", &child), 0);
    RegCloseKey(child);
    // Both kinds are one list.
    CHECK_EQUAL(RegEnumKeyA(top, 1, name, sizeof name), 0);
    CHECK(!strcmp(name, "middle"), "%s", name);
    CHECK_EQUAL(RegEnumKeyA(top, 2, name, sizeof name), 0);
    CHECK(!strcmp(name, "zulu"), "%s", name);
    RegCloseKey(key);
    CHECK_EQUAL(RegDeleteKeyA(top, "middle"), 0);
    CHECK_EQUAL(RegDeleteTreeA(top, NULL), 0);
}

static void test_bad_pointers(void)
{
    UNICODE_STRING name = {4, 4, (WCHAR *)16};
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle;
    ULONG size;
    BYTE room[64];
    InitializeObjectAttributes(&attributes, &name, 0, top, NULL);
    CHECK_EQUAL(NtOpenKey(&handle, KEY_READ, &attributes), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtOpenKey((HANDLE *)16, KEY_READ, &attributes), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtSetValueKey(top, &name, 0, REG_SZ, NULL, 0), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtQueryValueKey(top, &name, KeyValuePartialInformation, room, sizeof room, &size),
                STATUS_ACCESS_VIOLATION);
    RtlInitUnicodeString(&name, L"x");
    CHECK_EQUAL(NtSetValueKey(top, &name, 0, REG_BINARY, (void *)16, 4), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtSetValueKey(top, &name, 0, REG_BINARY, room, 4), STATUS_SUCCESS);
    CHECK_EQUAL(NtQueryValueKey(top, &name, KeyValuePartialInformation, (void *)16, 64, &size),
                STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtQueryValueKey(top, &name, KeyValuePartialInformation, room, 4, &size),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(NtQueryValueKey(top, &name, KeyValuePartialInformation, room, 14, &size),
                STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(size, 16);
    CHECK_EQUAL(NtDeleteValueKey(top, &name), STATUS_SUCCESS);
}

static PROCESS_INFORMATION start(const char *role, int number)
{
    char path[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %s %d", path, role, number);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), "error %lu",
          GetLastError());
    return process;
}

static void test_notification(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HKEY key;
    DWORD filter = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET;
    CHECK_EQUAL(RegNotifyChangeKeyValue(top, TRUE, filter, event, TRUE), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(RegCreateKeyA(top, "new", &key), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(RegNotifyChangeKeyValue(top, TRUE, filter, event, TRUE), 0);
    CHECK_EQUAL(RegSetValueExA(key, "x", 0, REG_SZ, (const BYTE *)"", 1), 0);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    // Another process.
    CHECK_EQUAL(RegNotifyChangeKeyValue(top, TRUE, filter, event, TRUE), 0);
    PROCESS_INFORMATION process = start("set", 1);
    CHECK_EQUAL(WaitForSingleObject(event, 60000), WAIT_OBJECT_0);
    WaitForSingleObject(process.hProcess, INFINITE);
    RegCloseKey(key);
    CHECK_EQUAL(RegDeleteTreeA(top, NULL), 0);
    CloseHandle(event);
}

// Writers in many processes: each adds its values to one key, and none is lost.
static void test_processes(void)
{
    const char *length = getenv("LOWLAND_TEST_LENGTH");
    int processes = length && !strcmp(length, "long") ? 50 : 4;
    PROCESS_INFORMATION *all = calloc((size_t)processes, sizeof *all);
    DWORD values = 0;
    for (int i = 0; i < processes; i++) all[i] = start("write", i);
    for (int i = 0; i < processes; i++) {
        DWORD status = 1;
        WaitForSingleObject(all[i].hProcess, INFINITE);
        GetExitCodeProcess(all[i].hProcess, &status);
        CHECK_EQUAL(status, 0);
        CloseHandle(all[i].hProcess);
        CloseHandle(all[i].hThread);
    }
    RegQueryInfoKeyA(top, NULL, NULL, NULL, NULL, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    CHECK_EQUAL(values, processes * 20);
    CHECK_EQUAL(RegDeleteTreeA(top, NULL), 0);
    free(all);
}

// A process that counts in a value of its own once it is told to.
struct writer {
    PROCESS_INFORMATION process;
    HANDLE written; // set when there is a first count
    char value[16];
};

static HANDLE writing_event(void)
{
    return CreateEventA(NULL, TRUE, FALSE, "lowland-registry-test-go");
}

static HANDLE written_event(int number)
{
    char name[64];
    snprintf(name, sizeof name, "lowland-registry-test-written-%d", number);
    return CreateEventA(NULL, FALSE, FALSE, name);
}

static void start_writer(struct writer *writer, int number)
{
    writer->written = written_event(number);
    snprintf(writer->value, sizeof writer->value, "counter-%d", number);
    writer->process = start("count", number);
}

static DWORD count_of(const struct writer *writer)
{
    DWORD count = 0, size = sizeof count;
    CHECK_EQUAL(RegQueryValueExA(top, writer->value, NULL, NULL, (BYTE *)&count, &size), 0);
    return count;
}

static void kill_writer(struct writer *writer, DWORD delay)
{
    CHECK_EQUAL(WaitForSingleObject(writer->written, 60000), WAIT_OBJECT_0);
    DWORD before = count_of(writer);
    CHECK(before != 0, "what was written is there");
    Sleep(delay);
    TerminateProcess(writer->process.hProcess, 9);
    WaitForSingleObject(writer->process.hProcess, INFINITE);
    DWORD after = count_of(writer);
    CHECK(after >= before, "%lu after %lu", after, before);
    CHECK_EQUAL(RegSetValueExA(top, "mine", 0, REG_DWORD, (BYTE *)&after, 4), 0);
    CHECK_EQUAL(RegDeleteValueA(top, writer->value), 0);
    CloseHandle(writer->process.hProcess);
    CloseHandle(writer->process.hThread);
    CloseHandle(writer->written);
}

// Writers that are killed one after another: what they said was written is there, and the others go on. They
// begin to write when all have started, which takes most of the time.
static void test_killed(void)
{
    enum { WRITERS = 5 };
    const char *length = getenv("LOWLAND_TEST_LENGTH");
    int rounds = length && !strcmp(length, "long") ? 1000 : 5;
    struct writer writers[WRITERS];
    HANDLE go = writing_event();
    for (int round = 0; round < rounds; round += WRITERS) {
        for (int i = 0; i < WRITERS; i++) start_writer(&writers[i], i);
        SetEvent(go);
        for (int i = 0; i < WRITERS; i++) kill_writer(&writers[i], (DWORD)((round + i) * 7 % 13));
        ResetEvent(go);
    }
    CloseHandle(go);
    CHECK_EQUAL(RegDeleteTreeA(top, NULL), 0);
}

static void count_for_ever(HKEY key, int number)
{
    HANDLE written = written_event(number);
    char name[32];
    snprintf(name, sizeof name, "counter-%d", number);
    WaitForSingleObject(writing_event(), INFINITE);
    for (DWORD i = 1;; i++) {
        RegSetValueExA(key, name, 0, REG_DWORD, (BYTE *)&i, 4);
        if (i == 1) SetEvent(written);
    }
}

static int child(const char *role, int number)
{
    HKEY key;
    char name[32];
    if (RegOpenKeyExA(HKEY_CURRENT_USER, top_path, 0, KEY_ALL_ACCESS, &key)) return 2;
    if (!strcmp(role, "set")) return RegSetValueExA(key, "set", 0, REG_DWORD, (BYTE *)&number, 4) ? 3 : 0;
    if (!strcmp(role, "count")) count_for_ever(key, number);
    for (DWORD i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "%d-%lu", number, i);
        if (RegSetValueExA(key, name, 0, REG_DWORD, (BYTE *)&i, 4)) return 4;
    }
    return 0;
}

// A list gets the ends that it was stored without.
static void test_lists(void)
{
    static const struct {
        const WCHAR *stored;
        DWORD size, wanted;
    } lists[] = {{L"a\0b-", 6, 10}, {L"a\0b\0", 8, 10}, {L"a\0b\0\0", 10, 10}, {L"-", 0, 2}, {L"", 2, 2}};
    WCHAR text[8];
    for (unsigned i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        DWORD size = sizeof(text);
        CHECK_EQUAL(
            RegSetValueExW(top, L"list", 0, REG_MULTI_SZ, (const BYTE *)lists[i].stored, lists[i].size), 0);
        memset(text, '#', sizeof(text));
        CHECK_EQUAL(RegGetValueW(top, NULL, L"list", RRF_RT_REG_MULTI_SZ, NULL, text, &size), 0);
        CHECK_EQUAL(size, lists[i].wanted);
        CHECK(!memcmp(text, L"a\0b\0\0", size) || (size == 2 && !text[0]), "list %u", i);
    }
    CHECK_EQUAL(RegDeleteValueW(top, L"list"), 0);
}

// Performance data exists; the names of time zones are strings of a DLL.
static void test_predefined(void)
{
    static BYTE data[4096];
    DWORD type, size = sizeof data;
    WCHAR text[64];
    HKEY key;
    CHECK_EQUAL(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "Global", NULL, &type, data, &size), 0);
    CHECK(type == REG_BINARY && !memcmp(data, L"PERF", 8), "a block of data");
    size = 4;
    CHECK_EQUAL(RegQueryValueExA(HKEY_PERFORMANCE_DATA, "Global", NULL, &type, data, &size), ERROR_MORE_DATA);
    size = sizeof data;
    CHECK_EQUAL(RegQueryValueExA(HKEY_PERFORMANCE_TEXT, "Counter", NULL, &type, data, &size), 0);
    CHECK_EQUAL(type, REG_MULTI_SZ);
    CHECK_EQUAL(RegOpenKeyA(HKEY_PERFORMANCE_DATA, "x", &key), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(RegOpenKeyA(HKEY_LOCAL_MACHINE,
                            "Software\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones\\UTC", &key),
                0);
    CHECK_EQUAL(RegLoadMUIStringW(key, L"MUI_Std", text, sizeof text, &size, 0, L"C:\\windows\\system32"), 0);
    CHECK(!wcscmp(text, L"Coordinated Universal Time"), "%ls", text);
    RegCloseKey(key);
    size = 8; // type and size in one variable
    CHECK_EQUAL(RegSetValueExA(top, "both", 0, REG_BINARY, (const BYTE *)"1234", 4), 0);
    CHECK_EQUAL(RegQueryValueExA(top, "both", NULL, &size, data, &size), 0);
    CHECK_EQUAL(RegDeleteValueA(top, "both"), 0);
}

int main(int argc, char **argv)
{
    if (argc > 2) return child(argv[1], atoi(argv[2]));
    RegDeleteTreeA(HKEY_CURRENT_USER, top_path);
    CHECK_EQUAL(RegCreateKeyA(HKEY_CURRENT_USER, top_path, &top), 0);
    test_values();
    test_long();
    test_enumeration();
    test_rights();
    test_deleted();
    test_volatile();
    test_bad_pointers();
    test_notification();
    test_lists();
    test_predefined();
    test_processes();
    test_killed();
    RegCloseKey(top);
    CHECK_EQUAL(RegDeleteTreeA(HKEY_CURRENT_USER, top_path), 0);
    return check_summary();
}
