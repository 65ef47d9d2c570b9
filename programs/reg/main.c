// reg.exe: the registry by command lines. Finds the operation, and says how each is used.
#include "operation.h"
#include "usage.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const struct operation {
    const WCHAR *name;
    int (*run)(const struct arguments *arguments);
    int operands;
    const WCHAR *switches, *usage;
} operations[] = {
    {L"QUERY", operation_query, 1, L"v? ve s f= k d c e t= z se= reg:32 reg:64", USAGE_QUERY},
    {L"ADD", operation_add, 1, L"v= ve t= s= d= f reg:32 reg:64", USAGE_ADD},
    {L"DELETE", operation_delete, 1, L"v= ve va f reg:32 reg:64", USAGE_DELETE},
    {L"COPY", operation_copy, 2, L"s f reg:32 reg:64", USAGE_COPY},
    {L"SAVE", operation_save, 2, L"y reg:32 reg:64", USAGE_SAVE},
    {L"RESTORE", operation_restore, 2, L"reg:32 reg:64", USAGE_RESTORE},
    {L"LOAD", operation_load, 2, L"reg:32 reg:64", USAGE_LOAD},
    {L"UNLOAD", operation_unload, 1, L"", USAGE_UNLOAD},
    {L"COMPARE", operation_compare, 2, L"v= ve oa od os on s reg:32 reg:64", USAGE_COMPARE},
    {L"EXPORT", operation_export, 2, L"y reg:32 reg:64", USAGE_EXPORT},
    {L"IMPORT", operation_import, 1, L"reg:32 reg:64", USAGE_IMPORT},
};

static const struct operation *current;

int succeed(void)
{
    print(L"%s\r\n", error_text(ERROR_SUCCESS));
    return SUCCEEDED_STATUS;
}

int fail_with(const WCHAR *message)
{
    complain(L"ERROR: %s\r\n", message);
    return FAILED_STATUS;
}

int fail_error(DWORD error)
{
    if (error == ERROR_FILE_NOT_FOUND)
        return fail_with(L"The system was unable to find the specified registry key or value.");
    return fail_with(error_text(error));
}

int fail_syntax(void)
{
    complain(L"ERROR: Invalid syntax.\r\nType \"REG %s%s/?\" for usage.\r\n", current ? current->name : L"",
             current ? L" " : L"");
    return FAILED_STATUS;
}

bool take_key_name(const WCHAR *text, struct key_name *name)
{
    if (text[0] == '\\' && text[1] == '\\') {
        fail_with(error_text(ERROR_BAD_NETPATH));
        return false;
    }
    if (key_name_parse(text, name)) return true;
    complain(L"ERROR: Invalid key name.\r\nType \"REG %s /?\" for usage.\r\n", current->name);
    return false;
}

static bool answers(const WCHAR *line, const WCHAR *word)
{
    return _wcsicmp(line, word) == 0 || (towlower(line[0]) == word[0] && !line[1]);
}

enum answer ask(bool all, const WCHAR *format, ...)
{
    WCHAR question[1024], line[64];
    va_list arguments;
    va_start(arguments, format);
    _vsnwprintf(question, ARRAYSIZE(question) - 1, format, arguments);
    question[ARRAYSIZE(question) - 1] = 0;
    va_end(arguments);
    for (;;) {
        print(L"%s(Yes/No%s)? ", question, all ? L"/All" : L"");
        if (!read_answer(line, ARRAYSIZE(line))) return ANSWER_NO;
        if (answers(line, L"yes")) return ANSWER_YES;
        if (answers(line, L"no")) return ANSWER_NO;
        if (all && answers(line, L"all")) return ANSWER_ALL;
    }
}

const WCHAR *shown_name(const WCHAR *name)
{
    return name && *name ? name : L"(Default)";
}

static bool asks_help(const WCHAR *word)
{
    return (word[0] == '/' || word[0] == '-') && (word[1] == '?' || towlower(word[1]) == 'h') && !word[2];
}

int wmain(int count, WCHAR **words)
{
    struct arguments arguments;
    if (count < 2) return fail_syntax();
    if (asks_help(words[1])) {
        print(L"%s", USAGE_ALL);
        return SUCCEEDED_STATUS;
    }
    for (size_t i = 0; i < ARRAYSIZE(operations); i++)
        if (_wcsicmp(words[1], operations[i].name) == 0) current = &operations[i];
    if (!current) return fail_syntax();
    if (count == 3 && asks_help(words[2])) {
        print(L"%s", current->usage);
        return SUCCEEDED_STATUS;
    }
    if (!arguments_take(&arguments, words + 2, count - 2, current->operands, current->switches))
        return fail_syntax();
    return current->run(&arguments);
}
