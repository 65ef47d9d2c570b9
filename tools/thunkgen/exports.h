// What a DLL exports: its .exports file resolved against its objects and completed by an import library.
#ifndef LOWLAND_THUNKGEN_EXPORTS_H
#define LOWLAND_THUNKGEN_EXPORTS_H

#include "thunkgen.h"

struct export
{
    const char *name;
    const char *target;     // the C name behind it
    const char *forward;    // "ntdll.RtlAllocateHeap"; NULL: none
    const char *symbol;     // the object symbol, decorated; NULL when forwarded or missing
    const char *decoration; // "@8" behind the C name of a stdcall function, "" without
    bool fastcall, data, noname, missing;
    bool jump;  // forward is reached by code of this DLL's own that jumps through an import
    bool known; // the import library has it, so that decoration is right
    unsigned ordinal;
    unsigned line; // in the .exports file
};

struct exports {
    struct export *list;
    unsigned n;
    unsigned free_from; // the lowest ordinal for those that name none; 0: 1
};

// A name of an import library.
struct import {
    const char *name;       // as the DLL exports it
    const char *decoration; // "@8" or ""
    bool fastcall, data;
};

struct imports {
    struct import *list;
    unsigned n;
};

// Reads an import library as dlltool writes them. A file that isn't there is an empty one.
void import_library_read(const char *path, struct imports *imports);

// Splits an object symbol into its C name and decoration. False when it is not one that C makes.
bool symbol_split(const char *symbol, const char **name, const char **decoration, bool *fastcall);

// Reads options->exports, finds each symbol in the objects (options->inputs), adds what is missing and gives
// every export its ordinal. Problems are reported with error_in.
void exports_read(const struct options *options, struct exports *exports);

// The export table as assembly, and what dlltool makes an import library from.
void emit_exports(FILE *out, const struct options *options, struct exports *exports);
void emit_def(FILE *out, const struct options *options, const struct exports *exports);

#endif
