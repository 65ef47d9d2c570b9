// .reg files against the registry, for reg.exe and regedit.exe.
#ifndef PROGRAMS_REGISTRY_FILE_H
#define PROGRAMS_REGISTRY_FILE_H
#include "registry_name.h"

// Applies a .reg file; lines that say nothing sensible are passed over. ERROR_BAD_FORMAT: it is no .reg file.
// Other errors are those of opening and reading the file, or, with *registry set, of a key or value that
// could not be changed; the rest of the file is applied then too. VIEW: KEY_WOW64_32KEY, KEY_WOW64_64KEY or
// 0.
DWORD registry_import_file(const WCHAR *path, REGSAM view, bool *registry);

// Writes a key and all below it as a .reg file, in version 4's form (ANSI) or 5's (UTF-16). *registry as
// above: the key could not be read.
DWORD registry_export_file(const struct key_name *key, const WCHAR *path, bool version4, REGSAM view,
                           bool *registry);

#endif
