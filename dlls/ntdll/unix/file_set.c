// NtSetInformationFile: times and attributes, sizes, names, deletion, completion ports.
#include "file.h"
#include "file_attributes.h"
#include "file_information.h"
#include "file_share.h"
#include "file_stream.h"
#include "io_completion.h"
#include "notify.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include "token.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_disk(const struct file *file)
{
    return file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY || file->kind == FILE_KIND_LINK;
}

static NTSTATUS set_basic(struct file *file, gptr buffer, uint32_t length)
{
    FILE_BASIC_INFORMATION32 info;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (!is_disk(file)) return STATUS_INVALID_DEVICE_REQUEST;
    // -1 and -2 stop and resume the updating of a time: the host always updates.
    if (info.CreationTime.QuadPart < -2 || info.LastAccessTime.QuadPart < -2 ||
        info.LastWriteTime.QuadPart < -2)
        return STATUS_INVALID_PARAMETER;
    bool directory = file->kind == FILE_KIND_DIRECTORY;
    if (info.FileAttributes != 0 && !directory && info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return STATUS_INVALID_PARAMETER;
    if (directory && info.FileAttributes & FILE_ATTRIBUTE_TEMPORARY) return STATUS_INVALID_PARAMETER;
    int error = file_set_times(file, info.CreationTime.QuadPart, info.LastAccessTime.QuadPart,
                               info.LastWriteTime.QuadPart);
    if (error == 0 && info.FileAttributes != 0) error = file_set_attributes(file, info.FileAttributes);
    return status_from_errno(error);
}

static NTSTATUS set_position(struct file *file, gptr buffer, uint32_t length)
{
    FILE_POSITION_INFORMATION32 info;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (info.CurrentByteOffset.QuadPart < 0) return STATUS_INVALID_PARAMETER;
    if (file->kind != FILE_KIND_DISK) return STATUS_SUCCESS; // has none to set
    return lseek(file->fd, info.CurrentByteOffset.QuadPart, SEEK_SET) >= 0 ? STATUS_SUCCESS
                                                                           : status_from_errno(errno);
}

static NTSTATUS resize(struct file *file, int64_t size)
{
    struct stat st;
    NTSTATUS mapped = file_share_check_cut(file);
    if (mapped && (fstat(file->fd, &st) != 0 || size < st.st_size)) return mapped;
    return ftruncate(file->fd, size) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

static NTSTATUS set_end(struct file *file, gptr buffer, uint32_t length)
{
    int64_t size;
    if (length < sizeof size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&size, buffer, sizeof size)) return STATUS_ACCESS_VIOLATION;
    if (size < 0 || file->kind != FILE_KIND_DISK) return STATUS_INVALID_PARAMETER;
    struct stat st;
    if (file->valid_length < 0 && fstat(file->fd, &st) == 0 && size > st.st_size)
        file->valid_length = st.st_size; // what comes to it wasn't written
    return resize(file, size);
}

// Says that a file was written up to a place. Only noted: the host shows zeros where nothing was.
static NTSTATUS set_valid_length(struct file *file, gptr buffer, uint32_t length)
{
    int64_t size;
    struct stat st;
    if (length < sizeof size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&size, buffer, sizeof size)) return STATUS_ACCESS_VIOLATION;
    if (!token_has_privilege(SE_MANAGE_VOLUME_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    if (file->kind != FILE_KIND_DISK) return STATUS_INVALID_PARAMETER;
    if (fstat(file->fd, &st) != 0) return status_from_errno(errno);
    int64_t valid = file->valid_length < 0 ? st.st_size : file->valid_length;
    if (size < valid || size > st.st_size) return STATUS_INVALID_PARAMETER;
    file->valid_length = size;
    return STATUS_SUCCESS;
}

// Kept for whoever asks: a hint to the disk's scheduler may be ignored.
static NTSTATUS set_priority_hint(struct file *file, gptr buffer, uint32_t length)
{
    uint32_t hint;
    if (length < sizeof hint) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read32(&hint, buffer)) return STATUS_ACCESS_VIOLATION;
    if (hint >= PRIORITY_HINT_COUNT) return STATUS_INVALID_PARAMETER;
    file->priority_hint = hint;
    return STATUS_SUCCESS;
}

static NTSTATUS set_allocation(struct file *file, gptr buffer, uint32_t length)
{
    int64_t size;
    struct stat st;
    if (length < sizeof size) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&size, buffer, sizeof size)) return STATUS_ACCESS_VIOLATION;
    if (size < 0 || file->kind != FILE_KIND_DISK) return STATUS_INVALID_PARAMETER;
    if (fstat(file->fd, &st) != 0) return status_from_errno(errno);
    // Less than the file has cuts it; more reserves space, where the file system can.
    if (size < st.st_size) return resize(file, size);
    if (size > st.st_size && fallocate(file->fd, FALLOC_FL_KEEP_SIZE, 0, size) != 0 && errno == ENOSPC)
        return STATUS_DISK_FULL;
    return STATUS_SUCCESS;
}

static bool directory_is_empty(const struct file *file)
{
    // Two links mean no subdirectory on most file systems, and nothing about files: only reading tells.
    int fd = openat(file->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return true; // rmdir will say
    char buffer[1024] __attribute__((aligned(8)));
    int entries = 0;
    for (ssize_t n; entries <= 2 && (n = getdents64(fd, buffer, sizeof buffer)) > 0;)
        for (ssize_t at = 0; at < n; at += ((struct dirent64 *)(buffer + at))->d_reclen) entries++;
    close(fd);
    return entries <= 2;
}

// Deletion: checked now, done when the last handle is closed.
static NTSTATUS set_disposition(struct file *file, uint32_t flags)
{
    if (!is_disk(file)) return STATUS_INVALID_DEVICE_REQUEST;
    if (!(flags & FILE_DISPOSITION_DELETE)) {
        if (flags & FILE_DISPOSITION_ON_CLOSE) file->delete_on_close = false;
        return file_share_set_delete(file, false);
    }
    struct file_facts facts;
    int error = file_facts_of(&facts, file);
    if (error != 0) return status_from_errno(error);
    if (facts.attributes & FILE_ATTRIBUTE_READONLY && !(flags & FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE))
        return STATUS_CANNOT_DELETE;
    if (S_ISDIR(facts.mode) && !directory_is_empty(file)) return STATUS_DIRECTORY_NOT_EMPTY;
    NTSTATUS status = file_share_check_delete(file);
    if (!NT_SUCCESS(status)) return status;
    if (flags & FILE_DISPOSITION_ON_CLOSE) {
        file->delete_on_close = true;
        return STATUS_SUCCESS;
    }
    status = file_share_set_delete(file, true);
    if (NT_SUCCESS(status) && flags & FILE_DISPOSITION_POSIX_SEMANTICS) file->posix_delete = true;
    return status;
}

// The new name of a rename or link: in its own directory when it is only a name, else as any NT name.
static NTSTATUS parse_target(const struct file *file, const FILE_RENAME_INFORMATION32 *info,
                             const uint16_t *name, struct path *target, struct file **root)
{
    uint32_t units = info->FileNameLength / 2;
    *root = NULL;
    if (info->RootDirectory != 0) {
        NTSTATUS status = file_resolve(info->RootDirectory, 0, root);
        if (NT_SUCCESS(status)) status = path_parse(target, name, units, (*root)->fd);
        return status;
    }
    if (units > 0 && name[0] == '\\') return path_parse(target, name, units, -1);
    NTSTATUS status = path_parse(target, name, units, 0);
    if (!NT_SUCCESS(status)) return status;
    if (strchr(target->host, '/') != NULL) return STATUS_OBJECT_NAME_INVALID;
    char here[PATH_MAX];
    if (!path_of_fd(file->fd, here)) return STATUS_OBJECT_NAME_NOT_FOUND;
    size_t n = strrchr(here, '/') - here + 1;
    if (n + target->length >= PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    memmove(target->host + n, target->host, target->length + 1);
    memcpy(target->host, here, n);
    target->length += n;
    target->base = AT_FDCWD;
    return STATUS_SUCCESS;
}

static const char *last_component(const struct path *path)
{
    const char *slash = strrchr(path->host, '/');
    return slash != NULL ? slash + 1 : path->host;
}

// Gives a path another last component.
static NTSTATUS set_last_component(struct path *path, const char *leaf)
{
    size_t at = last_component(path) - path->host, n = strlen(leaf);
    if (at + n >= PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    memcpy(path->host + at, leaf, n + 1);
    path->length = at + n;
    return STATUS_SUCCESS;
}

// Looks at what stands at the target: whether it is the file itself under another spelling, and whether it
// may be replaced. leaf: the name as it was asked for, which a rename gives it. flags: FILE_RENAME_*.
static NTSTATUS check_target(const struct file *file, struct path *target, const char *leaf, uint32_t flags,
                             bool *exists, bool *same)
{
    *exists = *same = false;
    NTSTATUS status = path_fold(target);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) return STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;

    struct stat there, self;
    if (fstatat(target->base, target->host, &there, AT_SYMLINK_NOFOLLOW) != 0) return STATUS_SUCCESS;
    if (fstat(file->fd, &self) != 0) return status_from_errno(errno);
    if (there.st_dev == self.st_dev && there.st_ino == self.st_ino) {
        // Only the spelling changes (or nothing does): the wanted leaf in the folded directory.
        *same = true;
        return set_last_component(target, leaf);
    }
    *exists = true;
    if (!(flags & FILE_RENAME_REPLACE_IF_EXISTS)) return STATUS_OBJECT_NAME_COLLISION;
    bool posix = flags & FILE_RENAME_POSIX_SEMANTICS,
         read_only = S_ISREG(there.st_mode) && !(there.st_mode & 0222);
    // Of directories only an empty one may go, for another and as POSIX has it.
    if (S_ISDIR(there.st_mode) && !(posix && file->kind == FILE_KIND_DIRECTORY)) return STATUS_ACCESS_DENIED;
    if (read_only && !(flags & FILE_RENAME_IGNORE_READONLY_ATTRIBUTE)) return STATUS_ACCESS_DENIED;
    return file_share_may_replace(there.st_dev, there.st_ino, file, posix) ? STATUS_SUCCESS
                                                                           : STATUS_ACCESS_DENIED;
}

static NTSTATUS read_target(gptr buffer, uint32_t length, FILE_RENAME_INFORMATION32 *info, uint16_t *name)
{
    enum { HEAD = offsetof(FILE_RENAME_INFORMATION32, FileName) };
    if (length < HEAD) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(info, buffer, HEAD)) return STATUS_ACCESS_VIOLATION;
    if (info->FileNameLength % 2 != 0 || info->FileNameLength > length - HEAD)
        return STATUS_INVALID_PARAMETER;
    if (info->FileNameLength == 0 || info->FileNameLength / 2 > PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    return guest_read(name, buffer + HEAD, info->FileNameLength) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// leaf: the last component as it was asked for; target has the spelling of what is to be replaced.
static NTSTATUS do_rename(struct file *file, struct path *target, const char *leaf, bool exists)
{
    char from[PATH_MAX];
    if (!path_of_fd(file->fd, from)) return STATUS_FILE_DELETED;
    if (exists && strcmp(last_component(target), leaf) != 0) {
        // First over the old spelling, so that at no moment there are two or none.
        struct path other = *target;
        NTSTATUS status = do_rename(file, target, last_component(target), true);
        if (NT_SUCCESS(status)) status = set_last_component(&other, leaf);
        return NT_SUCCESS(status) ? do_rename(file, &other, leaf, false) : status;
    }
    // A directory takes a file's place here, which the host does for like and like only.
    if (exists && file->kind == FILE_KIND_DIRECTORY) unlinkat(target->base, target->host, 0);
    // Without a file there, nobody may put one there in between either.
    if (renameat2(AT_FDCWD, from, target->base, target->host, exists ? 0 : RENAME_NOREPLACE) == 0)
        return STATUS_SUCCESS;
    if (errno == EINVAL && !exists && renameat(AT_FDCWD, from, target->base, target->host) == 0)
        return STATUS_SUCCESS; // a file system without RENAME_NOREPLACE
    if (errno == ENOTEMPTY || errno == EEXIST) return STATUS_OBJECT_NAME_COLLISION;
    return path_status(target, errno);
}

static NTSTATUS do_link(struct file *file, const struct path *target, bool exists)
{
    if (file->kind == FILE_KIND_DIRECTORY) return STATUS_FILE_IS_A_DIRECTORY;
    if (exists && unlinkat(target->base, target->host, 0) != 0) return status_from_errno(errno);
    if (linkat(AT_FDCWD, fd_name(file->fd).text, target->base, target->host, AT_SYMLINK_FOLLOW) == 0)
        return STATUS_SUCCESS;
    return path_status(target, errno);
}

// flags: FILE_RENAME_*, whose first bit is also what ReplaceIfExists says.
static NTSTATUS set_name(struct file *file, gptr buffer, uint32_t length, bool extended, bool link)
{
    FILE_RENAME_INFORMATION32 info;
    uint16_t name[PATH_MAX];
    struct path target;
    struct file *root;
    if (!is_disk(file)) return STATUS_INVALID_DEVICE_REQUEST;
    NTSTATUS status = read_target(buffer, length, &info, name);
    if (!NT_SUCCESS(status)) return status;
    uint32_t flags = 0;
    if (extended)
        memcpy(&flags, &info, sizeof flags);
    else
        flags = info.ReplaceIfExists ? FILE_RENAME_REPLACE_IF_EXISTS : 0;

    status = parse_target(file, &info, name, &target, &root);
    bool exists = false, same = false;
    char leaf[NAME_MAX + 1] = "";
    // Names lead to files here: a stream is not renamed, nor made of a file.
    if (NT_SUCCESS(status) && (target.kind != PATH_FILE || target.stream[0] != '\0' || file->owner_fd >= 0))
        status = STATUS_OBJECT_NAME_INVALID;
    if (NT_SUCCESS(status) && file_share_delete_pending(file)) status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status) && strlen(last_component(&target)) > NAME_MAX) status = STATUS_OBJECT_NAME_INVALID;
    if (NT_SUCCESS(status)) {
        strcpy(leaf, last_component(&target));
        status = check_target(file, &target, leaf, flags, &exists, &same);
    }
    if (NT_SUCCESS(status) && link) {
        if (same)
            status = flags & FILE_RENAME_REPLACE_IF_EXISTS ? STATUS_SUCCESS : STATUS_OBJECT_NAME_COLLISION;
        else
            status = do_link(file, &target, exists);
    } else if (NT_SUCCESS(status)) {
        int replaced = exists ? openat(target.base, target.host, O_PATH | O_NOFOLLOW | O_CLOEXEC) : -1;
        status = do_rename(file, &target, leaf, exists || same);
        if (replaced >= 0) streams_forget(replaced);
    }
    if (root != NULL) file_release(root);
    return status;
}

// Takes the port that a file has away. STATUS_NO_MEMORY. Call with the file's lock held.
static NTSTATUS retire_port(struct file *file)
{
    struct object *port = atomic_load(&file->port);
    if (port == NULL) return STATUS_SUCCESS;
    struct retired_port *retired = malloc(sizeof *retired);
    if (retired == NULL) return STATUS_NO_MEMORY;
    *retired = (struct retired_port){file->retired, port};
    file->retired = retired;
    atomic_store(&file->port, NULL);
    return STATUS_SUCCESS;
}

// Gives a file its completion port: its first one, or with replace another, or none.
static NTSTATUS set_port(struct file *file, gptr buffer, uint32_t length, bool replace)
{
    FILE_COMPLETION_INFORMATION32 info;
    struct object *port = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    if (length < sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (file_is_synchronous(file)) return STATUS_INVALID_PARAMETER;
    if (!replace || info.CompletionPort != 0)
        status = handle_resolve(info.CompletionPort, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &port);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&file->lock);
    if (replace)
        status = retire_port(file);
    else if (atomic_load(&file->port) != NULL)
        status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(status)) {
        file->port_key = info.CompletionKey;
        atomic_store(&file->port, port);
    }
    pthread_mutex_unlock(&file->lock);
    if (!NT_SUCCESS(status) && port != NULL) object_release(port);
    return status;
}

// Short names are made of the long ones here: no other can be given.
static NTSTATUS set_short_name(void)
{
    return token_has_privilege(SE_RESTORE_PRIVILEGE) ? STATUS_SHORT_NAMES_NOT_ENABLED_ON_VOLUME
                                                     : STATUS_PRIVILEGE_NOT_HELD;
}

// Whether names in a directory are compared with case: never by a switch of its own.
static NTSTATUS set_case_sensitive(struct file *file, gptr buffer)
{
    uint32_t flags;
    if (!guest_read32(&flags, buffer)) return STATUS_ACCESS_VIOLATION;
    if (file->kind != FILE_KIND_DIRECTORY || flags > 1) return STATUS_INVALID_PARAMETER;
    return flags == 0 ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

static NTSTATUS set_mode(struct file *file, gptr buffer, uint32_t length)
{
    uint32_t mode;
    const uint32_t changeable =
        FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
    if (length < sizeof mode) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read32(&mode, buffer)) return STATUS_ACCESS_VIOLATION;
    // Whether a file is synchronous is decided when it is opened.
    if (mode & ~changeable || file_options_synchronous(mode) != file_is_synchronous(file) ||
        ((mode & FILE_SYNCHRONOUS_IO_ALERT) && (mode & FILE_SYNCHRONOUS_IO_NONALERT)))
        return STATUS_INVALID_PARAMETER;
    file->options = (file->options & ~changeable) | mode;
    return STATUS_SUCCESS;
}

static NTSTATUS set_notification(struct file *file, gptr buffer, uint32_t length)
{
    uint32_t flags;
    if (length < sizeof flags) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read32(&flags, buffer)) return STATUS_ACCESS_VIOLATION;
    if (file_is_synchronous(file)) return STATUS_INVALID_PARAMETER;
    if (flags & ~(FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE | 4u))
        return STATUS_INVALID_PARAMETER;
    atomic_fetch_or(&file->completion_modes, flags); // what is set stays set
    return STATUS_SUCCESS;
}

static NTSTATUS set_class(struct file *file, gptr buffer, uint32_t length, uint32_t class)
{
    uint32_t flags = 0;
    switch (class) {
    case FileBasicInformation: return set_basic(file, buffer, length);
    case FilePositionInformation: return set_position(file, buffer, length);
    case FileEndOfFileInformation: return set_end(file, buffer, length);
    case FileAllocationInformation: return set_allocation(file, buffer, length);
    case FileValidDataLengthInformation: return set_valid_length(file, buffer, length);
    case FileIoPriorityHintInformation: return set_priority_hint(file, buffer, length);
    case FileDispositionInformation:
        if (length < 1) return STATUS_INFO_LENGTH_MISMATCH;
        if (!guest_read(&flags, buffer, 1)) return STATUS_ACCESS_VIOLATION;
        return set_disposition(file, flags != 0 ? FILE_DISPOSITION_DELETE : 0);
    case FileDispositionInformationEx:
        if (length < 4) return STATUS_INFO_LENGTH_MISMATCH;
        if (!guest_read32(&flags, buffer)) return STATUS_ACCESS_VIOLATION;
        return set_disposition(file, flags);
    case FileRenameInformation: return set_name(file, buffer, length, false, false);
    case FileRenameInformationEx: return set_name(file, buffer, length, true, false);
    case FileLinkInformation: return set_name(file, buffer, length, false, true);
    case FileLinkInformationEx: return set_name(file, buffer, length, true, true);
    case FileCompletionInformation: return set_port(file, buffer, length, false);
    case FileReplaceCompletionInformation: return set_port(file, buffer, length, true);
    case FileShortNameInformation: return set_short_name();
    case FileCaseSensitiveInformation: return set_case_sensitive(file, buffer);
    case FileModeInformation: return set_mode(file, buffer, length);
    case FileIoCompletionNotificationInformation: return set_notification(file, buffer, length);
    }
    return STATUS_INVALID_INFO_CLASS;
}

static ACCESS_MASK32 right_for(uint32_t class)
{
    switch (class) {
    case FileBasicInformation:
    case FileCaseSensitiveInformation:
    case FilePipeInformation: return FILE_WRITE_ATTRIBUTES;
    case FileEndOfFileInformation:
    case FileAllocationInformation:
    case FileValidDataLengthInformation: return FILE_WRITE_DATA;
    case FileDispositionInformation:
    case FileDispositionInformationEx:
    case FileRenameInformation:
    case FileRenameInformationEx:
    case FileShortNameInformation: return DELETE;
    }
    return 0;
}

// Names may end right behind their last character, whatever the structure's size.
static NTSTATUS check_class(uint32_t class, uint32_t length)
{
    enum { PADDING = sizeof(FILE_RENAME_INFORMATION32) - offsetof(FILE_RENAME_INFORMATION32, FileName) };
    bool name = class == FileRenameInformation || class == FileRenameInformationEx ||
                class == FileLinkInformation || class == FileLinkInformationEx;
    return file_check_class(ntdll_call_NtSetInformationFile, class, name ? length + PADDING : length);
}

NTSTATUS NtSetInformationFile(HANDLE32 handle, IO_STATUS_BLOCK32 *io, gptr buffer, uint32_t length,
                              uint32_t class)
{
    struct file *file;
    NTSTATUS status = check_class(class, length);
    if (NT_SUCCESS(status)) status = file_resolve(handle, right_for(class), &file);
    if (!NT_SUCCESS(status)) return status;
    status = file->device->set != NULL ? file->device->set(file, class, buffer, length)
                                       : STATUS_INVALID_INFO_CLASS;
    if (status == STATUS_INVALID_INFO_CLASS) status = set_class(file, buffer, length, class);
    file_release(file);
    if (class != FilePositionInformation) notify_changed();
    io->Status = status;
    io->Information = 0;
    return status;
}

NTSTATUS NtDeleteFile(const OBJECT_ATTRIBUTES32 *attributes)
{
    HANDLE32 handle;
    IO_STATUS_BLOCK32 io;
    NTSTATUS status = NtCreateFile(&handle, DELETE, attributes, &io, NULL, 0,
                                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN,
                                   FILE_DELETE_ON_CLOSE | FILE_OPEN_REPARSE_POINT, 0, 0);
    return NT_SUCCESS(status) ? handle_close(handle) : status;
}
