// NtQueryInformationFile.
#include "async.h"
#include "file.h"
#include "file_attributes.h"
#include "file_ea.h"
#include "file_information.h"
#include "file_links.h"
#include "file_share.h"
#include "file_stream.h"
#include "host_name.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static NTSTATUS facts_of(const struct file_query *query, struct file_facts *facts)
{
    return query->file->fd < 0 ? STATUS_INVALID_DEVICE_REQUEST
                               : status_from_errno(file_facts_of(facts, query->file));
}

static FILE_STANDARD_INFORMATION32 standard(const struct file_query *query, const struct file_facts *facts)
{
    bool pending = file_share_delete_pending(query->file);
    return (FILE_STANDARD_INFORMATION32){
        .AllocationSize.QuadPart = facts->allocated,
        .EndOfFile.QuadPart = facts->size,
        .NumberOfLinks = facts->links - (pending && facts->links > 0),
        .DeletePending = pending,
        .Directory = (facts->attributes & FILE_ATTRIBUTE_DIRECTORY) != 0,
    };
}

static int64_t position(const struct file *file)
{
    if (file->kind != FILE_KIND_DISK || !file_is_synchronous(file) || file->path_only) return 0;
    off_t at = lseek(file->fd, 0, SEEK_CUR);
    return at < 0 ? 0 : at;
}

static uint32_t mode(const struct file *file)
{
    return file->options & (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_NO_INTERMEDIATE_BUFFERING |
                            FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT | FILE_DELETE_ON_CLOSE);
}

// The name within the volume.
static NTSTATUS name_in_volume(const struct file_query *query, uint32_t offset)
{
    uint16_t dos[PATH_MAX];
    size_t n = file_dos_path(query->file, dos, PATH_MAX);
    if (n == 0) return query->file->fd < 0 ? STATUS_INVALID_DEVICE_REQUEST : STATUS_OBJECT_NAME_NOT_FOUND;
    size_t skip = path_after_drive(dos, n);
    return file_answer_name(query, offset, dos + skip, n - skip);
}

static NTSTATUS all(const struct file_query *query, const struct file_facts *facts)
{
    enum { FIXED = offsetof(FILE_ALL_INFORMATION32, NameInformation) };
    if (query->length < sizeof(FILE_ALL_INFORMATION32)) return STATUS_INFO_LENGTH_MISMATCH;
    FILE_ALL_INFORMATION32 info = {
        .BasicInformation = file_basic(facts),
        .StandardInformation = standard(query, facts),
        .InternalInformation.IndexNumber.QuadPart = facts->id,
        .EaInformation.EaSize = file_ea_size(query->file),
        .AccessInformation.AccessFlags = query->access,
        .PositionInformation.CurrentByteOffset.QuadPart = position(query->file),
        .ModeInformation.Mode = mode(query->file),
    };
    if (!guest_write(query->buffer, &info, FIXED)) return STATUS_ACCESS_VIOLATION;
    return name_in_volume(query, FIXED);
}

static NTSTATUS short_name(const struct file_query *query)
{
    uint16_t dos[PATH_MAX], generated[SHORT_NAME_MAX];
    size_t n = file_dos_path(query->file, dos, PATH_MAX), start = n;
    if (n == 0) return STATUS_INVALID_DEVICE_REQUEST;
    while (start > 0 && dos[start - 1] != '\\') start--;
    if (start == n) return STATUS_OBJECT_NAME_NOT_FOUND; // the root has none
    size_t units = short_name_generate(generated, dos + start, n - start);
    if (units == 0) return file_answer_name(query, 0, dos + start, n - start);
    return file_answer_name(query, 0, generated, units);
}

// FILE_STREAM_INFORMATIONs as they are written, each at a multiple of 8.
struct stream_list {
    const struct file_query *query;
    uint32_t last, end; // where the last one begins and ends
    NTSTATUS status;
};

static bool add_stream(struct stream_list *list, const uint16_t *name, size_t units, uint64_t size,
                       uint64_t allocated)
{
    enum { HEAD = offsetof(FILE_STREAM_INFORMATION32, StreamName) };
    const struct file_query *query = list->query;
    uint32_t at = (list->end + 7) & ~7u, bytes = units * 2;
    FILE_STREAM_INFORMATION32 info = {
        .StreamNameLength = bytes, .StreamSize.QuadPart = size, .StreamAllocationSize.QuadPart = allocated};
    if (query->length < at + HEAD + bytes)
        list->status = STATUS_BUFFER_OVERFLOW;
    else if (!guest_write(query->buffer + at, &info, HEAD) ||
             !guest_write(query->buffer + at + HEAD, name, bytes) ||
             (list->end != 0 && !guest_write32(query->buffer + list->last, at - list->last)))
        list->status = STATUS_ACCESS_VIOLATION;
    if (list->status != STATUS_SUCCESS) return false;
    list->last = at;
    list->end = at + HEAD + bytes;
    return true;
}

static bool add_alternate(const char *name, const struct stat *st, void *context)
{
    static const uint16_t type[] = {':', '$', 'D', 'A', 'T', 'A'};
    uint16_t text[NAME_MAX + 8] = {':'};
    size_t units = 1 + host_name_to_utf16(text + 1, NAME_MAX, name, strlen(name));
    memcpy(text + units, type, sizeof type);
    return add_stream(context, text, units + 6, st->st_size, st->st_blocks * 512);
}

static NTSTATUS streams(const struct file_query *query)
{
    static const uint16_t data[] = {':', ':', '$', 'D', 'A', 'T', 'A'};
    struct stream_list list = {.query = query};
    struct file_facts facts;
    int owner = query->file->owner_fd >= 0 ? query->file->owner_fd : query->file->fd;
    if (query->length < sizeof(FILE_STREAM_INFORMATION32)) return STATUS_INFO_LENGTH_MISMATCH;
    int error = file_facts_at(&facts, owner, "", AT_EMPTY_PATH);
    if (error != 0) return status_from_errno(error);
    bool directory = facts.attributes & FILE_ATTRIBUTE_DIRECTORY; // these have no data stream
    if ((directory || add_stream(&list, data, 7, facts.size, facts.allocated)) &&
        (directory || facts.mode & S_ISVTX))
        stream_for_each(owner, add_alternate, &list);
    *query->information = list.end;
    return list.status;
}

static NTSTATUS volume_name(const struct file_query *query)
{
    uint16_t name[PATH_MAX];
    size_t n = file_nt_name(query->file, name, PATH_MAX), end = 8;
    while (end < n && name[end] != '\\') end++;
    return n == 0 ? STATUS_INVALID_DEVICE_REQUEST : file_answer_name(query, 0, name, end);
}

// Classes that need nothing from the host's file system.
static NTSTATUS query_object(const struct file_query *query, uint32_t class)
{
    const struct file *file = query->file;
    switch (class) {
    case FileAccessInformation: return file_answer(query, &(FILE_ACCESS_INFORMATION32){query->access}, 4);
    case FileModeInformation: return file_answer(query, &(FILE_MODE_INFORMATION32){mode(file)}, 4);
    case FileAlignmentInformation: return file_answer(query, &(FILE_ALIGNMENT_INFORMATION32){0}, 4);
    case FilePositionInformation: {
        FILE_POSITION_INFORMATION32 info = {.CurrentByteOffset.QuadPart = position(file)};
        return file_answer(query, &info, sizeof info);
    }
    case FileIoCompletionNotificationInformation: {
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION32 info = {atomic_load(&file->completion_modes)};
        return file_answer(query, &info, sizeof info);
    }
    case FileIoPriorityHintInformation:
        return file_answer(query, &(FILE_IO_PRIORITY_HINT_INFORMATION32){file->priority_hint}, 4);
    case FileIsRemoteDeviceInformation:
        return file_answer(query, &(FILE_IS_REMOTE_DEVICE_INFORMATION32){0}, 1);
    case FileCaseSensitiveInformation: return file_answer(query, &(FILE_CASE_SENSITIVE_INFORMATION32){0}, 4);
    case FileNumaNodeInformation: return file_answer(query, &(FILE_NUMA_NODE_INFORMATION32){0}, 2);
    case FileNameInformation:
    case FileNormalizedNameInformation: return name_in_volume(query, 0);
    case FileVolumeNameInformation: return volume_name(query);
    case FileAlternateNameInformation: return short_name(query);
    }
    return STATUS_INVALID_INFO_CLASS;
}

// Classes about the file itself.
static NTSTATUS query_file(const struct file_query *query, uint32_t class)
{
    struct file_facts facts;
    NTSTATUS status = facts_of(query, &facts);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case FileBasicInformation: {
        FILE_BASIC_INFORMATION32 info = file_basic(&facts);
        return file_answer(query, &info, sizeof info);
    }
    case FileStandardInformation: {
        FILE_STANDARD_INFORMATION32 info = standard(query, &facts);
        return file_answer(query, &info, sizeof info);
    }
    case FileInternalInformation: {
        FILE_INTERNAL_INFORMATION32 info = {.IndexNumber.QuadPart = facts.id};
        return file_answer(query, &info, sizeof info);
    }
    case FileEaInformation: return file_answer(query, &(FILE_EA_INFORMATION32){file_ea_size(query->file)}, 4);
    case FileAllInformation: return all(query, &facts);
    case FileStreamInformation: return streams(query);
    case FileHardLinkInformation:
    case FileHardLinkFullIdInformation: return file_links(query, class, &facts);
    case FileStatInformation:
    case FileStatLxInformation:
        return file_answer_stat(query, class, &facts, file_effective_access(query->file, &facts));
    case FileCompressionInformation: {
        FILE_COMPRESSION_INFORMATION32 info = {.CompressedFileSize.QuadPart = facts.size};
        return file_answer(query, &info, sizeof info);
    }
    case FileNetworkOpenInformation: {
        FILE_NETWORK_OPEN_INFORMATION32 info = file_network_open(&facts);
        return file_answer(query, &info, sizeof info);
    }
    case FileAttributeTagInformation: {
        FILE_ATTRIBUTE_TAG_INFORMATION32 info = {facts.attributes, facts.reparse_tag};
        return file_answer(query, &info, sizeof info);
    }
    case FileStandardLinkInformation: {
        FILE_STANDARD_LINK_INFORMATION32 info = {
            .NumberOfAccessibleLinks = facts.links,
            .TotalNumberOfLinks = facts.links,
            .DeletePending = file_share_delete_pending(query->file),
            .Directory = (facts.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0,
        };
        return file_answer(query, &info, sizeof info);
    }
    case FileIdInformation: {
        FILE_ID_INFORMATION32 info = {.VolumeSerialNumber = volume_serial(facts.device)};
        memcpy(&info.FileId, &facts.id, sizeof facts.id);
        return file_answer(query, &info, sizeof info);
    }
    }
    return STATUS_INVALID_INFO_CLASS;
}

// The right that a class asks of the handle.
static ACCESS_MASK32 right_for(uint32_t class)
{
    switch (class) {
    case FileBasicInformation:
    case FileAllInformation:
    case FileNetworkOpenInformation:
    case FileAttributeTagInformation:
    case FilePipeInformation:
    case FilePipeLocalInformation:
    case FileStatInformation:
    case FileStatLxInformation: return FILE_READ_ATTRIBUTES;
    default: return 0;
    }
}

NTSTATUS NtQueryInformationFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length,
                                uint32_t class)
{
    struct file *file;
    NTSTATUS status = file_check_class(ntdll_call_NtQueryInformationFile, class, length);
    if (NT_SUCCESS(status)) status = file_resolve(handle, right_for(class), &file);
    if (!NT_SUCCESS(status)) return status;
    uint32_t information = 0, attributes;
    struct file_query query = {.file = file, .buffer = buffer, .length = length, .information = &information};
    handle_access(handle, &query.access, &attributes);
    status = file->device->query != NULL ? file->device->query(file, class, buffer, length, &information)
                                         : STATUS_INVALID_INFO_CLASS;
    if (status == STATUS_INVALID_INFO_CLASS) status = query_object(&query, class);
    if (status == STATUS_INVALID_INFO_CLASS) status = query_file(&query, class);
    file_release(file);
    io->Status = status;
    io->Information = information;
    return status;
}
