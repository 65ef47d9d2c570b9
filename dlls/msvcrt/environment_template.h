/* The environment as an array of strings and its functions, once for both widths. */
#include "dlls/template.h"

static CHAR *T(find_variable, find_variable_wide)(CHAR **array, const CHAR *name, size_t length, int *index)
{
    for (int i = 0; array && array[i]; i++) {
        if (T(_strnicmp, _wcsnicmp)(array[i], name, length) || array[i][length] != '=') continue;
        *index = i;
        return array[i] + length + 1;
    }
    return NULL;
}

/* Builds the array from the system's block; entries such as "=C:=…" are not the program's. */
static CHAR **T(build_array, build_array_wide)(const CHAR *block)
{
    const CHAR *p;
    CHAR **array;
    int count = 0;

    for (p = block; *p; p += T(strlen, wcslen)(p) + 1) count += *p != '=';
    array = calloc(count + 1, sizeof(*array));
    if (!array) return NULL;
    count = 0;
    for (p = block; *p; p += T(strlen, wcslen)(p) + 1)
        if (*p != '=') array[count++] = T(_strdup, _wcsdup)(p);
    return array;
}

/* Puts a malloc'ed "NAME=value" in place of the same name, or NULL to take NAME away. */
static bool T(store_variable, store_variable_wide)(CHAR ***array, const CHAR *name, size_t length,
                                                   CHAR *entry)
{
    int index, count = 0;
    CHAR **bigger;

    if (T(find_variable, find_variable_wide)(*array, name, length, &index)) {
        free((*array)[index]);
        (*array)[index] = entry;
        if (!entry) do
                (*array)[index] = (*array)[index + 1];
            while ((*array)[index++]);
        return true;
    }
    if (!entry) return true;
    while ((*array)[count]) count++;
    /* The array that main got as its third argument stays where it is. */
    bigger = *array == T(first_array, first_array_wide) ? malloc((count + 2) * sizeof(*bigger))
                                                        : realloc(*array, (count + 2) * sizeof(*bigger));
    if (!bigger) return false;
    if (*array == T(first_array, first_array_wide)) memcpy(bigger, *array, count * sizeof(*bigger));
    bigger[count] = entry;
    bigger[count + 1] = NULL;
    *array = bigger;
    return true;
}

CHAR *EXPORT T(getenv, _wgetenv)(const CHAR *name)
{
    CHAR *value;
    int index;

    REQUIRE(name, EINVAL, NULL);
    _lock(LOCK_ENVIRONMENT);
    T(, need_wide_environment();)
    value =
        T(find_variable, find_variable_wide)(T(_environ, _wenviron), name, T(strlen, wcslen)(name), &index);
    _unlock(LOCK_ENVIRONMENT);
    return value;
}

errno_t EXPORT T(getenv_s, _wgetenv_s)(size_t *need, CHAR *out, size_t size, const CHAR *name)
{
    const CHAR *value;
    size_t length;

    REQUIRE(need && (out || !size), EINVAL, EINVAL);
    *need = 0;
    if (out && size) *out = 0;
    if (!name) return 0;
    value = T(getenv, _wgetenv)(name);
    if (!value) return 0;
    length = T(strlen, wcslen)(value) + 1;
    *need = length;
    if (!size) return 0;
    if (length > size) return errno = ERANGE;
    memcpy(out, value, length * sizeof(CHAR));
    return 0;
}

errno_t EXPORT T(_dupenv_s, _wdupenv_s)(CHAR **out, size_t *length, const CHAR *name)
{
    const CHAR *value;

    REQUIRE(out, EINVAL, EINVAL);
    *out = NULL;
    if (length) *length = 0;
    REQUIRE(name, EINVAL, EINVAL);
    value = T(getenv, _wgetenv)(name);
    if (!value) return 0;
    *out = T(_strdup, _wcsdup)(value);
    if (!*out) return ENOMEM;
    if (length) *length = T(strlen, wcslen)(value) + 1;
    return 0;
}

/* "NAME=value"; an empty value removes. The system's environment follows. */
int EXPORT T(_putenv, _wputenv)(const CHAR *text)
{
    const CHAR *equals;
    size_t length;
    bool ok;

    REQUIRE(text, EINVAL, -1);
    equals = T(strchr, wcschr)(text, '=');
    REQUIRE(equals && equals != text, EINVAL, -1);
    length = equals - text;
    _lock(LOCK_ENVIRONMENT);
    T(, need_wide_environment();)
    ok = T(set_variable, set_variable_wide)(text, length, equals[1] ? equals + 1 : NULL);
    _unlock(LOCK_ENVIRONMENT);
    return ok ? 0 : -1;
}

errno_t EXPORT T(_putenv_s, _wputenv_s)(const CHAR *name, const CHAR *value)
{
    size_t length;
    bool ok;

    REQUIRE(name && value, EINVAL, EINVAL);
    length = T(strlen, wcslen)(name);
    REQUIRE(length && !T(strchr, wcschr)(name, '='), EINVAL, EINVAL);
    _lock(LOCK_ENVIRONMENT);
    T(, need_wide_environment();)
    ok = T(set_variable, set_variable_wide)(name, length, *value ? value : NULL);
    _unlock(LOCK_ENVIRONMENT);
    return ok ? 0 : errno;
}

void EXPORT T(_searchenv, _wsearchenv)(const CHAR *file, const CHAR *variable, CHAR *out);

/* The first folder of VARIABLE (or the current one) that has FILE; ENOENT or ERANGE. */
errno_t EXPORT T(_searchenv_s, _wsearchenv_s)(const CHAR *file, const CHAR *variable, CHAR *out, size_t size)
{
    const CHAR *path;
    size_t n, name;

    REQUIRE(file && out && size, EINVAL, EINVAL);
    *out = 0;
    if (!*file) return errno = ENOENT;
    if (!T(_access, _waccess)(file, 0)) {
        if (!T(_fullpath, _wfullpath)(out, file, size)) return errno;
        return 0;
    }
    if (T(strpbrk, wcspbrk)(file, TEXT_LITERAL("\\/:"))) return errno = ENOENT;
    path = variable ? T(getenv, _wgetenv)(variable) : NULL;
    name = T(strlen, wcslen)(file);
    while (path && *path) {
        bool quoted = false;
        /* Quotes go away; a semicolon between them belongs to the name. */
        for (n = 0; *path && (quoted || *path != ';'); path++) {
            if (*path == '"') {
                quoted = !quoted;
                continue;
            }
            if (n + name + 2 >= size) {
                *out = 0;
                return errno = ERANGE;
            }
            out[n++] = *path;
        }
        if (*path) path++;
        if (!n) continue;
        if (out[n - 1] != '/' && out[n - 1] != '\\' && out[n - 1] != ':') out[n++] = '\\';
        memcpy(out + n, file, (name + 1) * sizeof(CHAR));
        if (!T(_access, _waccess)(out, 0)) return 0;
    }
    *out = 0;
    return errno = ENOENT;
}

void EXPORT T(_searchenv, _wsearchenv)(const CHAR *file, const CHAR *variable, CHAR *out)
{
    T(_searchenv_s, _wsearchenv_s)(file, variable, out, MAX_PATH);
}
#include "dlls/template_end.h"
