// Enumerating what keys hold, and their figures.
#include "reg_performance.h"

// An answer of a query of NT's on the process heap.
struct answer {
    ULONG size;
    union {
        KEY_NODE_INFORMATION node;
        KEY_FULL_INFORMATION full;
        KEY_VALUE_FULL_INFORMATION value;
    } * info;
};

enum question { ASK_SUBKEY, ASK_VALUE, ASK_KEY };

static void answer_free(struct answer *answer)
{
    heap_free(answer->info);
}
#define AUTO_ANSWER __attribute__((cleanup(answer_free)))

static LSTATUS ask(HANDLE handle, enum question question, DWORD index, struct answer *answer)
{
    ULONG room = 512;
    for (;;) {
        NTSTATUS status;
        answer->info = heap_alloc(room);
        if (!answer->info) return ERROR_NOT_ENOUGH_MEMORY;
        if (question == ASK_SUBKEY)
            status = NtEnumerateKey(handle, index, KeyNodeInformation, answer->info, room, &answer->size);
        else if (question == ASK_VALUE)
            status = NtEnumerateValueKey(handle, index, KeyValueFullInformation, answer->info, room,
                                         &answer->size);
        else
            status = NtQueryKey(handle, KeyFullInformation, answer->info, room, &answer->size);
        if (NT_SUCCESS(status)) return ERROR_SUCCESS;
        heap_free(answer->info);
        answer->info = NULL;
        if (status != STATUS_BUFFER_OVERFLOW) return reg_error(status);
        room = answer->size;
    }
}

// Performance data has no subkeys, and its values are too large for any buffer until they are asked for by
// name.
static LSTATUS performance_entry(HKEY key, enum question question)
{
    if (question == ASK_VALUE) return ERROR_MORE_DATA;
    return key == HKEY_PERFORMANCE_DATA ? ERROR_INVALID_HANDLE : ERROR_NO_MORE_ITEMS;
}

// The same of a key as programs name it.
static LSTATUS ask_entry(HKEY key, enum question question, DWORD index, struct answer *answer)
{
    struct reg_sides sides AUTO_SIDES = {NULL, NULL};
    HANDLE handle;
    answer->info = NULL;
    if (reg_is_performance(key)) return performance_entry(key, question);
    LSTATUS error = reg_handle(key, &handle);
    if (error || !reg_is_classes(key)) return error ? error : ask(handle, question, index, answer);
    if (key != HKEY_CLASSES_ROOT) {
        // Its own errors: it may be deleted, or not allow it.
        error = ask(handle, question, 0, answer);
        if (error && error != ERROR_NO_MORE_ITEMS) return error;
        if (answer->info) heap_free(answer->info);
        answer->info = NULL;
    }
    error = reg_classes_open(key, NULL, 0, KEY_READ, &sides);
    if (!error) error = reg_classes_entry(&sides, index, question == ASK_VALUE, &handle, &index);
    return error ? error : ask(handle, question, index, answer);
}

// ---- names into buffers ----

// Writes a name of so many bytes with its end where *size (the buffer's characters) suffices; *size becomes
// the length without it.
typedef LSTATUS (*put_fn)(const WCHAR *text, DWORD bytes, void *buffer, DWORD *size);

static LSTATUS put_wide(const WCHAR *text, DWORD bytes, void *out, DWORD *size)
{
    WCHAR *buffer = out;
    DWORD length = bytes / sizeof(WCHAR);
    if (*size <= length) return ERROR_MORE_DATA;
    memcpy(buffer, text, bytes);
    buffer[length] = 0;
    *size = length;
    return ERROR_SUCCESS;
}

static LSTATUS put_ansi(const WCHAR *text, DWORD bytes, void *out, DWORD *size)
{
    char *buffer = out;
    ULONG needed = 0;
    RtlUnicodeToMultiByteSize(&needed, (WCHAR *)text, bytes);
    if (*size <= needed) return ERROR_MORE_DATA;
    RtlUnicodeToMultiByteN(buffer, needed, &needed, text, bytes);
    buffer[needed] = 0;
    *size = needed;
    return ERROR_SUCCESS;
}

static FILETIME file_time(LARGE_INTEGER time)
{
    return (FILETIME){time.LowPart, (DWORD)time.HighPart};
}

// ---- subkeys ----

static LSTATUS enum_key(put_fn put, HKEY key, DWORD index, void *name, DWORD *size, DWORD *reserved,
                        void *class, DWORD *class_size, FILETIME *time)
{
    struct answer answer AUTO_ANSWER = {0, NULL};
    if (!name || !size || reserved || (class && !class_size)) return ERROR_INVALID_PARAMETER;
    LSTATUS error = ask_entry(key, ASK_SUBKEY, index, &answer);
    if (error) return error;
    const KEY_NODE_INFORMATION *node = &answer.info->node;
    error = put(node->Name, node->NameLength, name, size);
    if (!error && class)
        error = put((const WCHAR *)((const BYTE *)node + (node->ClassLength ? node->ClassOffset : 0)),
                    node->ClassLength, class, class_size);
    if (time) *time = file_time(node->LastWriteTime);
    return error;
}

HOTPATCH LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, DWORD *size, DWORD *reserved,
                                      LPWSTR class, DWORD *class_size, FILETIME *time)
{
    return enum_key(put_wide, key, index, name, size, reserved, class, class_size, time);
}

HOTPATCH LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, DWORD *size, DWORD *reserved,
                                      LPSTR class, DWORD *class_size, FILETIME *time)
{
    return enum_key(put_ansi, key, index, name, size, reserved, class, class_size, time);
}

HOTPATCH LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD size)
{
    return RegEnumKeyExW(key, index, name, &size, NULL, NULL, NULL, NULL);
}

HOTPATCH LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR name, DWORD size)
{
    return RegEnumKeyExA(key, index, name, &size, NULL, NULL, NULL, NULL);
}

// ---- values ----

HOTPATCH LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, DWORD *size, DWORD *reserved,
                                      DWORD *type, BYTE *data, DWORD *data_size)
{
    struct answer answer AUTO_ANSWER = {0, NULL};
    if (!name || !size || reserved || (data && !data_size)) return ERROR_INVALID_PARAMETER;
    LSTATUS error = ask_entry(key, ASK_VALUE, index, &answer);
    if (error) return error;
    const KEY_VALUE_FULL_INFORMATION *value = &answer.info->value;
    const BYTE *bytes = (const BYTE *)value + value->DataOffset;
    DWORD room = data_size ? *data_size : 0, length = value->DataLength;
    if (type) *type = value->Type;
    if (data_size) *data_size = length;
    error = put_wide(value->Name, value->NameLength, name, size);
    if (error || !data) return error;
    if (room < length) return ERROR_MORE_DATA;
    memcpy(data, bytes, length);
    if (reg_is_text(value->Type) && room - length >= sizeof(WCHAR) && length >= sizeof(WCHAR) &&
        *(const WCHAR *)(bytes + (length & ~1u) - sizeof(WCHAR)))
        *(WCHAR *)(data + length) = 0;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, DWORD *size, DWORD *reserved,
                                      DWORD *type, BYTE *data, DWORD *data_size)
{
    struct answer answer AUTO_ANSWER = {0, NULL};
    if (!name || !size || reserved || (data && !data_size)) return ERROR_INVALID_PARAMETER;
    LSTATUS error = ask_entry(key, ASK_VALUE, index, &answer);
    if (error) return error;
    const KEY_VALUE_FULL_INFORMATION *value = &answer.info->value;
    const BYTE *bytes = (const BYTE *)value + value->DataOffset;
    DWORD length = value->DataLength, room = data_size ? *data_size : 0;
    bool text = reg_is_text(value->Type);
    if (type) *type = value->Type;
    // Data first: where it does not fit, the name is left alone.
    if (text)
        error = reg_text_to_ansi((const WCHAR *)bytes, length, data, &room);
    else
        room = length;
    if (!text && data) {
        error = *data_size < length ? ERROR_MORE_DATA : ERROR_SUCCESS;
        if (!error) memcpy(data, bytes, length);
    }
    if (data_size) *data_size = room;
    if (error) return error;
    return put_ansi(value->Name, value->NameLength, name, size);
}

// ---- a key's figures ----

static void add_side(HANDLE handle, KEY_FULL_INFORMATION *sum)
{
    KEY_FULL_INFORMATION *info;
    struct answer answer AUTO_ANSWER = {0, NULL};
    if (ask(handle, ASK_KEY, 0, &answer)) return;
    info = &answer.info->full;
    if (info->MaxNameLen > sum->MaxNameLen) sum->MaxNameLen = info->MaxNameLen;
    if (info->MaxClassLen > sum->MaxClassLen) sum->MaxClassLen = info->MaxClassLen;
    if (info->MaxValueNameLen > sum->MaxValueNameLen) sum->MaxValueNameLen = info->MaxValueNameLen;
    if (info->MaxValueDataLen > sum->MaxValueDataLen) sum->MaxValueDataLen = info->MaxValueDataLen;
}

// Counts what an enumeration of both halves finds.
static DWORD count_entries(const struct reg_sides *sides, bool values)
{
    HANDLE handle;
    DWORD n = 0, place;
    while (!reg_classes_entry(sides, n, values, &handle, &place)) n++;
    return n;
}

static void add_halves(HKEY key, KEY_FULL_INFORMATION *info)
{
    struct reg_sides sides AUTO_SIDES = {NULL, NULL};
    if (!reg_is_classes(key) || reg_classes_open(key, NULL, 0, KEY_READ, &sides)) return;
    if (!sides.user || !sides.machine) return;
    add_side(sides.user, info);
    add_side(sides.machine, info);
    info->SubKeys = count_entries(&sides, false);
    info->Values = count_entries(&sides, true);
}

static DWORD security_size(HANDLE handle)
{
    ULONG needed = 0;
    NtQuerySecurityObject(handle,
                          OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                          NULL, 0, &needed);
    return needed;
}

static LSTATUS performance_figures(struct answer *answer)
{
    answer->info = heap_alloc(sizeof(*answer->info));
    if (!answer->info) return ERROR_NOT_ENOUGH_MEMORY;
    memset(answer->info, 0, sizeof(*answer->info));
    answer->info->full.Values = PERFORMANCE_VALUES;
    return ERROR_SUCCESS;
}

static LSTATUS query_info(HKEY key, struct answer *answer, DWORD *subkeys, DWORD *longest_subkey,
                          DWORD *longest_class, DWORD *values, DWORD *longest_value, DWORD *largest_data,
                          DWORD *descriptor_size, FILETIME *time)
{
    HANDLE handle = NULL;
    LSTATUS error = reg_is_performance(key) ? performance_figures(answer) : reg_handle(key, &handle);
    if (!error && handle) error = ask(handle, ASK_KEY, 0, answer);
    if (error) return error;
    KEY_FULL_INFORMATION *info = &answer->info->full;
    add_halves(key, info);
    if (subkeys) *subkeys = info->SubKeys;
    if (longest_subkey) *longest_subkey = info->MaxNameLen / sizeof(WCHAR);
    if (longest_class) *longest_class = info->MaxClassLen / sizeof(WCHAR);
    if (values) *values = info->Values;
    if (longest_value) *longest_value = info->MaxValueNameLen / sizeof(WCHAR);
    if (largest_data) *largest_data = info->MaxValueDataLen;
    if (descriptor_size) *descriptor_size = handle ? security_size(handle) : 0;
    if (time) *time = file_time(info->LastWriteTime);
    return ERROR_SUCCESS;
}

static const WCHAR *class_of(const struct answer *answer)
{
    const KEY_FULL_INFORMATION *info = &answer->info->full;
    return (const WCHAR *)((const BYTE *)info + (info->ClassLength ? info->ClassOffset : 0));
}

HOTPATCH LSTATUS WINAPI RegQueryInfoKeyW(HKEY key, LPWSTR class, DWORD *class_size, DWORD *reserved,
                                         DWORD *subkeys, DWORD *longest_subkey, DWORD *longest_class,
                                         DWORD *values, DWORD *longest_value, DWORD *largest_data,
                                         DWORD *descriptor_size, FILETIME *time)
{
    struct answer answer AUTO_ANSWER = {0, NULL};
    if ((class && !class_size) || reserved) return ERROR_INVALID_PARAMETER;
    LSTATUS error = query_info(key, &answer, subkeys, longest_subkey, longest_class, values, longest_value,
                               largest_data, descriptor_size, time);
    if (error || !class_size) return error;
    DWORD length = answer.info->full.ClassLength / sizeof(WCHAR);
    if (class && *class_size && *class_size <= length) error = ERROR_INSUFFICIENT_BUFFER;
    if (class && *class_size > length) put_wide(class_of(&answer), length * sizeof(WCHAR), class, class_size);
    // Without room for anything nothing is said.
    if (!class || *class_size) *class_size = length;
    return error;
}

HOTPATCH LSTATUS WINAPI RegQueryInfoKeyA(HKEY key, LPSTR class, DWORD *class_size, DWORD *reserved,
                                         DWORD *subkeys, DWORD *longest_subkey, DWORD *longest_class,
                                         DWORD *values, DWORD *longest_value, DWORD *largest_data,
                                         DWORD *descriptor_size, FILETIME *time)
{
    struct answer answer AUTO_ANSWER = {0, NULL};
    if ((class && !class_size) || reserved) return ERROR_INVALID_PARAMETER;
    LSTATUS error = query_info(key, &answer, subkeys, longest_subkey, longest_class, values, longest_value,
                               largest_data, descriptor_size, time);
    if (error || !class_size) return error;
    ULONG needed = 0, bytes = answer.info->full.ClassLength, room = class ? *class_size : 0;
    RtlUnicodeToMultiByteSize(&needed, (WCHAR *)class_of(&answer), bytes);
    if (class && !room) return ERROR_SUCCESS;
    if (class && room <= needed) {
        // As much as there is room for.
        RtlUnicodeToMultiByteN(class, room - 1, &needed, class_of(&answer), bytes);
        class[needed] = 0;
        error = ERROR_MORE_DATA;
    } else if (class) {
        put_ansi(class_of(&answer), bytes, class, &room);
    }
    *class_size = needed;
    return error;
}
