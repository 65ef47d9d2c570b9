// Names of keys as users write them, "HKLM\Software\..." or "HKEY_LOCAL_MACHINE\...".
#ifndef PROGRAMS_REGISTRY_NAME_H
#define PROGRAMS_REGISTRY_NAME_H
#include "console_text.h"

struct key_name {
    HKEY root;
    WCHAR *path; // below the root; empty: the root itself
    WCHAR *full; // with the root's long name, "HKEY_..."
};

// The root at the beginning of a name (COUNT characters), and where the rest begins, behind the backslash.
// NULL when there is none.
HKEY registry_root(const WCHAR *name, size_t count, size_t *rest, const WCHAR **long_name);

// Takes a name apart, which may end with one backslash. False when it begins with no root or holds an empty
// part. The members are the caller's, for the program's life.
bool key_name_parse(const WCHAR *text, struct key_name *name);

// PARENT\NAME; the caller frees it.
WCHAR *join_key(const WCHAR *parent, const WCHAR *name);

// The name of the subkey with that number; the caller frees it. NULL when there are no more.
WCHAR *subkey_name(HKEY key, DWORD index);

enum { END_ZEROS = 3 };
struct registry_value {
    WCHAR *name;
    DWORD type;
    BYTE *data; // with END_ZEROS zero bytes behind it, so that text ends, also after half a character
    DWORD size;
};

// The value with that number. False when there are no more.
bool value_at(HKEY key, DWORD index, struct registry_value *value);
// A value by its name (NULL or empty: the default value).
LSTATUS value_named(HKEY key, const WCHAR *name, struct registry_value *value);
void value_free(struct registry_value *value);

#endif
