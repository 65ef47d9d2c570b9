// Search paths as texts, which ntdll exports and headers don't declare; and what the loader's own search
// shares with them.
#ifndef LOWLAND_NTDLL_LDR_SEARCH_PATH_H
#define LOWLAND_NTDLL_LDR_SEARCH_PATH_H

#include "nt/nt.h"

#define SEARCH_FLAGS                                                                                         \
    (LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR |                                \
     LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)

// What programs said about the order, in ldr_path.c; under the loader lock, but for the flags.
struct user_directory {
    LIST_ENTRY link;
    UNICODE_STRING path;
};
extern LIST_ENTRY user_directories;  // AddDllDirectory, latest first
extern UNICODE_STRING dll_directory; // SetDllDirectory; its Buffer NULL: unset
extern ULONG default_dll_flags;      // SetDefaultDllDirectories

// Directories separated by ';', for RtlReleasePath. All: STATUS_NO_MEMORY.

// Of SearchPath: with the current directory early, or late after RtlSetSearchPathMode.
NTSTATUS NTAPI RtlGetSearchPath(PWSTR *path);
// Of CreateProcess for a program of that name. The current directory is in it unless the name has no
// backslash and the environment has NoDefaultCurrentDirectoryInExePath.
NTSTATUS NTAPI RtlGetExePath(PCWSTR name, PWSTR *path);
// Of LoadLibraryEx with these flags. *exe_path is always NULL. STATUS_INVALID_PARAMETER:
// LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR for a relative name, or flags that exclude each other.
NTSTATUS NTAPI LdrGetDllPath(PCWSTR module, ULONG flags, PWSTR *path, PWSTR *exe_path);
void NTAPI RtlReleasePath(PWSTR path);

// BASE_SEARCH_PATH_*. STATUS_INVALID_PARAMETER; STATUS_ACCESS_DENIED: safe search was made permanent.
NTSTATUS NTAPI RtlSetSearchPathMode(ULONG flags);

#endif
