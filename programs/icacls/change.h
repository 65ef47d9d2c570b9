// The changes that icacls makes to access control lists.
#ifndef ICACLS_CHANGE_H
#define ICACLS_CHANGE_H
#include "../shared/console_text.h"

enum change_kind {
    CHANGE_GRANT,
    CHANGE_REPLACE, // /grant:r: without what was granted before
    CHANGE_DENY,
    CHANGE_REMOVE,         // /remove: all entries of an account
    CHANGE_REMOVE_GRANTED, // /remove:g
    CHANGE_REMOVE_DENIED,  // /remove:d
    CHANGE_OWNER,
    CHANGE_RESET,        // only what is inherited
    CHANGE_INHERIT,      // /inheritance:e
    CHANGE_DONT_INHERIT, // /inheritance:d: what was inherited becomes its own
    CHANGE_DISINHERIT,   // /inheritance:r: what was inherited goes
};

struct change {
    enum change_kind kind;
    PSID sid; // where the kind is about an account
    ACCESS_MASK mask;
    BYTE flags;
};

// A change's account and rights: "NAME:PERMISSIONS" or "*S-1-...:PERMISSIONS", or without permissions for the
// kinds that take none. A Windows error.
DWORD change_read(struct change *change, const WCHAR *text);
// Makes the changes, in order. A Windows error.
DWORD change_file(const WCHAR *path, const struct change *changes, size_t count);

#endif
