// Strings that name a string of a module's resources: "@file,-id".
#ifndef LOWLAND_KERNELBASE_INDIRECT_STRING_H
#define LOWLAND_KERNELBASE_INDIRECT_STRING_H

#include "base.h"

// Loads what text names, which is changed on the way, into room bytes. directory, if any, is where the file
// lies. *needed gets the bytes that it takes with its terminator; with REG_MUI_STRING_TRUNCATE it is cut to
// the room. ERROR_INVALID_DATA for a text of another form, ERROR_MORE_DATA, ERROR_NOT_FOUND, what
// LoadLibraryEx says.
LSTATUS indirect_string_load(WCHAR *text, const WCHAR *directory, WCHAR *buffer, DWORD room, DWORD *needed,
                             DWORD flags);

#endif
