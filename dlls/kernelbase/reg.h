// What the registry functions share: keys as programs name them, and the two sides of HKEY_CLASSES_ROOT.
#ifndef LOWLAND_KERNELBASE_REG_H
#define LOWLAND_KERNELBASE_REG_H

#include "base.h"

enum { REG_VIEWS = KEY_WOW64_64KEY | KEY_WOW64_32KEY };

// The functions return errors and leave the thread's last error alone.
static inline LSTATUS reg_error(NTSTATUS status)
{
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (LSTATUS)RtlNtStatusToDosErrorNoTeb(status);
}

// ---- keys (reg_root.c) ----

static inline bool reg_is_predefined(HKEY key)
{
    return ((ULONG_PTR)key & 0xF0000000) == 0x80000000;
}

// The handle behind a key: of a predefined one the process's own, opened when it is first used. For
// HKEY_CLASSES_ROOT that is the machine's half. ERROR_INVALID_HANDLE.
LSTATUS reg_handle(HKEY key, HANDLE *handle);

// Whether a key is HKEY_CLASSES_ROOT or was opened through it: bit 1 of its handle says so, as on Windows.
static inline bool reg_is_classes(HKEY key)
{
    return key == HKEY_CLASSES_ROOT || (!reg_is_predefined(key) && (ULONG_PTR)key & 2);
}

static inline HKEY reg_mark_classes(HANDLE handle)
{
    return (HKEY)((ULONG_PTR)handle | 2);
}

// The user's key by its path in \Registry\User.
NTSTATUS reg_open_user(ACCESS_MASK access, HANDLE *handle);

// Opens a path below a handle. NT's rules for paths.
NTSTATUS reg_open(HANDLE root, const WCHAR *path, ULONG options, ACCESS_MASK access, HANDLE *handle);

// ---- HKEY_CLASSES_ROOT (reg_classes.c) ----

struct reg_sides {
    HANDLE user, machine; // NULL: it has no such key
};

// Opens what stands behind a key of HKEY_CLASSES_ROOT, or below it at path (may be NULL), in both halves.
LSTATUS reg_classes_open(HKEY key, const WCHAR *path, ULONG options, ACCESS_MASK access,
                         struct reg_sides *sides);
void reg_sides_close(struct reg_sides *sides);
#define AUTO_SIDES __attribute__((cleanup(reg_sides_close)))

// The index-th entry of both halves together, those of the user first. values: of values, else of subkeys.
// *handle and *place say where it stands.
LSTATUS reg_classes_entry(const struct reg_sides *sides, DWORD index, bool values, HANDLE *handle,
                          DWORD *place);

// ---- strings ----

// A UNICODE_STRING of a NUL-terminated name, NULL being the empty one. ERROR_INVALID_PARAMETER when it is
// longer than 32,766 characters.
LSTATUS reg_name(UNICODE_STRING *string, const WCHAR *name);

// Whether data of this type is text that the A functions convert.
static inline bool reg_is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

// ---- whole values (reg_value.c) ----

// A value's type and data with two zero bytes behind it, on the process heap (heap_free). The errors of
// RegQueryValueEx.
struct reg_value {
    DWORD type, size;
    BYTE *data;
    KEY_VALUE_PARTIAL_INFORMATION *block;
    BYTE small[512];
};
LSTATUS reg_value_read(HKEY key, const WCHAR *name, struct reg_value *value);
void reg_value_free(struct reg_value *value);
#define AUTO_VALUE __attribute__((cleanup(reg_value_free)))

// Text as ANSI: writes it when it fits *size (bytes) and buffer is not NULL, sets *size to what it needs.
// ERROR_MORE_DATA.
LSTATUS reg_text_to_ansi(const WCHAR *text, DWORD bytes, void *buffer, DWORD *size);

#endif
