// What is asked of a file by its name, without opening it.
#include "file_attributes.h"
#include "file_information.h"
#include "file_share.h"
#include "file_stream.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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
    if (!NT_SUCCESS(status)) return status;
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
        if (NT_SUCCESS(status) && file_share_is_deleting(facts->device, facts->id))
            status = STATUS_DELETE_PENDING;
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
    if (NT_SUCCESS(status)) *info = file_basic(&facts);
    return status;
}

NTSTATUS NtQueryFullAttributesFile(const OBJECT_ATTRIBUTES32 *attributes,
                                   FILE_NETWORK_OPEN_INFORMATION32 *info)
{
    struct file_facts facts;
    NTSTATUS status = facts_by_name(attributes, &facts);
    if (NT_SUCCESS(status)) *info = file_network_open(&facts);
    return status;
}

// Facts of a name that is to be opened as it stands, a link too.
static NTSTATUS query_by_name(const OBJECT_ATTRIBUTES32 *attributes, struct file_query *query, uint32_t class)
{
    struct file_facts facts;
    NTSTATUS status = facts_by_name(attributes, &facts);
    if (!NT_SUCCESS(status)) return status;
    if (class == FileCaseSensitiveInformation)
        return file_answer(query, &(FILE_CASE_SENSITIVE_INFORMATION32){0}, 4);
    return file_answer_stat(query, class, &facts, file_effective_access(NULL, &facts));
}

NTSTATUS NtQueryInformationByName(const OBJECT_ATTRIBUTES32 *attributes, IO_STATUS_BLOCK32 *io, gptr buffer,
                                  uint32_t length, uint32_t class)
{
    uint32_t information = 0;
    struct file_query query = {.buffer = buffer, .length = length, .information = &information};
    NTSTATUS status = file_check_class(ntdll_call_NtQueryInformationByName, class, length);
    if (NT_SUCCESS(status)) status = query_by_name(attributes, &query, class);
    io->Status = status;
    io->Information = information;
    return status;
}
