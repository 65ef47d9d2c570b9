// REG COMPARE: the values of two keys, with /S all below them too.
#include "operation.h"
#include "value_text.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct comparison {
    REGSAM view;
    bool deep, show_same, show_different, different;
};

static void show_value(WCHAR sign, const WCHAR *path, const struct registry_value *value)
{
    WCHAR *text = data_to_text(value, L"\\0");
    const WCHAR *type = type_name(value->type);
    print(L"%c Value:  %s  %s  %s  %s\r\n", sign, path, shown_name(value->name), type ? type : L"?", text);
    free(text);
}

static void show_key(WCHAR sign, const WCHAR *path, const WCHAR *name)
{
    print(L"%c Key:  %s\\%s\r\n", sign, path, name);
}

static bool same_value(const struct registry_value *a, const struct registry_value *b)
{
    return a->type == b->type && a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

// Two values of one name; a missing one is NULL.
static void compare_values(struct comparison *c, const WCHAR *path1, const struct registry_value *value1,
                           const WCHAR *path2, const struct registry_value *value2)
{
    if (value1 && value2 && same_value(value1, value2)) {
        if (c->show_same) show_value('=', path1, value1);
        return;
    }
    c->different = true;
    if (c->show_different && value1) show_value('<', path1, value1);
    if (c->show_different && value2) show_value('>', path2, value2);
}

static void compare_all_values(struct comparison *c, HKEY key1, const WCHAR *path1, HKEY key2,
                               const WCHAR *path2)
{
    struct registry_value value, other;
    for (DWORD i = 0; value_at(key1, i, &value); i++) {
        bool both = value_named(key2, value.name, &other) == ERROR_SUCCESS;
        compare_values(c, path1, &value, path2, both ? &other : NULL);
        if (both) value_free(&other);
        value_free(&value);
    }
    for (DWORD i = 0; value_at(key2, i, &value); i++) {
        if (RegQueryValueExW(key1, value.name, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
            compare_values(c, path1, NULL, path2, &value);
        value_free(&value);
    }
}

static bool has_subkey(HKEY key, const WCHAR *name, REGSAM view, HKEY *subkey)
{
    return RegOpenKeyExW(key, name, 0, KEY_READ | view, subkey) == ERROR_SUCCESS;
}

static void note_key(struct comparison *c, WCHAR sign, const WCHAR *path, const WCHAR *name)
{
    c->different = true;
    if (c->show_different) show_key(sign, path, name);
}

static void compare_keys(struct comparison *c, HKEY key1, const WCHAR *path1, HKEY key2, const WCHAR *path2);

static void compare_subkey(struct comparison *c, HKEY key1, const WCHAR *path1, HKEY key2, const WCHAR *path2,
                           const WCHAR *name)
{
    HKEY subkey1, subkey2;
    if (!has_subkey(key1, name, c->view, &subkey1)) return;
    if (has_subkey(key2, name, c->view, &subkey2)) {
        WCHAR *full1 = join_key(path1, name), *full2 = join_key(path2, name);
        if (c->show_same) show_key('=', path1, name);
        compare_keys(c, subkey1, full1, subkey2, full2);
        free(full1);
        free(full2);
        RegCloseKey(subkey2);
    } else {
        note_key(c, '<', path1, name);
    }
    RegCloseKey(subkey1);
}

static void compare_keys(struct comparison *c, HKEY key1, const WCHAR *path1, HKEY key2, const WCHAR *path2)
{
    WCHAR *name;
    HKEY subkey;
    compare_all_values(c, key1, path1, key2, path2);
    for (DWORD i = 0; c->deep && (name = subkey_name(key1, i)); i++) {
        compare_subkey(c, key1, path1, key2, path2, name);
        free(name);
    }
    for (DWORD i = 0; c->deep && (name = subkey_name(key2, i)); i++) {
        if (has_subkey(key1, name, c->view, &subkey))
            RegCloseKey(subkey);
        else
            note_key(c, '>', path2, name);
        free(name);
    }
}

// One value; it must be there on one side at least.
static LSTATUS compare_named(struct comparison *c, HKEY key1, const WCHAR *path1, HKEY key2,
                             const WCHAR *path2, const WCHAR *name)
{
    struct registry_value value1, value2;
    LSTATUS status1 = value_named(key1, name, &value1), status2 = value_named(key2, name, &value2);
    if (status1 && status2) return status1;
    compare_values(c, path1, status1 ? NULL : &value1, path2, status2 ? NULL : &value2);
    if (!status1) value_free(&value1);
    if (!status2) value_free(&value2);
    return ERROR_SUCCESS;
}

static int compare_open_keys(const struct arguments *arguments, struct comparison *c, HKEY key1,
                             const struct key_name *name1, HKEY key2, const struct key_name *name2)
{
    LSTATUS status = ERROR_SUCCESS;
    if (is_given(arguments, L"v") || is_given(arguments, L"ve"))
        status = compare_named(c, key1, name1->full, key2, name2->full, text_of(arguments, L"v"));
    else
        compare_keys(c, key1, name1->full, key2, name2->full);
    if (status) return fail_error((DWORD)status);
    print(L"\r\nResult Compared:  %s\r\n\r\n", c->different ? L"Different" : L"Identical");
    succeed();
    return c->different ? DIFFERENT_STATUS : SUCCEEDED_STATUS;
}

int operation_compare(const struct arguments *arguments)
{
    struct key_name name1, name2;
    HKEY key1, key2;
    bool all = is_given(arguments, L"oa"), same = is_given(arguments, L"os"),
         none = is_given(arguments, L"on");
    bool one = is_given(arguments, L"v"), deep = is_given(arguments, L"s"),
         empty = is_given(arguments, L"ve");
    if (all + same + none + is_given(arguments, L"od") > 1 || one + empty + deep > 1) return fail_syntax();
    if (!take_key_name(arguments->operands[0], &name1) || !take_key_name(arguments->operands[1], &name2))
        return FAILED_STATUS;
    if (_wcsicmp(name1.full, name2.full) == 0)
        return fail_with(L"The registry entry cannot be compared with itself.");
    struct comparison c = {arguments->view, deep, all || same, !same && !none, false};
    LSTATUS status = RegOpenKeyExW(name1.root, name1.path, 0, KEY_READ | c.view, &key1);
    if (status) return fail_error((DWORD)status);
    int result = FAILED_STATUS;
    status = RegOpenKeyExW(name2.root, name2.path, 0, KEY_READ | c.view, &key2);
    if (status) {
        fail_error((DWORD)status);
    } else {
        result = compare_open_keys(arguments, &c, key1, &name1, key2, &name2);
        RegCloseKey(key2);
    }
    RegCloseKey(key1);
    return result;
}
