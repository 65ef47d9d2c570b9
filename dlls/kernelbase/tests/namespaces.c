// Private namespaces by their Win32 functions, information classes of processes and threads, firmware tables.
#include <windows.h>
#include "tests/check.h"
#include <string.h>

static void test_namespaces(void)
{
    SID world = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    HANDLE boundary = CreateBoundaryDescriptorW(L"lowland-namespaces", 0), directory, other, event, same;

    CHECK(boundary != NULL, "%lu", GetLastError());
    CHECK(!CreateBoundaryDescriptorW(NULL, 0), "no name");
    CHECK(AddSIDToBoundaryDescriptor(&boundary, &world), "%lu", GetLastError());
    CHECK(!OpenPrivateNamespaceW(boundary, L"first"), "not there yet");
    directory = CreatePrivateNamespaceW(NULL, boundary, L"first");
    CHECK(directory != NULL, "%lu", GetLastError());
    CHECK(!CreatePrivateNamespaceW(NULL, boundary, L"second") && GetLastError() == ERROR_ALREADY_EXISTS,
          "%lu", GetLastError());
    CHECK(!OpenPrivateNamespaceW(boundary, L"first") && GetLastError() == ERROR_ALREADY_EXISTS, "%lu",
          GetLastError());
    CHECK(!CreatePrivateNamespaceW(NULL, boundary, L"a\\b") && GetLastError() == ERROR_INVALID_PARAMETER,
          "%lu", GetLastError());
    event = CreateEventW(NULL, FALSE, FALSE, L"first\\event");
    CHECK(event != NULL, "%lu", GetLastError());
    CHECK(!OpenEventW(EVENT_ALL_ACCESS, FALSE, L"event"), "it is not among all others");
    other = OpenPrivateNamespaceA(boundary, "second");
    CHECK(other != NULL, "%lu", GetLastError());
    same = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"second\\event");
    CHECK(same != NULL, "%lu", GetLastError());
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(same, 0), WAIT_OBJECT_0);
    CHECK(ClosePrivateNamespace(other, 0), "%lu", GetLastError());
    CHECK(!OpenEventW(EVENT_ALL_ACCESS, FALSE, L"second\\event"), "no alias");
    CHECK(ClosePrivateNamespace(directory, PRIVATE_NAMESPACE_FLAG_DESTROY), "%lu", GetLastError());
    CHECK(!OpenPrivateNamespaceW(boundary, L"first"), "destroyed");
    DeleteBoundaryDescriptor(boundary);
    CloseHandle(event);
    CloseHandle(same);
}

static void check_event(const char *name, DWORD error)
{
    SetLastError(0);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
    CHECK(!event && GetLastError() == error, "\"%.20s\": %p, %lu", name, event, GetLastError());
    SetLastError(0);
    event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    CHECK(!event && GetLastError() == error, "open \"%.20s\": %p, %lu", name, event, GetLastError());
}

// Names relative to the session's directory: the words before a backslash are names like others, in which
// case matters.
static void test_names(void)
{
    char name[MAX_PATH + 2];
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "Local\\names-event");
    CHECK(event != NULL, "%lu", GetLastError());
    HANDLE same = OpenEventA(EVENT_ALL_ACCESS, FALSE, "names-event");
    CHECK(same != NULL, "%lu", GetLastError());
    CloseHandle(same);
    same = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Session\\1\\names-event");
    CHECK(same != NULL, "%lu", GetLastError());
    CloseHandle(same);
    check_event("local\\names-event", ERROR_PATH_NOT_FOUND);
    check_event("GLOBAL\\names-event", ERROR_PATH_NOT_FOUND);
    check_event("names\\event", ERROR_PATH_NOT_FOUND);
    check_event("\\names-event", ERROR_BAD_PATHNAME);
    CHECK(!OpenEventA(EVENT_ALL_ACCESS, FALSE, "") && GetLastError() == ERROR_INVALID_HANDLE, "%lu",
          GetLastError());
    memset(name, 'n', MAX_PATH + 1);
    name[MAX_PATH + 1] = 0;
    check_event(name, ERROR_FILENAME_EXCED_RANGE);
    CHECK(!CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1, name), "too long");
    name[MAX_PATH] = 0;
    same = CreateEventA(NULL, FALSE, FALSE, name);
    CHECK(same != NULL, "%lu", GetLastError());
    CloseHandle(same);
    CloseHandle(event);
}

int main(void)
{
    test_names();
    test_namespaces();
    return check_summary();
}
