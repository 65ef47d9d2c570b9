// REG DELETE: a key with all below it, a value, or all values of a key.
#include "operation.h"
#include <stdlib.h>
#include <wchar.h>

static int cancelled(void)
{
    print(L"%s\r\n", error_text(ERROR_CANCELLED));
    return SUCCEEDED_STATUS;
}

static LSTATUS delete_key(const struct key_name *name, REGSAM view)
{
    HKEY root;
    LSTATUS status = RegOpenKeyExW(name->root, NULL, 0, MAXIMUM_ALLOWED | view, &root);
    if (status) return status;
    status = RegDeleteTreeW(root, name->path);
    RegCloseKey(root);
    return status;
}

static LSTATUS delete_all_values(HKEY key)
{
    struct registry_value value;
    LSTATUS status = ERROR_SUCCESS;
    while (!status && value_at(key, 0, &value)) {
        status = RegDeleteValueW(key, value.name);
        value_free(&value);
    }
    return status;
}

static int delete_values(const struct arguments *arguments, const struct key_name *name, HKEY key)
{
    const WCHAR *value = text_of(arguments, L"v");
    bool all = is_given(arguments, L"va"), sure = is_given(arguments, L"f");
    if (all && !sure && ask(false, L"Delete all values under the registry key %s ", name->full) == ANSWER_NO)
        return cancelled();
    if (!all && !sure && ask(false, L"Delete the registry value %s ", shown_name(value)) == ANSWER_NO)
        return cancelled();
    LSTATUS status = all ? delete_all_values(key) : RegDeleteValueW(key, value);
    return status ? fail_error((DWORD)status) : succeed();
}

int operation_delete(const struct arguments *arguments)
{
    struct key_name name;
    HKEY key;
    int chosen = is_given(arguments, L"v") + is_given(arguments, L"ve") + is_given(arguments, L"va");
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    if (chosen > 1) return fail_syntax();
    if (!chosen && !*name.path) return fail_error(ERROR_ACCESS_DENIED); // not a whole root
    LSTATUS status = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | KEY_WRITE | arguments->view, &key);
    if (status) return fail_error((DWORD)status);
    int result = FAILED_STATUS;
    if (chosen)
        result = delete_values(arguments, &name, key);
    else if (!is_given(arguments, L"f") &&
             ask(false, L"Permanently delete the registry key %s ", name.full) == ANSWER_NO)
        result = cancelled();
    else if ((status = delete_key(&name, arguments->view)))
        fail_error((DWORD)status);
    else
        result = succeed();
    RegCloseKey(key);
    return result;
}
