// GetStringScripts and VerifyScripts: which scripts a text is written in.
#include "dlls/ntdll/utf16.h"
#include "locale_text.h"
#include "nls_section.h"
#include "script_record.h"

static const WORD *script_words;

static const struct script_header *header(void)
{
    return (const struct script_header *)nls_section(NLS_SCRIPTS, &script_words);
}

static const struct script_name *name_of(unsigned script)
{
    return (const struct script_name *)((const WORD *)header() + SCRIPT_HEADER_WORDS) + script;
}

static unsigned script_of(DWORD c)
{
    const struct script_range *ranges = (const struct script_range *)name_of(header()->scripts_n);
    unsigned low = 0, high = header()->ranges_n; // low's range begins at c or before
    while (low + 1 < high) {
        unsigned middle = (low + high) / 2;
        if (ranges[middle].first <= c)
            low = middle;
        else
            high = middle;
    }
    return ranges[low].script;
}

static bool is_named(unsigned script, const char *name)
{
    const WCHAR *letters = name_of(script)->letters;
    return letters[0] == name[0] && letters[1] == name[1] && letters[2] == name[2] && letters[3] == name[3];
}

// The codes of all scripts in a text in alphabetical order, a semicolon behind each: the length with the NUL.
HOTPATCH int WINAPI GetStringScripts(DWORD flags, const WCHAR *text, int length, WCHAR *scripts, int size)
{
    bool found[SCRIPTS_MAX] = {false};
    struct text out = {};
    if (!text || length < -1 || size < 0 || (size && !scripts)) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)GSS_ALLOW_INHERITED_COMMON) return fail_with(ERROR_INVALID_FLAGS);
    if (length < 0) length = (int)wide_length(text);
    for (int at = 0; at < length;) found[script_of(utf16_next(text, length, &at))] = true;
    for (unsigned i = 0; i < header()->scripts_n; i++) {
        if (!found[i]) continue;
        if (!(flags & GSS_ALLOW_INHERITED_COMMON) && (is_named(i, "Qaii") || is_named(i, "Zyyy"))) continue;
        text_put_all(&out, name_of(i)->letters, SCRIPT_NAME);
        text_put(&out, ';');
    }
    return text_give(&out, scripts, size);
}

// How many units of a list's first code there are, up to its semicolon.
static int code_length(const WCHAR *list, int n)
{
    int length = 0;
    while (length < n && list[length] && list[length] != ';') length++;
    return length;
}

static bool has_code(const WCHAR *list, int n, const WCHAR *code, int code_n)
{
    while (n > 0 && *list) {
        const int length = code_length(list, n);
        if (CompareStringOrdinal(list, length, code, code_n, TRUE) == CSTR_EQUAL) return true;
        list += length + 1;
        n -= length + 1;
    }
    return false;
}

// Whether all codes of a list that isn't empty are in a locale's.
HOTPATCH BOOL WINAPI VerifyScripts(DWORD flags, const WCHAR *locale_scripts, int locale_n,
                                   const WCHAR *test_scripts, int test_n)
{
    if (!locale_scripts || !test_scripts || locale_n < -1 || test_n < -1)
        return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)VS_ALLOW_LATIN) return fail_with(ERROR_INVALID_FLAGS);
    if (locale_n < 0) locale_n = (int)wide_length(locale_scripts);
    if (test_n < 0) test_n = (int)wide_length(test_scripts);
    bool any = false;
    while (test_n > 0 && *test_scripts) {
        const int length = code_length(test_scripts, test_n);
        const bool latin = flags & VS_ALLOW_LATIN &&
                           CompareStringOrdinal(test_scripts, length, L"Latn", 4, TRUE) == CSTR_EQUAL;
        if (!latin && !has_code(locale_scripts, locale_n, test_scripts, length)) return FALSE;
        any = true;
        test_scripts += length + 1;
        test_n -= length + 1;
    }
    return any;
}
