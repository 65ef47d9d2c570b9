// The lines of a directory listing.
#include "listing.h"
#include "builtin.h"
#include "clock.h"
#include "output.h"
#include <stdio.h>

enum { LINE_WIDTH = 80 };

const FILETIME *listing_time(const struct found *found, WCHAR which)
{
    return which == 'c'   ? &found->data.ftCreationTime
           : which == 'a' ? &found->data.ftLastAccessTime
                          : &found->data.ftLastWriteTime;
}

// A number with the locale's separator after each three digits.
static const WCHAR *grouped(const struct listing *l, ULONGLONG number)
{
    WCHAR digits[32], separator[8] = L",";
    struct text text = {};
    int length = _snwprintf(digits, ARRAYSIZE(digits), L"%I64u", number);
    GetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_STHOUSAND, separator, ARRAYSIZE(separator));
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0 && !l->plain_numbers) text_add_string(&text, separator);
        text_add(&text, digits[i]);
    }
    return text_get(&text);
}

static WCHAR *shown_name(const struct listing *l, const WCHAR *name)
{
    WCHAR *copy = region_copy(name, wcslen(name));
    return l->lower ? _wcslwr(copy) : copy;
}

static const WCHAR *kind_of(const WIN32_FIND_DATAW *data)
{
    bool directory = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    if (!(data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)) return directory ? L"<DIR>" : NULL;
    if (data->dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT) return L"<JUNCTION>";
    return directory ? L"<SYMLINKD>" : L"<SYMLINK>";
}

// The owner of a file as DIR /Q shows it, "..." where it can't be known.
static const WCHAR *owner_of(const WCHAR *path)
{
    union {
        SECURITY_DESCRIPTOR descriptor;
        char bytes[512];
    } security;
    WCHAR account[256], domain[256];
    DWORD size = sizeof(security), account_size = ARRAYSIZE(account), domain_size = ARRAYSIZE(domain);
    struct text text = {};
    SID_NAME_USE use;
    PSID owner = NULL;
    BOOL defaulted;
    if (!GetFileSecurityW(path, OWNER_SECURITY_INFORMATION, &security.descriptor, size, &size) ||
        !GetSecurityDescriptorOwner(&security.descriptor, &owner, &defaulted) || !owner ||
        !LookupAccountSidW(NULL, owner, account, &account_size, domain, &domain_size, &use))
        return L"...";
    if (domain[0]) {
        text_add_string(&text, domain);
        text_add(&text, '\\');
    }
    text_add_string(&text, account);
    return text_get(&text);
}

static void show_long(const struct listing *l, const struct found *f)
{
    const WCHAR *kind = kind_of(&f->data), *stamp = clock_stamp(listing_time(f, l->time), L"  ");
    ULONGLONG size = (ULONGLONG)f->data.nFileSizeHigh << 32 | f->data.nFileSizeLow;
    if (kind)
        print(L"%s    %-14s ", stamp, kind);
    else
        print(L"%s %17s ", stamp, grouped(l, size));
    if (l->short_names) print(L"%-12s ", f->data.cAlternateFileName);
    if (l->owners) print(L"%-22s ", owner_of(f->path));
    print(L"%s\r\n", shown_name(l, f->name));
}

static const WCHAR *wide_name(const struct listing *l, const struct found *f)
{
    struct text text = {};
    bool directory = f->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    if (directory) text_add(&text, '[');
    text_add_string(&text, shown_name(l, f->name));
    if (directory) text_add(&text, ']');
    return text_get(&text);
}

static void show_wide(const struct listing *l, const struct found *list)
{
    int width = 1, column = 0;
    for (const struct found *f = list; f; f = f->next) {
        int length = (int)wcslen(f->name) + 4;
        if (length > width) width = length;
    }
    int columns = LINE_WIDTH / width ? LINE_WIDTH / width : 1;
    for (const struct found *f = list; f; f = f->next) {
        bool last = ++column == columns || !f->next;
        print(L"%-*s%s", last ? 0 : width, wide_name(l, f), last ? L"\r\n" : L"");
        if (last) column = 0;
    }
}

static void show_entries(const struct listing *l, const struct found *list)
{
    if (l->wide && !l->bare) {
        show_wide(l, list);
        return;
    }
    for (; list; list = list->next) {
        if (!l->bare)
            show_long(l, list);
        else
            print(L"%s\r\n", shown_name(l, l->tree ? list->path : list->name));
    }
}

static void show_sums(const struct listing *l, int files, ULONGLONG bytes)
{
    print(L"%16s File(s) %14s bytes\r\n", grouped(l, files), grouped(l, bytes));
}

void listing_head(const struct listing *l, const WCHAR *directory)
{
    if (!l->bare) print(L"\r\n Directory of %s\r\n\r\n", directory);
}

void listing_show(struct listing *l, const WCHAR *directory, const struct found *list)
{
    struct mark mark = region_mark();
    int files = 0;
    ULONGLONG bytes = 0;
    for (const struct found *f = list; f; f = f->next) {
        if (f->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        files++;
        bytes += (ULONGLONG)f->data.nFileSizeHigh << 32 | f->data.nFileSizeLow;
    }
    listing_head(l, directory);
    show_entries(l, list);
    if (!l->bare) show_sums(l, files, bytes);
    l->files += files;
    l->bytes += bytes;
    region_release(mark);
}

void listing_volume(struct listing *l, const WCHAR *directory)
{
    if (l->bare || l->volume == directory[0] || directory[1] != ':') return;
    l->volume = directory[0];
    command_vol(region_copy(directory, 2));
}

void listing_total(struct listing *l, const WCHAR *directory)
{
    ULARGE_INTEGER available = {};
    int directories = 0;
    if (l->bare) return;
    for (struct found *f = find_with_dots(join_path(directory, L"*")); f; f = f->next)
        directories += (f->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (l->tree) {
        print(L"\r\n     Total Files Listed:\r\n");
        show_sums(l, l->files, l->bytes);
    }
    GetDiskFreeSpaceExW(directory, &available, NULL, NULL);
    print(L"%16s Dir(s) %15s bytes free\r\n", grouped(l, directories), grouped(l, available.QuadPart));
}
