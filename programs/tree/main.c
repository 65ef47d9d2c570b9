// tree.com: directories below one, and with /F their files, as a drawing.
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

// What lines are drawn with.
struct pen {
    const WCHAR *branch, *last, *trunk, *blank;
};

static const struct pen lines = {L"\x251C\x2500\x2500\x2500", L"\x2514\x2500\x2500\x2500", L"\x2502   ",
                                 L"    "};
static const struct pen ascii = {L"+---", L"\\---", L"|   ", L"    "};

struct names {
    WCHAR **list;
    size_t count, capacity;
};

struct contents {
    struct names directories, files;
};

static bool take_entry(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct contents *contents = context;
    const DWORD unseen = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    (void)path;
    if (data->dwFileAttributes & unseen) return true;
    bool directory = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    struct names *names = directory ? &contents->directories : &contents->files;
    make_room(&names->list, &names->capacity, names->count + 1, sizeof *names->list);
    names->list[names->count++] = copy_text(data->cFileName);
    return true;
}

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) free(names->list[i]);
    free(names->list);
}

static void show_files(const struct contents *contents, const WCHAR *indent, const struct pen *pen)
{
    const WCHAR *beside = contents->directories.count ? pen->trunk : pen->blank;
    for (size_t i = 0; i < contents->files.count; i++)
        print(L"%s%s%s\r\n", indent, beside, contents->files.list[i]);
    if (contents->files.count) print(L"%s%s\r\n", indent, beside);
}

// What lies in a directory, each line behind indent. How many directories there are in it.
static size_t show(const WCHAR *directory, const WCHAR *indent, const struct pen *pen, bool files)
{
    struct contents contents = {};
    WCHAR *pattern = join_file(directory, L"*");
    walk_files(pattern, false, take_entry, &contents);
    free(pattern);
    if (files) show_files(&contents, indent, pen);
    for (size_t i = 0; i < contents.directories.count; i++) {
        bool last = i + 1 == contents.directories.count;
        const WCHAR *name = contents.directories.list[i], *beside = last ? pen->blank : pen->trunk;
        WCHAR *deeper = take_memory((wcslen(indent) + wcslen(beside) + 1) * sizeof(WCHAR));
        WCHAR *path = join_file(directory, name);
        print(L"%s%s%s\r\n", indent, last ? pen->last : pen->branch, name);
        wcscat(wcscpy(deeper, indent), beside);
        DWORD attributes = GetFileAttributesW(path);
        if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT)) show(path, deeper, pen, files);
        free(path);
        free(deeper);
    }
    size_t count = contents.directories.count;
    free_names(&contents.directories);
    free_names(&contents.files);
    return count;
}

static void show_volume(const WCHAR *path)
{
    WCHAR root[MAX_PATH], label[MAX_PATH + 1] = L"";
    DWORD serial = 0;
    WCHAR *full = full_file(path);
    if (GetVolumePathNameW(full, root, ARRAYSIZE(root)))
        GetVolumeInformationW(root, label, ARRAYSIZE(label), &serial, NULL, NULL, NULL, 0);
    print(*label ? L"Folder PATH listing for volume %s\r\n" : L"Folder PATH listing\r\n", label);
    print(L"Volume serial number is %04lX-%04lX\r\n", serial >> 16, serial & 0xFFFF);
    free(full);
}

// The directory as it heads the drawing: the current one as its drive and a dot.
static void show_root(const WCHAR *path)
{
    WCHAR current[MAX_PATH];
    if (path) {
        WCHAR *full = full_file(path);
        print(L"%s\r\n", _wcsupr(full));
        free(full);
    } else {
        print(GetCurrentDirectoryW(ARRAYSIZE(current), current) && current[1] == ':' ? L"%.2s.\r\n"
                                                                                     : L".\r\n",
              current);
    }
}

static int usage(void)
{
    print(L"TREE [directory] [/F] [/A]\r\n\r\n"
          L"  /F  files too    /A  drawn with characters of ASCII\r\n");
    return 0;
}

int wmain(int count, WCHAR **words)
{
    const WCHAR *path = NULL;
    const struct pen *pen = &lines;
    bool files = false;
    for (int i = 1; i < count; i++) {
        if (!_wcsicmp(words[i], L"/?")) return usage();
        if (!_wcsicmp(words[i], L"/f")) {
            files = true;
        } else if (!_wcsicmp(words[i], L"/a")) {
            pen = &ascii;
        } else if (words[i][0] == '/') {
            print(L"Invalid switch - %s\r\n", words[i]);
            return 1;
        } else if (path) {
            print(L"Too many parameters - %s\r\n", words[i]);
            return 1;
        } else {
            path = words[i];
        }
    }
    show_volume(path ? path : L".");
    show_root(path);
    if (path && !is_directory(path)) {
        print(L"Invalid path - %s\r\nNo subfolders exist\r\n\r\n", path);
        return 1;
    }
    if (!show(path ? path : L".", L"", pen, files)) print(L"No subfolders exist\r\n\r\n");
    return 0;
}
