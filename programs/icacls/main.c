// icacls.exe: shows and changes who may do what with files.
#include "../shared/account.h"
#include "../shared/file_walk.h"
#include "change.h"
#include "permissions.h"
#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <wchar.h>

struct options {
    const WCHAR *name;
    bool deep, go_on, quiet;
    struct change *changes;
    size_t count, capacity;
    unsigned done, failed;
    DWORD error; // the last one
};

// ---- showing ----

static void print_account(PSID sid)
{
    WCHAR *name = account_name(sid, NULL), *text;
    if (name) {
        print(L"%s", name);
    } else if (ConvertSidToStringSidW(sid, &text)) {
        print(L"%s", text);
        LocalFree(text);
    }
    free(name);
}

static bool is_shown(const ACE_HEADER *entry)
{
    return entry->AceType == ACCESS_ALLOWED_ACE_TYPE || entry->AceType == ACCESS_DENIED_ACE_TYPE;
}

static DWORD show_file(const WCHAR *path)
{
    PSECURITY_DESCRIPTOR descriptor;
    ACL *list = NULL;
    ACE_HEADER *entry;
    bool first = true;
    WCHAR *copy = copy_text(path);
    DWORD error = GetNamedSecurityInfoW(copy, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &list,
                                        NULL, &descriptor);
    free(copy);
    if (error) return error;
    print(L"%s ", path);
    for (DWORD i = 0; list && i < list->AceCount; i++) {
        if (!GetAce(list, i, (void **)&entry) || !is_shown(entry)) continue;
        if (!first) print(L"%*s", (int)wcslen(path) + 1, L"");
        first = false;
        print_account(&((ACCESS_ALLOWED_ACE *)entry)->SidStart);
        print(L":");
        permissions_print(entry);
        print(L"\r\n");
    }
    if (!list)
        print(L"Everyone:(F)\r\n"); // no list keeps nobody out
    else if (first)
        print(L"\r\n");
    print(L"\r\n");
    LocalFree(descriptor);
    return ERROR_SUCCESS;
}

// ---- the files ----

static bool handle_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct options *options = context;
    (void)data;
    DWORD error = options->count ? change_file(path, options->changes, options->count) : show_file(path);
    if (error) {
        complain(L"%s: %s\r\n", path, error_text(error));
        options->failed++;
        options->error = error;
        return options->go_on;
    }
    options->done++;
    if (options->count && !options->quiet) print(L"processed file: %s\r\n", path);
    return true;
}

static void handle_named(struct options *options)
{
    // A directory itself, and with /T what is in it; a pattern, what it matches.
    bool whole = is_directory(options->name);
    if (whole && !handle_file(options->name, NULL, options)) return;
    if (whole && !options->deep) return;
    WCHAR *pattern = whole ? join_file(options->name, L"*") : copy_text(options->name);
    if (!walk_files(pattern, options->deep, handle_file, options) && !whole && !options->deep) {
        complain(L"%s: %s\r\n", options->name, error_text(ERROR_FILE_NOT_FOUND));
        options->failed++;
        options->error = ERROR_FILE_NOT_FOUND;
    }
    free(pattern);
}

// ---- the command line ----

static const struct {
    const WCHAR *name;
    enum change_kind kind;
    bool takes_names;
} switches[] = {
    {L"/grant", CHANGE_GRANT, true},
    {L"/grant:r", CHANGE_REPLACE, true},
    {L"/deny", CHANGE_DENY, true},
    {L"/remove", CHANGE_REMOVE, true},
    {L"/remove:g", CHANGE_REMOVE_GRANTED, true},
    {L"/remove:d", CHANGE_REMOVE_DENIED, true},
    {L"/setowner", CHANGE_OWNER, true},
    {L"/reset", CHANGE_RESET, false},
    {L"/inheritance:e", CHANGE_INHERIT, false},
    {L"/inheritancelevel:e", CHANGE_INHERIT, false},
    {L"/inheritance:d", CHANGE_DONT_INHERIT, false},
    {L"/inheritancelevel:d", CHANGE_DONT_INHERIT, false},
    {L"/inheritance:r", CHANGE_DISINHERIT, false},
    {L"/inheritancelevel:r", CHANGE_DISINHERIT, false},
};

static bool fail(const WCHAR *word)
{
    complain(L"Invalid parameter \"%s\"\r\n", word);
    return false;
}

static DWORD add_change(struct options *options, enum change_kind kind, const WCHAR *text)
{
    struct change change = {.kind = kind};
    DWORD error = text ? change_read(&change, text) : ERROR_SUCCESS;
    make_room(&options->changes, &options->capacity, options->count + 1, sizeof *options->changes);
    options->changes[options->count++] = change;
    return error;
}

static bool take_flag(struct options *options, const WCHAR *word)
{
    if (_wcsicmp(word, L"/t") == 0) return options->deep = true;
    if (_wcsicmp(word, L"/c") == 0) return options->go_on = true;
    if (_wcsicmp(word, L"/q") == 0) return options->quiet = true;
    return false;
}

// Windows' errors are the exit status; *STATUS has it when this is false.
static bool read_words(struct options *options, int count, WCHAR **words, int *status)
{
    *status = ERROR_INVALID_PARAMETER;
    for (int i = 2; i < count; i++) {
        size_t which = 0;
        while (which < ARRAYSIZE(switches) && _wcsicmp(words[i], switches[which].name) != 0) which++;
        if (which == ARRAYSIZE(switches)) {
            if (take_flag(options, words[i])) continue;
            return fail(words[i]);
        }
        if (!switches[which].takes_names) {
            add_change(options, switches[which].kind, NULL);
            continue;
        }
        const WCHAR *named = words[i];
        for (; i + 1 < count && words[i + 1][0] != '/'; i++) {
            DWORD error = add_change(options, switches[which].kind, words[i + 1]);
            if (error == ERROR_NONE_MAPPED) {
                *status = (int)error;
                complain(L"%s: %s\r\n", words[i + 1], error_text(error));
                print(L"Successfully processed 0 files; Failed processing 1 files\r\n");
                return false;
            }
            if (error) return fail(words[i + 1]);
        }
        if (named == words[i]) return fail(named);
    }
    return true;
}

static int usage(void)
{
    print(L"ICACLS name [/T] [/C] [/Q]\r\n"
          L"ICACLS name [/grant[:r] account:permission ...] [/deny account:permission ...]\r\n"
          L"            [/remove[:g | :d] account ...] [/setowner account] [/reset]\r\n"
          L"            [/inheritance:e | d | r] [/T] [/C] [/Q]\r\n\r\n"
          L"  A permission is F, M, RX, R, W, D or a list like (R,W,DC), with (OI), (CI), (IO) or (NP) "
          L"before it;\r\n"
          L"  an account is a name or *S-1-...  /T  all that is below    /C  also after errors    /Q  says "
          L"less\r\n");
    return 0;
}

int wmain(int count, WCHAR **words)
{
    struct options options = {};
    int status;
    if (count < 2 || wcscmp(words[1], L"/?") == 0) return usage();
    options.name = words[1];
    if (!read_words(&options, count, words, &status)) return status;
    handle_named(&options);
    print(L"Successfully processed %u files; Failed processing %u files\r\n", options.done, options.failed);
    return (int)options.error;
}
