// The loaded modules of a process, this one or another: a walk through its loader's list.
#ifndef LOWLAND_KERNELBASE_PROCESS_MODULES_H
#define LOWLAND_KERNELBASE_PROCESS_MODULES_H

#include "base.h"

// Fields belong to process_modules.c but entry, a copy of the module's record: its pointers are the
// process's.
struct module_walk {
    HANDLE process;
    LDR_DATA_TABLE_ENTRY entry;
    const void *head, *next;
    DWORD left; // an end to lists that have none
    ULONG_PTR cookie;
    bool locked;
};

// Begins a walk in load order; ends it, also after module_walk_begin has failed. FALSE with the last error
// set: ERROR_PARTIAL_COPY for a process whose loader has not begun.
BOOL module_walk_begin(struct module_walk *walk, HANDLE process);
void module_walk_end(struct module_walk *walk);
// Goes on to the next module. FALSE at the end, or when the list can't be read any further.
bool module_walk_next(struct module_walk *walk);

// Copies one of the entry's strings, NUL-terminated and cut to size characters. Its length, 0 when it can't
// be read.
DWORD module_walk_string(const struct module_walk *walk, const UNICODE_STRING *string, WCHAR *buffer,
                         DWORD size);

#endif
