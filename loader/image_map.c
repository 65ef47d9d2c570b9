// Maps images: pages straight from the file, copy-on-write, where file and memory agree modulo the page size,
// and from a copy laid out by RVA in memory where they don't.
#include "image.h"
#include "guest_constants.h"
#include "object.h"
#include "views.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define HEADERS_AT_ONCE 4096
#define HEADERS_MAX     0x10000

#define SECTION_SHARED  0x10000000u
#define SECTION_EXECUTE 0x20000000u
#define SECTION_READ    0x40000000u
#define SECTION_WRITE   0x80000000u

#define RELOCS_STRIPPED 1 // IMAGE_FILE_RELOCS_STRIPPED

int image_read(int fd, struct image_info *info, struct image_error *error)
{
    struct stat stat;
    uint8_t small[HEADERS_AT_ONCE];
    *error = (struct image_error){.status = STATUS_IN_PAGE_ERROR, .reason = "it can't be read"};
    if (fstat(fd, &stat)) return -1;
    if (!S_ISREG(stat.st_mode)) {
        error->status = STATUS_INVALID_FILE_FOR_SECTION;
        error->reason = "it is no file";
        return -1;
    }
    ssize_t got = pread(fd, small, sizeof small, 0);
    if (got < 0) return -1;
    if (!image_parse(small, (size_t)got, (uint64_t)stat.st_size, info, error)) return 0;
    if ((size_t)got < sizeof small || stat.st_size <= HEADERS_AT_ONCE) return -1;

    // Perhaps the headers go on behind what was read.
    uint8_t *large = malloc(HEADERS_MAX);
    if (!large) return -1;
    got = pread(fd, large, HEADERS_MAX, 0);
    int result = got < 0 ? -1 : image_parse(large, (size_t)got, (uint64_t)stat.st_size, info, error);
    free(large);
    return result;
}

// ---- where pages come from ----

// A run of pages that are mapped alike.
struct piece {
    uint32_t rva, size; // pages
    enum { FROM_FILE, FROM_COPY, FROM_NOTHING } from;
    uint32_t offset;  // in the file or the copy
    page_state state; // as the guest sees them
};

// What is to be mapped from rva on: bytes of the file, then zeroes up to size (rounded to pages).
struct part {
    uint32_t rva, size, file_offset, file_size;
    page_state state;
};

static page_state section_state(uint32_t characteristics)
{
    static const uint8_t table[8] = {
        // write, read, execute
        PP_NOACCESS,  PP_EXECUTE,           PP_READONLY,  PP_EXECUTE_READ,
        PP_WRITECOPY, PP_EXECUTE_WRITECOPY, PP_WRITECOPY, PP_EXECUTE_WRITECOPY,
    };
    unsigned index = (characteristics & SECTION_WRITE ? 4 : 0) | (characteristics & SECTION_READ ? 2 : 0) |
                     (characteristics & SECTION_EXECUTE ? 1 : 0);
    page_state state = table[index] | PS_COMMITTED;
    if ((characteristics & (SECTION_SHARED | SECTION_WRITE)) == (SECTION_SHARED | SECTION_WRITE))
        state += PS_SHARED + PP_READWRITE - PP_WRITECOPY;
    return state;
}

static uint32_t round_to_page(uint32_t size)
{
    return (size + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
}

// The parts of an image: its headers and sections, or one for all of a flat one.
static unsigned image_parts(const struct image_info *info, struct part *parts)
{
    unsigned n = 0;
    if (info->flat) {
        uint32_t bytes = info->file_size < info->image_size ? info->file_size : info->image_size;
        parts[n++] = (struct part){
            .size = info->image_size, .file_size = bytes, .state = PP_EXECUTE_WRITECOPY | PS_COMMITTED};
        return n;
    }
    uint32_t headers = info->headers_size < info->file_size ? info->headers_size : info->file_size;
    parts[n++] =
        (struct part){.size = info->headers_size, .file_size = headers, .state = PP_READONLY | PS_COMMITTED};
    for (uint32_t i = 0; i < info->sections_n; i++) {
        const struct image_section *section = &info->sections[i];
        parts[n++] = (struct part){
            .rva = section->rva,
            .size = section->virtual_size,
            .file_offset = section->file_offset,
            .file_size = section->file_size,
            .state = section_state(section->characteristics),
        };
    }
    return n;
}

// Cuts a part into pieces (at most 3).
static unsigned part_pieces(const struct part *part, const struct image_source *source, struct piece *pieces)
{
    unsigned n = 0;
    uint32_t size = round_to_page(part->size), rva = part->rva;
    bool copy_all = source->copy_all;
    // The pages of a shared section must be the same in every view, the zeroes too.
    bool shared = (part->state & PS_SHARED) || source->copy_zeroes;
    uint32_t mappable =
        copy_all || shared || (part->file_offset & GUEST_PAGE_MASK) ? 0 : part->file_size & ~GUEST_PAGE_MASK;
    uint32_t copied = shared ? size - mappable : round_to_page(part->file_size) - mappable;
    if (mappable) pieces[n++] = (struct piece){rva, mappable, FROM_FILE, part->file_offset, part->state};
    if (copied) pieces[n++] = (struct piece){rva + mappable, copied, FROM_COPY, rva + mappable, part->state};
    if (size > mappable + copied)
        pieces[n++] =
            (struct piece){rva + mappable + copied, size - mappable - copied, FROM_NOTHING, 0, part->state};
    return n;
}

static bool copy_bytes(int to, uint32_t to_offset, int from, uint32_t from_offset, uint32_t n)
{
    off_t at = from_offset;
    if (lseek(to, to_offset, SEEK_SET) < 0) return false;
    while (n) {
        ssize_t done = sendfile(to, from, &at, n);
        if (done <= 0) break;
        n -= (uint32_t)done;
    }
    // A file system that doesn't do sendfile.
    while (n) {
        char buffer[16384];
        ssize_t got = pread(from, buffer, n < sizeof buffer ? n : sizeof buffer, at);
        if (got <= 0 || write(to, buffer, (size_t)got) != got) return false;
        at += got;
        n -= (uint32_t)got;
    }
    return true;
}

// Makes the copy that source needs.
static NTSTATUS fill_copy(const struct image_info *info, struct image_source *source)
{
    struct part parts[IMAGE_SECTIONS_MAX + 1];
    unsigned n = image_parts(info, parts);
    for (unsigned i = 0; i < n; i++) {
        struct piece pieces[3];
        unsigned pieces_n = part_pieces(&parts[i], source, pieces);
        for (unsigned k = 0; k < pieces_n; k++) {
            if (pieces[k].from != FROM_COPY) continue;
            if (source->copy < 0) {
                source->copy = memfd_create("image", MFD_CLOEXEC);
                if (source->copy < 0 || ftruncate(source->copy, round_to_page(info->image_size)))
                    goto no_memory;
            }
            uint32_t skipped = pieces[k].rva - parts[i].rva;
            uint32_t bytes = parts[i].file_size - skipped;
            if (bytes > pieces[k].size) bytes = pieces[k].size;
            if (!copy_bytes(source->copy, pieces[k].offset, source->file, parts[i].file_offset + skipped,
                            bytes)) {
                image_source_close(source);
                return STATUS_IN_PAGE_ERROR;
            }
        }
    }
    return STATUS_SUCCESS;
no_memory:
    image_source_close(source);
    return STATUS_NO_MEMORY;
}

NTSTATUS image_source_open(int file, const struct image_info *info, struct image_source *source)
{
    struct statvfs mount;
    bool noexec = !fstatvfs(file, &mount) && (mount.f_flag & ST_NOEXEC);
    *source = (struct image_source){.file = file, .copy = -1, .shared = -1, .copy_all = noexec};
    return fill_copy(info, source);
}

void image_source_close(struct image_source *source)
{
    if (source->copy >= 0) close(source->copy);
    source->copy = -1;
}

// ---- mapping ----

static bool map_piece(const struct image_source *source, gptr base, const struct piece *piece)
{
    void *at = guest_ptr(base + piece->rva);
    int protection = page_host_protection(piece->state);
    page_fill((base + piece->rva) >> GUEST_PAGE_SHIFT, piece->size >> GUEST_PAGE_SHIFT, piece->state);
    if (piece->from == FROM_NOTHING) return !mprotect(at, piece->size, protection);
    int flags = MAP_FIXED | MAP_NORESERVE | (piece->state & PS_SHARED ? MAP_SHARED : MAP_PRIVATE);
    int fd = piece->from == FROM_FILE ? source->file : source->copy;
    if (source->shared >= 0 && (piece->state & PS_SHARED)) fd = source->shared;
    return mmap(at, piece->size, protection, flags, fd, piece->offset) != MAP_FAILED;
}

static bool joins(const struct piece *piece, const struct piece *next)
{
    return next->from == piece->from && next->state == piece->state &&
           next->rva == piece->rva + piece->size &&
           (piece->from == FROM_NOTHING || next->offset == piece->offset + piece->size);
}

// Maps all pieces, neighbours that are alike in one go.
static bool map_pieces(const struct image_source *source, const struct image_info *info, gptr base)
{
    struct part parts[IMAGE_SECTIONS_MAX + 1];
    struct piece run = {0};
    unsigned n = image_parts(info, parts);
    for (unsigned i = 0; i < n; i++) {
        struct piece pieces[3];
        unsigned pieces_n = part_pieces(&parts[i], source, pieces);
        for (unsigned k = 0; k < pieces_n; k++) {
            if (run.size && joins(&run, &pieces[k])) {
                run.size += pieces[k].size;
                continue;
            }
            if (run.size && !map_piece(source, base, &run)) return false;
            run = pieces[k];
        }
    }
    return !run.size || map_piece(source, base, &run);
}

// As Windows does, the mapped header tells where the image is.
static void note_base(gptr base)
{
    uint32_t pe;
    if (guest_read32(&pe, base + 0x3c)) guest_write32(base + pe + 0x34, base);
}

// Makes a copy of all of an image, relocated to base. It is patched in place, through a mapping that goes
// away again: so the pages of the view itself are as good as new, and copy-on-write tells what the program
// wrote.
static NTSTATUS relocate_copy(const struct image_source *source, const struct image_info *info, gptr base,
                              struct image_source *relocated)
{
    *relocated = (struct image_source){
        .file = source->file, .copy = -1, .shared = source->copy, .copy_all = true, .copy_zeroes = true};
    NTSTATUS status = fill_copy(info, relocated);
    if (status) return status;
    size_t size = round_to_page(info->image_size);
    if (mmap(guest_ptr(base), size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, relocated->copy, 0) ==
        MAP_FAILED)
        status = STATUS_NO_MEMORY;
    if (!status)
        page_fill(base >> GUEST_PAGE_SHIFT, (uint32_t)(size >> GUEST_PAGE_SHIFT),
                  PP_READWRITE | PS_COMMITTED);
    if (!status && info->reloc_size) status = image_relocate(base, info);
    if (!status) {
        note_base(base);
        if (!vm_host_reserve(base, (uint32_t)size)) status = STATUS_NO_MEMORY;
        page_fill(base >> GUEST_PAGE_SHIFT, (uint32_t)(size >> GUEST_PAGE_SHIFT), 0);
    }
    if (status) image_source_close(relocated);
    return status;
}

static NTSTATUS take_place(const struct image_info *info, const struct image_place *place, uint32_t size,
                           gptr *base)
{
    gptr low = place->low ? place->low : GUEST_LOWEST, high = place->high ? place->high : 0x7ffeffff;
    if (high > vm_highest) high = vm_highest;
    *base = place->base;
    if (*base) return view_image_begin(base, low, high, size, false);
    if (info->image_base >= low && info->image_base <= high && size - 1 <= high - info->image_base) {
        *base = info->image_base;
        if (!view_image_begin(base, low, high, size, false)) return STATUS_SUCCESS;
    }
    *base = 0; // high up, so that the low addresses stay in one piece for the program
    return view_image_begin(base, low, high, size, true);
}

NTSTATUS image_map_source(const struct image_source *source, const struct image_info *info, const char *path,
                          struct object *section, const struct image_place *place, gptr *base)
{
    uint32_t size = round_to_page(info->image_size);
    gptr at;
    struct image_source relocated;
    struct view *view = calloc(1, sizeof *view);
    char *name = path ? strdup(path) : NULL;
    NTSTATUS status = STATUS_NO_MEMORY;
    if (!view || (path && !name)) goto failed;
    *view = (struct view){.path = name, .fd = -1, .entry = info->entry, .checksum = info->checksum};

    status = take_place(info, place, size, &at);
    if (status) goto failed;
    bool relocate = at != info->image_base;
    if (relocate && (info->characteristics & RELOCS_STRIPPED)) {
        status = STATUS_CONFLICTING_ADDRESSES;
        goto unmap;
    }
    if (relocate) {
        status = relocate_copy(source, info, at, &relocated);
        if (status) goto unmap;
        source = &relocated;
    }
    bool mapped = map_pieces(source, info, at);
    if (!mapped) status = errno == EACCES || errno == EPERM ? STATUS_ACCESS_DENIED : STATUS_NO_MEMORY;
    if (relocate) image_source_close(&relocated);
    if (!mapped) goto unmap;
    if (section) {
        object_retain(section);
        view->section = section;
    }
    view_image_finish(at, view);
    *base = at;
    return relocate ? STATUS_IMAGE_NOT_AT_BASE : STATUS_SUCCESS;

unmap:
    view_image_abort(at);
failed:
    free(name);
    free(view);
    return status;
}

NTSTATUS image_map(int fd, const struct image_info *info, const char *path, gptr *base)
{
    struct image_source source;
    struct image_place place = {.base = *base};
    NTSTATUS status = image_source_open(fd, info, &source);
    if (status) return status;
    status = image_map_source(&source, info, path, NULL, &place, base);
    image_source_close(&source);
    return status;
}
