// What the subject files of kernelbase share: NTSTATUS to last error, ANSI to wide strings, NT names of
// paths and of named objects, and the process heap.
#ifndef LOWLAND_KERNELBASE_BASE_H
#define LOWLAND_KERNELBASE_BASE_H

#include "ntdll.h"
#include "nt/nt.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// ---- the current thread and process ----

static inline PEB *current_peb(void)
{
    return teb_self()->ProcessEnvironmentBlock;
}

static inline RTL_USER_PROCESS_PARAMETERS *current_parameters(void)
{
    return peb_self()->ProcessParameters;
}

static inline HANDLE process_heap(void)
{
    return peb_self()->ProcessHeap;
}

// ---- memory of the process heap; allocation failures return NULL and set ERROR_NOT_ENOUGH_MEMORY ----

void *heap_alloc(SIZE_T size);
void heap_free(void *memory);

// Frees what a variable points to when it goes out of scope.
static inline void heap_free_variable(void *variable)
{
    void *memory;
    __builtin_memcpy(&memory, variable, sizeof(memory));
    if (memory) heap_free(memory);
}
#define AUTO_FREE __attribute__((cleanup(heap_free_variable)))

// Closes a handle when its variable goes out of scope (NULL: nothing to close).
static inline void close_handle_variable(HANDLE *handle)
{
    if (*handle) NtClose(*handle);
}
#define AUTO_CLOSE __attribute__((cleanup(close_handle_variable)))

// ---- errors ----

// Sets the last error from status when it is a failure; TRUE for success and informational values.
BOOL bool_from_status(NTSTATUS status);

// Sets the last error from status, whatever its severity.
void set_error_from_status(NTSTATUS status);

// Sets the last error and returns FALSE: `return fail_with(ERROR_INVALID_PARAMETER);`
static inline BOOL fail_with(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

// ---- strings ----

SIZE_T wide_length(const WCHAR *text);

// A NUL-terminated copy of an ANSI (code page ACP) string on the process heap; NULL for NULL or without
// memory.
WCHAR *wide_from_ansi(const char *text);

// The same for names of objects, which have MAX_PATH characters at most in the A functions.
WCHAR *wide_from_object_ansi(const char *text);

// The same for file names: the OEM code page after SetFileApisToOEM.
WCHAR *wide_from_file_ansi(const char *text);

// Writes text as ANSI with its NUL, as the Get...A functions do: returns the length without the NUL when it
// fitted, else the size needed with the NUL (nothing written).
DWORD ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length);

// The same for file names (ANSI or OEM).
DWORD file_ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length);

// The same contract for wide results.
DWORD copy_wide_result(WCHAR *buffer, DWORD size, const WCHAR *text, SIZE_T length);

// Whether text is NULL though argument was not: the conversion ran out of memory, or refused it.
static inline bool conversion_failed(const void *argument, const void *text)
{
    return argument && !text;
}

// What a character is worth as a hexadecimal digit; -1 for what is none.
static inline int hex_digit(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// ---- names ----

struct nt_name {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
};

// Fills name with the NT path of a Win32 path and attributes for it (case-insensitive, inheritable if
// security says so). On failure sets ERROR_PATH_NOT_FOUND or ERROR_FILENAME_EXCED_RANGE. Release with
// nt_name_free.
bool nt_name_from_path(struct nt_name *name, const WCHAR *path, const SECURITY_ATTRIBUTES *security);

// Fills name for a named kernel object (`Global\` and `Local\` prefixes understood); text NULL: no name.
// On failure sets ERROR_BAD_PATHNAME, ERROR_FILENAME_EXCED_RANGE or ERROR_NOT_ENOUGH_MEMORY. Release with
// nt_name_free.
bool nt_name_from_object(struct nt_name *name, const WCHAR *text, const SECURITY_ATTRIBUTES *security);

// The same for a call that opens one: it needs a name. Sets ERROR_INVALID_PARAMETER, or ERROR_INVALID_HANDLE
// for an empty one.
bool object_open_name(struct nt_name *name, const WCHAR *text, BOOL inherit);

// What a create call returns: the handle, and ERROR_ALREADY_EXISTS when the name was taken by such an object.
HANDLE object_created(NTSTATUS status, HANDLE handle);

void nt_name_free(struct nt_name *name);
#define AUTO_NAME __attribute__((cleanup(nt_name_free)))

// ---- priority classes: *_PRIORITY_CLASS and NT's numbers; 0 for what is none ----

DWORD priority_class_from_nt(ULONG class);
UCHAR priority_class_to_nt(DWORD class);

// ---- times ----

// A relative NT timeout for milliseconds; NULL for INFINITE.
static inline LARGE_INTEGER *nt_timeout(LARGE_INTEGER *timeout, DWORD milliseconds)
{
    if (milliseconds == INFINITE) return NULL;
    timeout->QuadPart = -(LONGLONG)milliseconds * 10000;
    return timeout;
}

// A handle argument: the pseudo values STD_INPUT_HANDLE... stand for the process's standard handles.
HANDLE resolve_standard_handle(HANDLE handle);

// ---- shared between subjects ----

// Makes the ANSI command line (DllMain).
void command_line_init(void);

// What a new process's ConsoleHandle says of the console that its creator wants for it.
#define CONSOLE_DETACHED_PROCESS   ((HANDLE)(LONG_PTR)-1)
#define CONSOLE_CREATE_NEW_CONSOLE ((HANDLE)(LONG_PTR)-2)
#define CONSOLE_CREATE_NO_WINDOW   ((HANDLE)(LONG_PTR)-3)

// Sends a console control event to the process's handlers (console_control.c).
DWORD WINAPI CtrlRoutine(void *event);

#endif
