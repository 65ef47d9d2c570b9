// Data of values as text, and back.
#ifndef REG_VALUE_TEXT_H
#define REG_VALUE_TEXT_H
#include "../shared/registry_name.h"

// The name of a type ("REG_SZ"), NULL for a number that has none; and back, without regard to case. False for
// a name that no type has.
const WCHAR *type_name(DWORD type);
bool type_named(const WCHAR *name, DWORD *type);

enum data_error { DATA_GOOD, DATA_NOT_A_NUMBER, DATA_NOT_HEXADECIMAL, DATA_EMPTY_STRING };

// The bytes that TEXT (NULL: none was given) says in a type; *data is the caller's.
enum data_error data_from_text(DWORD type, const WCHAR *text, const WCHAR *separator, BYTE **data,
                               DWORD *size);

// How data is shown: strings of REG_MULTI_SZ with SEPARATOR between them. The caller frees it.
WCHAR *data_to_text(const struct registry_value *value, const WCHAR *separator);

#endif
