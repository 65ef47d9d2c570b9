// Search paths as texts: of SearchPath, CreateProcess and LoadLibraryEx.
#include "nt/nt.h"
#include "dlls/ntdll/ldr_search_path.h"
#include "check.h"
#include <wchar.h>

static WCHAR application[MAX_PATH];

#define USUAL L"C:\\windows\\system32;C:\\windows\\system;C:\\windows;"

// Compares and releases a path; NULL as head: the program's directory.
static void check_path(NTSTATUS status, WCHAR *path, const WCHAR *head, const WCHAR *rest, int line)
{
    WCHAR wanted[1024];
    swprintf(wanted, 1024, L"%ls%ls", head ? head : application, rest);
    CHECK(!status && !_wcsicmp(path, wanted), "line %d: %lx %ls", line, status, status ? L"" : path);
    if (!status) RtlReleasePath(path);
}

int main(void)
{
    WCHAR *path = NULL, *none = (WCHAR *)1;
    GetModuleFileNameW(NULL, application, MAX_PATH);
    *wcsrchr(application, '\\') = 0;
    SetEnvironmentVariableW(L"PATH", L"foo;bar");
    SetEnvironmentVariableW(L"NoDefaultCurrentDirectoryInExePath", NULL);
#define CHECK_PATH(call, head, rest)                                                                         \
    do {                                                                                                     \
        NTSTATUS status_ = call;                                                                             \
        check_path(status_, path, head, rest, __LINE__);                                                     \
    } while (0)
    CHECK_PATH(RtlGetSearchPath(&path), NULL, L";.;" USUAL L"foo;bar");
    CHECK_EQUAL(RtlSetSearchPathMode(0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlSetSearchPathMode(BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE), 0);
    CHECK_PATH(RtlGetSearchPath(&path), NULL, L";" USUAL L".;foo;bar");
    CHECK_PATH(RtlGetExePath(L"tool", &path), NULL, L";.;" USUAL L"foo;bar");
    SetEnvironmentVariableW(L"NoDefaultCurrentDirectoryInExePath", L"");
    CHECK_PATH(RtlGetExePath(L"tool", &path), NULL, L";" USUAL L"foo;bar");
    CHECK_PATH(RtlGetExePath(L"x\\tool", &path), NULL, L";.;" USUAL L"foo;bar");
    CHECK_PATH(LdrGetDllPath(NULL, 0, &path, &none), NULL, L";" USUAL L".;foo;bar");
    CHECK(!none, "%p", none);
    SetDllDirectoryW(L"C:\\");
    CHECK_PATH(LdrGetDllPath(NULL, 0, &path, &none), NULL, L";C:\\;" USUAL L"foo;bar");
    SetDllDirectoryW(L"");
    SetEnvironmentVariableW(L"PATH", NULL);
    CHECK_PATH(LdrGetDllPath(NULL, 0, &path, &none), NULL,
               L";C:\\windows\\system32;C:\\windows\\system;C:\\windows");
    SetDllDirectoryW(NULL);
    SetEnvironmentVariableW(L"PATH", L"p");
    CHECK_PATH(LdrGetDllPath(L"d:\\e\\f.dll", LOAD_WITH_ALTERED_SEARCH_PATH, &path, &none), L"d:\\e",
               L";" USUAL L".;p");
    CHECK_PATH(LdrGetDllPath(L"e/f", LOAD_WITH_ALTERED_SEARCH_PATH, &path, &none), NULL, L";" USUAL L".;p");
    CHECK_PATH(LdrGetDllPath(NULL, LOAD_LIBRARY_SEARCH_SYSTEM32, &path, &none), L"C:\\windows",
               L"\\system32");
    CHECK_PATH(LdrGetDllPath(L"\\\\?\\c:\\f.dll", LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, &path, &none),
               L"\\\\?\\c:", L"");
    CHECK_EQUAL(LdrGetDllPath(L"f", LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, &path, &none),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(
        LdrGetDllPath(L"c:\\f", LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_WITH_ALTERED_SEARCH_PATH, &path, &none),
        STATUS_INVALID_PARAMETER);
    void *cookie = AddDllDirectory(L"C:\\windows");
    CHECK_PATH(LdrGetDllPath(NULL, LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_APPLICATION_DIR, &path,
                             &none),
               NULL, L";C:\\windows");
    RemoveDllDirectory(cookie);
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    CHECK_PATH(LdrGetDllPath(NULL, 0, &path, &none), L"C:\\windows", L"\\system32");
    HMODULE(WINAPI * packaged)
    (const WCHAR *, DWORD) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "LoadPackagedLibrary");
    CHECK(!packaged(L"kernel32.dll", 0) && GetLastError() == APPMODEL_ERROR_NO_PACKAGE, "%lu",
          GetLastError());
    return check_summary();
}
