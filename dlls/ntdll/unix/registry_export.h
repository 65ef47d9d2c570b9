// Trees of keys as text: .reg files out of the store and into it.
#ifndef LOWLAND_REGISTRY_EXPORT_H
#define LOWLAND_REGISTRY_EXPORT_H

#include "reg_file.h"
#include "registry_edit.h"

// The values of a key by age, malloc'd; what they point to lives as long as the view. NULL without memory.
struct value_info *registry_sorted_values(struct registry_view *view, key_id key, uint32_t *count);

// Writes a key and all below it, each under its path, which begins with this one. STATUS_NO_MEMORY.
NTSTATUS registry_export(struct registry_view *view, key_id key, struct units path,
                         struct reg_file_writer *writer);

// Applies a .reg file's text. A failure leaves error filled: nothing of it may be committed then.
NTSTATUS registry_import(struct registry_view *view, const uint16_t *text, size_t count, bool view64,
                         bool only_missing, struct reg_file_error *error);

#endif
