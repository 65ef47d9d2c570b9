// Sections: creating, opening, extending and describing them. Mapping is in section_view.c.
#include "section.h"
#include "shared_object.h"
#include "file_fd.h"
#include "file_share.h"
#include "extended_parameters.h"
#include "ntdll_host.h"
#include "process_image.h"
#include "status_errno.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTION_KINDS (SEC_COMMIT | SEC_RESERVE | SEC_IMAGE)

enum { // SECTION_IMAGE_INFORMATION.ImageFlags
    IMAGE_COM_NATIVE_READY = 1,
    IMAGE_COM_IL_ONLY = 2,
    IMAGE_DYNAMICALLY_RELOCATED = 4,
    IMAGE_MAPPED_FLAT = 8,
    IMAGE_COM_PREFER_32BIT = 32,
};
enum { COR_IL_ONLY = 1, COR_32BIT_REQUIRED = 2, COR_32BIT_PREFERRED = 0x20000 }; // IMAGE_COR20_HEADER.Flags
enum { DLL_DYNAMIC_BASE = 0x40 };

static void section_destroy(struct object *object)
{
    struct section *section = (struct section *)object;
    section_withdraw(section);
    if (section->image) image_source_close(&section->source);
    if (section->node) file_share_unmap(section->node, section->attributes & SEC_IMAGE);
    if (section->fd >= 0) close(section->fd);
    free(section->image);
    free(section->commit);
    object_free(object);
}

const struct object_type section_type = {
    .name = "Section",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | SECTION_QUERY | SECTION_MAP_READ,
                .GenericWrite = STANDARD_RIGHTS_WRITE | SECTION_MAP_WRITE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SECTION_MAP_EXECUTE,
                .GenericAll = SECTION_ALL_ACCESS},
    .valid_access = SECTION_ALL_ACCESS,
    .destroy = section_destroy,
    .shared_kind = SHARED_SECTION,
    .publish = section_publish,
    .adopt = section_adopt,
};

// ---- creating ----

// What the file's handle must allow for sections of a protection. STATUS_INVALID_PAGE_PROTECTION.
static NTSTATUS file_access_for(uint32_t protect, ACCESS_MASK32 *access, bool *writable)
{
    *writable = false;
    switch (protect) {
    case PAGE_READONLY:
    case PAGE_WRITECOPY: *access = FILE_READ_DATA; return STATUS_SUCCESS;
    case PAGE_READWRITE:
        *access = FILE_READ_DATA | FILE_WRITE_DATA;
        *writable = true;
        return STATUS_SUCCESS;
    case PAGE_EXECUTE: *access = FILE_EXECUTE; return STATUS_SUCCESS;
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_WRITECOPY: *access = FILE_READ_DATA | FILE_EXECUTE; return STATUS_SUCCESS;
    case PAGE_EXECUTE_READWRITE:
        *access = FILE_READ_DATA | FILE_WRITE_DATA | FILE_EXECUTE;
        *writable = true;
        return STATUS_SUCCESS;
    default: return STATUS_INVALID_PAGE_PROTECTION;
    }
}

static NTSTATUS check_attributes(uint32_t attributes, bool file)
{
    uint32_t kind = attributes & SECTION_KINDS;
    if (attributes & ~(uint32_t)(SECTION_KINDS | SEC_NOCACHE | SEC_WRITECOMBINE))
        return STATUS_INVALID_PARAMETER_6;
    if (!kind || (kind & (kind - 1))) return STATUS_INVALID_PARAMETER_6;
    if (kind == SEC_IMAGE && (attributes & SEC_WRITECOMBINE)) return STATUS_INVALID_PARAMETER_6;
    return kind == SEC_IMAGE && !file ? STATUS_INVALID_FILE_FOR_SECTION : STATUS_SUCCESS;
}

// A .NET image says more in its own header.
static void note_clr(struct section *section)
{
    const struct image_info *image = section->image;
    struct {
        uint32_t size;
        uint16_t major, minor;
        uint32_t metadata_rva, metadata_size, flags;
    } clr;
    if (!image->clr_rva || !image->clr_size) return;
    section->loader_flags = 1;
    for (uint32_t i = 0; i < image->sections_n; i++) {
        const struct image_section *at = &image->sections[i];
        if (image->clr_rva < at->rva || image->clr_rva - at->rva >= at->file_size) continue;
        off_t offset = (off_t)at->file_offset + (image->clr_rva - at->rva);
        if (pread(section->fd, &clr, sizeof clr, offset) != sizeof clr) return;
        if (!(clr.flags & COR_IL_ONLY) || clr.major < 2 || (clr.major == 2 && clr.minor < 5)) return;
        section->image_flags |= IMAGE_COM_IL_ONLY;
        if (!(clr.flags & COR_32BIT_REQUIRED)) section->image_flags |= IMAGE_COM_NATIVE_READY;
        if (clr.flags & COR_32BIT_PREFERRED) section->image_flags |= IMAGE_COM_PREFER_32BIT;
        return;
    }
}

static NTSTATUS make_image(struct section *section, uint64_t wanted)
{
    struct image_error error;
    struct stat stat;
    if (fstat(section->fd, &stat)) return status_from_errno(errno);
    if (!stat.st_size) return STATUS_INVALID_FILE_FOR_SECTION;
    section->image = malloc(sizeof *section->image);
    if (!section->image) return STATUS_NO_MEMORY;
    section->source.copy = -1;
    if (image_read(section->fd, section->image, &error)) return error.status;
    const struct image_info *image = section->image;
    uint64_t size = (image->image_size + (uint64_t)GUEST_PAGE_MASK) & ~(uint64_t)GUEST_PAGE_MASK;
    if (wanted > size) return STATUS_SECTION_TOO_BIG;
    section->size = wanted ? wanted : size;
    section->attributes = SEC_FILE | SEC_IMAGE;
    note_clr(section);
    if (image->flat) section->image_flags |= IMAGE_MAPPED_FLAT;
    if ((image->dll_characteristics & DLL_DYNAMIC_BASE) && !image->flat && !section->loader_flags)
        section->image_flags |= IMAGE_DYNAMICALLY_RELOCATED;
    return image_source_open(section->fd, image, &section->source);
}

static NTSTATUS make_file(struct section *section, uint64_t wanted, bool writable)
{
    struct stat stat;
    if (fstat(section->fd, &stat)) return status_from_errno(errno);
    uint64_t size = (uint64_t)stat.st_size;
    if (!wanted) wanted = size;
    if (!wanted) return STATUS_MAPPED_FILE_SIZE_ZERO;
    if (wanted > size) {
        if (!writable) return STATUS_SECTION_TOO_BIG;
        if (ftruncate(section->fd, (off_t)wanted))
            return errno == EFBIG ? STATUS_SECTION_TOO_BIG : status_from_errno(errno);
    }
    section->size = wanted;
    section->attributes = (section->attributes & ~(uint32_t)SECTION_KINDS) | SEC_FILE;
    return STATUS_SUCCESS;
}

static NTSTATUS make_memory(struct section *section, uint64_t wanted)
{
    if (!wanted) return STATUS_INVALID_PARAMETER_4;
    uint64_t size = (wanted + GUEST_PAGE_MASK) & ~(uint64_t)GUEST_PAGE_MASK;
    if (size < wanted || size > 1ull << 40) return STATUS_SECTION_TOO_BIG;
    section->fd = memfd_create("section", MFD_CLOEXEC);
    if (section->fd < 0 || ftruncate(section->fd, (off_t)size)) return STATUS_NO_MEMORY;
    section->size = size;
    if (section->attributes & SEC_RESERVE) {
        uint32_t pages = (uint32_t)(size >> GUEST_PAGE_SHIFT);
        section->commit = calloc(1, sizeof *section->commit + (pages + 63ull) / 64 * sizeof(uint64_t));
        if (!section->commit) return STATUS_NO_MEMORY;
        section->commit->pages = pages;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NtCreateSection(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                         const LARGE_INTEGER32 *size, uint32_t protect, uint32_t section_attributes,
                         HANDLE32 file)
{
    ACCESS_MASK32 file_access;
    bool writable;
    if (size && size->QuadPart < 0) return STATUS_SECTION_TOO_BIG;
    uint64_t wanted = size ? (uint64_t)size->QuadPart : 0;
    NTSTATUS status = check_attributes(section_attributes, file != 0);
    if (!status) status = file_access_for(protect, &file_access, &writable);
    if (status) return status;
    bool image = section_attributes & SEC_IMAGE;

    struct section *section = object_alloc(sizeof *section);
    if (!section) return STATUS_NO_MEMORY;
    object_init(&section->object, &section_type);
    section->fd = section->source.copy = -1;
    section->attributes = section_attributes;
    section->protect = protect;
    if (file) status = file_fd_get(file, file_access, &section->fd);
    if (!status) {
        if (image)
            status = make_image(section, wanted);
        else if (file)
            status = make_file(section, wanted, writable);
        else
            status = make_memory(section, wanted);
    }
    // That a file is no image is said first.
    if (!status && image && writable) status = STATUS_INVALID_PAGE_PROTECTION;
    if (!status && file) section->node = file_share_map(section->fd, image);
    if (status) {
        object_release(&section->object);
        return status;
    }
    return object_create_handle(&section->object, attributes, access, handle);
}

// Of the extended parameters a section takes the node that its pages are to come from, which is a preference.
NTSTATUS NtCreateSectionEx(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                           const LARGE_INTEGER32 *size, uint32_t protect, uint32_t section_attributes, HANDLE32 file,
                           gptr parameters, uint32_t count)
{
    struct extended_parameters extended;
    NTSTATUS status = extended_parameters_read(&extended, parameters, count);
    if (status) return status;
    if (extended.machine_given || extended.placed) return STATUS_INVALID_PARAMETER;
    return NtCreateSection(handle, access, attributes, size, protect, section_attributes, file);
}

NTSTATUS section_from_fd(int fd, uint32_t attributes, uint32_t protect, uint64_t size, struct section **out)
{
    struct section *section = object_alloc(sizeof *section);
    if (!section) {
        close(fd);
        return STATUS_NO_MEMORY;
    }
    object_init(&section->object, &section_type);
    section->fd = fd;
    section->source.copy = -1;
    section->attributes = attributes;
    section->protect = protect;
    section->size = size;
    NTSTATUS status = attributes & SEC_IMAGE ? make_image(section, 0) : STATUS_SUCCESS;
    if (status)
        object_release(&section->object);
    else
        *out = section;
    return status;
}

NTSTATUS NtOpenSection(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&section_type, attributes, access, handle);
}

NTSTATUS NtExtendSection(HANDLE32 handle, LARGE_INTEGER32 *size)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &section_type, SECTION_EXTEND_SIZE, &object);
    if (status) return status;
    struct section *section = (struct section *)object;
    struct stat stat;
    ACCESS_MASK32 access;
    bool writable;
    file_access_for(section->protect, &access, &writable);
    if (!section_is_file(section) || section->image) {
        status = STATUS_SECTION_NOT_EXTENDED;
    } else if (size->QuadPart > (int64_t)section->size) {
        if (fstat(section->fd, &stat) ||
            (stat.st_size < size->QuadPart && (!writable || ftruncate(section->fd, size->QuadPart))))
            status = STATUS_SECTION_NOT_EXTENDED;
        else
            section->size = (uint64_t)size->QuadPart;
    }
    size->QuadPart = (int64_t)section->size;
    object_release(object);
    return status;
}

// ---- describing ----

static void describe_image(const struct section *section, SECTION_IMAGE_INFORMATION32 *info)
{
    const struct image_info *image = section->image;
    process_image_describe(info, image);
    info->ImageFlags = section->image_flags;
    info->LoaderFlags = section->loader_flags;
}

NTSTATUS NtQuerySection(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length,
                        uint32_t *result_length)
{
    SECTION_BASIC_INFORMATION32 basic;
    SECTION_IMAGE_INFORMATION32 image;
    const void *result = &basic;
    uint32_t size = sizeof basic;
    if (class == SectionImageInformation) {
        result = &image;
        size = sizeof image;
    } else if (class != SectionBasicInformation) {
        return STATUS_INVALID_INFO_CLASS;
    }
    if (length < size) return STATUS_INFO_LENGTH_MISMATCH;

    struct object *object;
    NTSTATUS status = handle_resolve(handle, &section_type, SECTION_QUERY, &object);
    if (status) return status;
    const struct section *section = (const struct section *)object;
    if (class == SectionBasicInformation) {
        basic = (SECTION_BASIC_INFORMATION32){.AllocationAttributes = section->attributes};
        basic.MaximumSize.QuadPart = (int64_t)section->size;
    } else if (section->image) {
        describe_image(section, &image);
    } else {
        status = STATUS_SECTION_NOT_IMAGE;
    }
    object_release(object);
    if (status) return status;
    if (!guest_write(buffer, result, size)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = size;
    return STATUS_SUCCESS;
}
