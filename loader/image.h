// PE images: parsing (a pure function of bytes, fuzzed) and mapping into the guest.
#ifndef LOWLAND_IMAGE_H
#define LOWLAND_IMAGE_H

#include "guest.h"
#include <stdbool.h>

// Why a file is no image for us: what is wrong and where, for the one line that the user sees.
struct image_error {
    NTSTATUS status; // STATUS_INVALID_IMAGE_FORMAT, STATUS_INVALID_IMAGE_NOT_MZ, ..._WIN_16, ..._WIN_64 ...
    const char *reason; // "section 3 lies outside the file"
    uint32_t offset;    // in the file
};

// As it is to be mapped: file_size bytes from file_offset (sector-rounded, cut to the file and to the
// section) go to rva, the rest of virtual_size (never 0) is zeroes.
struct image_section {
    char name[9];
    uint32_t rva, virtual_size, file_offset, file_size, characteristics;
};

#define IMAGE_SECTIONS_MAX 96
struct image_info {
    uint32_t image_base, image_size, headers_size, entry, section_alignment, file_alignment;
    uint32_t stack_reserve, stack_commit, heap_reserve, heap_commit;
    uint16_t machine, characteristics, dll_characteristics, subsystem, subsystem_major, subsystem_minor;
    uint16_t os_major, os_minor;
    uint32_t checksum, loader_flags, timestamp;
    uint32_t reloc_rva, reloc_size;
    uint32_t clr_rva, clr_size; // a .NET image when not 0
    uint32_t file_size;         // of the whole file, at most 4 GB - 1
    bool flat;                  // section alignment below a page: mapped as one piece
    bool contains_code;
    uint32_t sections_n;
    struct image_section sections[IMAGE_SECTIONS_MAX];
};

// Parses the headers of a PE32 i386 image. bytes may be any garbage; size is the number of bytes at hand,
// file_size the whole file's. 0 on success, else -1 with *error filled. Pure: no system calls, no globals.
int image_parse(const uint8_t *bytes, size_t size, uint64_t file_size, struct image_info *info,
                struct image_error *error);

// Reads the headers of the file fd and parses them: image_parse with a system call or two. The status is in
// *error.
int image_read(int fd, struct image_info *info, struct image_error *error);

// Maps an image from fd at *base (0: at its preferred base, or anywhere when that is taken) and relocates
// it when it lands elsewhere. STATUS_IMAGE_NOT_AT_BASE (a success) when relocated,
// STATUS_CONFLICTING_ADDRESSES when it must but cannot be. path: for VirtualQuery's and the debugger's
// benefit (host path).
NTSTATUS image_map(int fd, const struct image_info *info, const char *path, gptr *base);

// What the pages of an image are mapped from: the file where that can be mapped page by page, else a copy
// laid out by RVA. A section object keeps one for all its views.
struct image_source {
    int file;         // borrowed
    int copy;         // memfd with the pages that can't come from the file; -1: none is needed
    int shared;       // where shared sections come from, if not from copy; -1
    bool copy_all;    // a noexec mount, or relocated: nothing comes from the file
    bool copy_zeroes; // not even zeroes are just committed
};

// STATUS_NO_MEMORY, STATUS_IN_PAGE_ERROR (the file is shorter than its headers say).
NTSTATUS image_source_open(int file, const struct image_info *info, struct image_source *source);
void image_source_close(struct image_source *source);

struct object;
struct image_place {
    gptr base;      // exactly there; 0: the preferred base, else anywhere in [low, high]
    gptr low, high; // 0, 0: anywhere below 2 GB
};

// image_map from a source. section (may be NULL) gains a reference that the view holds.
NTSTATUS image_map_source(const struct image_source *source, const struct image_info *info, const char *path,
                          struct object *section, const struct image_place *place, gptr *base);

// Applies the base relocations of an image that was mapped, writable, at base instead of info->image_base.
// STATUS_INVALID_IMAGE_FORMAT when they make no sense.
NTSTATUS image_relocate(gptr base, const struct image_info *info);

#endif
