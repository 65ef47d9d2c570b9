// GetFileMUIInfo: what the resource "MUI" of a file says about its languages. The resource's layout is not
// documented; its fields are known from files.
#include "base.h"

#define MUI_SIGNATURE 0xFECDFECDu

struct mui_range {
    DWORD offset, size; // of the resource, in bytes
};

struct mui_resource {
    DWORD signature, size, version, path_type, file_type;
    DWORD system_attributes, fallback_location;
    BYTE service_checksum[16], checksum[16];
    DWORD unknown[6];
    struct mui_range first_names, first_ids;   // types of the file itself
    struct mui_range second_names, second_ids; // of a main file: types in its language files
    struct mui_range language, fallback_language;
};
_Static_assert(sizeof(struct mui_resource) == 132, "layout of the MUI resource");

static bool range_is_inside(const struct mui_range *range, DWORD size)
{
    return range->offset <= size && range->size <= size - range->offset;
}

// The MUI resource of a mapped file. NULL, *error 0: it has none; else why it can't be used.
static const struct mui_resource *find_mui(HMODULE module, DWORD *error)
{
    HRSRC found = FindResourceW(module, (WCHAR *)(ULONG_PTR)1, L"MUI");
    const struct mui_resource *mui = found ? LoadResource(module, found) : NULL;
    DWORD size = found ? SizeofResource(module, found) : 0;
    *error = ERROR_SUCCESS;
    if (!mui) return NULL;
    *error = ERROR_BAD_EXE_FORMAT;
    if (size < sizeof(*mui) || IsBadReadPtr(mui, size) || mui->signature != MUI_SIGNATURE) return NULL;
    const struct mui_range *ranges = &mui->first_names;
    for (int i = 0; i < 6; i++)
        if (!range_is_inside(&ranges[i], size)) return NULL;
    *error = ERROR_SUCCESS;
    return mui;
}

// Puts parts of the resource behind the fixed part of the information, or counts what they need.
struct writer {
    const struct mui_resource *mui;
    FILEMUIINFO *info; // NULL: only count
    DWORD used;
};

static DWORD put(struct writer *writer, const struct mui_range *range)
{
    DWORD at = writer->used;
    if (!range->size) return 0;
    writer->used += range->size;
    if (writer->info)
        memcpy((BYTE *)writer->info + at, (const BYTE *)writer->mui + range->offset, range->size);
    return at;
}

static void put_all(struct writer *writer, DWORD flags)
{
    const struct mui_resource *mui = writer->mui;
    const struct mui_range none = {0, 0};
    bool is_main = mui->file_type << 1 == MUI_FILETYPE_LANGUAGE_NEUTRAL_MAIN;
    bool types = flags & MUI_QUERY_RESOURCE_TYPES;
    const struct mui_range *main_ids = types && is_main ? &mui->first_ids : &none;
    const struct mui_range *main_names = types && is_main ? &mui->first_names : &none;
    const struct mui_range *language_ids = !types ? &none : is_main ? &mui->second_ids : &mui->first_ids;
    const struct mui_range *language_names = !types    ? &none
                                             : is_main ? &mui->second_names
                                                       : &mui->first_names;
    FILEMUIINFO ignored, *info = writer->info ? writer->info : &ignored;
    if (flags & MUI_QUERY_LANGUAGE_NAME)
        info->dwLanguageNameOffset =
            put(writer, mui->language.size ? &mui->language : &mui->fallback_language);
    info->dwTypeIDMainSize = main_ids->size / sizeof(DWORD);
    info->dwTypeIDMainOffset = put(writer, main_ids);
    info->dwTypeNameMainOffset = put(writer, main_names);
    info->dwTypeIDMUISize = language_ids->size / sizeof(DWORD);
    info->dwTypeIDMUIOffset = put(writer, language_ids);
    info->dwTypeNameMUIOffset = put(writer, language_names);
}

static BOOL describe(const struct mui_resource *mui, DWORD flags, FILEMUIINFO *info, DWORD *size)
{
    struct writer writer = {mui, NULL, offsetof(FILEMUIINFO, abBuffer)};
    if (mui) put_all(&writer, flags);
    DWORD needed = writer.used > sizeof(*info) ? writer.used : sizeof(*info);
    if (!info || *size < needed) {
        bool only_asked = !info && !*size && needed == sizeof(*info);
        *size = needed;
        return only_asked ? TRUE : fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    DWORD given = info->dwSize;
    memset(info, 0, sizeof(*info));
    info->dwSize = given;
    info->dwVersion = MUI_FILEINFO_VERSION;
    info->dwFileType = MUI_FILETYPE_NOT_LANGUAGE_NEUTRAL;
    if (!mui) return TRUE;
    if (flags & MUI_QUERY_TYPE) info->dwFileType = mui->file_type << 1;
    if (flags & MUI_QUERY_CHECKSUM) {
        memcpy(info->pChecksum, mui->checksum, sizeof(info->pChecksum));
        memcpy(info->pServiceChecksum, mui->service_checksum, sizeof(info->pServiceChecksum));
    }
    writer = (struct writer){mui, info, offsetof(FILEMUIINFO, abBuffer)};
    put_all(&writer, flags);
    return TRUE;
}

// flags 0 asks for type and checksum. ERROR_INVALID_PARAMETER, ERROR_INSUFFICIENT_BUFFER with *size set,
// ERROR_BAD_EXE_FORMAT for a malformed resource.
HOTPATCH BOOL WINAPI GetFileMUIInfo(DWORD flags, const WCHAR *path, FILEMUIINFO *info, DWORD *size)
{
    const DWORD all =
        MUI_QUERY_TYPE | MUI_QUERY_CHECKSUM | MUI_QUERY_LANGUAGE_NAME | MUI_QUERY_RESOURCE_TYPES;
    DWORD error;
    if (!path || !size || (flags & ~all)) return fail_with(ERROR_INVALID_PARAMETER);
    if (info && *size >= sizeof(*info) && info->dwVersion != MUI_FILEINFO_VERSION) {
        *size = 0;
        return fail_with(ERROR_INVALID_PARAMETER);
    }
    if (!flags) flags = MUI_QUERY_TYPE | MUI_QUERY_CHECKSUM;
    HMODULE module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module) return FALSE;
    const struct mui_resource *mui = find_mui(module, &error);
    BOOL done = error ? fail_with(error) : describe(mui, flags, info, size);
    error = GetLastError();
    FreeLibrary(module);
    SetLastError(error);
    return done;
}
