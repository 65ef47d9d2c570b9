// REG QUERY: the values of a key and the names below it, one value of it, or what a search finds.
#include "operation.h"
#include "value_text.h"
#include <stdlib.h>
#include <wchar.h>

struct query {
    REGSAM view;
    bool deep, numeric;
    const WCHAR *separator;
    // A search, or values of one name in a whole tree.
    bool search, named, case_counts, whole;
    bool in_keys, in_names, in_data;
    const WCHAR *name, *pattern;
    bool typed;
    DWORD type;
    unsigned matches;
};

// ---- what matches ----

static WCHAR folded(const struct query *query, WCHAR c)
{
    return query->case_counts ? c : towupper(c);
}

// Whether the whole text fits a pattern with * and ?.
static bool fits(const struct query *query, const WCHAR *text, const WCHAR *pattern)
{
    const WCHAR *star = NULL, *again = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            again = text;
        } else if (*pattern == '?' || (*pattern && folded(query, *pattern) == folded(query, *text))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}

static bool matches_text(const struct query *query, const WCHAR *text)
{
    if (query->whole) return fits(query, text, query->pattern);
    size_t length = wcslen(query->pattern);
    WCHAR *anywhere = take_memory((length + 3) * sizeof(WCHAR));
    anywhere[0] = '*';
    wmemcpy(anywhere + 1, query->pattern, length);
    wcscpy(anywhere + 1 + length, L"*");
    bool result = fits(query, text, anywhere);
    free(anywhere);
    return result;
}

static bool matches_value(const struct query *query, const struct registry_value *value)
{
    if (query->typed && value->type != query->type) return false;
    if (query->named && _wcsicmp(value->name, query->name) != 0) return false;
    if (!query->search || !query->pattern) return true;
    if (query->in_names && matches_text(query, value->name)) return true;
    if (!query->in_data) return false;
    WCHAR *text = data_to_text(value, query->separator);
    bool result = matches_text(query, text);
    free(text);
    return result;
}

// ---- what is shown ----

static void show_value(const struct query *query, const struct registry_value *value)
{
    WCHAR *text = data_to_text(value, query->separator);
    const WCHAR *type = type_name(value->type);
    print(L"    %s    ", shown_name(value->name));
    if (type)
        print(L"%s", type);
    else
        print(L"0x%lx", value->type);
    if (query->numeric) print(L" (%lu)", value->type);
    print(L"    %s\r\n", text);
    free(text);
}

static void show_key(const WCHAR *path)
{
    print(L"\r\n%s\r\n", path);
}

// The values that match, behind the key's name; without any the key is shown only if FOUND.
static void show_values(struct query *query, HKEY key, const WCHAR *path, bool found)
{
    struct registry_value value;
    if (found) show_key(path);
    for (DWORD i = 0; value_at(key, i, &value); i++) {
        if (matches_value(query, &value)) {
            if (!found) show_key(path);
            found = true;
            show_value(query, &value);
            query->matches++;
        }
        value_free(&value);
    }
}

static void query_key(struct query *query, HKEY key, const WCHAR *path, bool found);

static void query_subkeys(struct query *query, HKEY key, const WCHAR *path)
{
    WCHAR *name;
    for (DWORD i = 0; (name = subkey_name(key, i)); i++) {
        WCHAR *full = join_key(path, name);
        bool found = query->search && query->in_keys && matches_text(query, name);
        HKEY subkey;
        query->matches += found;
        if (!query->deep) {
            if (query->search && found) show_key(full);
            if (!query->search) print(L"%s\r\n", full);
        } else if (!RegOpenKeyExW(key, name, 0, KEY_READ | query->view, &subkey)) {
            query_key(query, subkey, full, found || (!query->search && !query->named));
            RegCloseKey(subkey);
        }
        free(full);
        free(name);
    }
}

// FOUND: the key is shown, whatever it holds.
static void query_key(struct query *query, HKEY key, const WCHAR *path, bool found)
{
    if (!query->search || query->in_names || query->in_data || query->typed)
        show_values(query, key, path, found);
    else if (found)
        show_key(path);
    if (!query->search && !query->named && !query->deep) print(L"\r\n"); // the names of subkeys stand apart
    if (query->deep || !query->named) query_subkeys(query, key, path);
}

// ---- the operation ----

static bool take_search(const struct arguments *arguments, struct query *query)
{
    bool keys = is_given(arguments, L"k"), data = is_given(arguments, L"d"),
         names = is_given(arguments, L"v");
    const WCHAR *type = text_of(arguments, L"t");
    query->pattern = text_of(arguments, L"f");
    query->typed = type != NULL;
    query->search = query->pattern || query->typed;
    query->case_counts = is_given(arguments, L"c");
    query->whole = is_given(arguments, L"e");
    if (type && !type_named(type, &query->type)) return false;
    if (!query->pattern)
        return !(keys || data || query->case_counts || query->whole || (names && !query->named));
    bool narrowed = keys || data || (names && !query->named);
    query->in_keys = keys || (!narrowed && !query->named && !query->typed);
    query->in_data = data || !narrowed;
    query->in_names = (names && !query->named) || (!narrowed && !query->named);
    return true;
}

static bool take_query(const struct arguments *arguments, struct query *query)
{
    const WCHAR *separator = text_of(arguments, L"se");
    bool empty = is_given(arguments, L"ve");
    *query = (struct query){.view = arguments->view, .separator = separator ? separator : L"\\0"};
    query->deep = is_given(arguments, L"s");
    query->numeric = is_given(arguments, L"z");
    query->name = empty ? L"" : text_of(arguments, L"v");
    query->named = query->name != NULL;
    if (empty && is_given(arguments, L"v")) return false;
    if (separator && wcslen(separator) != 1) return false;
    return take_search(arguments, query);
}

static int query_one(const struct query *query, HKEY key, const struct key_name *name)
{
    struct registry_value value;
    LSTATUS status = value_named(key, query->name, &value);
    if (status) return fail_error((DWORD)status);
    show_key(name->full);
    show_value(query, &value);
    print(L"\r\n");
    value_free(&value);
    return SUCCEEDED_STATUS;
}

static int query_tree(struct query *query, HKEY key, const struct key_name *name)
{
    bool filtered = query->search || query->named;
    struct registry_value first;
    // A key without values isn't named before its subkeys.
    bool any = value_at(key, 0, &first);
    if (any) value_free(&first);
    query_key(query, key, name->full, !filtered && any);
    if (!filtered) {
        if (query->deep) print(L"\r\n");
        return SUCCEEDED_STATUS;
    }
    print(L"\r\nEnd of search: %u match(es) found.\r\n", query->matches);
    return query->matches ? SUCCEEDED_STATUS : FAILED_STATUS;
}

int operation_query(const struct arguments *arguments)
{
    struct query query;
    struct key_name name;
    HKEY key;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    if (!take_query(arguments, &query)) return fail_syntax();
    LSTATUS status = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | query.view, &key);
    if (status) return fail_error((DWORD)status);
    bool one = query.named && !query.deep && !query.search;
    int result = one ? query_one(&query, key, &name) : query_tree(&query, key, &name);
    RegCloseKey(key);
    return result;
}
