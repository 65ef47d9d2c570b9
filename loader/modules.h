// The guest's loaded modules as its loader lists them, read with care: the lists are the program's to
// destroy.
#ifndef LOWLAND_MODULES_H
#define LOWLAND_MODULES_H

#include "loader/guest.h"

struct module {
    gptr base;
    uint32_t size;
    char name[64];        // UTF-8, the base name
    gptr path;            // the DOS name of its file, as the guest's list has it
    uint32_t path_length; // in units
};

// Calls visit for each module in load order until it returns true. Reads guest memory through the primitives.
void modules_for_each(bool (*visit)(const struct module *module, void *context), void *context);
// The module that address lies in.
bool module_of(gptr address, struct module *module);
// Names the function at or before address, by export or by a symbol of the file, whichever is nearer:
// "kernel32.dll!CreateFileW+12", or "module+offset", or the bare address.
void module_symbol(gptr address, char *buffer, size_t size);
// The address of an export by name, 0 when absent. For ntdll's entry points at start.
gptr module_export(gptr base, const char *name);

#endif
