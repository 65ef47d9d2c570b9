// Profile files whose sections lie in the registry: IniFileMapping (documented with
// WritePrivateProfileString).
#ifndef LOWLAND_KERNELBASE_PROFILE_REGISTRY_H
#define LOWLAND_KERNELBASE_PROFILE_REGISTRY_H

#include "base.h"

// What the key of a profile file in IniFileMapping says. key NULL: the file is not mapped. Close with
// profile_mapping_close.
struct profile_mapping {
    HKEY key;
};

// Looks the file up by its last component. Leaves the last error alone.
void profile_mapping_open(struct profile_mapping *mapping, const WCHAR *file);
void profile_mapping_close(struct profile_mapping *mapping);
#define AUTO_MAPPING __attribute__((cleanup(profile_mapping_close)))

// Where one entry lies.
enum profile_place { PROFILE_IN_FILE, PROFILE_FOUND, PROFILE_ABSENT };

// The value of key in section: on PROFILE_FOUND *value is allocated (heap_free).
enum profile_place profile_mapping_get(const struct profile_mapping *mapping, const WCHAR *section,
                                       const WCHAR *key, WCHAR **value);

// Sets it, NULL to delete it. False: it lies in the file. *error receives a registry error.
bool profile_mapping_set(const struct profile_mapping *mapping, const WCHAR *section, const WCHAR *key,
                         const WCHAR *value, LSTATUS *error);

// Called with a name (not terminated) and its text, which is NULL where only names are told.
typedef void (*profile_visitor)(void *context, const WCHAR *name, SIZE_T length, const WCHAR *text);

// The mapped sections' names.
void profile_mapping_sections(const struct profile_mapping *mapping, profile_visitor visit, void *context);

// The entries of a section in the registry. Returns whether all of the section lies there.
bool profile_mapping_entries(const struct profile_mapping *mapping, const WCHAR *section,
                             profile_visitor visit, void *context);

// Deletes the section's entries in the registry; returns as profile_mapping_entries.
bool profile_mapping_clear(const struct profile_mapping *mapping, const WCHAR *section);

#endif
