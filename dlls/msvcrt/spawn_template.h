/* The _spawn and _exec functions, once for both widths; spawn.c includes it twice. */
#include "dlls/template.h"

typedef const CHAR *const *T(string_list, string_list_wide);

/* COUNT strings (or up to NULL) joined by BETWEEN and ended by it and a NUL; wide, malloc'ed. */
static wchar_t *T(join, join_wide)(T(string_list, string_list_wide) list, wchar_t between)
{
    size_t size = 2;
    wchar_t *text, *p;

    for (int i = 0; list[i]; i++) size += T(narrow_length(list[i]), wcslen(list[i])) + 1;
    text = p = malloc(size * sizeof(*text));
    if (!text) return NULL;
    for (int i = 0; list[i]; i++) {
        if (i && between) *p++ = between;
        T(p += widen(p, list[i]), (wcscpy(p, list[i]), p += wcslen(p)));
        if (!between) p++;
    }
    *p++ = 0;
    *p = 0;
    return text;
}

static intptr_t T(start, start_wide)(int mode, const CHAR *path, T(string_list, string_list_wide) arguments,
                                     T(string_list, string_list_wide) environment, unsigned options)
{
    wchar_t *line, *block = NULL, *wide_path;
    intptr_t result = -1;

    REQUIRE(path && *path && arguments && arguments[0] && *arguments[0], EINVAL, -1);
    line = T(join, join_wide)(arguments, ' ');
    if (environment) block = T(join, join_wide)(environment, 0);
    wide_path = T(wide_copy, _wcsdup)(path);
    if (line && wide_path && (block || !environment))
        result = spawn_process(mode, wide_path, line, block, options, NULL);
    free(line);
    free(block);
    free(wide_path);
    return result;
}

enum { T(LIST_MAX, LIST_MAX_WIDE) = 1024 };

/* The arguments of the l forms as a list; *ARGS stands behind the NULL then. */
static int T(collect, collect_wide)(const CHAR **list, const CHAR *first, va_list *args)
{
    int n = 0;

    for (const CHAR *p = first; p; p = va_arg(*args, const CHAR *)) {
        if (n == T(LIST_MAX, LIST_MAX_WIDE) - 1) {
            errno = E2BIG;
            return -1;
        }
        list[n++] = p;
    }
    list[n] = NULL;
    return n;
}

#define BY_LIST(name, with_mode, mode_value, options, has_environment)                                       \
    intptr_t EXPORT name(with_mode const CHAR *path, const CHAR *first, ...)                                 \
    {                                                                                                        \
        const CHAR **list = malloc(T(LIST_MAX, LIST_MAX_WIDE) * sizeof(*list));                              \
        T(string_list, string_list_wide) environment = NULL;                                                 \
        intptr_t result = -1;                                                                                \
        va_list args;                                                                                        \
        if (!list) return -1;                                                                                \
        va_start(args, first);                                                                               \
        if (T(collect, collect_wide)(list, first, &args) >= 0) {                                             \
            if (has_environment) environment = va_arg(args, T(string_list, string_list_wide));               \
            result = T(start, start_wide)(mode_value, path, list, environment, options);                     \
        }                                                                                                    \
        va_end(args);                                                                                        \
        free(list);                                                                                          \
        return result;                                                                                       \
    }
#define BY_VECTOR(name, with_mode, mode_value, options)                                                      \
    intptr_t EXPORT name(with_mode const CHAR *path, T(string_list, string_list_wide) arguments)             \
    {                                                                                                        \
        return T(start, start_wide)(mode_value, path, arguments, NULL, options);                             \
    }
#define BY_VECTOR_ENVIRONMENT(name, with_mode, mode_value, options)                                          \
    intptr_t EXPORT name(with_mode const CHAR *path, T(string_list, string_list_wide) arguments,             \
                         T(string_list, string_list_wide) environment)                                       \
    {                                                                                                        \
        return T(start, start_wide)(mode_value, path, arguments, environment, options);                      \
    }
#define MODE int mode,
#define NO_MODE
BY_LIST(T(_spawnl, _wspawnl), MODE, mode, 0, false)
BY_LIST(T(_spawnle, _wspawnle), MODE, mode, 0, true)
BY_LIST(T(_spawnlp, _wspawnlp), MODE, mode, SEARCH_PATH, false)
BY_LIST(T(_spawnlpe, _wspawnlpe), MODE, mode, SEARCH_PATH, true)
BY_VECTOR(T(_spawnv, _wspawnv), MODE, mode, 0)
BY_VECTOR(T(_spawnvp, _wspawnvp), MODE, mode, SEARCH_PATH)
BY_VECTOR_ENVIRONMENT(T(_spawnve, _wspawnve), MODE, mode, 0)
BY_VECTOR_ENVIRONMENT(T(_spawnvpe, _wspawnvpe), MODE, mode, SEARCH_PATH)
BY_LIST(T(_execl, _wexecl), NO_MODE, SPAWN_OVERLAY, 0, false)
BY_LIST(T(_execle, _wexecle), NO_MODE, SPAWN_OVERLAY, 0, true)
BY_LIST(T(_execlp, _wexeclp), NO_MODE, SPAWN_OVERLAY, SEARCH_PATH, false)
BY_LIST(T(_execlpe, _wexeclpe), NO_MODE, SPAWN_OVERLAY, SEARCH_PATH, true)
BY_VECTOR(T(_execv, _wexecv), NO_MODE, SPAWN_OVERLAY, 0)
BY_VECTOR(T(_execvp, _wexecvp), NO_MODE, SPAWN_OVERLAY, SEARCH_PATH)
BY_VECTOR_ENVIRONMENT(T(_execve, _wexecve), NO_MODE, SPAWN_OVERLAY, 0)
BY_VECTOR_ENVIRONMENT(T(_execvpe, _wexecvpe), NO_MODE, SPAWN_OVERLAY, SEARCH_PATH)
#undef MODE
#undef NO_MODE
#undef BY_LIST
#undef BY_VECTOR
#undef BY_VECTOR_ENVIRONMENT
#include "dlls/template_end.h"
