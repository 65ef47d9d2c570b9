// What ShellExecute is made of: finding the file, its class' command, and filling that in.
#pragma once
#include "nt/nt.h"
#include <stdbool.h>

// --- find_file.c

enum target_kind { TARGET_FILE, TARGET_FOLDER, TARGET_DRIVE, TARGET_URL };

// Finds what NAME means for a user who types it: a path, relative to FOLDER (NULL: the current one); else a
// name in FOLDER, in the system's folders, in those of PATH, or among the App Paths of the registry. Of a
// name without extension also a program's. PATH: MAX_PATH units. Returns 0 or an error of SetLastError.
DWORD find_file(const WCHAR *name, const WCHAR *folder, WCHAR *path, enum target_kind *kind);

// What App Paths adds to PATH for a program, in a HeapAlloc'ed block; NULL: nothing.
WCHAR *app_path_folders(const WCHAR *program);

// --- class_command.c

// Which class a target belongs to: NAME is CLASS (".txt", "txtfile", "http") if that isn't NULL, else the
// target's own; a handle is a class by itself.
struct class_request {
    enum target_kind kind;
    const WCHAR *path;  // or URL
    const WCHAR *class; // NULL: by kind and path
    HKEY key;           // NULL: by class
    const WCHAR *verb;  // NULL or empty: the default one
};

// Finds the verb's command template, in a HeapAlloc'ed block. Returns 0, or ERROR_NO_ASSOCIATION,
// ERROR_DDE_FAIL where the verb asks for DDE, ERROR_NOT_ENOUGH_MEMORY.
DWORD class_command(const struct class_request *request, WCHAR **command);

// --- command_template.c

struct command_values {
    const WCHAR *path, *parameters, *folder;
    int show;
    DWORD hotkey;
};

// Fills in a command template: %1 and %L the path, %* all parameters, %2 to %9 single ones, %W the folder.
// Returns a HeapAlloc'ed block; NULL without memory.
WCHAR *command_fill(const WCHAR *template, const struct command_values *values);
