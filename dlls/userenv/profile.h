// What the files of userenv share.
#ifndef LOWLAND_USERENV_PROFILE_H
#define LOWLAND_USERENV_PROFILE_H
#include "nt/nt.h"
#include <stdbool.h>

enum { PATH_ROOM = 1024 }; // characters for a profile's path

// A directory that a value of ProfileList names, expanded. A Win32 error.
LSTATUS profile_list_path(const WCHAR *value, WCHAR path[PATH_ROOM]);
// The profile of a token's user. A Win32 error.
LSTATUS profile_of_token(HANDLE token, WCHAR path[PATH_ROOM]);
// Sets the last error; FALSE.
BOOL fail_with(DWORD error);

#endif
