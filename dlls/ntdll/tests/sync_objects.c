// Objects and handles by their NT calls: names, access, queries, duplication, bad arguments.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"
#include <string.h>

#define BASE L"\\Sessions\\1\\BaseNamedObjects\\"

static OBJECT_ATTRIBUTES *attributes(const WCHAR *text, HANDLE root, ULONG flags)
{
    static OBJECT_ATTRIBUTES out;
    static UNICODE_STRING name;

    name.Buffer = (WCHAR *)text;
    name.Length = text ? (USHORT)(wcslen(text) * sizeof(WCHAR)) : 0;
    name.MaximumLength = name.Length;
    memset(&out, 0, sizeof(out));
    out.Length = sizeof(out);
    out.RootDirectory = root;
    out.ObjectName = text ? &name : NULL;
    out.Attributes = flags;
    return &out;
}

static HANDLE base_directory(void)
{
    HANDLE directory = NULL;

    CHECK_EQUAL(NtOpenDirectoryObject(&directory, 0xF, attributes(L"\\BaseNamedObjects", NULL, 0)), 0);
    return directory;
}

static void test_names(void)
{
    HANDLE directory = base_directory(), event = NULL, other = NULL, mutant = NULL;

    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, attributes(L"lowland-sync", directory, 0),
                              SynchronizationEvent, FALSE),
                STATUS_SUCCESS);
    CHECK_EQUAL(NtCreateEvent(&other, EVENT_ALL_ACCESS, attributes(L"lowland-sync", directory, 0),
                              SynchronizationEvent, FALSE),
                STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(NtCreateEvent(&other, EVENT_ALL_ACCESS, attributes(L"lowland-sync", directory, OBJ_OPENIF),
                              NotificationEvent, TRUE),
                STATUS_OBJECT_NAME_EXISTS);
    CHECK_EQUAL(NtSetEvent(event, NULL), 0);
    LARGE_INTEGER now = {.QuadPart = 0};
    CHECK_EQUAL(NtWaitForSingleObject(other, FALSE, &now), STATUS_WAIT_0);
    CHECK_EQUAL(NtWaitForSingleObject(other, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(NtClose(other), 0);
    CHECK_EQUAL(
        NtCreateMutant(&mutant, MUTANT_ALL_ACCESS, attributes(L"lowland-sync", directory, OBJ_OPENIF), FALSE),
        STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(NtOpenMutant(&mutant, MUTANT_ALL_ACCESS, attributes(L"lowland-sync", directory, 0)),
                STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(NtOpenEvent(&other, EVENT_ALL_ACCESS, attributes(L"LOWLAND-Sync", directory, 0)),
                STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(
        NtOpenEvent(&other, EVENT_ALL_ACCESS, attributes(L"LOWLAND-Sync", directory, OBJ_CASE_INSENSITIVE)),
        STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(other), 0);
    CHECK_EQUAL(
        NtOpenEvent(&other, EVENT_ALL_ACCESS, attributes(L"\\BaseNamedObjects\\lowland-sync", NULL, 0)),
        STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(other), 0);
    // The name goes with the last handle.
    CHECK_EQUAL(NtClose(event), 0);
    CHECK_EQUAL(NtOpenEvent(&other, EVENT_ALL_ACCESS, attributes(L"lowland-sync", directory, 0)),
                STATUS_OBJECT_NAME_NOT_FOUND);
    NtClose(directory);
}

static void test_paths(void)
{
    HANDLE directory = base_directory(), handle = NULL;
    static const struct {
        const WCHAR *path;
        BOOL rooted;
        NTSTATUS status;
    } cases[] = {
        {L"relative", FALSE, STATUS_OBJECT_PATH_SYNTAX_BAD},
        {L"\\absolute", TRUE, STATUS_OBJECT_PATH_SYNTAX_BAD},
        {L"nowhere\\at all", TRUE, STATUS_OBJECT_PATH_NOT_FOUND},
        {L"\\BaseNamedObjects\\nowhere\\x", FALSE, STATUS_OBJECT_PATH_NOT_FOUND},
        {L"\\BaseNamedObjects\\\\x", FALSE, STATUS_OBJECT_NAME_INVALID},
        {L"nothing", TRUE, STATUS_OBJECT_NAME_NOT_FOUND},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        NTSTATUS status = NtOpenEvent(&handle, EVENT_ALL_ACCESS,
                                      attributes(cases[i].path, cases[i].rooted ? directory : NULL, 0));
        CHECK(status == cases[i].status, "%ls: %lx", cases[i].path, status);
    }
    CHECK_EQUAL(NtOpenEvent(&handle, EVENT_ALL_ACCESS, attributes(NULL, NULL, 0)),
                STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_EQUAL(NtOpenDirectoryObject(&handle, 3, attributes(L"\\BaseNamedObjects\\Global", NULL, 0)), 0);
    NtClose(handle);
    CHECK_EQUAL(
        NtCreateEvent(&handle, EVENT_ALL_ACCESS, attributes(L"Global\\lowland-g", directory, 0), 0, 0), 0);
    HANDLE again = NULL;
    CHECK_EQUAL(NtOpenEvent(&again, EVENT_ALL_ACCESS, attributes(L"\\BaseNamedObjects\\lowland-g", NULL, 0)),
                0);
    NtClose(again);
    NtClose(handle);
    NtClose(directory);
}

static void test_access(void)
{
    HANDLE event = NULL, same = NULL;
    LARGE_INTEGER now = {.QuadPart = 0};
    LONG previous = 7;

    CHECK_EQUAL(NtCreateEvent(&event, SYNCHRONIZE, NULL, NotificationEvent, TRUE), 0);
    CHECK_EQUAL(NtSetEvent(event, &previous), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(NtWaitForSingleObject(event, FALSE, &now), STATUS_WAIT_0);
    CHECK_EQUAL(
        NtDuplicateObject(NtCurrentProcess(), event, NtCurrentProcess(), &same, 0, 0, DUPLICATE_SAME_ACCESS),
        0);
    CHECK_EQUAL(NtResetEvent(same, NULL), STATUS_ACCESS_DENIED);
    NtClose(same);
    NtClose(event);
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_MODIFY_STATE, NULL, NotificationEvent, TRUE), 0);
    CHECK_EQUAL(NtWaitForSingleObject(event, FALSE, &now), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(NtResetEvent(event, &previous), 0);
    CHECK_EQUAL(previous, 1);
    NtClose(event);
    CHECK_EQUAL(NtCreateEvent(&event, GENERIC_ALL, NULL, NotificationEvent, TRUE), 0);
    OBJECT_BASIC_INFORMATION basic;
    CHECK_EQUAL(NtQueryObject(event, ObjectBasicInformation, &basic, sizeof(basic), NULL), 0);
    CHECK_EQUAL(basic.GrantedAccess, EVENT_ALL_ACCESS);
    CHECK_EQUAL(basic.HandleCount, 1);
    NtClose(event);
    CHECK_EQUAL(NtReleaseMutant(event, NULL), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(NtSetEvent(NtCurrentProcess(), NULL), STATUS_OBJECT_TYPE_MISMATCH);
}

static void test_queries(void)
{
    HANDLE event = NULL;
    ULONG needed = 0;
    struct {
        UNICODE_STRING name;
        WCHAR text[80];
    } name;
    struct {
        OBJECT_TYPE_INFORMATION type;
        WCHAR text[32];
    } type;
    EVENT_BASIC_INFORMATION info;

    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, attributes(L"\\BaseNamedObjects\\lowland-q", NULL, 0),
                              SynchronizationEvent, TRUE),
                0);
    CHECK_EQUAL(NtQueryObject(event, ObjectNameInformation, &name, sizeof(name), &needed), 0);
    CHECK(name.name.Length == 27 * 2 + 1 * 0 &&
              !memcmp(name.name.Buffer, L"\\BaseNamedObjects\\lowland-q", 54),
          "%ls", name.name.Buffer);
    CHECK_EQUAL(needed, sizeof(UNICODE_STRING) + name.name.MaximumLength);
    CHECK_EQUAL(NtQueryObject(event, ObjectNameInformation, &name, 4, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryObject(event, ObjectNameInformation, &name, 12, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryObject(event, ObjectTypeInformation, &type, sizeof(type), &needed), 0);
    CHECK(type.type.TypeName.Length == 10 && !memcmp(type.type.TypeName.Buffer, L"Event", 10), "type");
    CHECK_EQUAL(NtQueryEvent(event, EventBasicInformation, &info, sizeof(info), &needed), 0);
    CHECK_EQUAL(info.EventType, SynchronizationEvent);
    CHECK_EQUAL(info.EventState, 1);
    CHECK_EQUAL(NtQueryEvent(event, EventBasicInformation, &info, sizeof(info) - 1, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
    NtClose(event);
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, TRUE), 0);
    CHECK_EQUAL(NtQueryObject(event, ObjectNameInformation, &name, sizeof(name), &needed), 0);
    CHECK_EQUAL(name.name.Length, 0);
    NtClose(event);
}

static void test_flags(void)
{
    HANDLE event = NULL;
    OBJECT_HANDLE_FLAG_INFORMATION flags = {TRUE, TRUE};

    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, TRUE), 0);
    CHECK_EQUAL(NtSetInformationObject(event, (OBJECT_INFORMATION_CLASS)ObjectHandleFlagInformation, &flags,
                                       sizeof(flags)),
                0);
    CHECK_EQUAL(NtClose(event), STATUS_HANDLE_NOT_CLOSABLE);
    memset(&flags, 0, sizeof(flags));
    CHECK_EQUAL(NtQueryObject(event, (OBJECT_INFORMATION_CLASS)ObjectHandleFlagInformation, &flags,
                              sizeof(flags), NULL),
                0);
    CHECK(flags.Inherit && flags.ProtectFromClose, "flags");
    memset(&flags, 0, sizeof(flags));
    NtSetInformationObject(event, (OBJECT_INFORMATION_CLASS)ObjectHandleFlagInformation, &flags,
                           sizeof(flags));
    CHECK_EQUAL(NtClose(event), 0);
    CHECK_EQUAL(NtClose(event), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(NtClose(NULL), STATUS_INVALID_HANDLE);
}

static void test_bad_pointers(void)
{
    HANDLE event = NULL;
    OBJECT_ATTRIBUTES bad = *attributes(L"x", NULL, 0);
    UNICODE_STRING string = {6, 6, (WCHAR *)0x10};

    CHECK_EQUAL(NtCreateEvent((HANDLE *)0x10, EVENT_ALL_ACCESS, NULL, 0, 0), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, (OBJECT_ATTRIBUTES *)0x10, 0, 0),
                STATUS_ACCESS_VIOLATION);
    bad.ObjectName = (UNICODE_STRING *)0x10;
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, &bad, 0, 0), STATUS_ACCESS_VIOLATION);
    bad.ObjectName = &string;
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, &bad, 0, 0), STATUS_ACCESS_VIOLATION);
    string.Length = 3;
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, &bad, 0, 0), STATUS_OBJECT_NAME_INVALID);
    bad.Length = 20;
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, &bad, 0, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, 2, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCreateSemaphore(&event, SEMAPHORE_ALL_ACCESS, NULL, 2, 1), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCreateSemaphore(&event, SEMAPHORE_ALL_ACCESS, NULL, 0, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtWaitForSingleObject((HANDLE)0x3FFFF0, FALSE, NULL), STATUS_INVALID_HANDLE);
    HANDLE none = NULL;
    CHECK_EQUAL(NtWaitForMultipleObjects(0, &none, WaitAny, FALSE, NULL), STATUS_INVALID_PARAMETER_1);
}

int main(void)
{
    test_names();
    test_paths();
    test_access();
    test_queries();
    test_flags();
    test_bad_pointers();
    return check_summary();
}
