// PE images: parsing (a pure function of bytes, fuzzed) and mapping into the guest.
#ifndef LOWLAND_IMAGE_H
#define LOWLAND_IMAGE_H

#include "guest.h"

// Why a file is no image for us: what is wrong and where, for the one line that the user sees.
struct image_error {
    NTSTATUS status;    // STATUS_INVALID_IMAGE_FORMAT, STATUS_INVALID_IMAGE_NOT_MZ, ..._WIN_16, ..._WIN_64 ...
    const char *reason; // "section 3 lies outside the file"
    uint32_t offset;    // in the file
};

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
    uint32_t reloc_rva, reloc_size, clr_rva;
    bool flat; // section alignment below a page: mapped as one piece
    uint32_t sections_n;
    struct image_section sections[IMAGE_SECTIONS_MAX];
};

// Parses the headers of a PE32 i386 image. bytes may be any garbage; size is the number of bytes at hand,
// file_size the whole file's. 0 on success, else -1 with *error filled. Pure: no system calls, no globals.
int image_parse(const uint8_t *bytes, size_t size, uint64_t file_size, struct image_info *info,
                struct image_error *error);

// Maps an image from fd at *base (0: at its preferred base, or anywhere when that is taken) and relocates
// it when it lands elsewhere. STATUS_IMAGE_NOT_AT_BASE (a success) when relocated, STATUS_CONFLICTING_ADDRESSES
// when it must but cannot be. path: for VirtualQuery's and the debugger's benefit (host path).
NTSTATUS image_map(int fd, const struct image_info *info, const char *path, gptr *base);

#endif
