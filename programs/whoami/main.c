// whoami.exe: the user of this process, its groups and its privileges.
#include "../shared/account.h"
#include <sddl.h>
#include <stdlib.h>
#include <wchar.h>

enum { FORMAT_TABLE, FORMAT_LIST, FORMAT_CSV };

struct report {
    bool user, groups, privileges, headless;
    int format;
};

// What a token says about something; the caller frees it. NULL after a complaint.
static void *token_information(TOKEN_INFORMATION_CLASS class)
{
    HANDLE token;
    DWORD size = 0;
    void *information = NULL;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        GetTokenInformation(token, class, NULL, 0, &size);
        information = take_memory(size);
        if (!GetTokenInformation(token, class, information, size, &size)) {
            free(information);
            information = NULL;
        }
        CloseHandle(token);
    }
    if (!information) complain(L"ERROR: %s\r\n", error_text(GetLastError()));
    return information;
}

// The name, or an empty one of an account that isn't known; the caller frees it.
static WCHAR *name_of(PSID sid, SID_NAME_USE *use)
{
    WCHAR *name = account_name(sid, use);
    return name ? name : copy_text(L"");
}

static WCHAR *sid_text(PSID sid)
{
    WCHAR *text;
    if (!ConvertSidToStringSidW(sid, &text)) return copy_text(L"");
    WCHAR *copy = copy_text(text);
    LocalFree(text);
    return copy;
}

// ---- tables ----

enum { CELLS = 3 };

struct table {
    const WCHAR *title, *heads[CELLS];
    int columns;
    struct row {
        WCHAR *cells[CELLS];
    } * rows;
    size_t count, capacity;
};

static void add_row(struct table *table, WCHAR *a, WCHAR *b, WCHAR *c)
{
    make_room(&table->rows, &table->capacity, table->count + 1, sizeof *table->rows);
    table->rows[table->count++] = (struct row){{a, b, c}};
}

static size_t width_of(const struct table *table, int column)
{
    size_t width = wcslen(table->heads[column]);
    for (size_t i = 0; i < table->count; i++)
        if (wcslen(table->rows[i].cells[column]) > width) width = wcslen(table->rows[i].cells[column]);
    return width;
}

static void show_columns(const struct table *table, WCHAR *const *cells, bool rule)
{
    for (int c = 0; c < table->columns; c++) {
        int width = (int)width_of(table, c);
        bool last = c + 1 == table->columns;
        if (!rule)
            print(L"%-*s%s", last ? 0 : width, cells[c], last ? L"" : L" ");
        else
            for (int i = 0; i < width + !last; i++) print(i < width ? L"=" : L" ");
    }
    print(L"\r\n");
}

static void show_table(const struct table *table, const struct report *report)
{
    if (!report->headless && report->format != FORMAT_CSV) {
        print(L"\r\n%s\r\n", table->title);
        for (size_t i = 0; i < wcslen(table->title); i++) print(L"-");
        print(L"\r\n\r\n");
    }
    if (report->format == FORMAT_TABLE && !report->headless) {
        show_columns(table, (WCHAR *const *)table->heads, false);
        show_columns(table, NULL, true);
    }
    if (report->format == FORMAT_CSV && !report->headless)
        for (int c = 0; c < table->columns; c++)
            print(L"\"%s\"%s", table->heads[c], c + 1 < table->columns ? L"," : L"\r\n");
    for (size_t i = 0; i < table->count; i++) {
        if (report->format == FORMAT_TABLE) {
            show_columns(table, table->rows[i].cells, false);
            continue;
        }
        for (int c = 0; c < table->columns; c++) {
            if (report->format == FORMAT_CSV)
                print(L"\"%s\"%s", table->rows[i].cells[c], c + 1 < table->columns ? L"," : L"\r\n");
            else
                print(L"%s: %s\r\n", table->heads[c], table->rows[i].cells[c]);
        }
        if (report->format == FORMAT_LIST) print(L"\r\n");
    }
}

// ---- what there is to show ----

static bool show_user(const struct report *report)
{
    struct table table = {L"USER INFORMATION", {L"User Name", L"SID"}, 2, NULL, 0, 0};
    TOKEN_USER *user = token_information(TokenUser);
    SID_NAME_USE use;
    if (!user) return false;
    add_row(&table, _wcslwr(name_of(user->User.Sid, &use)), sid_text(user->User.Sid), NULL);
    show_table(&table, report);
    free(user);
    return true;
}

static WCHAR *use_text(SID_NAME_USE use)
{
    static const WCHAR *const texts[] = {[SidTypeUser] = L"User",
                                         [SidTypeGroup] = L"Group",
                                         [SidTypeDomain] = L"Domain",
                                         [SidTypeAlias] = L"Alias",
                                         [SidTypeWellKnownGroup] = L"Well-known group",
                                         [SidTypeLabel] = L"Label"};
    return copy_text(use < (int)ARRAYSIZE(texts) && texts[use] ? texts[use] : L"Unknown SID type");
}

static bool show_groups(const struct report *report)
{
    struct table table = {L"GROUP INFORMATION", {L"Group Name", L"Type", L"SID"}, 3, NULL, 0, 0};
    TOKEN_GROUPS *groups = token_information(TokenGroups);
    SID_NAME_USE use;
    if (!groups) return false;
    for (DWORD i = 0; i < groups->GroupCount; i++) {
        WCHAR *name = name_of(groups->Groups[i].Sid, &use);
        add_row(&table, name, use_text(use), sid_text(groups->Groups[i].Sid));
    }
    show_table(&table, report);
    free(groups);
    return true;
}

static bool show_privileges(const struct report *report)
{
    struct table table = {
        L"PRIVILEGES INFORMATION", {L"Privilege Name", L"Description", L"State"}, 3, NULL, 0, 0};
    TOKEN_PRIVILEGES *privileges = token_information(TokenPrivileges);
    if (!privileges) return false;
    for (DWORD i = 0; i < privileges->PrivilegeCount; i++) {
        WCHAR name[128] = L"", text[256] = L"";
        DWORD size = ARRAYSIZE(name), text_size = ARRAYSIZE(text), language;
        if (!LookupPrivilegeNameW(NULL, &privileges->Privileges[i].Luid, name, &size)) continue;
        LookupPrivilegeDisplayNameW(NULL, name, text, &text_size, &language);
        bool enabled = privileges->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED;
        add_row(&table, copy_text(name), copy_text(text), copy_text(enabled ? L"Enabled" : L"Disabled"));
    }
    show_table(&table, report);
    free(privileges);
    return true;
}

static int show_name(void)
{
    TOKEN_USER *user = token_information(TokenUser);
    SID_NAME_USE use;
    if (!user) return 1;
    print(L"%s\r\n", _wcslwr(name_of(user->User.Sid, &use)));
    return 0;
}

// ---- the command line ----

static bool take_format(struct report *report, const WCHAR *word)
{
    static const WCHAR *const names[] = {L"table", L"list", L"csv"};
    for (int i = 0; i < (int)ARRAYSIZE(names); i++)
        if (_wcsicmp(word, names[i]) == 0) return report->format = i, true;
    return false;
}

static int usage(void)
{
    print(L"WHOAMI [/USER] [/GROUPS] [/PRIV] [/ALL] [/FO TABLE | LIST | CSV] [/NH]\r\n");
    return 0;
}

int wmain(int count, WCHAR **words)
{
    struct report report = {};
    bool good = true, done = true;
    for (int i = 1; i < count && good; i++) {
        good = words[i][0] == '/' || words[i][0] == '-';
        if (!good) break;
        const WCHAR *name = words[i] + 1;
        if (wcscmp(name, L"?") == 0) return usage();
        bool all = _wcsicmp(name, L"all") == 0;
        if (all || _wcsicmp(name, L"user") == 0)
            report.user = true;
        else if (_wcsicmp(name, L"nh") == 0)
            report.headless = true;
        else if (_wcsicmp(name, L"fo") == 0)
            good = ++i < count && take_format(&report, words[i]);
        else if (_wcsicmp(name, L"groups") != 0 && _wcsicmp(name, L"priv") != 0)
            good = false;
        report.groups |= all || _wcsicmp(name, L"groups") == 0;
        report.privileges |= all || _wcsicmp(name, L"priv") == 0;
    }
    if (!good) {
        complain(L"ERROR: Invalid argument/option.\r\nType \"WHOAMI /?\" for usage.\r\n");
        return 1;
    }
    if (!report.user && !report.groups && !report.privileges) return show_name();
    if (report.user) done &= show_user(&report);
    if (report.groups) done &= show_groups(&report);
    if (report.privileges) done &= show_privileges(&report);
    return !done;
}
