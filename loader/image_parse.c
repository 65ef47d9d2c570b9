// Parses PE32 headers. A pure function of bytes: whatever they are, it reads only what is there, and what it
// accepts can be mapped without another check of the headers. As lenient as Windows, which packers rely on.
#include "image.h"
#include "guest_constants.h"
#include <string.h>

#define PAGE        0x1000u
#define SECTOR      0x200u
#define MACHINE_386 0x14c
#define MAGIC_PE32  0x10b
#define MAGIC_PE64  0x20b

enum { // offsets from the PE signature
    FILE_MACHINE = 4,
    FILE_SECTIONS = 6,
    FILE_TIMESTAMP = 8,
    FILE_OPTIONAL_SIZE = 20,
    FILE_CHARACTERISTICS = 22,
    OPTIONAL = 24, // and from there on those of IMAGE_OPTIONAL_HEADER32
    OPTIONAL_CODE_SIZE = OPTIONAL + 4,
    OPTIONAL_ENTRY = OPTIONAL + 16,
    OPTIONAL_BASE = OPTIONAL + 28,
    OPTIONAL_SECTION_ALIGNMENT = OPTIONAL + 32,
    OPTIONAL_FILE_ALIGNMENT = OPTIONAL + 36,
    OPTIONAL_OS = OPTIONAL + 40,
    OPTIONAL_SUBSYSTEM_VERSION = OPTIONAL + 48,
    OPTIONAL_IMAGE_SIZE = OPTIONAL + 56,
    OPTIONAL_HEADERS_SIZE = OPTIONAL + 60,
    OPTIONAL_CHECKSUM = OPTIONAL + 64,
    OPTIONAL_SUBSYSTEM = OPTIONAL + 68,
    OPTIONAL_DLL_CHARACTERISTICS = OPTIONAL + 70,
    OPTIONAL_STACK_RESERVE = OPTIONAL + 72,
    OPTIONAL_LOADER_FLAGS = OPTIONAL + 88,
    OPTIONAL_DIRECTORIES_N = OPTIONAL + 92,
    OPTIONAL_DIRECTORIES = OPTIONAL + 96,
    DIRECTORY_RELOC = 5,
    DIRECTORY_CLR = 14,
    SECTION_SIZE = 40,
};

struct parser {
    const uint8_t *bytes;
    size_t size;        // at hand
    uint64_t file_size; // of the file
    struct image_error *error;
};

static int fail_at(const struct parser *parser, uint32_t offset, NTSTATUS status, const char *reason)
{
    *parser->error = (struct image_error){.status = status, .reason = reason, .offset = offset};
    return -1;
}

// Reads what lies beyond the end as 0: the headers of small images stop where they like.
static uint32_t get(const struct parser *parser, uint64_t offset, unsigned n)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < n && offset + i < parser->size; i++)
        value |= (uint32_t)parser->bytes[offset + i] << (8 * i);
    return value;
}

static uint16_t get16(const struct parser *parser, uint64_t offset)
{
    return (uint16_t)get(parser, offset, 2);
}

static uint32_t get32(const struct parser *parser, uint64_t offset)
{
    return get(parser, offset, 4);
}

static uint64_t align_up(uint64_t value, uint32_t to)
{
    return (value + to - 1) & ~(uint64_t)(to - 1);
}

static bool power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

// What an executable without a PE signature is.
static int not_pe(const struct parser *parser, uint32_t at)
{
    switch (get16(parser, at)) {
    case 'N' | 'E' << 8:
        switch (at + 0x36 < parser->size ? parser->bytes[at + 0x36] : 0) {
        case 2:
            return fail_at(parser, at, STATUS_INVALID_IMAGE_WIN_16, "it is a 16-bit Windows program (NE)");
        case 5:
            return fail_at(parser, at, STATUS_INVALID_IMAGE_PROTECT,
                           "it is a 16-bit DOS-extender program (NE)");
        default: return fail_at(parser, at, STATUS_INVALID_IMAGE_NE_FORMAT, "it is a 16-bit program (NE)");
        }
    case 'L' | 'E' << 8:
        return fail_at(parser, at, STATUS_INVALID_IMAGE_LE_FORMAT,
                       "it is a driver or DOS-extender program (LE)");
    case 'L' | 'X' << 8:
        return fail_at(parser, at, STATUS_INVALID_IMAGE_LE_FORMAT, "it is an OS/2 program (LX)");
    default:
        return fail_at(parser, at, STATUS_INVALID_IMAGE_PROTECT,
                       "it is a DOS program: there is no PE header");
    }
}

static int wrong_machine(const struct parser *parser, uint32_t at, uint16_t machine, uint16_t magic)
{
    switch (machine) {
    case 0x8664: return fail_at(parser, at, STATUS_INVALID_IMAGE_WIN_64, "it is a 64-bit program (x86-64)");
    case 0x200: return fail_at(parser, at, STATUS_INVALID_IMAGE_WIN_64, "it is a 64-bit program (Itanium)");
    case 0xaa64: return fail_at(parser, at, STATUS_INVALID_IMAGE_WIN_64, "it is a 64-bit program (ARM64)");
    case 0x1c0:
    case 0x1c2:
    case 0x1c4: return fail_at(parser, at, STATUS_INVALID_IMAGE_FORMAT, "it is an ARM program");
    case MACHINE_386:
        if (magic == MAGIC_PE64)
            return fail_at(parser, at, STATUS_INVALID_IMAGE_FORMAT,
                           "a 64-bit optional header in an i386 image");
        return fail_at(parser, at, STATUS_INVALID_IMAGE_FORMAT,
                       "the optional header's magic is neither 10Bh nor 20Bh");
    default: return fail_at(parser, at, STATUS_INVALID_IMAGE_FORMAT, "it is for a machine that is not i386");
    }
}

static int parse_optional(const struct parser *parser, uint32_t pe, struct image_info *info)
{
    info->entry = get32(parser, pe + OPTIONAL_ENTRY);
    info->image_base = get32(parser, pe + OPTIONAL_BASE);
    info->section_alignment = get32(parser, pe + OPTIONAL_SECTION_ALIGNMENT);
    info->file_alignment = get32(parser, pe + OPTIONAL_FILE_ALIGNMENT);
    info->os_major = get16(parser, pe + OPTIONAL_OS);
    info->os_minor = get16(parser, pe + OPTIONAL_OS + 2);
    info->subsystem_major = get16(parser, pe + OPTIONAL_SUBSYSTEM_VERSION);
    info->subsystem_minor = get16(parser, pe + OPTIONAL_SUBSYSTEM_VERSION + 2);
    info->image_size = get32(parser, pe + OPTIONAL_IMAGE_SIZE);
    info->headers_size = get32(parser, pe + OPTIONAL_HEADERS_SIZE);
    info->checksum = get32(parser, pe + OPTIONAL_CHECKSUM);
    info->subsystem = get16(parser, pe + OPTIONAL_SUBSYSTEM);
    info->dll_characteristics = get16(parser, pe + OPTIONAL_DLL_CHARACTERISTICS);
    info->stack_reserve = get32(parser, pe + OPTIONAL_STACK_RESERVE);
    info->stack_commit = get32(parser, pe + OPTIONAL_STACK_RESERVE + 4);
    info->heap_reserve = get32(parser, pe + OPTIONAL_STACK_RESERVE + 8);
    info->heap_commit = get32(parser, pe + OPTIONAL_STACK_RESERVE + 12);
    info->loader_flags = get32(parser, pe + OPTIONAL_LOADER_FLAGS);
    info->contains_code = get32(parser, pe + OPTIONAL_CODE_SIZE) || info->entry;

    uint32_t directories = get32(parser, pe + OPTIONAL_DIRECTORIES_N);
    uint32_t at = pe + OPTIONAL_DIRECTORIES;
    if (directories > DIRECTORY_RELOC) {
        info->reloc_rva = get32(parser, at + DIRECTORY_RELOC * 8);
        info->reloc_size = get32(parser, at + DIRECTORY_RELOC * 8 + 4);
    }
    if (directories > DIRECTORY_CLR) {
        info->clr_rva = get32(parser, at + DIRECTORY_CLR * 8);
        info->clr_size = get32(parser, at + DIRECTORY_CLR * 8 + 4);
    }

    at = pe + OPTIONAL_SECTION_ALIGNMENT;
    if (!power_of_two(info->section_alignment))
        return fail_at(parser, at, STATUS_INVALID_IMAGE_FORMAT, "the section alignment is no power of two");
    if (!power_of_two(info->file_alignment))
        return fail_at(parser, at + 4, STATUS_INVALID_IMAGE_FORMAT, "the file alignment is no power of two");
    if (info->file_alignment > info->section_alignment)
        return fail_at(parser, at + 4, STATUS_INVALID_IMAGE_FORMAT,
                       "the file alignment exceeds the section alignment");
    if ((info->file_alignment & (SECTOR - 1)) && info->file_alignment != info->section_alignment)
        return fail_at(parser, at + 4, STATUS_INVALID_IMAGE_FORMAT,
                       "the file alignment is neither the section alignment nor a multiple of 512");
    if (info->image_base & 0xffff)
        return fail_at(parser, pe + OPTIONAL_BASE, STATUS_INVALID_IMAGE_FORMAT,
                       "the image base is no multiple of 64 KiB");
    if (!info->image_size || info->image_size > 0xfffe0000)
        return fail_at(parser, pe + OPTIONAL_IMAGE_SIZE, STATUS_INVALID_IMAGE_FORMAT,
                       "the image size is impossible");
    if (!info->headers_size || info->headers_size > align_up(info->image_size, PAGE))
        return fail_at(parser, pe + OPTIONAL_HEADERS_SIZE, STATUS_INVALID_IMAGE_FORMAT,
                       "the headers' size is impossible");
    info->flat = info->section_alignment < PAGE;
    return 0;
}

// One section header. *end is where the section before it ends, and then this one.
static int parse_section(const struct parser *parser, uint64_t at, struct image_info *info, uint64_t *end)
{
    uint32_t offset = (uint32_t)at;
    uint32_t virtual_size = get32(parser, at + 8);
    uint32_t rva = get32(parser, at + 12);
    uint32_t raw_size = get32(parser, at + 16);
    uint32_t raw = get32(parser, at + 20);
    uint32_t characteristics = get32(parser, at + 36);

    if (characteristics & 0x20000000) info->contains_code = true;
    if (!raw) raw_size = 0;
    if (!virtual_size) virtual_size = raw_size;
    if (!virtual_size) return 0; // there is nothing of it
    uint64_t limit = align_up(info->image_size, PAGE);
    uint64_t size = align_up(virtual_size, info->flat ? 1 : PAGE);
    if (rva + size > limit)
        return fail_at(parser, offset, STATUS_INVALID_IMAGE_FORMAT, "a section lies outside the image");
    if (rva < *end)
        return fail_at(parser, offset, STATUS_INVALID_IMAGE_FORMAT,
                       "a section overlaps what comes before it");
    if (!info->flat && (rva & (PAGE - 1)))
        return fail_at(parser, offset, STATUS_INVALID_IMAGE_FORMAT, "a section is not aligned to a page");
    if (info->flat && raw_size && raw != rva)
        return fail_at(parser, offset, STATUS_INVALID_IMAGE_FORMAT,
                       "a section of a flat image has different addresses in file and memory");
    *end = rva + size;

    // The file is read in sectors, and no further than the section's last page.
    uint64_t begin = info->flat ? raw : raw & ~(SECTOR - 1);
    uint64_t needed = raw_size < size ? raw_size : size;
    if (raw_size && raw + needed > parser->file_size)
        return fail_at(parser, offset, STATUS_INVALID_IMAGE_FORMAT, "a section lies outside the file");
    uint64_t stop = info->flat ? raw + needed : align_up((uint64_t)raw + raw_size, SECTOR);
    if (stop > parser->file_size) stop = parser->file_size;
    uint64_t bytes = raw_size && stop > begin ? stop - begin : 0;
    if (bytes > size) bytes = size;

    struct image_section *section = &info->sections[info->sections_n++];
    for (unsigned i = 0; i < 8; i++) section->name[i] = (char)get(parser, at + i, 1);
    section->name[8] = 0;
    section->rva = rva;
    section->virtual_size = virtual_size;
    section->file_offset = bytes ? (uint32_t)begin : 0;
    section->file_size = (uint32_t)bytes;
    section->characteristics = characteristics;
    return 0;
}

int image_parse(const uint8_t *bytes, size_t size, uint64_t file_size, struct image_info *info,
                struct image_error *error)
{
    struct parser parser = {.bytes = bytes, .size = size, .file_size = file_size, .error = error};
    memset(info, 0, sizeof *info);
    if (size > file_size) parser.size = (size_t)file_size;

    if (get16(&parser, 0) != ('M' | 'Z' << 8))
        return fail_at(&parser, 0, STATUS_INVALID_IMAGE_NOT_MZ,
                       "it is no Windows program (no MZ at its start)");
    uint32_t pe = get32(&parser, 0x3c);
    if (pe > file_size || file_size - pe < 4)
        return fail_at(&parser, 0x3c, STATUS_INVALID_IMAGE_PROTECT,
                       "it is a DOS program, or cut off before its PE header");
    if (pe > parser.size || parser.size - pe < 4)
        return fail_at(&parser, 0x3c, STATUS_INVALID_IMAGE_PROTECT,
                       "its PE header is too far from the start");
    if (get32(&parser, pe) != ('P' | 'E' << 8)) return not_pe(&parser, pe);
    if (file_size - pe < OPTIONAL_CHECKSUM)
        return fail_at(&parser, pe, STATUS_INVALID_IMAGE_FORMAT, "the file ends within its PE header");

    info->file_size = file_size > UINT32_MAX ? UINT32_MAX : (uint32_t)file_size;
    info->machine = get16(&parser, pe + FILE_MACHINE);
    info->timestamp = get32(&parser, pe + FILE_TIMESTAMP);
    info->characteristics = get16(&parser, pe + FILE_CHARACTERISTICS);
    uint16_t magic = get16(&parser, pe + OPTIONAL);
    if (info->machine != MACHINE_386 || magic != MAGIC_PE32)
        return wrong_machine(&parser, pe + FILE_MACHINE, info->machine, magic);
    if (parse_optional(&parser, pe, info)) return -1;

    uint16_t sections = get16(&parser, pe + FILE_SECTIONS);
    if (sections > IMAGE_SECTIONS_MAX)
        return fail_at(&parser, pe + FILE_SECTIONS, STATUS_INVALID_IMAGE_FORMAT,
                       "there are more than 96 sections");
    uint64_t table = (uint64_t)pe + OPTIONAL + get16(&parser, pe + FILE_OPTIONAL_SIZE);
    uint64_t table_end = table + (uint64_t)sections * SECTION_SIZE;
    if (table_end > file_size)
        return fail_at(&parser, (uint32_t)pe, STATUS_INVALID_IMAGE_FORMAT,
                       "the file ends within its section table");
    if (table_end > parser.size)
        return fail_at(&parser, (uint32_t)pe, STATUS_INVALID_IMAGE_FORMAT,
                       "the section table is too far from the start");
    uint64_t end = info->flat ? 0 : PAGE;
    for (unsigned i = 0; i < sections; i++)
        if (parse_section(&parser, table + (uint64_t)i * SECTION_SIZE, info, &end)) return -1;
    // Headers said to be larger than the room before the first section end there.
    if (!info->flat && info->sections_n && info->headers_size > info->sections[0].rva)
        info->headers_size = info->sections[0].rva;
    if (info->flat) info->contains_code = true;
    return 0;
}
