// What the subject files of advapi32 share: errors, memory, ANSI to wide strings.
#ifndef LOWLAND_ADVAPI32_BASE_H
#define LOWLAND_ADVAPI32_BASE_H

#include "ntdll.h"
#include "nt/nt.h"
#include "nt/rtl_security.h"
#include <stdbool.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// TRUE for success; else FALSE with the last error from status.
static inline BOOL bool_from_status(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return FALSE;
}

// Sets the last error and returns FALSE: `return fail_with(ERROR_INVALID_PARAMETER);`
static inline BOOL fail_with(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

// ---- memory of the process heap; failures return NULL and set ERROR_NOT_ENOUGH_MEMORY ----

static inline void *heap_alloc(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
    if (!memory) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

static inline void heap_free(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

// Frees what a variable points to when it goes out of scope.
static inline void heap_free_variable(void *variable)
{
    void *memory;
    __builtin_memcpy(&memory, variable, sizeof(memory));
    heap_free(memory);
}
#define AUTO_FREE __attribute__((cleanup(heap_free_variable)))

// Frees what LocalAlloc made when its variable goes out of scope.
static inline void local_free_variable(void *variable)
{
    void *memory;
    __builtin_memcpy(&memory, variable, sizeof(memory));
    if (memory) LocalFree(memory);
}
#define AUTO_LOCAL __attribute__((cleanup(local_free_variable)))

// Closes a handle when its variable goes out of scope (NULL: nothing to close).
static inline void close_handle_variable(HANDLE *handle)
{
    if (*handle) NtClose(*handle);
}
#define AUTO_CLOSE __attribute__((cleanup(close_handle_variable)))

// ---- strings (strings.c) ----

// A wide copy of an ANSI string on the process heap; NULL for NULL or without memory.
WCHAR *wide_from_ansi(const char *text);
// Whether text is NULL though argument was not: the conversion ran out of memory.
static inline bool conversion_failed(const void *argument, const void *text)
{
    return argument && !text;
}
// The size in bytes that text takes as ANSI, with its NUL.
DWORD ansi_size(const WCHAR *text);
// An ANSI copy of text made by LocalAlloc. NULL without memory.
char *local_ansi_from_wide(const WCHAR *text);
WCHAR *copy_wide(WCHAR *target, const WCHAR *text);

// Whether a system name means this machine: NULL, empty, or its computer name with or without "\\".
bool is_local_system(const WCHAR *system);

#endif
