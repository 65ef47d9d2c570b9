// Answers that NtQueryInformationFile and the queries by name have in common.
#include "file_information.h"
#include "ntdll_host.h"
#include <string.h>
#include <sys/sysmacros.h>

NTSTATUS file_check_class(uint32_t call, uint32_t class, uint32_t length)
{
    uint32_t least = ntdll_class_size(call, class);
    if (least == 0) return STATUS_INVALID_INFO_CLASS;
    return length < least ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}

NTSTATUS file_answer(const struct file_query *query, const void *data, uint32_t size)
{
    if (query->length < size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_write(query->buffer, data, size)) return STATUS_ACCESS_VIOLATION;
    *query->information = size;
    return STATUS_SUCCESS;
}

NTSTATUS file_answer_name(const struct file_query *query, uint32_t offset, const uint16_t *name, size_t units)
{
    uint32_t bytes = units * 2, head = offset + offsetof(FILE_NAME_INFORMATION32, FileName);
    if (query->length < head) return STATUS_INFO_LENGTH_MISMATCH;
    uint32_t fits = query->length - head < bytes ? (query->length - head) & ~1u : bytes;
    if (!guest_write32(query->buffer + offset, bytes) || !guest_write(query->buffer + head, name, fits))
        return STATUS_ACCESS_VIOLATION;
    *query->information = head + fits;
    return fits < bytes ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

FILE_BASIC_INFORMATION32 file_basic(const struct file_facts *facts)
{
    return (FILE_BASIC_INFORMATION32){
        .CreationTime.QuadPart = facts->created,
        .LastAccessTime.QuadPart = facts->accessed,
        .LastWriteTime.QuadPart = facts->written,
        .ChangeTime.QuadPart = facts->changed,
        .FileAttributes = facts->attributes,
    };
}

FILE_NETWORK_OPEN_INFORMATION32 file_network_open(const struct file_facts *facts)
{
    return (FILE_NETWORK_OPEN_INFORMATION32){
        .CreationTime.QuadPart = facts->created,
        .LastAccessTime.QuadPart = facts->accessed,
        .LastWriteTime.QuadPart = facts->written,
        .ChangeTime.QuadPart = facts->changed,
        .AllocationSize.QuadPart = facts->allocated,
        .EndOfFile.QuadPart = facts->size,
        .FileAttributes = facts->attributes,
    };
}

NTSTATUS file_answer_stat(const struct file_query *query, uint32_t class, const struct file_facts *facts,
                          ACCESS_MASK32 effective)
{
    FILE_STAT_LX_INFORMATION32 info = {
        .Stat =
            {
                .FileId.QuadPart = facts->id,
                .CreationTime.QuadPart = facts->created,
                .LastAccessTime.QuadPart = facts->accessed,
                .LastWriteTime.QuadPart = facts->written,
                .ChangeTime.QuadPart = facts->changed,
                .AllocationSize.QuadPart = facts->allocated,
                .EndOfFile.QuadPart = facts->size,
                .FileAttributes = facts->attributes,
                .ReparseTag = facts->reparse_tag,
                .NumberOfLinks = facts->links,
                .EffectiveAccess = effective,
            },
        .LxFlags = LX_FILE_METADATA_HAS_UID | LX_FILE_METADATA_HAS_GID | LX_FILE_METADATA_HAS_MODE,
        .LxUid = facts->owner,
        .LxGid = facts->group,
        .LxMode = facts->mode,
    };
    return file_answer(query, &info, class == FileStatInformation ? sizeof info.Stat : sizeof info);
}

ACCESS_MASK32 file_effective_access(const struct file *file, const struct file_facts *facts)
{
    bool read_only =
        facts->attributes & FILE_ATTRIBUTE_READONLY && !(facts->attributes & FILE_ATTRIBUTE_DIRECTORY);
    ACCESS_MASK32 all = read_only ? FILE_ALL_ACCESS & ~(FILE_WRITE_DATA | FILE_APPEND_DATA) : FILE_ALL_ACCESS;
    return file == NULL ? all : all | file->access;
}
