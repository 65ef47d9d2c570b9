// Views of sections: mapping and unmapping them, and which file a view is of.
#include "section_view.h"
#include "debug_event.h"
#include "extended_parameters.h"
#include "file_fd.h"
#include "ntdll_host.h"
#include "peer.h"
#include "peer_messages.h"
#include "process_object.h"
#include "section.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define VIEW_TYPES (MEM_RESERVE | MEM_TOP_DOWN | MEM_DIFFERENT_IMAGE_BASE_OK | SEC_NO_CHANGE)
enum { SEC_NO_CHANGE = 0x400000 };

// The rights that a view of a protection needs. STATUS_INVALID_PAGE_PROTECTION.
static NTSTATUS access_for_view(uint32_t protect, ACCESS_MASK32 *access)
{
    switch (protect & 0xff) {
    case PAGE_NOACCESS:
    case PAGE_READONLY:
    case PAGE_WRITECOPY: *access = SECTION_MAP_READ; return STATUS_SUCCESS;
    case PAGE_READWRITE: *access = SECTION_MAP_WRITE; return STATUS_SUCCESS;
    case PAGE_EXECUTE: *access = SECTION_MAP_EXECUTE; return STATUS_SUCCESS;
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_WRITECOPY: *access = SECTION_MAP_READ | SECTION_MAP_EXECUTE; return STATUS_SUCCESS;
    case PAGE_EXECUTE_READWRITE: *access = SECTION_MAP_WRITE | SECTION_MAP_EXECUTE; return STATUS_SUCCESS;
    default: return STATUS_INVALID_PAGE_PROTECTION;
    }
}

// Whether a section of a protection may have views of another: execution and writing must be its own.
static bool protection_allows(uint32_t section, uint32_t view)
{
    const uint32_t writes = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;
    const uint32_t executes =
        PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    if ((view & writes) && !(section & writes)) return false;
    return !(view & executes) || (section & executes);
}

// ---- which file it is ----

static bool view_identity(const struct vm_view_info *info, struct stat *stat_out)
{
    if (!info->section) return info->path && !stat(info->path, stat_out);
    const struct section *section = (const struct section *)info->section;
    return section_is_file(section) && !fstat(section->fd, stat_out);
}

static void view_info_free(struct vm_view_info *info)
{
    if (info->section) object_release(info->section);
    free(info->path);
}

// ---- mapping ----

static NTSTATUS map_data(struct section *section, gptr *base, const struct image_place *place,
                         uint32_t commit_size, uint64_t offset, uint32_t *size, uint32_t type,
                         uint32_t protect)
{
    uint64_t section_size = section->size;
    if (!protection_allows(section->protect, protect)) return STATUS_SECTION_PROTECTION;
    if (offset >= section_size) return STATUS_INVALID_VIEW_SIZE;
    uint64_t bytes = *size ? *size : section_size - offset;
    if (bytes > section_size - offset) return STATUS_INVALID_VIEW_SIZE;
    if (bytes > UINT32_MAX) return STATUS_NO_MEMORY;
    if (section->attributes & SEC_NOCACHE && protect != PAGE_NOACCESS) protect |= PAGE_NOCACHE;
    if (section->attributes & SEC_WRITECOMBINE && protect != PAGE_NOACCESS) protect |= PAGE_WRITECOMBINE;
    struct view_request request = {
        .base = *base,
        .low = place->low,
        .high = place->high,
        .size = (uint32_t)bytes,
        .protect = protect,
        .top_down = type & MEM_TOP_DOWN,
        .fd = section->fd,
        .offset = offset,
        .section = &section->object,
        .file = section_is_file(section),
        .commit = section->commit,
        .replace = type & MEM_REPLACE_PLACEHOLDER,
    };
    NTSTATUS status = view_map(&request, base);
    if (status) return status;
    *size = (uint32_t)((bytes + GUEST_PAGE_MASK) & ~(uint64_t)GUEST_PAGE_MASK);
    if (section->commit && commit_size) {
        gptr at = *base;
        status = vm_allocate(&at, 0, &commit_size, MEM_COMMIT, protect);
        if (status) vm_unmap(*base);
    }
    return status;
}

// An image that asks for address space layout randomisation has no base to miss, unless it is mapped already:
// then that is its base.
static bool misses_base(const struct section *section)
{
    enum { DLL_DYNAMIC_BASE = 0x40 };
    struct vm_view_info there;
    struct stat a, b;
    if (!(section->image->dll_characteristics & DLL_DYNAMIC_BASE)) return true;
    if (vm_view(section->image->image_base, &there)) return false;
    bool same = there.image && view_identity(&there, &a) && !fstat(section->fd, &b) && a.st_dev == b.st_dev &&
                a.st_ino == b.st_ino;
    view_info_free(&there);
    return same;
}

static NTSTATUS map_image(struct section *section, gptr *base, const struct image_place *place,
                          uint64_t offset, uint32_t *size)
{
    uint64_t section_size = section->size;
    if (offset >= section_size || *size > section_size - offset) return STATUS_INVALID_VIEW_SIZE;
    struct image_place below_2_gb = *place;
    if (below_2_gb.high > 0x7ffeffff) below_2_gb.high = 0x7ffeffff;
    NTSTATUS status =
        image_map_source(&section->source, section->image, NULL, &section->object, &below_2_gb, base);
    if (status == STATUS_IMAGE_NOT_AT_BASE && !misses_base(section)) status = STATUS_SUCCESS;
    if (NT_SUCCESS(status)) *size = (section->image->image_size + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
    return status;
}

// Maps a section (an object of section_type). The statuses of NtMapViewOfSection.
static NTSTATUS section_map(struct object *object, struct view_terms *t)
{
    struct section *section = (struct section *)object;
    const struct image_place place = {.base = t->base, .low = t->low, .high = t->high};
    if (section->image && t->type & MEM_REPLACE_PLACEHOLDER) return STATUS_INVALID_PARAMETER;
    return section->image ? map_image(section, &t->base, &place, t->offset, &t->size)
                          : map_data(section, &t->base, &place, t->commit_size, t->offset, &t->size, t->type,
                                     t->protect);
}

// A placeholder may begin at any page.
static bool is_aligned(const struct view_terms *terms)
{
    const uint32_t base_mask =
        terms->type & MEM_REPLACE_PLACEHOLDER ? GUEST_PAGE_MASK : GUEST_GRANULARITY - 1;
    return !(terms->base & base_mask) && !(terms->offset & (GUEST_GRANULARITY - 1));
}

static NTSTATUS map_in_other(struct process_object *process, struct object *section, struct view_terms *terms)
{
    struct peer_view view = {.terms = *terms};
    struct peer_exchange exchange = {
        .in = &view, .in_size = sizeof view, .out = terms, .out_size = sizeof *terms};
    NTSTATUS status = object_parcel_export(section, &view.section, exchange.descriptors);
    exchange.descriptors_n = view.section.descriptors;
    return NT_SUCCESS(status) ? peer_call(process, PEER_VIEW_MAP, &exchange) : status;
}

NTSTATUS peer_serve_view_map(struct peer_call *call)
{
    struct peer_view view;
    struct object *section;
    int descriptors[PARCEL_DESCRIPTORS];
    memcpy(&view, call->body, sizeof view);
    if (!is_aligned(&view.terms)) return STATUS_MAPPED_ALIGNMENT;
    for (uint32_t i = 0; i < PARCEL_DESCRIPTORS; i++) {
        bool there = i < view.section.descriptors && i < call->descriptors_n;
        descriptors[i] = there ? call->descriptors[i] : -1;
        if (there) call->descriptors[i] = -1;
    }
    NTSTATUS status = object_parcel_import(&view.section, descriptors, &section);
    if (!NT_SUCCESS(status)) return status;
    status = section->type == &section_type ? section_map(section, &view.terms) : STATUS_OBJECT_TYPE_MISMATCH;
    object_release(section);
    memcpy(call->answer, &view.terms, call->answer_size = sizeof view.terms);
    return status;
}

// What both calls have in common.
static NTSTATUS map_view(HANDLE32 handle, HANDLE32 process, struct view_terms *terms)
{
    ACCESS_MASK32 access;
    struct process_object *other;
    struct object *section;
    NTSTATUS status = access_for_view(terms->protect, &access);
    if (status) return status;
    if (!is_aligned(terms)) return STATUS_MAPPED_ALIGNMENT;
    status = process_resolve_target(process, PROCESS_VM_OPERATION, &other);
    if (status) return status;
    status = handle_resolve(handle, &section_type, access, &section);
    if (!status) {
        status = other ? map_in_other(other, section, terms) : section_map(section, terms);
        const struct section *mapped = (const struct section *)section;
        if (!other && NT_SUCCESS(status) && mapped->image) debuggee_report_load(terms->base, mapped->fd);
        object_release(section);
    }
    if (other) object_release(&other->object);
    return status;
}

NTSTATUS NtMapViewOfSection(HANDLE32 handle, HANDLE32 process, gptr *base, uint32_t zero_bits,
                            uint32_t commit_size, LARGE_INTEGER32 *offset, uint32_t *size, uint32_t inherit,
                            uint32_t type, uint32_t protect)
{
    struct view_terms terms = {.base = *base,
                               .low = GUEST_LOWEST,
                               .commit_size = commit_size,
                               .size = *size,
                               .offset = offset ? (uint64_t)offset->QuadPart : 0,
                               .type = type,
                               .protect = protect};
    if (inherit != ViewShare && inherit != ViewUnmap) return STATUS_INVALID_PARAMETER_8;
    if (type & ~(uint32_t)VIEW_TYPES) return STATUS_INVALID_PARAMETER_9;
    NTSTATUS status = vm_zero_bits_limit(zero_bits, &terms.high);
    if (status == STATUS_INVALID_PARAMETER_3) return STATUS_INVALID_PARAMETER_4;
    if (status) return status;
    if (*base > terms.high) return STATUS_INVALID_PARAMETER_4;
    status = map_view(handle, process, &terms);
    *base = terms.base;
    *size = terms.size;
    return status;
}

NTSTATUS NtMapViewOfSectionEx(HANDLE32 handle, HANDLE32 process, gptr *base, LARGE_INTEGER32 *offset,
                              uint32_t *size, uint32_t type, uint32_t protect, gptr parameters,
                              uint32_t count)
{
    enum { MACHINE_I386 = 0x14c };
    struct extended_parameters extended;
    if (type & ~(uint32_t)(VIEW_TYPES | MEM_REPLACE_PLACEHOLDER)) return STATUS_INVALID_PARAMETER;
    if (type & MEM_REPLACE_PLACEHOLDER && !*base) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = extended_parameters_read(&extended, parameters, count);
    if (status) return status;
    if (extended.placed && (*base || extended.alignment != GUEST_GRANULARITY))
        return STATUS_INVALID_PARAMETER;
    if (extended.machine_given && extended.machine != MACHINE_I386) return STATUS_NOT_SUPPORTED;
    struct view_terms terms = {.base = *base,
                               .low = extended.low,
                               .high = extended.high,
                               .size = *size,
                               .offset = offset ? (uint64_t)offset->QuadPart : 0,
                               .type = type,
                               .protect = protect};
    status = map_view(handle, process, &terms);
    *base = terms.base;
    *size = terms.size;
    return status;
}

// A debugger hears of images that go.
static NTSTATUS unmap(gptr base, bool preserve)
{
    struct vm_view_info there = {0};
    bool image = debuggee_is_active() && NT_SUCCESS(vm_view(base, &there)) && there.image;
    view_info_free(&there);
    NTSTATUS status = view_unmap(base, preserve);
    if (image && NT_SUCCESS(status)) debuggee_report_unload(base);
    return status;
}

int section_image_open(gptr base)
{
    struct vm_view_info there = {0};
    int fd = -1;
    if (NT_SUCCESS(vm_view(base, &there))) {
        const struct section *section = (const struct section *)there.section;
        if (section)
            fd = fcntl(section->fd, F_DUPFD_CLOEXEC, 3);
        else if (there.path)
            fd = open(there.path, O_RDONLY | O_CLOEXEC);
    }
    view_info_free(&there);
    return fd;
}

static NTSTATUS unmap_in(HANDLE32 process, gptr base, uint32_t flags)
{
    struct process_object *other;
    struct memory_request request = {.action = MEMORY_UNMAP, .base = base, .type = flags};
    NTSTATUS status = process_resolve_target(process, PROCESS_VM_OPERATION, &other);
    if (status) return status;
    if (!other) return unmap(base, flags & MEM_PRESERVE_PLACEHOLDER);
    status = peer_memory_perform(other, &request);
    object_release(&other->object);
    return status;
}

NTSTATUS NtUnmapViewOfSection(HANDLE32 process, gptr base)
{
    return unmap_in(process, base, 0);
}

NTSTATUS NtUnmapViewOfSectionEx(HANDLE32 process, gptr base, uint32_t flags)
{
    const uint32_t boost = 1; // MEM_UNMAP_WITH_TRANSIENT_BOOST, a hint
    if (flags & ~(boost | MEM_PRESERVE_PLACEHOLDER)) return STATUS_INVALID_PARAMETER;
    return unmap_in(process, base, flags);
}

NTSTATUS NtAreMappedFilesTheSame(gptr first, gptr second)
{
    struct vm_view_info a, b;
    NTSTATUS status = vm_view(first, &a);
    if (status) return status;
    status = vm_view(second, &b);
    if (!status && a.base != b.base) {
        struct stat x, y;
        bool same = a.image && view_identity(&a, &x) && view_identity(&b, &y) && x.st_dev == y.st_dev &&
                    x.st_ino == y.st_ino;
        if (!same) status = STATUS_NOT_SAME_DEVICE;
    }
    view_info_free(&a);
    view_info_free(&b);
    return status;
}

size_t section_view_nt_name(gptr address, uint16_t *name, size_t capacity, NTSTATUS *status)
{
    struct vm_view_info info;
    size_t length = 0;
    *status = vm_view(address, &info);
    if (!*status) {
        const struct section *section = (const struct section *)info.section;
        if (section && !section_is_file(section))
            *status = STATUS_FILE_INVALID;
        else if (!(length = file_fd_nt_name(section ? section->fd : -1, info.path, name, capacity)))
            *status = STATUS_FILE_INVALID;
    } else {
        *status = STATUS_INVALID_ADDRESS;
    }
    view_info_free(&info);
    return length;
}
