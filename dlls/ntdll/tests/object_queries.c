// The object manager's queries: types, permanent objects, the next process and thread, private namespaces,
// reserves.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_object.h"
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

#define ALIGN4(value) (((value) + 3) & ~(ULONG_PTR)3)

// The type's number and how many types come before it; 0: not listed.
static ULONG find_type(const WCHAR *name)
{
    static char buffer[16384];
    ULONG needed = 0;
    CHECK_EQUAL(NtQueryObject(NULL, (OBJECT_INFORMATION_CLASS)ObjectTypesInformation, buffer, sizeof(buffer),
                              &needed),
                0);
    const OBJECT_TYPES_INFORMATION *all = (void *)buffer;
    const char *at = (const char *)ALIGN4((ULONG_PTR)(all + 1));
    for (ULONG i = 0; i < all->NumberOfTypes; i++) {
        const OBJECT_TYPE_INFORMATION *type = (const void *)at;
        ULONG index = ((const BYTE *)&type->MaintainHandleCount)[1];
        CHECK_EQUAL(index, i + 2);
        if (wcscmp(type->TypeName.Buffer, name) == 0) return index;
        at = (const char *)ALIGN4((ULONG_PTR)(type + 1) + type->TypeName.MaximumLength);
    }
    return 0;
}

static void test_types(void)
{
    char buffer[512];
    ULONG needed = 0;
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    OBJECT_TYPE_INFORMATION *type = (void *)buffer;

    CHECK_EQUAL(NtQueryObject(event, ObjectTypeInformation, buffer, sizeof(buffer), &needed), 0);
    CHECK_EQUAL(needed, sizeof(*type) + sizeof(L"Event"));
    CHECK(wcscmp(type->TypeName.Buffer, L"Event") == 0, "name");
    CHECK_EQUAL(((BYTE *)&type->MaintainHandleCount)[1], find_type(L"Event"));
    CHECK(find_type(L"Event") && find_type(L"Process") && find_type(L"WaitCompletionPacket"), "types");
    CHECK_EQUAL(NtQueryObject(event, ObjectTypeInformation, buffer, 8, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryObject(NULL, (OBJECT_INFORMATION_CLASS)ObjectTypesInformation, buffer, 2, &needed),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK(needed > 1000, "%lu", needed);

    SYSTEM_HANDLE_INFORMATION_EX *handles = malloc(1 << 20);
    CHECK_EQUAL(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemExtendedHandleInformation, handles,
                                         1 << 20, NULL),
                0);
    for (ULONG i = 0; i < handles->NumberOfHandles; i++)
        if (handles->Handles[i].HandleValue == (ULONG_PTR)event)
            CHECK_EQUAL(handles->Handles[i].ObjectTypeIndex, find_type(L"Event"));
    free(handles);
    CHECK_EQUAL(NtMakePermanentObject(event), STATUS_PRIVILEGE_NOT_HELD);
    CloseHandle(event);
}

static void test_next(void)
{
    HANDLE process = NULL, next, thread = NULL;
    int own = 0, threads = 0;

    while (NtGetNextProcess(process, PROCESS_QUERY_INFORMATION, 0, 0, &next) == 0) {
        own += GetProcessId(next) == GetCurrentProcessId();
        if (process) CloseHandle(process);
        process = next;
    }
    CloseHandle(process);
    CHECK_EQUAL(own, 1);
    CHECK_EQUAL(NtGetNextProcess(NULL, PROCESS_QUERY_INFORMATION, 0, 0x10, &next), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtGetNextProcess((HANDLE)0xdead, PROCESS_QUERY_INFORMATION, 0, 0, &next),
                STATUS_INVALID_HANDLE);
    own = 0;
    while (NtGetNextThread(NtCurrentProcess(), thread, THREAD_QUERY_INFORMATION, 0, 0, &next) == 0) {
        own += GetThreadId(next) == GetCurrentThreadId();
        threads++;
        if (thread) CloseHandle(thread);
        thread = next;
    }
    CloseHandle(thread);
    CHECK_EQUAL(own, 1);
    CHECK(threads >= 1, "threads");
    CHECK_EQUAL(NtGetNextThread(NtCurrentProcess(), NULL, THREAD_QUERY_INFORMATION, 0, 1, &next),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtGetNextThread((HANDLE)0xdead, NULL, THREAD_QUERY_INFORMATION, 0, 0, &next),
                STATUS_INVALID_HANDLE);
}

static void test_namespaces(void)
{
    static const UNICODE_STRING name = RTL_CONSTANT_STRING(L"lowland-boundary");
    static UNICODE_STRING event_name = RTL_CONSTANT_STRING(L"inside");
    POBJECT_BOUNDARY_DESCRIPTOR boundary = RtlCreateBoundaryDescriptor(&name, 0);
    OBJECT_ATTRIBUTES attributes, inside;
    HANDLE created = NULL, opened = NULL, event = NULL, same = NULL;
    SID world = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    SID service = {SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {SECURITY_NETWORK_SERVICE_RID}};

    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    CHECK(boundary != NULL, "no boundary");
    CHECK_EQUAL(boundary->Items, 1);
    CHECK_EQUAL(RtlAddSIDToBoundaryDescriptor(&boundary, &world), 0);
    CHECK_EQUAL(boundary->Items, 2);
    CHECK_EQUAL(NtOpenPrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary),
                STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(NtCreatePrivateNamespace(&created, DIRECTORY_ALL_ACCESS, &attributes, boundary), 0);
    CHECK_EQUAL(NtCreatePrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary),
                STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(NtOpenPrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary), 0);
    CHECK_EQUAL(NtCompareObjects(created, opened), 0);
    InitializeObjectAttributes(&inside, &event_name, 0, created, NULL);
    CHECK_EQUAL(NtCreateEvent(&event, EVENT_ALL_ACCESS, &inside, NotificationEvent, FALSE), 0);
    inside.RootDirectory = opened;
    CHECK_EQUAL(NtOpenEvent(&same, EVENT_ALL_ACCESS, &inside), 0);
    CHECK_EQUAL(NtCompareObjects(event, same), 0);
    CHECK_EQUAL(NtDeletePrivateNamespace(created), 0);
    NtClose(opened);
    CHECK_EQUAL(NtOpenPrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary),
                STATUS_OBJECT_NAME_NOT_FOUND);
    // Not inside: the caller is no such service.
    CHECK_EQUAL(RtlAddSIDToBoundaryDescriptor(&boundary, &service), 0);
    CHECK_EQUAL(NtCreatePrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary),
                STATUS_ACCESS_DENIED);
    boundary->Version = 7;
    CHECK_EQUAL(NtCreatePrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, boundary),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCreatePrivateNamespace(&opened, DIRECTORY_ALL_ACCESS, &attributes, (void *)16),
                STATUS_ACCESS_VIOLATION);
    RtlDeleteBoundaryDescriptor(boundary);
    NtClose(event);
    NtClose(same);
    NtClose(created);
}

static void test_reserves(void)
{
    HANDLE reserve = NULL, port = NULL, apc = NULL;
    ULONG_PTR key = 0, context = 0;
    IO_STATUS_BLOCK io = {};
    LARGE_INTEGER now = {.QuadPart = 0};

    CHECK_EQUAL(NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, 0), 0);
    CHECK_EQUAL(NtAllocateReserveObject(&reserve, NULL, 2), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtAllocateReserveObject(&reserve, NULL, MEMORY_RESERVE_IO_COMPLETION), 0);
    CHECK_EQUAL(NtAllocateReserveObject(&apc, NULL, MEMORY_RESERVE_USER_APC), 0);
    CHECK_EQUAL(NtSetIoCompletionEx(port, apc, (void *)1, (void *)2, 3, 4), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(NtSetIoCompletionEx(port, reserve, (void *)1, (void *)2, 3, 4), 0);
    CHECK_EQUAL(NtSetIoCompletionEx(port, reserve, (void *)1, (void *)2, 3, 4), STATUS_INVALID_PARAMETER_2);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &context, &io, &now), 0);
    CHECK(key == 1 && context == 2 && io.Status == 3 && io.Information == 4, "packet");
    CHECK_EQUAL(NtSetIoCompletionEx(port, reserve, (void *)5, NULL, 0, 0), 0);
    NtClose(reserve);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &context, &io, &now), 0);
    CHECK_EQUAL(key, 5);
    NtClose(apc);
    NtClose(port);
}

int main(void)
{
    test_types();
    test_next();
    test_namespaces();
    test_reserves();
    return check_summary();
}
