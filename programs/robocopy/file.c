// Files.
#include "file.h"
#include "report.h"
#include <stdlib.h>
#include <wchar.h>

// ---- comparing ----

// What Windows calls the attributes that matter for "tweaked".
enum {
    ATTRIBUTES =
        FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE,
};

static LONG compare_times(const struct options *o, const FILETIME *a, const FILETIME *b)
{
    const LONGLONG tolerance = o->coarse_times ? 20000000 : 0;
    LONGLONG difference = (LONGLONG)(((ULONGLONG)a->dwHighDateTime << 32 | a->dwLowDateTime) -
                                     ((ULONGLONG)b->dwHighDateTime << 32 | b->dwLowDateTime));
    return difference > tolerance ? 1 : difference < -tolerance ? -1 : 0;
}

struct comparison file_compare(const struct options *o, const WIN32_FIND_DATAW *data,
                               const WIN32_FIND_DATAW *old)
{
    if (!old) return (struct comparison){L"    New File  ", true};
    LONG order = compare_times(o, &data->ftLastWriteTime, &old->ftLastWriteTime);
    if (order > 0) return (struct comparison){L"    Newer     ", !o->exclude_newer};
    if (order < 0) return (struct comparison){L"    Older     ", !o->exclude_older};
    if (data->nFileSizeLow != old->nFileSizeLow || data->nFileSizeHigh != old->nFileSizeHigh)
        return (struct comparison){L"    Changed   ", !o->exclude_changed};
    if ((data->dwFileAttributes ^ old->dwFileAttributes) & ATTRIBUTES)
        return (struct comparison){L"    tweaked   ", o->include_tweaked};
    return (struct comparison){L"      same    ", o->include_same};
}

// ---- copying ----

// The date and attributes that a fresh file would have, where the source's aren't wanted.
static void set_properties(const struct options *o, const WIN32_FIND_DATAW *data, const WCHAR *to)
{
    DWORD attributes = o->copy_attributes ? data->dwFileAttributes & ATTRIBUTES : FILE_ATTRIBUTE_ARCHIVE;
    attributes = (attributes | o->add_attributes) & ~o->remove_attributes;
    SetFileAttributesW(to, FILE_ATTRIBUTE_NORMAL);
    HANDLE file = CreateFileW(to, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        FILETIME now;
        GetSystemTimeAsFileTime(&now);
        SetFileTime(file, NULL, NULL, o->copy_times ? &data->ftLastWriteTime : &now);
        CloseHandle(file);
    }
    SetFileAttributesW(to, attributes ? attributes : FILE_ATTRIBUTE_NORMAL);
}

static bool copy_security(const struct options *o, const WCHAR *from, const WCHAR *to)
{
    SECURITY_INFORMATION what = (o->copy_security ? DACL_SECURITY_INFORMATION : 0) |
                                (o->copy_owner ? OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION : 0);
    DWORD size = 0;
    if (!what) return true;
    GetFileSecurityW(from, what, NULL, 0, &size);
    void *descriptor = take_memory(size);
    bool copied =
        GetFileSecurityW(from, what, descriptor, size, &size) && SetFileSecurityW(to, what, descriptor);
    free(descriptor);
    return copied;
}

static bool create_empty(const WCHAR *to)
{
    HANDLE file = CreateFileW(to, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return false;
    CloseHandle(file);
    return true;
}

static bool copy_once(const struct options *o, const WIN32_FIND_DATAW *data, const WCHAR *from,
                      const WCHAR *to)
{
    DWORD old = GetFileAttributesW(to);
    if (old != INVALID_FILE_ATTRIBUTES && old & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(to, FILE_ATTRIBUTE_NORMAL);
    if (o->copy_data && !(o->create_only ? create_empty(to) : CopyFileW(from, to, FALSE))) return false;
    set_properties(o, data, to);
    return copy_security(o, from, to);
}

bool file_copy(const struct options *o, const WIN32_FIND_DATAW *data, const WCHAR *from, const WCHAR *to)
{
    for (unsigned long tries = 0; !copy_once(o, data, from, to); tries++) {
        report(L"\r\n");
        report_error(GetLastError(), L"Copying File", from);
        if (tries >= o->retries) {
            if (o->retries) report(L"\r\nERROR: RETRY LIMIT EXCEEDED.\r\n");
            return false;
        }
        report(L"Waiting %lu seconds...", o->wait);
        print_flush();
        Sleep(o->wait * 1000);
        report(L" Retrying...\r\n");
    }
    if (o->reset_archive) SetFileAttributesW(from, data->dwFileAttributes & ~(DWORD)FILE_ATTRIBUTE_ARCHIVE);
    // What wasn't copied whole stays.
    bool moves = o->move_files && o->copy_data && !o->create_only;
    if (!moves || file_delete(from)) return true;
    report_error(GetLastError(), L"Deleting Source File", from);
    return false;
}

bool file_delete(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    return DeleteFileW(path);
}

// ---- directories ----

void directory_finish(const struct options *o, const WCHAR *from, const WCHAR *to)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    if (!GetFileAttributesExW(from, GetFileExInfoStandard, &data)) return;
    if (o->directory_attributes && data.dwFileAttributes & ATTRIBUTES)
        SetFileAttributesW(to, data.dwFileAttributes & ATTRIBUTES);
    if (!o->directory_times) return;
    HANDLE directory = CreateFileW(to, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                   OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (directory == INVALID_HANDLE_VALUE) return;
    SetFileTime(directory, &data.ftCreationTime, NULL, &data.ftLastWriteTime);
    CloseHandle(directory);
}
