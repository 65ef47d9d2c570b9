// The registry as Rtl functions see it: keys by short names of well-known places, and tables of queries.
#include "rtl.h"
#include <stdbool.h>

enum { PATH_BYTES = 1024 };

// ---- the user's key ----

NTSTATUS WINAPI RtlFormatCurrentUserKeyPath(UNICODE_STRING *path)
{
    static const WCHAR prefix[] = L"\\REGISTRY\\USER\\";
    union {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } token_user;
    HANDLE token;
    ULONG size;
    UNICODE_STRING sid;
    NTSTATUS status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token);
    if (!NT_SUCCESS(status)) return status;
    status = NtQueryInformationToken(token, TokenUser, &token_user, sizeof(token_user), &size);
    NtClose(token);
    if (NT_SUCCESS(status)) status = RtlConvertSidToUnicodeString(&sid, token_user.user.User.Sid, TRUE);
    if (!NT_SUCCESS(status)) return status;
    path->Length = (USHORT)(sizeof(prefix) - sizeof(WCHAR) + sid.Length);
    path->MaximumLength = (USHORT)(path->Length + sizeof(WCHAR));
    path->Buffer = RtlAllocateHeap(process_heap(), 0, path->MaximumLength);
    if (path->Buffer) {
        memcpy(path->Buffer, prefix, sizeof(prefix));
        memcpy((BYTE *)path->Buffer + sizeof(prefix) - sizeof(WCHAR), sid.Buffer, sid.Length);
        path->Buffer[path->Length / sizeof(WCHAR)] = 0;
    } else {
        status = STATUS_NO_MEMORY;
    }
    RtlFreeUnicodeString(&sid);
    return status;
}

NTSTATUS WINAPI RtlOpenCurrentUser(ACCESS_MASK access, HANDLE *key)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status = RtlFormatCurrentUserKeyPath(&path);
    if (!NT_SUCCESS(status)) return status;
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenKey(key, access, &attributes);
    RtlFreeUnicodeString(&path);
    return status;
}

// ---- keys relative to well-known places ----

static NTSTATUS root_path(ULONG relative_to, UNICODE_STRING *path)
{
    static const WCHAR *const places[] = {
        L"",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\",
        L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\",
        L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion\\",
        L"\\Registry\\Machine\\Hardware\\DeviceMap\\",
    };
    if (relative_to < ARRAYSIZE(places)) return RtlAppendUnicodeToString(path, places[relative_to]);
    if (relative_to != RTL_REGISTRY_USER) return STATUS_INVALID_PARAMETER;
    UNICODE_STRING user;
    NTSTATUS status = RtlFormatCurrentUserKeyPath(&user);
    if (!NT_SUCCESS(status)) return status;
    status = RtlAppendUnicodeStringToString(path, &user);
    RtlFreeUnicodeString(&user);
    return NT_SUCCESS(status) ? RtlAppendUnicodeToString(path, L"\\") : status;
}

// Opens (or with `create` makes) what relative_to and path name together.
static NTSTATUS open_relative(ULONG relative_to, const WCHAR *path, bool create, ACCESS_MASK access,
                              HANDLE *key)
{
    WCHAR buffer[PATH_BYTES];
    UNICODE_STRING whole = {0, sizeof(buffer), buffer};
    OBJECT_ATTRIBUTES attributes;
    if (relative_to & RTL_REGISTRY_HANDLE)
        return NtDuplicateObject(NtCurrentProcess(), (HANDLE)path, NtCurrentProcess(), key, 0, 0,
                                 DUPLICATE_SAME_ACCESS);
    NTSTATUS status = root_path(relative_to & ~RTL_REGISTRY_OPTIONAL, &whole);
    if (NT_SUCCESS(status) && path) status = RtlAppendUnicodeToString(&whole, path);
    if (!NT_SUCCESS(status)) return status;
    InitializeObjectAttributes(&attributes, &whole, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return create ? NtCreateKey(key, access, &attributes, 0, NULL, REG_OPTION_NON_VOLATILE, NULL)
                  : NtOpenKey(key, access, &attributes);
}

NTSTATUS WINAPI RtlCreateRegistryKey(ULONG relative_to, WCHAR *path)
{
    HANDLE key;
    NTSTATUS status = open_relative(relative_to, path, true, KEY_ALL_ACCESS, &key);
    if (NT_SUCCESS(status)) NtClose(key);
    return status;
}

NTSTATUS WINAPI RtlCheckRegistryKey(ULONG relative_to, WCHAR *path)
{
    HANDLE key;
    NTSTATUS status = open_relative(relative_to, path, false, KEY_READ, &key);
    if (NT_SUCCESS(status)) NtClose(key);
    return status;
}

NTSTATUS WINAPI RtlWriteRegistryValue(ULONG relative_to, const WCHAR *path, const WCHAR *name, ULONG type,
                                      void *data, ULONG length)
{
    HANDLE key;
    UNICODE_STRING string;
    NTSTATUS status = open_relative(relative_to, path, true, KEY_SET_VALUE, &key);
    if (!NT_SUCCESS(status)) return status;
    RtlInitUnicodeString(&string, name);
    status = NtSetValueKey(key, &string, 0, type, data, length);
    NtClose(key);
    return status;
}

NTSTATUS WINAPI RtlDeleteRegistryValue(ULONG relative_to, const WCHAR *path, const WCHAR *name)
{
    HANDLE key;
    UNICODE_STRING string;
    NTSTATUS status = open_relative(relative_to, path, false, KEY_SET_VALUE, &key);
    if (!NT_SUCCESS(status)) return status;
    RtlInitUnicodeString(&string, name);
    status = NtDeleteValueKey(key, &string);
    NtClose(key);
    return status;
}

// ---- tables of queries ----

struct table_query {
    HANDLE key;
    const RTL_QUERY_REGISTRY_TABLE *entry;
    void *context, *environment;
};

// What DIRECT asks for: text into a UNICODE_STRING, numbers as they are, other data behind its length and
// type.
static NTSTATUS store_direct(const RTL_QUERY_REGISTRY_TABLE *entry, ULONG type, const void *data,
                             ULONG length)
{
    if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
        UNICODE_STRING *string = entry->EntryContext;
        USHORT used = (USHORT)(length >= sizeof(WCHAR) ? length - sizeof(WCHAR) : 0);
        if (length > 0xFFFE) return STATUS_BUFFER_TOO_SMALL;
        if (!string->Buffer) {
            string->Buffer = RtlAllocateHeap(process_heap(), 0, length + sizeof(WCHAR));
            if (!string->Buffer) return STATUS_NO_MEMORY;
            string->MaximumLength = (USHORT)length;
        } else if (string->MaximumLength < length) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        memcpy(string->Buffer, data, length);
        string->Length = used;
    } else if (length <= sizeof(ULONG)) {
        memcpy(entry->EntryContext, data, length);
    } else {
        LONG *room = entry->EntryContext;
        if (*room >= 0) {
            ULONG *head = entry->EntryContext;
            if (*head < length + 2 * sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
            head[0] = length;
            head[1] = type;
            memcpy(head + 2, data, length);
        } else {
            if ((ULONG) - *room < length) return STATUS_BUFFER_TOO_SMALL;
            memcpy(entry->EntryContext, data, length);
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS deliver(const struct table_query *query, WCHAR *name, ULONG type, void *data, ULONG length)
{
    const RTL_QUERY_REGISTRY_TABLE *entry = query->entry;
    if (entry->Flags & RTL_QUERY_REGISTRY_DIRECT) return store_direct(entry, type, data, length);
    NTSTATUS status = entry->QueryRoutine(name, type, data, length, query->context, entry->EntryContext);
    return status == STATUS_BUFFER_TOO_SMALL ? STATUS_SUCCESS : status;
}

// Each string of a list is a call of its own.
static NTSTATUS deliver_list(const struct table_query *query, WCHAR *name, WCHAR *list, ULONG length)
{
    NTSTATUS status = STATUS_SUCCESS;
    WCHAR *end = list + length / sizeof(WCHAR);
    while (list < end && *list && NT_SUCCESS(status)) {
        WCHAR *next = list;
        while (next < end && *next) next++;
        status = deliver(query, name, REG_SZ, list, (ULONG)(next - list + 1) * sizeof(WCHAR));
        list = next + 1;
    }
    return status;
}

static NTSTATUS deliver_expanded(const struct table_query *query, WCHAR *name, WCHAR *text, ULONG length)
{
    UNICODE_STRING source = {(USHORT)(length & ~1u), (USHORT)(length & ~1u), text}, target = {0, 0, NULL};
    ULONG needed = 0;
    if (source.Length && !text[source.Length / sizeof(WCHAR) - 1]) source.Length -= sizeof(WCHAR);
    RtlExpandEnvironmentStrings_U(query->environment, &source, &target, &needed);
    target.Buffer = RtlAllocateHeap(process_heap(), 0, needed + sizeof(WCHAR));
    if (!target.Buffer) return STATUS_NO_MEMORY;
    target.MaximumLength = (USHORT)needed;
    NTSTATUS status = RtlExpandEnvironmentStrings_U(query->environment, &source, &target, &needed);
    if (NT_SUCCESS(status)) {
        target.Buffer[target.Length / sizeof(WCHAR)] = 0;
        status = deliver(query, name, REG_SZ, target.Buffer, target.Length + sizeof(WCHAR));
    }
    RtlFreeHeap(process_heap(), 0, target.Buffer);
    return status;
}

static NTSTATUS deliver_value(const struct table_query *query, WCHAR *name, ULONG type, void *data,
                              ULONG length)
{
    ULONG flags = query->entry->Flags;
    if (!(flags & RTL_QUERY_REGISTRY_NOEXPAND)) {
        if (type == REG_EXPAND_SZ) return deliver_expanded(query, name, data, length);
        if (type == REG_MULTI_SZ && !(flags & RTL_QUERY_REGISTRY_DIRECT))
            return deliver_list(query, name, data, length);
    }
    return deliver(query, name, type, data, length);
}

// A value by name or by index, as a block of the heap with an end behind its name and its data.
static NTSTATUS read_value(HANDLE key, const WCHAR *name, ULONG index, KEY_VALUE_FULL_INFORMATION **info)
{
    UNICODE_STRING string;
    ULONG needed = 256;
    if (name) RtlInitUnicodeString(&string, name);
    for (;;) {
        ULONG room = needed;
        *info = RtlAllocateHeap(process_heap(), 0, room + sizeof(WCHAR));
        if (!*info) return STATUS_NO_MEMORY;
        NTSTATUS status =
            name ? NtQueryValueKey(key, &string, KeyValueFullInformation, *info, room, &needed)
                 : NtEnumerateValueKey(key, index, KeyValueFullInformation, *info, room, &needed);
        if (NT_SUCCESS(status)) return status;
        RtlFreeHeap(process_heap(), 0, *info);
        if (status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL) return status;
    }
}

static NTSTATUS deliver_info(const struct table_query *query, KEY_VALUE_FULL_INFORMATION *info)
{
    WCHAR *name = RtlAllocateHeap(process_heap(), 0, info->NameLength + sizeof(WCHAR));
    if (!name) return STATUS_NO_MEMORY;
    memcpy(name, info->Name, info->NameLength);
    name[info->NameLength / sizeof(WCHAR)] = 0;
    NTSTATUS status =
        deliver_value(query, name, info->Type, (BYTE *)info + info->DataOffset, info->DataLength);
    RtlFreeHeap(process_heap(), 0, name);
    return status;
}

static NTSTATUS deliver_default(const struct table_query *query)
{
    const RTL_QUERY_REGISTRY_TABLE *entry = query->entry;
    ULONG length = entry->DefaultLength, type = entry->DefaultType;
    if (entry->Flags & RTL_QUERY_REGISTRY_REQUIRED) return STATUS_OBJECT_NAME_NOT_FOUND;
    if (type == REG_NONE || !entry->DefaultData) return STATUS_SUCCESS;
    if (!length && (type == REG_SZ || type == REG_EXPAND_SZ))
        length = (ULONG)(wcslen(entry->DefaultData) + 1) * sizeof(WCHAR);
    return deliver_value(query, entry->Name, type, entry->DefaultData, length);
}

static NTSTATUS query_named(const struct table_query *query)
{
    KEY_VALUE_FULL_INFORMATION *info;
    NTSTATUS status = read_value(query->key, query->entry->Name, 0, &info);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) return deliver_default(query);
    if (!NT_SUCCESS(status)) return status;
    status = deliver_info(query, info);
    RtlFreeHeap(process_heap(), 0, info);
    if (NT_SUCCESS(status) && query->entry->Flags & RTL_QUERY_REGISTRY_DELETE) {
        UNICODE_STRING string;
        RtlInitUnicodeString(&string, query->entry->Name);
        NtDeleteValueKey(query->key, &string);
    }
    return status;
}

static NTSTATUS query_all(const struct table_query *query)
{
    for (ULONG index = 0;; index++) {
        KEY_VALUE_FULL_INFORMATION *info;
        NTSTATUS status = read_value(query->key, NULL, index, &info);
        if (status == STATUS_NO_MORE_ENTRIES)
            return index || !(query->entry->Flags & RTL_QUERY_REGISTRY_REQUIRED)
                       ? STATUS_SUCCESS
                       : STATUS_OBJECT_NAME_NOT_FOUND;
        if (!NT_SUCCESS(status)) return status;
        status = deliver_info(query, info);
        RtlFreeHeap(process_heap(), 0, info);
        if (!NT_SUCCESS(status)) return status;
    }
}

static NTSTATUS enter_subkey(HANDLE top, const WCHAR *name, HANDLE *key)
{
    UNICODE_STRING string;
    OBJECT_ATTRIBUTES attributes;
    RtlInitUnicodeString(&string, name);
    InitializeObjectAttributes(&attributes, &string, OBJ_CASE_INSENSITIVE, top, NULL);
    return NtOpenKey(key, KEY_READ | KEY_SET_VALUE, &attributes);
}

NTSTATUS WINAPI RtlQueryRegistryValues(ULONG relative_to, const WCHAR *path, RTL_QUERY_REGISTRY_TABLE *table,
                                       void *context, void *environment)
{
    HANDLE top, subkey = NULL;
    NTSTATUS status = open_relative(relative_to, path, false, MAXIMUM_ALLOWED, &top);
    if (!NT_SUCCESS(status)) return status;
    struct table_query query = {.key = top, .context = context, .environment = environment};
    for (; NT_SUCCESS(status) &&
           (table->QueryRoutine || table->Flags & (RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_DIRECT));
         table++) {
        query.entry = table;
        if (table->Flags & RTL_QUERY_REGISTRY_DIRECT &&
            (!table->Name || table->Flags & RTL_QUERY_REGISTRY_SUBKEY)) {
            status = STATUS_INVALID_PARAMETER;
            break;
        }
        if (table->Flags & (RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_SUBKEY)) {
            if (subkey) NtClose(subkey);
            subkey = NULL;
            query.key = top;
        }
        if (table->Flags & RTL_QUERY_REGISTRY_SUBKEY) {
            status = table->Name ? enter_subkey(top, table->Name, &subkey) : STATUS_INVALID_PARAMETER;
            if (NT_SUCCESS(status)) {
                query.key = subkey;
                if (table->QueryRoutine) status = query_all(&query);
            } else if (status == STATUS_OBJECT_NAME_NOT_FOUND &&
                       !(table->Flags & RTL_QUERY_REGISTRY_REQUIRED)) {
                status = STATUS_SUCCESS;
            }
        } else if (table->Flags & RTL_QUERY_REGISTRY_NOVALUE) {
            status = table->QueryRoutine(NULL, REG_NONE, NULL, 0, context, table->EntryContext);
        } else if (table->Name) {
            status = query_named(&query);
        } else {
            status = query_all(&query);
        }
    }
    if (subkey) NtClose(subkey);
    NtClose(top);
    return status;
}
