/* Taking paths apart and putting them together, once for both widths; path.c includes it twice. */
#include "dlls/template.h"

static bool T(is_slash, is_slash_wide)(CHAR c)
{
    return c == '/' || c == '\\';
}

/* In MBCS text a trail byte may look like a backslash. */
static const CHAR *T(next_char, next_char_wide)(const CHAR *p)
{
#ifndef WIDE
    if (_mbctype[(unsigned char)*p + 1] & 4 && p[1]) return p + 2;
#endif
    return p + 1;
}

struct T(path_parts, path_parts_wide) {
    const CHAR *drive, *folder, *name, *extension;
    size_t drive_length, folder_length, name_length, extension_length;
};

static void T(take_apart, take_apart_wide)(const CHAR *path, struct T(path_parts, path_parts_wide) * parts)
{
    const CHAR *p = path, *slash = NULL, *dot = NULL, *end;

    parts->drive = path;
    parts->drive_length = *path && path[1] == ':' ? 2 : 0;
    p = parts->folder = path + parts->drive_length;
    for (; *p; p = T(next_char, next_char_wide)(p)) {
        if (T(is_slash, is_slash_wide)(*p))
            slash = p + 1, dot = NULL;
        else if (*p == '.')
            dot = p;
    }
    end = p;
    parts->name = slash ? slash : parts->folder;
    parts->folder_length = parts->name - parts->folder;
    parts->extension = dot ? dot : end;
    parts->name_length = parts->extension - parts->name;
    parts->extension_length = end - parts->extension;
}

static void T(copy_part, copy_part_wide)(CHAR *out, const CHAR *from, size_t length, size_t most)
{
    if (!out) return;
    if (length >= most) length = most - 1;
    memcpy(out, from, length * sizeof(CHAR));
    out[length] = 0;
}

void EXPORT T(_splitpath, _wsplitpath)(const CHAR *path, CHAR *drive, CHAR *folder, CHAR *name,
                                       CHAR *extension)
{
    struct T(path_parts, path_parts_wide) parts;

    T(take_apart, take_apart_wide)(path, &parts);
    T(copy_part, copy_part_wide)(drive, parts.drive, parts.drive_length, 3);
    T(copy_part, copy_part_wide)(folder, parts.folder, parts.folder_length, 256);
    T(copy_part, copy_part_wide)(name, parts.name, parts.name_length, 256);
    T(copy_part, copy_part_wide)(extension, parts.extension, parts.extension_length, 256);
}

errno_t EXPORT T(_splitpath_s, _wsplitpath_s)(const CHAR *path, CHAR *drive, size_t drive_size, CHAR *folder,
                                              size_t folder_size, CHAR *name, size_t name_size,
                                              CHAR *extension, size_t extension_size)
{
    struct T(path_parts, path_parts_wide) parts;
    bool fits, valid = path && !drive == !drive_size && !folder == !folder_size && !name == !name_size &&
                       !extension == !extension_size;

    if (valid) {
        T(take_apart, take_apart_wide)(path, &parts);
        fits = (!drive || parts.drive_length < drive_size) &&
               (!folder || parts.folder_length < folder_size) && (!name || parts.name_length < name_size) &&
               (!extension || parts.extension_length < extension_size);
        if (fits) {
            T(copy_part, copy_part_wide)(drive, parts.drive, parts.drive_length, drive_size);
            T(copy_part, copy_part_wide)(folder, parts.folder, parts.folder_length, folder_size);
            T(copy_part, copy_part_wide)(name, parts.name, parts.name_length, name_size);
            T(copy_part, copy_part_wide)(extension, parts.extension, parts.extension_length, extension_size);
            return 0;
        }
    }
    if (drive && drive_size) *drive = 0;
    if (folder && folder_size) *folder = 0;
    if (name && name_size) *name = 0;
    if (extension && extension_size) *extension = 0;
    REQUIRE(valid, EINVAL, EINVAL);
    return errno = ERANGE;
}

/* Appends what fits to *OUT, which TEXT may overlap; false when that wasn't all. The NUL comes last. */
static bool T(append, append_wide)(CHAR **out, size_t *room, const CHAR *text, size_t length)
{
    size_t n = length < *room ? length : *room - 1;

    memmove(*out, text, n * sizeof(CHAR));
    *out += n;
    *room -= n;
    return n == length;
}

errno_t EXPORT T(_makepath_s, _wmakepath_s)(CHAR *out, size_t size, const CHAR *drive, const CHAR *folder,
                                            const CHAR *name, const CHAR *extension)
{
    CHAR *p = out, colon[2], slash = '\\', dot = '.';
    bool fits = true;

    REQUIRE(out && size, EINVAL, EINVAL);
    if (drive && *drive) {
        colon[0] = *drive;
        colon[1] = ':';
        /* Half a drive is none. */
        fits = size > 2 && T(append, append_wide)(&p, &size, colon, 2);
    }
    if (fits && folder && *folder) {
        size_t length = T(strlen, wcslen)(folder);
        const CHAR *last = folder;
        bool slashed;
        for (const CHAR *q = folder; *q; q = T(next_char, next_char_wide)(q)) last = q;
        slashed = T(is_slash, is_slash_wide)(*last);
        fits = T(append, append_wide)(&p, &size, folder, length);
        if (fits && !slashed) fits = T(append, append_wide)(&p, &size, &slash, 1);
    }
    if (fits && name && *name) fits = T(append, append_wide)(&p, &size, name, T(strlen, wcslen)(name));
    if (fits && extension && *extension) {
        if (*extension != '.') fits = T(append, append_wide)(&p, &size, &dot, 1);
        if (fits) fits = T(append, append_wide)(&p, &size, extension, T(strlen, wcslen)(extension));
    }
    if (fits) {
        *p = 0;
        return 0;
    }
    *out = 0;
    REQUIRE(false, ERANGE, ERANGE);
    return ERANGE;
}

void EXPORT T(_makepath, _wmakepath)(CHAR *out, const CHAR *drive, const CHAR *folder, const CHAR *name,
                                     const CHAR *extension)
{
    if (out) T(_makepath_s, _wmakepath_s)(out, SIZE_MAX / 4, drive, folder, name, extension);
}

/* The absolute form; malloc'ed if OUT is NULL. */
CHAR *EXPORT T(_fullpath, _wfullpath)(CHAR *out, const CHAR *path, size_t size)
{
    DWORD need;
    CHAR *allocated = NULL;

    if (!path || !*path) return T(_getcwd, _wgetcwd)(out, size);
    need = T(GetFullPathNameA, GetFullPathNameW)(path, 0, NULL, NULL);
    if (!out) {
        size = need > MAX_PATH ? need : MAX_PATH;
        out = allocated = malloc(size * sizeof(CHAR));
        if (!out) return NULL;
    }
    need = T(GetFullPathNameA, GetFullPathNameW)(path, size, out, NULL);
    if (!need || need >= size) {
        if (need)
            errno = ERANGE;
        else
            set_os_error(GetLastError());
        free(allocated);
        return NULL;
    }
    return out;
}

static CHAR *T(give_path, give_path_wide)(CHAR *out, int size, const CHAR *path)
{
    int length = T(strlen, wcslen)(path) + 1;

    if (!out) {
        out = malloc((size > length ? size : length) * sizeof(CHAR));
        if (!out) return NULL;
    } else if (size < length) {
        if (size > 0) *out = 0;
        errno = ERANGE;
        return NULL;
    }
    memcpy(out, path, length * sizeof(CHAR));
    return out;
}

CHAR *EXPORT T(_getcwd, _wgetcwd)(CHAR *out, int size)
{
    CHAR path[MAX_PATH];
    DWORD n;

    REQUIRE(!out || size > 0, EINVAL, NULL);
    n = T(GetCurrentDirectoryA, GetCurrentDirectoryW)(MAX_PATH, path);
    if (!n || n >= MAX_PATH) {
        set_os_error(GetLastError());
        return NULL;
    }
    return T(give_path, give_path_wide)(out, size, path);
}

CHAR *EXPORT T(_getdcwd, _wgetdcwd)(int drive, CHAR *out, int size)
{
    CHAR path[MAX_PATH], relative[] = {'A' + drive - 1, ':', 0}, root[] = {'A' + drive - 1, ':', '\\', 0};
    DWORD n;

    REQUIRE(!out || size > 0, EINVAL, NULL);
    if (!drive || drive == _getdrive()) return T(_getcwd, _wgetcwd)(out, size);
    if (drive < 0 || drive > 26 || T(GetDriveTypeA, GetDriveTypeW)(root) < DRIVE_REMOVABLE) {
        *__doserrno() = ERROR_INVALID_DRIVE;
        invalid_parameter();
        errno = EACCES;
        return NULL;
    }
    n = T(GetFullPathNameA, GetFullPathNameW)(relative, MAX_PATH, path, NULL);
    if (!n || n >= MAX_PATH) {
        set_os_error(GetLastError());
        return NULL;
    }
    return T(give_path, give_path_wide)(out, size, path);
}

/* Replaces the six X at the end by a letter and digits of the process; no such file exists then. */
static errno_t T(make_temp, make_temp_wide)(CHAR *pattern, size_t length)
{
    CHAR *x = pattern + length;
    unsigned id = GetCurrentProcessId();
    int count = 0;

    while (count < 6 && x > pattern && x[-1] == 'X') x--, count++;
    if (count < 6) {
        return EINVAL;
    }
    for (int i = 5; i >= 1; i--, id /= 10) x[i] = '0' + id % 10;
    for (CHAR letter = 'a'; letter <= 'z'; letter++) {
        *x = letter;
        if (T(GetFileAttributesA, GetFileAttributesW)(pattern) == INVALID_FILE_ATTRIBUTES) {
            if (GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND) errno = 0;
            return 0;
        }
    }
    return EEXIST;
}

CHAR *EXPORT T(_mktemp, _wmktemp)(CHAR *pattern)
{
    REQUIRE(pattern, EINVAL, NULL);
    return T(make_temp, make_temp_wide)(pattern, T(strlen, wcslen)(pattern)) ? NULL : pattern;
}

errno_t EXPORT T(_mktemp_s, _wmktemp_s)(CHAR *pattern, size_t size)
{
    size_t length;
    errno_t error;

    REQUIRE(pattern && size, EINVAL, EINVAL);
    length = T(strnlen, wcsnlen)(pattern, size);
    error = length == size || length < 6 ? EINVAL : T(make_temp, make_temp_wide)(pattern, length);
    if (error) *pattern = 0;
    REQUIRE(error != EINVAL, EINVAL, EINVAL);
    return error ? errno = error : 0;
}
#include "dlls/template_end.h"
