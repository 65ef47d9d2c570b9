/* Names for temporary files, and streams on them. */
#include "msvcrt.h"

enum { NAME_SIZE = 16 };
static unsigned next_number;

/*
 * "\sPID.N": Windows' form, N counting up through all names of the process. In the root of the drive, and
 * since the Universal CRT in the folder for temporary files.
 */
static void make_name(char *out, unsigned number)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    unsigned id = GetCurrentProcessId();
    char text[8];
    int n = 0;

    if (crt_profile.version >= 140) {
        n = GetTempPathA(MAX_PATH - 16, out);
        if (n > 0 && n < MAX_PATH - 16) out += n - 1;
        n = 0;
    }
    *out++ = '\\';
    *out++ = 's';
    do text[n++] = digits[id % 32];
    while ((id /= 32));
    while (n) *out++ = text[--n];
    *out++ = '.';
    if (number) {
        do text[n++] = digits[number % 32];
        while ((number /= 32));
        while (n) *out++ = text[--n];
    }
    *out = 0;
}

static void unused_name(char *out)
{
    _lock(LOCK_TEMP_NAME);
    do make_name(out, next_number++);
    while (!_access(out, 0) && next_number < 0x7FFF);
    _unlock(LOCK_TEMP_NAME);
}

char *EXPORT tmpnam(char *out)
{
    struct thread_data *data = thread_data();

    if (!out) {
        if (!data->tmpnam_text) data->tmpnam_text = malloc(MAX_PATH);
        out = data->tmpnam_text;
    }
    if (out) unused_name(out);
    return out;
}

wchar_t *EXPORT _wtmpnam(wchar_t *out)
{
    struct thread_data *data = thread_data();
    char name[MAX_PATH];

    if (!out) {
        if (!data->tmpnam_wide) data->tmpnam_wide = malloc(MAX_PATH * sizeof(wchar_t));
        out = data->tmpnam_wide;
    }
    if (!out) return NULL;
    unused_name(name);
    for (int i = 0; (out[i] = name[i]); i++) {
    }
    return out;
}

errno_t EXPORT tmpnam_s(char *out, size_t size)
{
    char name[MAX_PATH];

    REQUIRE(out && size, EINVAL, EINVAL);
    unused_name(name);
    if (strlen(name) >= size) {
        *out = 0;
        REQUIRE(false, ERANGE, ERANGE);
    }
    strcpy(out, name);
    return 0;
}

errno_t EXPORT _wtmpnam_s(wchar_t *out, size_t size)
{
    wchar_t name[MAX_PATH];

    REQUIRE(out && size, EINVAL, EINVAL);
    _wtmpnam(name);
    if (wcslen(name) >= size) {
        *out = 0;
        REQUIRE(false, ERANGE, ERANGE);
    }
    wcscpy(out, name);
    return 0;
}

/* In the folder that TMP names if it exists, else in FOLDER or the current one; malloc'ed. */
wchar_t *EXPORT _wtempnam(const wchar_t *folder, const wchar_t *prefix)
{
    const wchar_t *tmp = _wgetenv(L"TMP");
    wchar_t path[MAX_PATH], *name;
    size_t length;

    if (tmp && *tmp && GetFileAttributesW(tmp) != INVALID_FILE_ATTRIBUTES)
        folder = tmp;
    else if (!folder || !*folder || GetFileAttributesW(folder) == INVALID_FILE_ATTRIBUTES)
        folder = L".";
    if (!prefix) prefix = L"";
    length = wcslen(folder);
    if (length + wcslen(prefix) + 12 >= MAX_PATH) {
        errno = ERANGE;
        return NULL;
    }
    memcpy(path, folder, length * sizeof(wchar_t));
    if (length && path[length - 1] != '\\' && path[length - 1] != '/') path[length++] = '\\';
    for (unsigned number = GetCurrentProcessId();; number++) {
        wchar_t digits[12];
        int n = 0;
        unsigned left = number;
        wcscpy(path + length, prefix);
        name = path + length + wcslen(prefix);
        do digits[n++] = '0' + left % 10;
        while ((left /= 10));
        while (n) *name++ = digits[--n];
        *name = 0;
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) break;
    }
    return _wcsdup(path);
}

char *EXPORT _tempnam(const char *folder, const char *prefix)
{
    wchar_t *wide_folder = wide_copy(folder), *wide_prefix = wide_copy(prefix);
    wchar_t *wide = _wtempnam(wide_folder, wide_prefix);
    char *name = narrow_copy(wide);

    free(wide_folder);
    free(wide_prefix);
    free(wide);
    return name;
}

/* Windows makes it in the root of the drive; where that can't be written, in the folder for such files. */
FILE *EXPORT tmpfile(void)
{
    wchar_t path[MAX_PATH], folder[MAX_PATH];
    FILE *file = stream_alloc(), *result = NULL;
    DWORD n;

    if (!file) return NULL;
    n = GetTempPathW(MAX_PATH - 20, folder);
    for (int tries = 0; tries < 100 && !result; tries++) {
        wchar_t name[MAX_PATH];
        int error, fd;
        _wtmpnam(name);
        wcscpy(path, n ? folder : L".\\");
        wcscat(path, wcsrchr(name, '\\') + 1);
        fd = file_open(path, _O_CREAT | _O_EXCL | _O_RDWR | _O_BINARY | _O_TEMPORARY, _SH_DENYNO,
                       _S_IREAD | _S_IWRITE, &error);
        if (fd < 0) {
            if (error == EEXIST) continue;
            break;
        }
        file->_file = fd;
        file->_flag = _IORW | _commode;
        file->_tmpfname = narrow_copy(path);
        result = file;
    }
    if (!result) file->_flag = 0;
    _unlock_file(file);
    return result;
}

errno_t EXPORT tmpfile_s(FILE **file)
{
    REQUIRE(file, EINVAL, EINVAL);
    *file = tmpfile();
    return *file ? 0 : errno;
}
