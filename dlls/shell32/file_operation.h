// What SHFileOperation is made of: lists of paths, and what is done with one file or tree.
#pragma once
#include "nt/nt.h"
#include <shellapi.h>
#include <stdbool.h>

// Results of SHFileOperation that are no errors of Windows (its documentation).
enum {
    DE_SAMEFILE = 0x71,
    DE_MANYSRC1DEST = 0x72,
    DE_DIFFDIR = 0x73,
    DE_ROOTDIR = 0x74,
    DE_OPCANCELLED = 0x75,
    DE_DESTSUBTREE = 0x76,
    DE_PATHTOODEEP = 0x79,
    DE_INVALIDFILES = 0x7C,
    DE_DESTSAMETREE = 0x7D,
    DE_FLDDESTISFILE = 0x7E,
    DE_FILEDESTISFLD = 0x80,
};

// --- path_list.c

struct path_list {
    WCHAR (*paths)[MAX_PATH]; // full ones
    int count;
    int entries;    // how many the caller gave
    bool wildcards; // one of them stood for many
};

// Reads a list of paths that ends in two NULs. With EXPAND what wildcards stand for is listed (files only, if
// FILES_ONLY), and what is missing is an error: 0, ERROR_FILE_NOT_FOUND, DE_INVALIDFILES,
// ERROR_NOT_ENOUGH_MEMORY. The caller calls path_list_free in any case.
DWORD path_list_read(struct path_list *list, const WCHAR *text, bool expand, bool files_only);
void path_list_free(struct path_list *list);

// FOLDER\NAME in PATH, of MAX_PATH units. False: it is too long.
bool path_join(WCHAR *path, const WCHAR *folder, const WCHAR *name);
bool path_is_folder(const WCHAR *path);
bool path_exists(const WCHAR *path);

// --- file_tree.c: each returns 0, a Windows error or a DE_ code, and stops at the first one

struct tree_operation {
    FILEOP_FLAGS flags;
    bool move;    // else copy
    bool aborted; // out: a question would have had to be asked
};

// Copies or moves a file, or a folder with all that is in it, to TO, which is the new name. What a folder TO
// has of the same name is replaced, folders are merged.
DWORD tree_transfer(struct tree_operation *operation, const WCHAR *from, const WCHAR *to);
DWORD tree_delete(const WCHAR *path);
// Makes a folder and those above it. ERROR_ALREADY_EXISTS where it was there.
DWORD tree_make_folder(const WCHAR *path, const SECURITY_ATTRIBUTES *security);
