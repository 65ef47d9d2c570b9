// A PE file as bytes on the host: its imports and exports, read without mapping it into any guest.
#ifndef LOWLAND_PE_FILE_H
#define LOWLAND_PE_FILE_H

#include "loader/image.h"

struct pe_file {
    const uint8_t *bytes; // the whole file, mapped read-only
    size_t size;
    struct image_info info;
    uint32_t export_rva, export_size, import_rva, delay_rva;
};

// Opens and parses. 0, or -1 with *error filled (error->status is what opening failed with, if it did).
int pe_open(struct pe_file *file, const char *path, struct image_error *error);
void pe_close(struct pe_file *file);

// n bytes at an RVA, as they are in memory; NULL when they are not all there, or (n > 64) beyond what the
// file has.
const void *pe_at(const struct pe_file *file, uint32_t rva, size_t n);
// A NUL-terminated string at an RVA; NULL when it does not end within the file.
const char *pe_string(const struct pe_file *file, uint32_t rva);
// The name of the section that an RVA lies in, "" for none.
const char *pe_section_name(const struct pe_file *file, uint32_t rva);

struct pe_import {
    const char *dll;
    const char *name; // NULL: by ordinal
    uint16_t ordinal;
    bool delayed;
};
// Calls visit for each import of both directories. False when a directory contradicts itself (what came
// before was visited).
bool pe_for_each_import(const struct pe_file *file,
                        void (*visit)(const struct pe_import *import, void *context), void *context);

struct pe_export {
    const char *name; // NULL: by ordinal only
    uint16_t ordinal;
    uint32_t rva;
    const char *forward; // "DLL.Name", NULL: none
};
// Finds by name, or by ordinal when name is NULL.
bool pe_find_export(const struct pe_file *file, const char *name, uint16_t ordinal, struct pe_export *export);
// Calls visit for each named export.
void pe_for_each_export(const struct pe_file *file,
                        void (*visit)(const struct pe_export *export, void *context), void *context);

#endif
