// Event logs: what is reported is read back, forwards, backwards and by number; clearing, backups, broken
// files.
// link: -ladvapi32
#include <windows.h>
#include "check.h"
#include <stdlib.h>
#include <string.h>

static const char log_key[] = "SYSTEM\\CurrentControlSet\\Services\\Eventlog\\LowlandTest";
static BYTE buffer[65536];

static EVENTLOGRECORD *read_one(HANDLE log, DWORD flags, DWORD offset)
{
    DWORD read, needed;
    BYTE small[sizeof(EVENTLOGRECORD)];
    if (ReadEventLogA(log, flags, offset, small, sizeof small, &read, &needed)) return NULL;
    if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return NULL;
    BOOL done = ReadEventLogA(log, flags, offset, buffer, needed, &read, &needed);
    CHECK(done, "%lu", GetLastError());
    return (EVENTLOGRECORD *)buffer;
}

static DWORD count_of(HANDLE log)
{
    DWORD count = 99;
    CHECK(GetNumberOfEventLogRecords(log, &count), "%lu", GetLastError());
    return count;
}

static void test_report(void)
{
    const char *strings[] = {"first", "second \xe4"};
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof sid, first;
    HANDLE log = OpenEventLogA(NULL, "LowlandTest"), source = RegisterEventSourceA(NULL, "LowlandSource");
    CHECK(log && source, "%lu", GetLastError());
    CHECK(ClearEventLogA(log, NULL), "%lu", GetLastError());
    CHECK_EQUAL(count_of(log), 0);
    CHECK(!read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0), "nothing there");
    CHECK_EQUAL(GetLastError(), ERROR_HANDLE_EOF);
    CreateWellKnownSid(WinInteractiveSid, NULL, sid, &size);
    CHECK(ReportEventA(source, EVENTLOG_WARNING_TYPE, 7, 1, sid, 2, 5, strings, "data"), "%lu",
          GetLastError());
    for (DWORD id = 2; id <= 5; id++)
        CHECK(ReportEventW(log, EVENTLOG_INFORMATION_TYPE, 0, id, NULL, 0, 0, NULL, NULL), "%lu",
              GetLastError());
    CHECK(!ReportEventA(source, 3, 0, 0, NULL, 0, 0, NULL, NULL), "a type that is none");
    CHECK_EQUAL(count_of(source), 5);
    CHECK(GetOldestEventLogRecord(log, &first), "%lu", GetLastError());

    EVENTLOGRECORD *record = read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0);
    CHECK(record != NULL, "%lu", GetLastError());
    CHECK_EQUAL(record->RecordNumber, first);
    CHECK_EQUAL(record->EventID, 1);
    CHECK_EQUAL(record->EventCategory, 7);
    CHECK_EQUAL(record->NumStrings, 2);
    const char *text = (const char *)(record + 1);
    CHECK(!strcmp(text, "LowlandSource"), "%s", text);
    text = (const char *)record + record->StringOffset;
    CHECK(!strcmp(text, strings[0]) && !strcmp(text + 6, strings[1]), "%s", text);
    CHECK(record->UserSidLength == size && EqualSid(sid, (BYTE *)record + record->UserSidOffset), "the user");
    CHECK(record->DataLength == 5 && !memcmp((BYTE *)record + record->DataOffset, "data", 5), "the data");
    record = read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0);
    CHECK_EQUAL(record->EventID, 2);
    record = read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0);
    CHECK_EQUAL(record->EventID, 2);
    record = read_one(log, EVENTLOG_SEEK_READ | EVENTLOG_FORWARDS_READ, first + 3);
    CHECK_EQUAL(record->EventID, 4);
    record = read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0);
    CHECK_EQUAL(record->EventID, 5);
    CHECK(!read_one(log, EVENTLOG_SEEK_READ | EVENTLOG_FORWARDS_READ, first + 5), "no such number");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(DeregisterEventSource(source), "%lu", GetLastError());
    CHECK(CloseEventLog(log), "%lu", GetLastError());
    CHECK(!CloseEventLog(log) && GetLastError() == ERROR_INVALID_HANDLE, "%lu", GetLastError());
}

// A full log drops its oldest records and stays whole.
static void test_full(void)
{
    static char long_text[20001];
    const char *strings[] = {long_text};
    DWORD oldest, first;
    HANDLE log = OpenEventLogA(NULL, "LowlandTest");
    memset(long_text, 'x', sizeof long_text - 1);
    CHECK(GetOldestEventLogRecord(log, &first), "%lu", GetLastError());
    for (DWORD i = 0; i < 60; i++)
        CHECK(ReportEventA(log, EVENTLOG_ERROR_TYPE, 0, i, NULL, 1, 0, strings, NULL), "%lu", GetLastError());
    CHECK(GetOldestEventLogRecord(log, &oldest), "%lu", GetLastError());
    CHECK(oldest > first, "%lu is not behind %lu", oldest, first);
    EVENTLOGRECORD *record = read_one(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0);
    CHECK_EQUAL(record->EventID, 59);
    CHECK_EQUAL(record->RecordNumber, oldest + count_of(log) - 1);
    CHECK(!ReportEventA(log, EVENTLOG_ERROR_TYPE, 0, 0, NULL, 1, 50000, strings, buffer), "too much");
    CHECK_EQUAL(GetLastError(), RPC_S_INVALID_BOUND);
    CloseEventLog(log);
}

static void test_backup(void)
{
    char file[MAX_PATH];
    HANDLE log = OpenEventLogA(NULL, "LowlandTest"), token;
    TOKEN_PRIVILEGES change = {.PrivilegeCount = 1, .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
    DWORD written, count = count_of(log);
    GetTempPathA(sizeof file, file);
    strcat(file, "lowland.evt");
    DeleteFileA(file);
    CHECK(!BackupEventLogA(log, file) && GetLastError() == ERROR_PRIVILEGE_NOT_HELD, "%lu", GetLastError());
    OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token);
    LookupPrivilegeValueA(NULL, SE_BACKUP_NAME, &change.Privileges[0].Luid);
    AdjustTokenPrivileges(token, FALSE, &change, 0, NULL, NULL);
    CloseHandle(token);
    CHECK(BackupEventLogA(log, file), "%lu", GetLastError());
    CHECK(!BackupEventLogA(log, file) && GetLastError() == ERROR_ALREADY_EXISTS, "%lu", GetLastError());
    CHECK(ClearEventLogA(log, NULL), "%lu", GetLastError());
    CloseEventLog(log);
    HANDLE backup = OpenBackupEventLogA(NULL, file);
    CHECK(backup != NULL, "%lu", GetLastError());
    CHECK_EQUAL(count_of(backup), count);
    CHECK(!ClearEventLogA(backup, NULL) && GetLastError() == ERROR_INVALID_HANDLE, "%lu", GetLastError());
    CloseEventLog(backup);
    // A record's length that leads elsewhere.
    HANDLE handle = CreateFileA(file, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    SetFilePointer(handle, 48, NULL, FILE_BEGIN);
    WriteFile(handle, "\xf0\xff\xff\xff", 4, &written, NULL);
    CloseHandle(handle);
    CHECK(!OpenBackupEventLogA(NULL, file) && GetLastError() == ERROR_EVENTLOG_FILE_CORRUPT, "%lu",
          GetLastError());
    DeleteFileA(file);
}

int main(void)
{
    HKEY key, source;
    RegCreateKeyA(HKEY_LOCAL_MACHINE, log_key, &key);
    RegCreateKeyA(key, "LowlandSource", &source);
    RegCloseKey(source);
    RegCloseKey(key);
    CHECK(!OpenEventLogA(NULL, NULL) && GetLastError() == ERROR_INVALID_PARAMETER, "%lu", GetLastError());
    test_report();
    test_full();
    test_backup();
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, log_key);
    return check_summary();
}
