// A PE file as bytes on the host. Everything is checked against the file's size: any file may be given.
#include "loader/pe_file.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "guest_constants.h"
#include "guest_types.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IMPORTS_MAX = 65536, EXPORTS_MAX = 65536 };

static int open_error(struct image_error *error)
{
    error->status = status_from_errno(errno);
    error->reason = strerror(errno);
    return -1;
}

int pe_open(struct pe_file *file, const char *path, struct image_error *error)
{
    struct stat st;
    *file = (struct pe_file){0};
    *error = (struct image_error){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return open_error(error);
    if (fstat(fd, &st) != 0 || st.st_size == 0) {
        if (st.st_size == 0) errno = ENOEXEC;
        close(fd);
        return open_error(error);
    }
    void *bytes = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED) return open_error(error);
    file->bytes = bytes;
    file->size = st.st_size;
    if (image_parse(file->bytes, file->size, file->size, &file->info, error) != 0) {
        pe_close(file);
        return -1;
    }
    uint32_t header, count = 0;
    IMAGE_DATA_DIRECTORY32 directories[IMAGE_NUMBEROF_DIRECTORY_ENTRIES] = {0};
    memcpy(&header, file->bytes + 0x3c, 4);
    size_t at = (size_t)header + 24 + offsetof(IMAGE_OPTIONAL_HEADER3232, DataDirectory);
    if (at < file->size) memcpy(&count, file->bytes + at - 4, 4);
    size_t n = count < IMAGE_NUMBEROF_DIRECTORY_ENTRIES ? count * sizeof *directories : sizeof directories;
    if (at < file->size) memcpy(directories, file->bytes + at, n < file->size - at ? n : file->size - at);
    file->export_rva = directories[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress;
    file->export_size = directories[IMAGE_DIRECTORY_ENTRY_EXPORT].Size;
    file->import_rva = directories[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    file->delay_rva = directories[IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT].VirtualAddress;
    return 0;
}

void pe_close(struct pe_file *file)
{
    if (file->bytes) munmap((void *)file->bytes, file->size);
    file->bytes = NULL;
}

static const struct image_section *section_of(const struct pe_file *file, uint32_t rva)
{
    for (uint32_t i = 0; i < file->info.sections_n; i++) {
        const struct image_section *s = &file->info.sections[i];
        uint32_t size = s->virtual_size > s->file_size ? s->virtual_size : s->file_size;
        if (rva - s->rva < size && rva >= s->rva) return s;
    }
    return NULL;
}

const char *pe_section_name(const struct pe_file *file, uint32_t rva)
{
    const struct image_section *section = section_of(file, rva);
    return section ? section->name : "";
}

// The file offset of an RVA and how many bytes the file has there.
static bool locate(const struct pe_file *file, uint32_t rva, size_t *offset, size_t *room)
{
    const struct image_section *section = section_of(file, rva);
    size_t at = rva, end = file->size;
    if (section) {
        uint32_t inside = rva - section->rva;
        if (inside >= section->file_size) return false;
        at = (size_t)section->file_offset + inside;
        end = (size_t)section->file_offset + section->file_size;
    } else if (rva >= file->info.headers_size) {
        return false;
    }
    if (end > file->size) end = file->size;
    if (at >= end) return false;
    *offset = at;
    *room = end - at;
    return true;
}

// Behind what the file has of it a section is zeroes, to the end of its last page: packers let directories
// end there.
static const void *zeroes_of_section(const struct pe_file *file, uint32_t rva, size_t n)
{
    static const uint8_t zeroes[64];
    enum { PAGE = 0x1000 };
    for (uint32_t i = 0; i < file->info.sections_n; i++) {
        const struct image_section *s = &file->info.sections[i];
        uint64_t begin = (uint64_t)s->rva + s->file_size,
                 end = ((uint64_t)s->rva + s->virtual_size + PAGE - 1) & -PAGE;
        if (rva >= begin && rva + n <= end && n <= sizeof zeroes) return zeroes;
    }
    return NULL;
}

const void *pe_at(const struct pe_file *file, uint32_t rva, size_t n)
{
    size_t offset, room;
    if (!locate(file, rva, &offset, &room)) return zeroes_of_section(file, rva, n);
    return n <= room ? file->bytes + offset : NULL;
}

// Copies a small structure, which may begin in what the file has and end in the zeroes behind it.
static bool read_small(const struct pe_file *file, uint32_t rva, void *out, size_t n)
{
    uint8_t *to = out;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *at = pe_at(file, rva + i, 1);
        if (!at) return false;
        to[i] = *at;
    }
    return true;
}

const char *pe_string(const struct pe_file *file, uint32_t rva)
{
    size_t offset, room;
    if (!locate(file, rva, &offset, &room)) return NULL;
    const char *text = (const char *)file->bytes + offset;
    return memchr(text, 0, room) ? text : NULL;
}

typedef void visit_import(const struct pe_import *import, void *context);

static bool visit_names(const struct pe_file *file, const char *dll, uint32_t names, bool delayed,
                        uint32_t base, visit_import *visit, void *context)
{
    for (uint32_t i = 0; i < IMPORTS_MAX; i++) {
        uint32_t value;
        if (!read_small(file, names + 4 * i, &value, 4)) return false;
        if (value == 0) return true;
        struct pe_import import = {.dll = dll, .delayed = delayed};
        if (value & 0x80000000) {
            import.ordinal = value;
        } else {
            import.name = pe_string(file, value - base + 2);
            if (!import.name) return false;
        }
        visit(&import, context);
    }
    return false;
}

static bool visit_imports(const struct pe_file *file, visit_import *visit, void *context)
{
    for (uint32_t i = 0; file->import_rva && i < IMPORTS_MAX; i++) {
        IMAGE_IMPORT_DESCRIPTOR32 descriptor;
        if (!read_small(file, file->import_rva + i * sizeof descriptor, &descriptor, sizeof descriptor))
            return false;
        if (descriptor.Name == 0 || descriptor.FirstThunk == 0) return true;
        const char *dll = pe_string(file, descriptor.Name);
        uint32_t names =
            descriptor.OriginalFirstThunk ? descriptor.OriginalFirstThunk : descriptor.FirstThunk;
        if (!dll || !visit_names(file, dll, names, false, 0, visit, context)) return false;
    }
    return true;
}

// Delay imports: RVAs when bit 0 of the attributes is set, addresses in old linkers' images.
static bool visit_delayed(const struct pe_file *file, visit_import *visit, void *context)
{
    enum { ATTRIBUTES, NAME, MODULE, THUNKS, NAMES, FIELDS = 8 };
    for (uint32_t i = 0; file->delay_rva && i < IMPORTS_MAX; i++) {
        uint32_t d[FIELDS];
        if (!read_small(file, file->delay_rva + i * sizeof d, d, sizeof d)) return false;
        if (d[NAME] == 0) return true;
        uint32_t base = d[ATTRIBUTES] & 1 ? 0 : file->info.image_base;
        const char *dll = pe_string(file, d[NAME] - base);
        if (!dll || !visit_names(file, dll, d[NAMES] - base, true, base, visit, context)) return false;
    }
    return true;
}

bool pe_for_each_import(const struct pe_file *file, visit_import *visit, void *context)
{
    bool whole = visit_imports(file, visit, context);
    return visit_delayed(file, visit, context) && whole;
}

static bool export_directory(const struct pe_file *file, IMAGE_EXPORT_DIRECTORY32 *directory)
{
    const void *at = file->export_rva ? pe_at(file, file->export_rva, sizeof *directory) : NULL;
    if (!at) return false;
    memcpy(directory, at, sizeof *directory);
    return directory->NumberOfFunctions <= EXPORTS_MAX && directory->NumberOfNames <= EXPORTS_MAX;
}

static bool export_at(const struct pe_file *file, const IMAGE_EXPORT_DIRECTORY32 *directory, uint32_t index,
                      struct pe_export *export)
{
    const uint32_t *rva = pe_at(file, directory->AddressOfFunctions + 4 * index, 4);
    if (index >= directory->NumberOfFunctions || !rva || *rva == 0) return false;
    export->ordinal = directory->Base + index;
    export->rva = *rva;
    export->forward = NULL;
    if (export->rva - file->export_rva < file->export_size && export->rva >= file->export_rva) {
        export->forward = pe_string(file, export->rva);
        return export->forward != NULL;
    }
    return true;
}

static bool named_export(const struct pe_file *file, const IMAGE_EXPORT_DIRECTORY32 *directory, uint32_t i,
                         struct pe_export *export)
{
    const uint32_t *name = pe_at(file, directory->AddressOfNames + 4 * i, 4);
    const uint16_t *index = pe_at(file, directory->AddressOfNameOrdinals + 2 * i, 2);
    if (!name || !index) return false;
    export->name = pe_string(file, *name);
    return export->name && export_at(file, directory, *index, export);
}

bool pe_find_export(const struct pe_file *file, const char *name, uint16_t ordinal, struct pe_export *export)
{
    IMAGE_EXPORT_DIRECTORY32 directory;
    *export = (struct pe_export){0};
    if (!export_directory(file, &directory)) return false;
    if (!name) return export_at(file, &directory, (uint32_t)ordinal - directory.Base, export);
    for (uint32_t i = 0; i < directory.NumberOfNames; i++)
        if (named_export(file, &directory, i, export) && strcmp(export->name, name) == 0) return true;
    return false;
}

void pe_for_each_export(const struct pe_file *file,
                        void (*visit)(const struct pe_export *export, void *context), void *context)
{
    IMAGE_EXPORT_DIRECTORY32 directory;
    struct pe_export export;
    if (!export_directory(file, &directory)) return;
    for (uint32_t i = 0; i < directory.NumberOfNames; i++)
        if (named_export(file, &directory, i, &export)) visit(&export, context);
}
