/* What the start-up code of programs calls: arguments, environment, the kind of program. All of it is ready
 * when the DLL is loaded, so the calls that make it so elsewhere have little left to do. */
#include "ucrtbase.h"

extern int __app_type;
extern char **__initenv;
extern wchar_t **__winitenv;
enum { ARGV_NONE, ARGV_UNEXPANDED, ARGV_EXPANDED };

void EXPORT _set_app_type(int type)
{
    __app_type = type;
}

int EXPORT _query_app_type(void)
{
    return __app_type;
}

errno_t EXPORT _configure_narrow_argv(int mode)
{
    REQUIRE(mode >= ARGV_NONE && mode <= ARGV_EXPANDED, EINVAL, EINVAL);
    if (mode == ARGV_EXPANDED) arguments_expand();
    return 0;
}

errno_t EXPORT _configure_wide_argv(int mode)
{
    return _configure_narrow_argv(mode);
}

int EXPORT _initialize_narrow_environment(void)
{
    return 0;
}

int EXPORT _initialize_wide_environment(void)
{
    need_wide_environment();
    return _wenviron ? 0 : -1;
}

char **EXPORT _get_initial_narrow_environment(void)
{
    return __initenv;
}

wchar_t **EXPORT _get_initial_wide_environment(void)
{
    need_wide_environment();
    return __winitenv;
}

/* WinMain's command line: without the program's name, which may be quoted, and the blanks behind it. */
char *EXPORT _get_narrow_winmain_command_line(void)
{
    char *p = _acmdln;

    for (bool quoted = false; (unsigned char)*p > ' ' || (*p && quoted); p++) quoted ^= *p == '"';
    while (*p && (unsigned char)*p <= ' ') p++;
    return p;
}

wchar_t *EXPORT _get_wide_winmain_command_line(void)
{
    wchar_t *p = _wcmdln;

    for (bool quoted = false; *p > ' ' || (*p && quoted); p++) quoted ^= *p == '"';
    while (*p && *p <= ' ') p++;
    return p;
}
