// What dbghelp knows of the processes that programs ask about: a session for each, its modules, their
// symbols. As on Windows, whoever calls from several threads has to take turns: nothing here is locked.
#ifndef LOWLAND_DBGHELP_SESSION_H
#define LOWLAND_DBGHELP_SESSION_H

#include "nt/nt.h"
#include <dbghelp.h>
#include <stdbool.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct symbol {
    DWORD rva, size;
    const char *name; // as it is in the file
};

enum { MODULE_NAME_MAX = 64 };

struct module {
    struct module *next;
    DWORD base, size, stamp, checksum;
    WCHAR path[MAX_PATH];
    WCHAR name[MODULE_NAME_MAX]; // the file's, without what follows the last dot
    bool looked;                 // for symbols
    SYM_TYPE kind;
    struct symbol *symbols; // by rva
    unsigned count;
    char *strings; // of their names
};

struct session {
    struct session *next;
    HANDLE process; // or any number that the program likes
    WCHAR *search_path;
    struct module *modules;
};

// The session of a process; NULL with the last error set.
struct session *session_find(HANDLE process);

// Adds the modules that the process has now. False with the last error set.
bool module_add_all(struct session *session);
struct module *module_at(struct session *session, DWORD64 address);
void module_free_all(struct session *session);

// Reads a module's symbols unless that was done: those of the file's COFF table, else its exports.
void symbols_read(struct session *session, struct module *module);

// Memory from the process's heap, zeroed; NULL with the last error set.
void *debug_alloc(SIZE_T size);
void *debug_resize(void *memory, SIZE_T size);
void debug_free(void *memory);

static inline BOOL debug_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

// Text of a program, whichever its form; NULL for NULL and without memory.
WCHAR *debug_wide(const char *text);
// An ANSI text in a buffer, cut to fit.
void debug_narrow(const WCHAR *text, char *buffer, int size);

#endif
