// A list of resources that is to become a file's resource section (resource_tree.c), and the file that it
// goes into (resource_image.c). Used by resource_update.c.
#ifndef LOWLAND_KERNELBASE_RESOURCE_UPDATE_H
#define LOWLAND_KERNELBASE_RESOURCE_UPDATE_H

#include "base.h"

// A type or a name: text, or with text NULL a number.
struct resource_id {
    WCHAR *text; // upper case, owned
    WORD length; // in characters
    WORD number;
};

struct resource {
    struct resource *next; // sorted as a resource directory is: text before numbers, each ascending
    struct resource_id type, name;
    WORD language;
    DWORD code_page, size;
    BYTE data[];
};

// Puts a copy of size bytes into the list, in place of what has its identifiers; takes over both identifiers'
// texts, also when it fails. data NULL: removes it. ERROR_INVALID_PARAMETER: there is none to remove.
BOOL resource_list_set(struct resource **list, struct resource_id type, struct resource_id name,
                       WORD language, DWORD code_page, const void *data, DWORD size);
void resource_list_free(struct resource *list);

// The list as a resource section that begins at rva, padded to a multiple of alignment. NULL without memory;
// else free it with heap_free.
BYTE *resource_section_build(const struct resource *list, DWORD rva, DWORD alignment, DWORD *size);

// A PE file in memory, its headers checked: 32-bit or 64-bit.
struct resource_image {
    BYTE *bytes;
    DWORD size;
    IMAGE_FILE_HEADER *file;
    IMAGE_OPTIONAL_HEADER32 *optional; // what differs in 64-bit files is not used, but for the directories
    IMAGE_DATA_DIRECTORY *directories;
    DWORD directories_n;
    IMAGE_SECTION_HEADER *sections;
};

// Reads a file. ERROR_BAD_EXE_FORMAT, ERROR_FILE_INVALID (empty), what opening it sets. Free with
// resource_image_free, also after a failure.
BOOL resource_image_read(struct resource_image *image, const WCHAR *path);
void resource_image_free(struct resource_image *image);
// Adds what the file's resource directory has to a list. What lies outside of the file ends it with
// ERROR_BAD_EXE_FORMAT.
BOOL resource_image_list(const struct resource_image *image, struct resource **list);
// Gives the image a resource section made from the list, and the headers that go with it.
BOOL resource_image_replace(struct resource_image *image, const struct resource *list);

#endif
