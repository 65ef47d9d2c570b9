// NtQueryInformationFile, and attributes by name.
#include "async.h"
#include "file.h"
#include "file_attributes.h"
#include "file_share.h"
#include "file_stream.h"
#include "host_name.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

// What a query has so far.
struct query {
    struct file *file;
    ACCESS_MASK32 access; // of the handle
    gptr buffer;
    uint32_t length;
    uint32_t *information;
};

// Gives a structure of fixed size as the answer.
static NTSTATUS answer(const struct query *query, const void *data, uint32_t size)
{
    if (query->length < size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_write(query->buffer, data, size)) return STATUS_ACCESS_VIOLATION;
    *query->information = size;
    return STATUS_SUCCESS;
}

// Gives a FILE_NAME_INFORMATION at offset: as much of the name as fits.
static NTSTATUS answer_name(const struct query *query, uint32_t offset, const uint16_t *name, size_t units)
{
    uint32_t bytes = units * 2, head = offset + offsetof(FILE_NAME_INFORMATION32, FileName);
    if (query->length < head) return STATUS_INFO_LENGTH_MISMATCH;
    uint32_t fits = query->length - head < bytes ? (query->length - head) & ~1u : bytes;
    if (!guest_write32(query->buffer + offset, bytes) || !guest_write(query->buffer + head, name, fits))
        return STATUS_ACCESS_VIOLATION;
    *query->information = head + fits;
    return fits < bytes ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS facts_of(const struct query *query, struct file_facts *facts)
{
    return query->file->fd < 0 ? STATUS_INVALID_DEVICE_REQUEST
                               : status_from_errno(file_facts_of(facts, query->file));
}

static FILE_BASIC_INFORMATION32 basic(const struct file_facts *facts)
{
    return (FILE_BASIC_INFORMATION32){
        .CreationTime.QuadPart = facts->created,
        .LastAccessTime.QuadPart = facts->accessed,
        .LastWriteTime.QuadPart = facts->written,
        .ChangeTime.QuadPart = facts->changed,
        .FileAttributes = facts->attributes,
    };
}

static FILE_STANDARD_INFORMATION32 standard(const struct query *query, const struct file_facts *facts)
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
static NTSTATUS name_in_volume(const struct query *query, uint32_t offset)
{
    uint16_t dos[PATH_MAX];
    size_t n = file_dos_path(query->file, dos, PATH_MAX);
    if (n == 0) return query->file->fd < 0 ? STATUS_INVALID_DEVICE_REQUEST : STATUS_OBJECT_NAME_NOT_FOUND;
    size_t skip = path_after_drive(dos, n);
    return answer_name(query, offset, dos + skip, n - skip);
}

static NTSTATUS all(const struct query *query, const struct file_facts *facts)
{
    enum { FIXED = offsetof(FILE_ALL_INFORMATION32, NameInformation) };
    if (query->length < sizeof(FILE_ALL_INFORMATION32)) return STATUS_INFO_LENGTH_MISMATCH;
    FILE_ALL_INFORMATION32 info = {
        .BasicInformation = basic(facts),
        .StandardInformation = standard(query, facts),
        .InternalInformation.IndexNumber.QuadPart = facts->id,
        .AccessInformation.AccessFlags = query->access,
        .PositionInformation.CurrentByteOffset.QuadPart = position(query->file),
        .ModeInformation.Mode = mode(query->file),
    };
    if (!guest_write(query->buffer, &info, FIXED)) return STATUS_ACCESS_VIOLATION;
    return name_in_volume(query, FIXED);
}

static NTSTATUS short_name(const struct query *query)
{
    uint16_t dos[PATH_MAX], generated[SHORT_NAME_MAX];
    size_t n = file_dos_path(query->file, dos, PATH_MAX), start = n;
    if (n == 0) return STATUS_INVALID_DEVICE_REQUEST;
    while (start > 0 && dos[start - 1] != '\\') start--;
    if (start == n) return STATUS_OBJECT_NAME_NOT_FOUND; // the root has none
    size_t units = short_name_generate(generated, dos + start, n - start);
    if (units == 0) return answer_name(query, 0, dos + start, n - start);
    return answer_name(query, 0, generated, units);
}

// FILE_STREAM_INFORMATIONs as they are written, each at a multiple of 8.
struct stream_list {
    const struct query *query;
    uint32_t last, end; // where the last one begins and ends
    NTSTATUS status;
};

static bool add_stream(struct stream_list *list, const uint16_t *name, size_t units, uint64_t size,
                       uint64_t allocated)
{
    enum { HEAD = offsetof(FILE_STREAM_INFORMATION32, StreamName) };
    const struct query *query = list->query;
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

static NTSTATUS streams(const struct query *query)
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

// The one link by which we know the file: the host can't list the others.
static NTSTATUS links(const struct query *query, const struct file_facts *facts)
{
    enum {
        HEAD = offsetof(FILE_LINKS_INFORMATION32, Entry),
        NAME = HEAD + offsetof(FILE_LINK_ENTRY_INFORMATION32, FileName)
    };
    uint16_t dos[PATH_MAX];
    char host[PATH_MAX];
    struct stat parent = {0};
    size_t n = file_dos_path(query->file, dos, PATH_MAX), start = n;
    if (n == 0) return STATUS_INVALID_DEVICE_REQUEST;
    if (path_of_fd(query->file->fd, host)) {
        strrchr(host, '/')[1] = '\0';
        stat(host, &parent);
    }
    while (start > 0 && dos[start - 1] != '\\') start--;
    uint32_t bytes = (n - start) * 2;
    FILE_LINKS_INFORMATION32 info = {
        .BytesNeeded = NAME + bytes,
        .EntriesReturned = 1,
        .Entry = {.ParentFileId = parent.st_ino, .FileNameLength = n - start},
    };
    (void)facts;
    if (query->length < HEAD) return STATUS_INFO_LENGTH_MISMATCH;
    if (query->length < NAME + bytes) {
        info.EntriesReturned = 0;
        *query->information = HEAD;
        return guest_write(query->buffer, &info, HEAD) ? STATUS_BUFFER_OVERFLOW : STATUS_ACCESS_VIOLATION;
    }
    if (!guest_write(query->buffer, &info, NAME) || !guest_write(query->buffer + NAME, dos + start, bytes))
        return STATUS_ACCESS_VIOLATION;
    *query->information = NAME + bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS volume_name(const struct query *query)
{
    uint16_t name[PATH_MAX];
    size_t n = file_nt_name(query->file, name, PATH_MAX), end = 8;
    while (end < n && name[end] != '\\') end++;
    return n == 0 ? STATUS_INVALID_DEVICE_REQUEST : answer_name(query, 0, name, end);
}

// Classes that need nothing from the host's file system.
static NTSTATUS query_object(const struct query *query, uint32_t class)
{
    const struct file *file = query->file;
    switch (class) {
    case FileAccessInformation: return answer(query, &(FILE_ACCESS_INFORMATION32){query->access}, 4);
    case FileModeInformation: return answer(query, &(FILE_MODE_INFORMATION32){mode(file)}, 4);
    case FileAlignmentInformation: return answer(query, &(FILE_ALIGNMENT_INFORMATION32){0}, 4);
    case FilePositionInformation: {
        FILE_POSITION_INFORMATION32 info = {.CurrentByteOffset.QuadPart = position(file)};
        return answer(query, &info, sizeof info);
    }
    case FileIoCompletionNotificationInformation: {
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION32 info = {atomic_load(&file->completion_modes)};
        return answer(query, &info, sizeof info);
    }
    case FileIoPriorityHintInformation:
        return answer(query, &(FILE_IO_PRIORITY_HINT_INFORMATION32){file->priority_hint}, 4);
    case FileIsRemoteDeviceInformation: return answer(query, &(FILE_IS_REMOTE_DEVICE_INFORMATION32){0}, 1);
    case FileCaseSensitiveInformation: return answer(query, &(FILE_CASE_SENSITIVE_INFORMATION32){0}, 4);
    case FileNameInformation:
    case FileNormalizedNameInformation: return name_in_volume(query, 0);
    case FileVolumeNameInformation: return volume_name(query);
    case FileAlternateNameInformation: return short_name(query);
    }
    return STATUS_INVALID_INFO_CLASS;
}

// Classes about the file itself.
static NTSTATUS query_file(const struct query *query, uint32_t class)
{
    struct file_facts facts;
    NTSTATUS status = facts_of(query, &facts);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case FileBasicInformation: {
        FILE_BASIC_INFORMATION32 info = basic(&facts);
        return answer(query, &info, sizeof info);
    }
    case FileStandardInformation: {
        FILE_STANDARD_INFORMATION32 info = standard(query, &facts);
        return answer(query, &info, sizeof info);
    }
    case FileInternalInformation: {
        FILE_INTERNAL_INFORMATION32 info = {.IndexNumber.QuadPart = facts.id};
        return answer(query, &info, sizeof info);
    }
    case FileEaInformation: return answer(query, &(FILE_EA_INFORMATION32){0}, 4);
    case FileAllInformation: return all(query, &facts);
    case FileStreamInformation: return streams(query);
    case FileHardLinkInformation: return links(query, &facts);
    case FileCompressionInformation: {
        FILE_COMPRESSION_INFORMATION32 info = {.CompressedFileSize.QuadPart = facts.size};
        return answer(query, &info, sizeof info);
    }
    case FileNetworkOpenInformation: {
        FILE_NETWORK_OPEN_INFORMATION32 info = {
            .CreationTime.QuadPart = facts.created,
            .LastAccessTime.QuadPart = facts.accessed,
            .LastWriteTime.QuadPart = facts.written,
            .ChangeTime.QuadPart = facts.changed,
            .AllocationSize.QuadPart = facts.allocated,
            .EndOfFile.QuadPart = facts.size,
            .FileAttributes = facts.attributes,
        };
        return answer(query, &info, sizeof info);
    }
    case FileAttributeTagInformation: {
        FILE_ATTRIBUTE_TAG_INFORMATION32 info = {facts.attributes, facts.reparse_tag};
        return answer(query, &info, sizeof info);
    }
    case FileStandardLinkInformation: {
        FILE_STANDARD_LINK_INFORMATION32 info = {
            .NumberOfAccessibleLinks = facts.links,
            .TotalNumberOfLinks = facts.links,
            .DeletePending = file_share_delete_pending(query->file),
            .Directory = (facts.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0,
        };
        return answer(query, &info, sizeof info);
    }
    case FileIdInformation: {
        FILE_ID_INFORMATION32 info = {.VolumeSerialNumber = volume_serial(facts.device)};
        memcpy(&info.FileId, &facts.id, sizeof facts.id);
        return answer(query, &info, sizeof info);
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
    case FilePipeLocalInformation: return FILE_READ_ATTRIBUTES;
    case FileEaInformation: return 0;
    default: return 0;
    }
}

NTSTATUS NtQueryInformationFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length,
                                uint32_t class)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, right_for(class), &file);
    if (!NT_SUCCESS(status)) return status;
    uint32_t information = 0, attributes;
    struct query query = {.file = file, .buffer = buffer, .length = length, .information = &information};
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

// Facts of an alternate stream by name: its owner's, with a size of its own.
static NTSTATUS facts_of_stream(struct path *path, bool exact, struct file_facts *facts)
{
    struct path own = {0};
    struct file_facts stream;
    int owner;
    NTSTATUS status = stream_open_owner(path, exact, &owner);
    if (!NT_SUCCESS(status)) return status;
    status = stream_locate(&own, owner, path->stream, false);
    if (NT_SUCCESS(status) && !exact) status = path_fold(&own);
    if (NT_SUCCESS(status)) status = status_from_errno(file_facts_at(&stream, own.base, own.host, 0));
    if (NT_SUCCESS(status)) status = status_from_errno(file_facts_at(facts, owner, "", AT_EMPTY_PATH));
    close(owner);
    facts->size = stream.size;
    facts->allocated = stream.allocated;
    return status;
}

// Facts by name, for GetFileAttributes: no open, one host call when the name is exact.
static NTSTATUS facts_by_name(const OBJECT_ATTRIBUTES32 *attributes, struct file_facts *facts)
{
    struct path path;
    struct file *root;
    NTSTATUS status = file_parse_name(attributes, &path, &root);
    if (!NT_SUCCESS(status)) return status;
    if (path.kind == PATH_VOLUME) {
        status = STATUS_INVALID_DEVICE_REQUEST;
    } else if (path.kind != PATH_FILE) {
        status = STATUS_OBJECT_NAME_INVALID;
    } else if (path.stream[0] != '\0') {
        status = facts_of_stream(&path, !(attributes->Attributes & OBJ_CASE_INSENSITIVE), facts);
    } else {
        // A drive itself is a symlink or a directory of the prefix: what it leads to counts.
        int error = file_facts_at(facts, path.base, path_host_name(&path), 0);
        if (error == ENOENT && attributes->Attributes & OBJ_CASE_INSENSITIVE) {
            status = path_fold(&path);
            if (NT_SUCCESS(status)) error = file_facts_at(facts, path.base, path_host_name(&path), 0);
        }
        if (NT_SUCCESS(status) && error != 0) status = path_status(&path, error);
        if (NT_SUCCESS(status) && path.drive != PATH_NO_DRIVE && path.length == 1)
            facts->attributes &= ~FILE_ATTRIBUTE_REPARSE_POINT;
        if (NT_SUCCESS(status) && path.directory && !(facts->attributes & FILE_ATTRIBUTE_DIRECTORY))
            status = STATUS_OBJECT_NAME_INVALID;
    }
    if (root != NULL) file_release(root);
    return status;
}

NTSTATUS NtQueryAttributesFile(const OBJECT_ATTRIBUTES32 *attributes, FILE_BASIC_INFORMATION32 *info)
{
    struct file_facts facts;
    NTSTATUS status = facts_by_name(attributes, &facts);
    if (NT_SUCCESS(status)) *info = basic(&facts);
    return status;
}

NTSTATUS NtQueryFullAttributesFile(const OBJECT_ATTRIBUTES32 *attributes,
                                   FILE_NETWORK_OPEN_INFORMATION32 *info)
{
    struct file_facts facts;
    NTSTATUS status = facts_by_name(attributes, &facts);
    if (!NT_SUCCESS(status)) return status;
    info->CreationTime.QuadPart = facts.created;
    info->LastAccessTime.QuadPart = facts.accessed;
    info->LastWriteTime.QuadPart = facts.written;
    info->ChangeTime.QuadPart = facts.changed;
    info->AllocationSize.QuadPart = facts.allocated;
    info->EndOfFile.QuadPart = facts.size;
    info->FileAttributes = facts.attributes;
    return STATUS_SUCCESS;
}
