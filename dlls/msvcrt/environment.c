/* The program's environment: _environ and _wenviron kept in step with each other and with the system's. */
#include "msvcrt.h"

char **_environ;
wchar_t **_wenviron; /* made when first asked for */
char **__initenv;
wchar_t **__winitenv;
static char **first_array;
static wchar_t **first_array_wide;

char *EXPORT _fullpath(char *out, const char *path, size_t size);
wchar_t *EXPORT _wfullpath(wchar_t *out, const wchar_t *path, size_t size);
static bool set_variable(const char *name, size_t length, const char *value);
static bool set_variable_wide(const wchar_t *name, size_t length, const wchar_t *value);

#include "environment_template.h"
#define WIDE
#include "environment_template.h"

static char *narrow_block(const wchar_t *wide)
{
    const wchar_t *end = wide;
    char *block;
    int n;

    while (*end) end += wcslen(end) + 1;
    end++;
    n = WideCharToMultiByte(CP_ACP, 0, wide, end - wide, NULL, 0, NULL, NULL);
    block = malloc(n);
    if (block) WideCharToMultiByte(CP_ACP, 0, wide, end - wide, block, n, NULL, NULL);
    return block;
}

void environment_init(void)
{
    wchar_t *wide = GetEnvironmentStringsW();
    char *block = wide ? narrow_block(wide) : NULL;

    if (!block) _amsg_exit(9);
    _environ = __initenv = first_array = build_array(block);
    free(block);
    FreeEnvironmentStringsW(wide);
}

void need_wide_environment(void)
{
    wchar_t *block;

    if (_wenviron) return;
    block = GetEnvironmentStringsW();
    if (!block) return;
    _wenviron = first_array_wide = build_array_wide(block);
    __winitenv = build_array_wide(block);
    FreeEnvironmentStringsW(block);
}

/* Name and value as one malloc'ed entry. */
static wchar_t *join_wide(const wchar_t *name, size_t length, const wchar_t *value)
{
    size_t n = wcslen(value) + 1;
    wchar_t *entry = malloc((length + 1 + n) * sizeof(*entry));

    if (!entry) return NULL;
    memcpy(entry, name, length * sizeof(*entry));
    entry[length] = '=';
    memcpy(entry + length + 1, value, n * sizeof(*entry));
    return entry;
}

static bool set_variable_wide(const wchar_t *name, size_t length, const wchar_t *value)
{
    wchar_t *entry = join_wide(name, length, value ? value : L""), *wide_name = NULL;
    char *narrow = entry ? narrow_copy(entry) : NULL;
    bool ok = false;

    if (narrow && (wide_name = _wcsdup(entry))) {
        wide_name[length] = 0;
        ok = SetEnvironmentVariableW(wide_name, value) || !value;
        if (ok) {
            size_t n = strchr(narrow, '=') - narrow;
            store_variable(&_environ, narrow, n, value ? _strdup(narrow) : NULL);
            if (_wenviron) store_variable_wide(&_wenviron, entry, length, value ? _wcsdup(entry) : NULL);
        } else {
            set_os_error(GetLastError());
        }
    }
    free(entry);
    free(narrow);
    free(wide_name);
    return ok;
}

static bool set_variable(const char *name, size_t length, const char *value)
{
    char *narrow = malloc(length + 1);
    wchar_t *wide_name, *wide_value;
    bool ok = false;

    if (!narrow) return false;
    memcpy(narrow, name, length);
    narrow[length] = 0;
    wide_name = wide_copy(narrow);
    wide_value = value ? wide_copy(value) : NULL;
    if (wide_name && (wide_value || !value)) ok = set_variable_wide(wide_name, wcslen(wide_name), wide_value);
    free(narrow);
    free(wide_name);
    free(wide_value);
    return ok;
}

char ***EXPORT __p__environ(void)
{
    return &_environ;
}
char ***EXPORT __p___initenv(void)
{
    return &__initenv;
}
wchar_t ***EXPORT __p___winitenv(void)
{
    return &__winitenv;
}

wchar_t ***EXPORT __p__wenviron(void)
{
    return &_wenviron;
}

errno_t EXPORT _get_environ(char ***value)
{
    *value = _environ;
    return 0;
}

errno_t EXPORT _get_wenviron(wchar_t ***value)
{
    *value = _wenviron;
    return 0;
}
