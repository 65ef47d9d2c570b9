// Replacing variables, parameters and FOR variables.
#include "expand.h"
#include "batch.h"
#include "modifiers.h"
#include "output.h"
#include "shell.h"
#include "variables.h"
#include <stdlib.h>

// ---- what may follow a variable's colon ----

// An optional sign and digits, or nothing at all; false for anything else.
static bool read_number(const WCHAR **p, const WCHAR *end, long *number)
{
    const WCHAR *start = *p, *digits;
    if (*p < end && (**p == '-' || **p == '+')) ++*p;
    for (digits = *p; *p < end && is_digit(**p); ++*p) {
    }
    *number = wcstol(start, NULL, 10);
    return *p > digits || *p == start;
}

static bool add_substring(struct text *out, const WCHAR *value, const WCHAR *p, const WCHAR *end)
{
    long length = (long)wcslen(value), from, count, to = length;
    if (!read_number(&p, end, &from)) return false;
    if (from < 0) from = from + length < 0 ? 0 : from + length;
    if (from > length) from = length;
    if (p < end) {
        if (*p++ != ',' || !read_number(&p, end, &count) || p != end) return false;
        if (count < 0)
            to = length + count;
        else if (count < length - from)
            to = from + count;
    }
    if (to > from) text_add_part(out, value + from, to - from);
    return true;
}

static const WCHAR *find_text(const WCHAR *text, const WCHAR *wanted, size_t length)
{
    for (; *text; text++)
        if (_wcsnicmp(text, wanted, length) == 0) return text;
    return NULL;
}

static bool add_replaced(struct text *out, const WCHAR *value, const WCHAR *p, const WCHAR *end)
{
    bool all_before = p < end && *p == '*';
    if (all_before) p++;
    const WCHAR *equals = wmemchr(p, '=', end - p);
    // The text to find may begin with an equals sign after the asterisk.
    if (equals == p && all_before && p + 1 < end) equals = wmemchr(p + 1, '=', end - p - 1);
    if (!equals || equals == p) return false;
    size_t length = equals - p;
    const WCHAR *wanted = region_copy(p, length), *found;
    while ((found = find_text(value, wanted, length))) {
        if (!all_before) text_add_part(out, value, found - value);
        text_add_part(out, equals + 1, end - equals - 1);
        value = found + length;
        if (all_before) break;
    }
    text_add_string(out, value);
    return true;
}

// NAME:SPECIFICATION of a variable that has VALUE.
static bool add_operation(struct text *out, const WCHAR *value, const WCHAR *specification, const WCHAR *end)
{
    if (specification < end && *specification == '~')
        return add_substring(out, value, specification + 1, end);
    return add_replaced(out, value, specification, end);
}

// ---- %VARIABLE% and %1 ----

// The parameter at P, which is behind a percent sign: the character behind it, P itself where none is, NULL
// for nonsense.
static const WCHAR *add_parameter(struct text *out, const WCHAR *p)
{
    if (*p == '*' && shell.extensions) {
        text_add_string(out, batch_all_arguments(shell.batch));
        return p + 1;
    }
    if (is_digit(*p)) {
        text_add_string(out, batch_argument(shell.batch, *p - '0'));
        return p + 1;
    }
    if (*p != '~' || !shell.extensions) return p;
    size_t length = modifiers_length(p + 1);
    const WCHAR *which = p + 1 + length;
    if (!is_digit(*which)) {
        complain(L"The following usage of the path operator in batch-parameter\r\n"
                 L"substitution is invalid: %%%.*s",
                 (int)(wcscspn(p, L"\r\n")), p);
        return NULL;
    }
    int index = *which - '0';
    // %0 may be a label or lack its extension: its parts are the file's.
    const WCHAR *value = index == 0 && length ? batch_path(shell.batch) : batch_argument(shell.batch, index);
    modifiers_apply(out, p + 1, length, value);
    return which + 1;
}

// The variable at P, which is behind a percent sign: the character behind it, P itself where the sign stands
// for itself.
static const WCHAR *add_variable(struct text *out, const WCHAR *p)
{
    const WCHAR *end = p + wcscspn(p, shell.extensions ? L"%:\n" : L"%\n");
    if (*end == ':' && end[1] == '%') end++;
    if (*end != '%' && *end != ':') return p;
    const WCHAR *value = variable_get(p, end - p);
    if (*end == '%') {
        if (value) text_add_string(out, value);
        return value || shell.batch ? end + 1 : p;
    }
    if (!value) return shell.batch ? end + 1 : p;
    const WCHAR *close = end + wcscspn(end, L"%\n");
    if (*close != '%' || !add_operation(out, value, end + 1, close)) return p;
    return close + 1;
}

bool expand_percent(struct text *out, const WCHAR *p)
{
    for (;;) {
        size_t plain = wcscspn(p, L"%");
        text_add_part(out, p, plain);
        p += plain;
        if (!*p) return true;
        const WCHAR *behind = ++p;
        if (shell.batch && *p == '%') {
            text_add(out, '%');
            p++;
            continue;
        }
        if (shell.batch) behind = add_parameter(out, p);
        if (!behind) return false;
        if (behind == p) behind = add_variable(out, p);
        // A sign that begins nothing goes in a batch file, and stays at the prompt.
        if (behind == p && !shell.batch) text_add(out, '%');
        p = behind;
    }
}

// ---- FOR variables ----

static const WCHAR *for_value(WCHAR name)
{
    for (struct for_variable *v = shell.for_variables; v; v = v->outer)
        if (v->name == name && v->value) return v->value;
    return NULL;
}

// The FOR variable at P, which is behind a percent sign; P itself where none is.
static const WCHAR *add_for_variable(struct text *out, const WCHAR *p)
{
    if (*p != '~' || !p[1]) {
        const WCHAR *value = *p ? for_value(*p) : NULL;
        if (value) text_add_string(out, value);
        return value ? p + 1 : p;
    }
    // The longest run of modifiers that a variable follows; its name may be a modifier's letter itself.
    for (size_t length = modifiers_length(p + 1) + 1; length-- > 0;) {
        WCHAR name = p[1 + length];
        const WCHAR *value = name ? for_value(name) : NULL;
        if (!value) continue;
        modifiers_apply(out, p + 1, length, value);
        return p + length + 2;
    }
    return p;
}

WCHAR *expand_for(const WCHAR *p)
{
    struct text out = {};
    if (!shell.for_depth || !wcschr(p, '%')) return (WCHAR *)p;
    while (*p) {
        size_t plain = wcscspn(p, L"%");
        text_add_part(&out, p, plain);
        p += plain;
        if (!*p) break;
        const WCHAR *behind = add_for_variable(&out, p + 1);
        if (behind == p + 1) text_add(&out, '%');
        p = behind;
    }
    return (WCHAR *)text_get(&out);
}

// ---- !VARIABLE! ----

// The variable at P, which is behind an exclamation mark: the character behind it.
static const WCHAR *add_delayed(struct text *out, const WCHAR *p)
{
    const WCHAR *close = wcschr(p, '!');
    if (!close) return p;
    const WCHAR *end = p;
    while (end < close && !(shell.extensions && *end == ':' && end + 1 < close)) end++;
    const WCHAR *value = variable_get(p, end - p);
    if (value && end == close)
        text_add_string(out, value);
    else if (value && !add_operation(out, value, end + 1, close))
        text_add_part(out, p, close - p);
    return close + 1;
}

static WCHAR *expand_delayed(const WCHAR *p)
{
    struct text out = {};
    if (!wcschr(p, '!')) return (WCHAR *)p;
    while (*p) {
        size_t plain = wcscspn(p, L"^!");
        text_add_part(&out, p, plain);
        p += plain;
        if (*p == '^') {
            if (*++p) text_add(&out, *p++);
        } else if (*p == '!') {
            while (p[1] == '!') p++;
            p = add_delayed(&out, p + 1);
        }
    }
    return (WCHAR *)text_get(&out);
}

WCHAR *expand_late(const WCHAR *text)
{
    WCHAR *expanded = expand_for(text);
    return shell.delayed ? expand_delayed(expanded) : expanded;
}
