// REG COPY: the values of a key, with /S all below it too.
#include "operation.h"
#include <stdlib.h>
#include <wchar.h>

struct copying {
    REGSAM view;
    bool deep, sure; // sure: overwrite without asking
};

static LSTATUS copy_value(struct copying *copying, const struct registry_value *value, HKEY to,
                          const WCHAR *path)
{
    if (!copying->sure && RegQueryValueExW(to, value->name, NULL, NULL, NULL, NULL) == ERROR_SUCCESS) {
        enum answer answer = ask(true, L"Value %s\\%s exists, overwrite ", path, shown_name(value->name));
        if (answer == ANSWER_NO) return ERROR_SUCCESS;
        copying->sure = answer == ANSWER_ALL;
    }
    return RegSetValueExW(to, value->name, 0, value->type, value->data, value->size);
}

static LSTATUS copy_key(struct copying *copying, HKEY from, HKEY to, const WCHAR *path);

static LSTATUS copy_subkey(struct copying *copying, HKEY from, HKEY to, const WCHAR *path, const WCHAR *name)
{
    HKEY source, target;
    LSTATUS status = RegOpenKeyExW(from, name, 0, KEY_READ | copying->view, &source);
    if (status) return status;
    status = RegCreateKeyExW(to, name, 0, NULL, 0, KEY_READ | KEY_WRITE | copying->view, NULL, &target, NULL);
    if (!status) {
        WCHAR *full = join_key(path, name);
        status = copy_key(copying, source, target, full);
        free(full);
        RegCloseKey(target);
    }
    RegCloseKey(source);
    return status;
}

static LSTATUS copy_key(struct copying *copying, HKEY from, HKEY to, const WCHAR *path)
{
    struct registry_value value;
    LSTATUS status = ERROR_SUCCESS;
    WCHAR *name;
    for (DWORD i = 0; !status && value_at(from, i, &value); i++) {
        status = copy_value(copying, &value, to, path);
        value_free(&value);
    }
    for (DWORD i = 0; copying->deep && !status && (name = subkey_name(from, i)); i++) {
        status = copy_subkey(copying, from, to, path, name);
        free(name);
    }
    return status;
}

// Whether a key lies below another: copied with all below it, it would never end.
static bool is_below(const struct key_name *name, const struct key_name *above)
{
    size_t length = wcslen(above->full);
    return _wcsnicmp(name->full, above->full, length) == 0 && name->full[length] == '\\';
}

int operation_copy(const struct arguments *arguments)
{
    struct key_name from, to;
    struct copying copying = {arguments->view, is_given(arguments, L"s"), is_given(arguments, L"f")};
    HKEY source, target;
    if (!take_key_name(arguments->operands[0], &from) || !take_key_name(arguments->operands[1], &to))
        return FAILED_STATUS;
    if (_wcsicmp(from.full, to.full) == 0)
        return fail_with(L"The registry entry cannot be copied onto itself.");
    if (copying.deep && is_below(&to, &from)) return fail_error(ERROR_INVALID_PARAMETER);
    LSTATUS status = RegOpenKeyExW(from.root, from.path, 0, KEY_READ | copying.view, &source);
    if (status) return fail_error((DWORD)status);
    status = RegCreateKeyExW(to.root, to.path, 0, NULL, 0, KEY_READ | KEY_WRITE | copying.view, NULL, &target,
                             NULL);
    if (!status) {
        status = copy_key(&copying, source, target, to.full);
        RegCloseKey(target);
    }
    RegCloseKey(source);
    return status ? fail_error((DWORD)status) : succeed();
}
