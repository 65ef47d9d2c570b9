// Switches.
#include "arguments.h"
#include <wchar.h>

static bool is_switch(const WCHAR *word)
{
    return word[0] == '/' || word[0] == '-';
}

// The switch of that name in the list, and what its text is: '=', '?' or 0.
static const WCHAR *find_known(const WCHAR *known, const WCHAR *name, size_t *length, WCHAR *kind)
{
    for (const WCHAR *at = known; *at; at += wcsspn(at, L" ")) {
        size_t whole = wcscspn(at, L" ");
        *kind = wcschr(L"=?", at[whole - 1]) ? at[whole - 1] : 0;
        *length = whole - (*kind != 0);
        if (wcslen(name) == *length && _wcsnicmp(at, name, *length) == 0) return at;
        at += whole;
    }
    return NULL;
}

static const struct given *find_given(const struct arguments *arguments, const WCHAR *name, size_t length)
{
    for (int i = 0; i < arguments->count; i++) {
        const struct given *given = &arguments->given[i];
        if (given->length == length && _wcsnicmp(given->name, name, length) == 0) return given;
    }
    return NULL;
}

// Takes a switch, and its text from the words behind it. The number of words, 0 when it is invalid.
static int take_switch(struct arguments *arguments, WCHAR **words, int count, const WCHAR *known)
{
    size_t length;
    WCHAR kind;
    const WCHAR *found = is_switch(words[0]) ? find_known(known, words[0] + 1, &length, &kind) : NULL;
    if (!found || find_given(arguments, found, length) || arguments->count == SWITCHES) return 0;
    struct given *given = &arguments->given[arguments->count++];
    *given = (struct given){found, length, NULL};
    bool text = kind == '=' || (kind == '?' && count > 1 && !is_switch(words[1]));
    if (!text) return 1;
    if (count < 2) return 0;
    given->text = words[1];
    return 2;
}

bool arguments_take(struct arguments *arguments, WCHAR **words, int count, int operands, const WCHAR *known)
{
    *arguments = (struct arguments){.operands = words};
    if (count < operands) return false;
    for (int taken, i = operands; i < count; i += taken) {
        taken = take_switch(arguments, words + i, count - i, known);
        if (!taken) return false;
    }
    bool narrow = is_given(arguments, L"reg:32"), wide = is_given(arguments, L"reg:64");
    arguments->view = narrow ? KEY_WOW64_32KEY : wide ? KEY_WOW64_64KEY : 0;
    return !(narrow && wide);
}

bool is_given(const struct arguments *arguments, const WCHAR *name)
{
    return find_given(arguments, name, wcslen(name)) != NULL;
}

const WCHAR *text_of(const struct arguments *arguments, const WCHAR *name)
{
    const struct given *given = find_given(arguments, name, wcslen(name));
    return given ? given->text : NULL;
}
