// Resources of modules: finding, loading and enumerating them.
#include "base.h"

// A resource identifier as ntdll wants it: a number, or an upper-case name. "#123" is a number too.
struct identifier {
    ULONG_PTR value;
    WCHAR *allocated;
};

static bool identifier_from_wide(struct identifier *id, const WCHAR *text)
{
    id->allocated = NULL;
    if (!((ULONG_PTR)text >> 16)) {
        id->value = (ULONG_PTR)text;
        return true;
    }
    if (text[0] == '#') {
        ULONG number = 0;
        for (const WCHAR *at = text + 1; *at; at++) {
            if (*at < '0' || *at > '9' || number > 0xFFFF) return fail_with(ERROR_INVALID_PARAMETER);
            number = number * 10 + (ULONG)(*at - '0');
        }
        if (number > 0xFFFF) return fail_with(ERROR_INVALID_PARAMETER);
        id->value = number;
        return true;
    }
    SIZE_T length = wide_length(text);
    id->allocated = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!id->allocated) return false;
    for (SIZE_T i = 0; i <= length; i++) id->allocated[i] = RtlUpcaseUnicodeChar(text[i]);
    id->value = (ULONG_PTR)id->allocated;
    return true;
}

static void identifier_free(struct identifier *id)
{
    if (id->allocated) heap_free(id->allocated);
    id->allocated = NULL;
}
#define AUTO_IDENTIFIER __attribute__((cleanup(identifier_free)))

static void *module_or_program(HMODULE module)
{
    return module ? (void *)module : peb_self()->ImageBaseAddress;
}

HOTPATCH HRSRC WINAPI FindResourceExW(HMODULE module, const WCHAR *type, const WCHAR *name, WORD language)
{
    AUTO_IDENTIFIER struct identifier type_id = {}, name_id = {};
    if (!identifier_from_wide(&type_id, type) || !identifier_from_wide(&name_id, name)) return NULL;
    LDR_RESOURCE_INFO info = {type_id.value, name_id.value, language};
    const IMAGE_RESOURCE_DATA_ENTRY *entry = NULL;
    NTSTATUS status = LdrFindResource_U(module_or_program(module), &info, 3, &entry);
    return bool_from_status(status) ? (HRSRC)entry : NULL;
}

HOTPATCH HRSRC WINAPI FindResourceW(HMODULE module, const WCHAR *name, const WCHAR *type)
{
    return FindResourceExW(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

// An ANSI identifier as a wide one: numbers stay numbers.
static bool wide_identifier(const char *text, const WCHAR **wide, WCHAR **allocated)
{
    *allocated = NULL;
    *wide = (const WCHAR *)text;
    if (!((ULONG_PTR)text >> 16)) return true;
    *wide = *allocated = wide_from_ansi(text);
    return *allocated != NULL;
}

HOTPATCH HRSRC WINAPI FindResourceExA(HMODULE module, const char *type, const char *name, WORD language)
{
    AUTO_FREE WCHAR *type_text = NULL, *name_text = NULL;
    const WCHAR *wide_type, *wide_name;
    if (!wide_identifier(type, &wide_type, &type_text) || !wide_identifier(name, &wide_name, &name_text))
        return NULL;
    return FindResourceExW(module, wide_type, wide_name, language);
}

HOTPATCH HRSRC WINAPI FindResourceA(HMODULE module, const char *name, const char *type)
{
    return FindResourceExA(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

// The handle is the data's address; nothing has to be freed.
HOTPATCH HGLOBAL WINAPI LoadResource(HMODULE module, HRSRC resource)
{
    void *address = NULL;
    if (!resource) return NULL;
    NTSTATUS status = LdrAccessResource(module_or_program(module),
                                        (const IMAGE_RESOURCE_DATA_ENTRY *)resource, &address, NULL);
    return bool_from_status(status) ? (HGLOBAL)address : NULL;
}

HOTPATCH void *WINAPI LockResource(HGLOBAL resource)
{
    return resource;
}

// FALSE means freed; there was nothing to do.
HOTPATCH BOOL WINAPI FreeResource(HGLOBAL resource)
{
    (void)resource;
    return FALSE;
}

HOTPATCH DWORD WINAPI SizeofResource(HMODULE module, HRSRC resource)
{
    (void)module;
    return resource ? ((const IMAGE_RESOURCE_DATA_ENTRY *)resource)->Size : 0;
}

// ---- enumerating ----

// The name of a directory entry: a number, or a copy of its text (allocated).
static WCHAR *entry_name(const char *root, const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry, WCHAR **allocated)
{
    *allocated = NULL;
    if (!entry->NameIsString) return (WCHAR *)(ULONG_PTR)entry->Id;
    const IMAGE_RESOURCE_DIR_STRING_U *text = (const void *)(root + entry->NameOffset);
    *allocated = heap_alloc((text->Length + 1u) * sizeof(WCHAR));
    if (!*allocated) return NULL;
    memcpy(*allocated, text->NameString, text->Length * sizeof(WCHAR));
    (*allocated)[text->Length] = 0;
    return *allocated;
}

struct directory {
    const char *root;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries;
    unsigned count;
};

// The entries below type and name; level says how many of them count.
static bool open_directory(HMODULE module, const LDR_RESOURCE_INFO *info, ULONG level,
                           struct directory *directory)
{
    const IMAGE_RESOURCE_DIRECTORY *root = NULL, *found = NULL;
    void *base = module_or_program(module);
    NTSTATUS status = LdrFindResourceDirectory_U(base, NULL, 0, &root);
    if (NT_SUCCESS(status)) status = LdrFindResourceDirectory_U(base, info, level, &found);
    if (!bool_from_status(status)) return false;
    directory->root = (const char *)root;
    directory->entries = (const void *)(found + 1);
    directory->count = (unsigned)found->NumberOfNamedEntries + found->NumberOfIdEntries;
    return true;
}

// A callback for either alphabet: what differs is the type of the text.
typedef BOOL(CALLBACK *enumerate_text)(HMODULE module, const WCHAR *type, WCHAR *name, LONG_PTR parameter);

// Calls back with each entry's name, as ANSI text if wanted, until the callback says FALSE.
static BOOL for_each_name(HMODULE module, const struct directory *directory, const void *type, bool ansi,
                          bool types, void *callback, LONG_PTR parameter)
{
    for (unsigned i = 0; i < directory->count; i++) {
        AUTO_FREE WCHAR *allocated = NULL;
        AUTO_FREE char *ansi_text = NULL;
        void *name = entry_name(directory->root, &directory->entries[i], &allocated);
        if (directory->entries[i].NameIsString && !name) return FALSE;
        if (ansi && allocated) {
            SIZE_T length = wide_length(allocated);
            name = ansi_text = heap_alloc(length * 4 + 1);
            if (!ansi_text) return FALSE;
            ansi_from_wide(ansi_text, (DWORD)length * 4 + 1, allocated, length);
        }
        BOOL go_on = types ? ((ENUMRESTYPEPROCW)callback)(module, name, parameter)
                           : ((enumerate_text)callback)(module, type, name, parameter);
        if (!go_on) return fail_with(ERROR_RESOURCE_ENUM_USER_STOP);
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumResourceTypesW(HMODULE module, ENUMRESTYPEPROCW callback, LONG_PTR parameter)
{
    struct directory directory;
    return open_directory(module, NULL, 0, &directory) &&
           for_each_name(module, &directory, NULL, false, true, (void *)callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceTypesA(HMODULE module, ENUMRESTYPEPROCA callback, LONG_PTR parameter)
{
    struct directory directory;
    return open_directory(module, NULL, 0, &directory) &&
           for_each_name(module, &directory, NULL, true, true, (void *)callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceNamesW(HMODULE module, const WCHAR *type, ENUMRESNAMEPROCW callback,
                                        LONG_PTR parameter)
{
    AUTO_IDENTIFIER struct identifier type_id = {};
    struct directory directory;
    if (!identifier_from_wide(&type_id, type)) return FALSE;
    LDR_RESOURCE_INFO info = {type_id.value, 0, 0};
    return open_directory(module, &info, 1, &directory) &&
           for_each_name(module, &directory, type, false, false, (void *)callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceNamesA(HMODULE module, const char *type, ENUMRESNAMEPROCA callback,
                                        LONG_PTR parameter)
{
    AUTO_IDENTIFIER struct identifier type_id = {};
    AUTO_FREE WCHAR *type_text = NULL;
    const WCHAR *wide_type;
    struct directory directory;
    if (!wide_identifier(type, &wide_type, &type_text) || !identifier_from_wide(&type_id, wide_type))
        return FALSE;
    LDR_RESOURCE_INFO info = {type_id.value, 0, 0};
    return open_directory(module, &info, 1, &directory) &&
           for_each_name(module, &directory, type, true, false, (void *)callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceNamesExW(HMODULE module, const WCHAR *type, ENUMRESNAMEPROCW callback,
                                          LONG_PTR parameter, DWORD flags, LANGID language)
{
    (void)flags, (void)language; // no separate language files
    return EnumResourceNamesW(module, type, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceNamesExA(HMODULE module, const char *type, ENUMRESNAMEPROCA callback,
                                          LONG_PTR parameter, DWORD flags, LANGID language)
{
    (void)flags, (void)language;
    return EnumResourceNamesA(module, type, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceTypesExW(HMODULE module, ENUMRESTYPEPROCW callback, LONG_PTR parameter,
                                          DWORD flags, LANGID language)
{
    (void)flags, (void)language;
    return EnumResourceTypesW(module, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceTypesExA(HMODULE module, ENUMRESTYPEPROCA callback, LONG_PTR parameter,
                                          DWORD flags, LANGID language)
{
    (void)flags, (void)language;
    return EnumResourceTypesA(module, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceLanguagesW(HMODULE module, const WCHAR *type, const WCHAR *name,
                                            ENUMRESLANGPROCW callback, LONG_PTR parameter)
{
    AUTO_IDENTIFIER struct identifier type_id = {}, name_id = {};
    struct directory directory;
    if (!identifier_from_wide(&type_id, type) || !identifier_from_wide(&name_id, name)) return FALSE;
    LDR_RESOURCE_INFO info = {type_id.value, name_id.value, 0};
    if (!open_directory(module, &info, 2, &directory)) return FALSE;
    for (unsigned i = 0; i < directory.count; i++)
        if (!callback(module, type, name, directory.entries[i].Id, parameter))
            return fail_with(ERROR_RESOURCE_ENUM_USER_STOP);
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumResourceLanguagesA(HMODULE module, const char *type, const char *name,
                                            ENUMRESLANGPROCA callback, LONG_PTR parameter)
{
    AUTO_IDENTIFIER struct identifier type_id = {}, name_id = {};
    AUTO_FREE WCHAR *type_text = NULL, *name_text = NULL;
    const WCHAR *wide_type, *wide_name;
    struct directory directory;
    if (!wide_identifier(type, &wide_type, &type_text) || !wide_identifier(name, &wide_name, &name_text) ||
        !identifier_from_wide(&type_id, wide_type) || !identifier_from_wide(&name_id, wide_name))
        return FALSE;
    LDR_RESOURCE_INFO info = {type_id.value, name_id.value, 0};
    if (!open_directory(module, &info, 2, &directory)) return FALSE;
    for (unsigned i = 0; i < directory.count; i++)
        if (!callback(module, type, name, directory.entries[i].Id, parameter))
            return fail_with(ERROR_RESOURCE_ENUM_USER_STOP);
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumResourceLanguagesExW(HMODULE module, const WCHAR *type, const WCHAR *name,
                                              ENUMRESLANGPROCW callback, LONG_PTR parameter, DWORD flags,
                                              LANGID language)
{
    (void)flags, (void)language;
    return EnumResourceLanguagesW(module, type, name, callback, parameter);
}

HOTPATCH BOOL WINAPI EnumResourceLanguagesExA(HMODULE module, const char *type, const char *name,
                                              ENUMRESLANGPROCA callback, LONG_PTR parameter, DWORD flags,
                                              LANGID language)
{
    (void)flags, (void)language;
    return EnumResourceLanguagesA(module, type, name, callback, parameter);
}

// String tables hold sixteen counted strings each. The text is not copied with size 0: *buffer gets its
// address.
HOTPATCH int WINAPI LoadStringW(HINSTANCE module, UINT id, WCHAR *buffer, int size)
{
    HRSRC resource = FindResourceW(module, (WCHAR *)(ULONG_PTR)((id >> 4) + 1), (WCHAR *)RT_STRING);
    const WCHAR *text = resource ? LoadResource(module, resource) : NULL;
    if (!buffer || !text) return 0;
    for (UINT i = id & 15; i; i--) text += *text + 1;
    int length = *text++;
    if (!size) {
        memcpy(buffer, &text, sizeof(text));
        return length;
    }
    if (length > size - 1) length = size - 1;
    memcpy(buffer, text, (SIZE_T)length * sizeof(WCHAR));
    buffer[length] = 0;
    return length;
}

HOTPATCH int WINAPI LoadStringA(HINSTANCE module, UINT id, char *buffer, int size)
{
    const WCHAR *text = NULL;
    int length = LoadStringW(module, id, (WCHAR *)&text, 0);
    ULONG written = 0;
    if (!buffer || size <= 0) return 0;
    if (length)
        RtlUnicodeToMultiByteN(buffer, (ULONG)size - 1, &written, text, (ULONG)length * sizeof(WCHAR));
    buffer[written] = 0;
    return (int)written;
}
