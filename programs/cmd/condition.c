// IF.
#include "execute.h"
#include "expand.h"
#include "output.h"
#include "shell.h"
#include "variables.h"

// All of TEXT is a number: decimal, octal after 0, hexadecimal after 0x.
static bool number_of(const WCHAR *text, long *number)
{
    WCHAR *end;
    *number = wcstol(text, &end, 0);
    return end != text && !*end;
}

// Numbers compare as such, everything else as text of the user's locale.
static int compare(const WCHAR *a, const WCHAR *b, bool ignore_case)
{
    long x, y;
    if (number_of(a, &x) && number_of(b, &y)) return (x > y) - (x < y);
    int order = CompareStringW(LOCALE_USER_DEFAULT, ignore_case ? NORM_IGNORECASE : 0, a, -1, b, -1);
    return order ? order - CSTR_EQUAL : wcscmp(a, b);
}

static bool holds(const WCHAR *operation, int order)
{
    if (same_text(operation, L"equ")) return order == 0;
    if (same_text(operation, L"neq")) return order != 0;
    if (same_text(operation, L"lss")) return order < 0;
    if (same_text(operation, L"leq")) return order <= 0;
    if (same_text(operation, L"gtr")) return order > 0;
    return order >= 0;
}

static bool exists(const WCHAR *text)
{
    WCHAR *name = whole_name(text);
    WIN32_FIND_DATAW data;
    if (!wcspbrk(name, L"*?")) return GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES;
    HANDLE find = FindFirstFileW(name, &data);
    if (find == INVALID_HANDLE_VALUE) return false;
    FindClose(find);
    return true;
}

static bool is_true(const struct condition *c)
{
    const WCHAR *first = expand_late(c->first), *second = c->second ? expand_late(c->second) : NULL;
    WCHAR *end;
    if (same_text(c->operation, L"==")) return (c->ignore_case ? _wcsicmp : wcscmp)(first, second) == 0;
    if (second) return holds(c->operation, compare(first, second, c->ignore_case));
    if (same_text(c->operation, L"exist")) return exists(first);
    if (same_text(c->operation, L"defined")) return variable_get(first, wcslen(first)) != NULL;
    long level = wcstol(first, &end, 10);
    if (*end || end == first) return false;
    return same_text(c->operation, L"errorlevel") ? shell.errorlevel >= level : 2 >= level;
}

int execute_if(const struct node *node)
{
    struct mark mark = region_mark();
    bool condition = is_true(&node->condition) != node->condition.negated;
    region_release(mark);
    const struct node *chosen = condition ? node->left : node->right;
    return chosen ? execute(chosen) : 0;
}
