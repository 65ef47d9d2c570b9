// DOS device names: what they lead to, and drives that programs define.
#include "base.h"

// Opens the symbolic link of a device name, \??\NAME.
static NTSTATUS open_link(const WCHAR *name, ACCESS_MASK access, HANDLE *link)
{
    UNICODE_STRING text;
    OBJECT_ATTRIBUTES attributes;
    WCHAR path[MAX_PATH] = L"\\??\\";
    if (wide_length(name) > MAX_PATH - 5) return STATUS_OBJECT_NAME_NOT_FOUND;
    lstrcatW(path, name);
    RtlInitUnicodeString(&text, path);
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenSymbolicLinkObject(link, access, &attributes);
}

static bool exists(const WCHAR *name)
{
    HANDLE link;
    if (!NT_SUCCESS(open_link(name, SYMBOLIC_LINK_QUERY, &link))) return false;
    NtClose(link);
    return true;
}

// A list of names under way: each ends in NUL, the list in one more.
struct list {
    WCHAR *buffer;
    DWORD size, at;
    bool full;
};

static void list_name(struct list *list, const WCHAR *name)
{
    DWORD bytes = (DWORD)(wide_length(name) + 1) * sizeof(WCHAR), units = bytes / sizeof(WCHAR);
    if (!exists(name)) return;
    if (list->at + units + 1 > list->size) {
        list->full = true;
        return;
    }
    memcpy(list->buffer + list->at, name, bytes);
    list->at += units;
}

static DWORD list_devices(WCHAR *buffer, DWORD size)
{
    static const WCHAR *const names[] = {L"NUL", L"CON", L"CONIN$", L"CONOUT$", L"PIPE", L"MAILSLOT", L"UNC"};
    struct list list = {buffer, size, 0, size == 0};
    WCHAR drive[] = L"A:", port[] = L"COM1";
    for (int i = 0; i < 26; i++) {
        drive[0] = (WCHAR)('A' + i);
        list_name(&list, drive);
    }
    for (int i = 1; i <= 9; i++) {
        port[3] = (WCHAR)('0' + i);
        list_name(&list, port);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) list_name(&list, names[i]);
    if (list.full) return (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER);
    buffer[list.at++] = 0;
    SetLastError(ERROR_SUCCESS);
    return list.at;
}

// What a DOS device name links to; name NULL: all names. Ends in two NULs, which count.
HOTPATCH DWORD WINAPI QueryDosDeviceW(const WCHAR *name, WCHAR *buffer, DWORD size)
{
    HANDLE link;
    ULONG needed = 0;
    UNICODE_STRING target = {0, (USHORT)(size > 0x7FFE ? 0xFFFC : size * sizeof(WCHAR)), buffer};
    if (!name) return list_devices(buffer, size);
    if (!bool_from_status(open_link(name, SYMBOLIC_LINK_QUERY, &link))) return 0;
    NTSTATUS status = NtQuerySymbolicLinkObject(link, &target, &needed);
    NtClose(link);
    if (status == STATUS_BUFFER_TOO_SMALL) return (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!bool_from_status(status)) return 0;
    DWORD length = target.Length / sizeof(WCHAR);
    if (length + 2 > size) return (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER);
    buffer[length] = buffer[length + 1] = 0;
    return length + 2;
}

HOTPATCH DWORD WINAPI QueryDosDeviceA(const char *name, char *buffer, DWORD size)
{
    enum { UNITS = 0x7FFE };
    AUTO_FREE WCHAR *wide_name = wide_from_ansi(name);
    AUTO_FREE WCHAR *wide = heap_alloc((UNITS + 2) * sizeof(WCHAR));
    if (conversion_failed(name, wide_name) || !wide) return 0;
    DWORD length = QueryDosDeviceW(wide_name, wide, UNITS);
    if (!length) return 0;
    ULONG written = 0, bytes = 0;
    RtlUnicodeToMultiByteSize(&bytes, wide, length * sizeof(WCHAR));
    if (bytes > size) return (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER);
    RtlUnicodeToMultiByteN(buffer, size, &written, wide, length * sizeof(WCHAR));
    return written;
}

static BOOL remove_device(const WCHAR *name)
{
    HANDLE link;
    if (!bool_from_status(open_link(name, DELETE, &link))) return FALSE;
    NTSTATUS status = NtMakeTemporaryObject(link);
    NtClose(link);
    return bool_from_status(status);
}

// Drives only: they stay until they are removed, for all programs of the prefix.
HOTPATCH BOOL WINAPI DefineDosDeviceW(DWORD flags, const WCHAR *name, const WCHAR *target)
{
    AUTO_NAME struct nt_name path = {};
    UNICODE_STRING text, link_name;
    OBJECT_ATTRIBUTES attributes;
    WCHAR link_path[MAX_PATH] = L"\\??\\";
    HANDLE link;
    if (flags & DDD_REMOVE_DEFINITION) return remove_device(name);
    if (!target || wide_length(name) > MAX_PATH - 5) return fail_with(ERROR_INVALID_PARAMETER);
    RtlInitUnicodeString(&text, target);
    if (!(flags & DDD_RAW_TARGET_PATH)) {
        if (!nt_name_from_path(&path, target, NULL)) return FALSE;
        text = path.name;
    }
    lstrcatW(link_path, name);
    RtlInitUnicodeString(&link_name, link_path);
    InitializeObjectAttributes(&attributes, &link_name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!bool_from_status(NtCreateSymbolicLinkObject(&link, SYMBOLIC_LINK_ALL_ACCESS, &attributes, &text)))
        return FALSE;
    NtClose(link);
    return TRUE;
}

HOTPATCH BOOL WINAPI DefineDosDeviceA(DWORD flags, const char *name, const char *target)
{
    AUTO_FREE WCHAR *wide_name = wide_from_file_ansi(name);
    AUTO_FREE WCHAR *wide_target = wide_from_file_ansi(target);
    if (!wide_name || conversion_failed(target, wide_target)) return FALSE;
    return DefineDosDeviceW(flags, wide_name, wide_target);
}
