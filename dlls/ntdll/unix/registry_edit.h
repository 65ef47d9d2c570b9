// Changes named by full paths, as .reg files and the command line name them, inside one transaction.
#ifndef LOWLAND_REGISTRY_EDIT_H
#define LOWLAND_REGISTRY_EDIT_H

#include "registry_path.h"

struct registry_edit {
    struct registry_view *view; // open for writing the kept store
    bool view64;                // which view paths are of
    bool only_missing;          // leaves values that exist alone
    key_id key;                 // the one entered last; 0: none
    NTSTATUS status;            // why the last call failed
};

// The NT path of one that begins with HKEY_LOCAL_MACHINE, HKLM and so on, or with \Registry itself: malloc'd.
// NULL when it begins with none of them, or without memory.
uint16_t *registry_nt_path(struct units path, uint32_t *count);

// A path with the long name of its root: what other programs read. malloc'd; NULL without memory.
uint16_t *registry_long_path(struct units path, uint32_t *count);

// The user's key in \Registry\User: the SID as text.
void registry_user_name(char name[192]);

// Enters a key, making what is missing of its path.
bool edit_enter(struct registry_edit *edit, struct units path);
// Makes a symbolic link, and what is missing of its path, where there is no key yet.
bool edit_link(struct registry_edit *edit, struct units path, struct units target);
// Removes a key with all below it; one that does not exist is no failure.
bool edit_remove(struct registry_edit *edit, struct units path);
// Values of the key entered last.
bool edit_set(struct registry_edit *edit, struct units name, uint32_t type, struct store_bytes data);
bool edit_unset(struct registry_edit *edit, struct units name);

// Removes the subkeys of a key with all below them.
NTSTATUS registry_remove_below(struct registry_view *view, key_id id);

#endif
