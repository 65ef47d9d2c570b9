/* The command line: Windows' quoting rules, wildcard expansion, and what the start-up code of programs asks
 * for. */
#include "msvcrt.h"

char **__argv;
wchar_t **__wargv;
int __argc;
char *_acmdln;
wchar_t *_wcmdln;
char *_pgmptr;
wchar_t *_wpgmptr;
int _fmode = 0x4000; /* _O_TEXT */
int _commode;
int __app_type;

int EXPORT set_new_mode(int mode);

struct argument_list {
    wchar_t **item;
    int count, room;
};

static void add(struct argument_list *list, wchar_t *argument)
{
    if (list->count + 1 >= list->room) {
        int room = list->room ? list->room * 2 : 16;
        wchar_t **bigger = realloc(list->item, room * sizeof(*bigger));
        if (!bigger || !argument) _amsg_exit(8);
        list->item = bigger;
        list->room = room;
    }
    list->item[list->count++] = argument;
    list->item[list->count] = NULL;
}

static wchar_t *copy_part(const wchar_t *text, size_t n)
{
    wchar_t *copy = malloc((n + 1) * sizeof(*copy));
    if (!copy) _amsg_exit(8);
    memcpy(copy, text, n * sizeof(*copy));
    copy[n] = 0;
    return copy;
}

/* Adds the files that PATTERN matches in alphabetical order; itself if there are none. */
static void expand(struct argument_list *list, const wchar_t *pattern)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);
    size_t folder = wcslen(pattern);
    int first = list->count;

    if (find == INVALID_HANDLE_VALUE) {
        add(list, _wcsdup(pattern));
        return;
    }
    while (folder && pattern[folder - 1] != '\\' && pattern[folder - 1] != '/' && pattern[folder - 1] != ':')
        folder--;
    do {
        wchar_t *path;
        int at;
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..")) continue;
        path = malloc((folder + wcslen(data.cFileName) + 1) * sizeof(*path));
        if (!path) _amsg_exit(8);
        memcpy(path, pattern, folder * sizeof(*path));
        wcscpy(path + folder, data.cFileName);
        add(list, path);
        for (at = list->count - 1; at > first && _wcsicmp(list->item[at - 1], path) > 0; at--)
            list->item[at] = list->item[at - 1];
        list->item[at] = path;
    } while (FindNextFileW(find, &data));
    FindClose(find);
    if (list->count == first) add(list, _wcsdup(pattern));
}

/* Splits a command line: quotes, backslashes before quotes, and wildcards that are not quoted. */
static void split(struct argument_list *list, const wchar_t *line, bool wildcards)
{
    const wchar_t *p = line, *start;
    wchar_t *word, *out;
    bool quoted;

    /* The program's name knows no escapes. */
    word = malloc((wcslen(line) + 1) * sizeof(*word));
    if (!word) _amsg_exit(8);
    for (quoted = false, out = word; *p && (quoted || (*p != ' ' && *p != '\t')); p++) {
        if (*p == '"')
            quoted = !quoted;
        else
            *out++ = *p;
    }
    add(list, copy_part(word, out - word));
    for (;;) {
        bool wild = false;

        while (*p == ' ' || *p == '\t') p++;
        if (!*p) break;
        start = p;
        out = word;
        quoted = false;
        while (*p && (quoted || (*p != ' ' && *p != '\t'))) {
            size_t slashes = 0;

            while (*p == '\\') slashes++, p++;
            if (*p == '"') {
                for (size_t i = 0; i < slashes / 2; i++) *out++ = '\\';
                if (slashes & 1) {
                    *out++ = '"';
                } else if (quoted && p[1] == '"') {
                    *out++ = '"'; /* a doubled quote is one, and ends the quoting */
                    p++;
                    quoted = false;
                } else {
                    quoted = !quoted;
                }
                p++;
                continue;
            }
            for (size_t i = 0; i < slashes; i++) *out++ = '\\';
            if (!*p || (!quoted && (*p == ' ' || *p == '\t'))) break;
            if ((*p == '*' || *p == '?') && *start != '"') wild = true;
            *out++ = *p++;
        }
        *out = 0;
        if (wild && wildcards)
            expand(list, word);
        else
            add(list, copy_part(word, out - word));
    }
    free(word);
}

/* The narrow form of an argument list in one block, as programs expect that may write into it. */
static char **narrow_list(const struct argument_list *list)
{
    char **narrow = calloc(list->count + 1, sizeof(*narrow));

    if (!narrow) _amsg_exit(8);
    for (int i = 0; i < list->count; i++)
        if (!(narrow[i] = narrow_copy(list->item[i]))) _amsg_exit(8);
    return narrow;
}

void arguments_init(void)
{
    static wchar_t program[MAX_PATH];
    static char program_narrow[MAX_PATH];
    struct argument_list list = {0};

    _acmdln = GetCommandLineA();
    _wcmdln = GetCommandLineW();
    if (!GetModuleFileNameW(NULL, program, MAX_PATH)) *program = 0;
    program[MAX_PATH - 1] = 0;
    WideCharToMultiByte(CP_ACP, 0, program, -1, program_narrow, MAX_PATH, NULL, NULL);
    program_narrow[MAX_PATH - 1] = 0;
    _wpgmptr = program;
    _pgmptr = program_narrow;
    split(&list, *_wcmdln ? _wcmdln : program, false);
    __argc = list.count;
    __wargv = list.item;
    __argv = narrow_list(&list);
}

void arguments_expand(void)
{
    struct argument_list list = {0};

    split(&list, *_wcmdln ? _wcmdln : _wpgmptr, true);
    __argc = list.count;
    __wargv = list.item;
    __argv = narrow_list(&list);
}

extern char **__initenv;

int EXPORT __getmainargs(int *argc, char ***argv, char ***envp, int expand_wildcards, int *new_mode)
{
    if (expand_wildcards) arguments_expand();
    *argc = __argc;
    *argv = __argv;
    *envp = _environ;
    __initenv = _environ;
    if (new_mode) set_new_mode(*new_mode);
    return 0;
}

int EXPORT __wgetmainargs(int *argc, wchar_t ***argv, wchar_t ***envp, int expand_wildcards, int *new_mode)
{
    if (expand_wildcards) arguments_expand();
    *argc = __argc;
    *argv = __wargv;
    need_wide_environment();
    *envp = _wenviron;
    if (new_mode) set_new_mode(*new_mode);
    return 0;
}

void EXPORT __set_app_type(int type)
{
    __app_type = type;
}
int *EXPORT __p___argc(void)
{
    return &__argc;
}
char ***EXPORT __p___argv(void)
{
    return &__argv;
}
wchar_t ***EXPORT __p___wargv(void)
{
    return &__wargv;
}
char **EXPORT __p__acmdln(void)
{
    return &_acmdln;
}
wchar_t **EXPORT __p__wcmdln(void)
{
    return &_wcmdln;
}
char **EXPORT __p__pgmptr(void)
{
    return &_pgmptr;
}
wchar_t **EXPORT __p__wpgmptr(void)
{
    return &_wpgmptr;
}
int *EXPORT __p__fmode(void)
{
    return &_fmode;
}
int *EXPORT __p__commode(void)
{
    return &_commode;
}
FILE *EXPORT __p__iob(void)
{
    return _iob;
}

errno_t EXPORT _get_fmode(int *mode)
{
    REQUIRE(mode, EINVAL, EINVAL);
    *mode = _fmode;
    return 0;
}

errno_t EXPORT _set_fmode(int mode)
{
    REQUIRE(mode == _O_TEXT || mode == _O_BINARY || mode == 0, EINVAL, EINVAL);
    _fmode = mode;
    return 0;
}

errno_t EXPORT _get_pgmptr(char **value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _pgmptr;
    return 0;
}

errno_t EXPORT _get_wpgmptr(wchar_t **value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _wpgmptr;
    return 0;
}
