// REG ADD: a key, and a value in it.
#include "operation.h"
#include "value_text.h"
#include <stdlib.h>
#include <wchar.h>

static int fail_data(enum data_error error)
{
    switch (error) {
    case DATA_NOT_A_NUMBER:
        complain(L"ERROR: Invalid syntax. Specify valid numeric value for '/d'.\r\n");
        break;
    case DATA_NOT_HEXADECIMAL:
        complain(L"ERROR: Invalid syntax. Specify hexadecimal digits for '/d'.\r\n");
        break;
    default: complain(L"ERROR: Invalid syntax. '/d' holds an empty string.\r\n"); break;
    }
    complain(L"Type \"REG ADD /?\" for usage.\r\n");
    return FAILED_STATUS;
}

struct addition {
    const WCHAR *name;
    DWORD type, size;
    BYTE *data;
};

// What is to be set, from the switches. False after a line about what is wrong.
static bool take_value(const struct arguments *arguments, struct addition *value)
{
    const WCHAR *type = text_of(arguments, L"t"), *separator = text_of(arguments, L"s");
    value->name = text_of(arguments, L"v");
    value->type = REG_SZ;
    if ((value->name && is_given(arguments, L"ve")) || (separator && wcslen(separator) != 1) ||
        (type && !type_named(type, &value->type))) {
        fail_syntax();
        return false;
    }
    enum data_error error = data_from_text(value->type, text_of(arguments, L"d"),
                                           separator ? separator : L"\\0", &value->data, &value->size);
    if (error) fail_data(error);
    return !error;
}

static int set_value(const struct arguments *arguments, HKEY key, const struct addition *value)
{
    bool exists = RegQueryValueExW(key, value->name, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;
    if (exists && !is_given(arguments, L"f") &&
        ask(false, L"Value %s exists, overwrite", value->name ? value->name : L"") == ANSWER_NO) {
        print(L"%s\r\n", error_text(ERROR_CANCELLED));
        return SUCCEEDED_STATUS;
    }
    LSTATUS status = RegSetValueExW(key, value->name, 0, value->type, value->data, value->size);
    return status ? fail_error((DWORD)status) : succeed();
}

int operation_add(const struct arguments *arguments)
{
    struct key_name name;
    struct addition value = {};
    HKEY key;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    bool wanted = false;
    for (int i = 0; i < arguments->count; i++) wanted |= wcschr(L"vtds", arguments->given[i].name[0]) != NULL;
    if (wanted && !take_value(arguments, &value)) return FAILED_STATUS;
    LSTATUS status = RegCreateKeyExW(name.root, name.path, 0, NULL, 0, KEY_READ | KEY_WRITE | arguments->view,
                                     NULL, &key, NULL);
    if (status) return fail_error((DWORD)status);
    int result = wanted ? set_value(arguments, key, &value) : succeed();
    RegCloseKey(key);
    return result;
}
