// NtCreateFile and NtOpenFile: dispositions, rights, attributes of new files, and which device a name leads
// to.
#include "console.h"
#include "dlls/ws2_32/unix/afd.h"
#include "file.h"
#include "file_attributes.h"
#include "file_by_id.h"
#include "file_ea.h"
#include "file_share.h"
#include "file_stream.h"
#include "mailslot.h"
#include "mount_manager.h"
#include "notify.h"
#include "ntdll_host.h"
#include "pipe.h"
#include "serial.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    READS = FILE_READ_DATA | FILE_EXECUTE,
    WRITES = FILE_WRITE_DATA | FILE_APPEND_DATA,
    OPEN_FLAGS = O_CLOEXEC | O_NOCTTY | O_NONBLOCK, // a fifo must not hold us up
};

// An open on its way.
struct request {
    uint32_t access; // generic rights mapped
    bool maximum;    // MAXIMUM_ALLOWED was among the rights: fewer will do
    bool exact;      // names are compared with case
    uint32_t attributes, sharing, disposition, options;
    const int64_t *allocation;
    struct path *path;
    // A FILE_FULL_EA_INFORMATION list: a new file's extended attributes, or a socket's kind. ea_length 0:
    // none.
    gptr ea;
    uint32_t ea_length;
    const SECURITY_QUALITY_OF_SERVICE32 *quality; // NULL: none given
    uint32_t result;                              // FILE_OPENED and so on
    struct stat st;
};

static bool truncates(const struct request *request)
{
    return request->disposition == FILE_OVERWRITE || request->disposition == FILE_OVERWRITE_IF ||
           request->disposition == FILE_SUPERSEDE;
}

// The access mode of open(2) that serves the rights asked for.
static int open_mode(const struct request *request)
{
    bool read = request->access & READS, write = request->access & WRITES || truncates(request);
    int mode = read && write ? O_RDWR : write ? O_WRONLY : read ? O_RDONLY : O_PATH;
    if (request->options & FILE_OPEN_REPARSE_POINT) mode |= O_NOFOLLOW;
    // Only appending allowed: the host sees to it.
    if (request->access & FILE_APPEND_DATA && !(request->access & FILE_WRITE_DATA) && !truncates(request))
        mode |= O_APPEND;
    if (request->options & FILE_WRITE_THROUGH) mode |= O_DSYNC;
    return mode;
}

// Opens what is there. -1 with errno.
static int open_existing(struct request *request)
{
    const struct path *path = request->path;
    const char *name = path_host_name(path);
    int mode = open_mode(request);
    int fd = openat(path->base, name, mode | OPEN_FLAGS);
    if (fd >= 0) return fd;
    if (errno == EISDIR) // a directory's write rights concern its entries
        return openat(path->base, name, O_RDONLY | O_DIRECTORY | OPEN_FLAGS | (mode & O_NOFOLLOW));
    if (errno == ELOOP && mode & O_NOFOLLOW) return openat(path->base, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if ((errno == EACCES || errno == EROFS || errno == ETXTBSY) && request->maximum) {
        request->access &= ~(WRITES | FILE_WRITE_EA);
        fd = openat(path->base, name, (open_mode(request) & ~O_APPEND) | OPEN_FLAGS);
        if (fd >= 0 || errno != EACCES) return fd;
        request->access &= ~READS;
        return openat(path->base, name, open_mode(request) | OPEN_FLAGS);
    }
    return fd;
}

// Makes a new file or directory. -1 with errno.
static int create_new(struct request *request)
{
    const struct path *path = request->path;
    if (request->options & FILE_DIRECTORY_FILE) {
        if (mkdirat(path->base, path->host, 0777) != 0) return -1;
        int fd = openat(path->base, path->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd >= 0) file_attributes_created(fd, request->attributes, true);
        return fd;
    }
    int mode = open_mode(request) & ~O_PATH;
    int fd = openat(path->base, path->host, mode | O_CREAT | O_EXCL | OPEN_FLAGS,
                    file_mode_for(request->attributes));
    if (fd >= 0) file_attributes_created(fd, request->attributes, false);
    return fd;
}

// The status for a name that was to be new and isn't.
static NTSTATUS collision(const struct request *request)
{
    const struct path *path = request->path;
    struct stat st;
    if (path->drive != PATH_NO_DRIVE && path->length == 1)
        return STATUS_ACCESS_DENIED; // no root is ever made
    if (fstatat(path->base, path->host, &st, 0) != 0) return STATUS_OBJECT_NAME_COLLISION;
    if (file_share_is_deleting(st.st_dev, st.st_ino)) return STATUS_DELETE_PENDING;
    bool directory = S_ISDIR(st.st_mode) && request->options & FILE_NON_DIRECTORY_FILE;
    return directory ? STATUS_FILE_IS_A_DIRECTORY : STATUS_OBJECT_NAME_COLLISION;
}

// Finds or makes the file, by disposition. The descriptor in *fd; request->result says what happened.
static NTSTATUS find_or_create(struct request *request, int *fd)
{
    struct path *path = request->path;
    bool may_open = request->disposition != FILE_CREATE;
    bool may_create = request->disposition != FILE_OPEN && request->disposition != FILE_OVERWRITE;
    // Somebody else may create or delete between our steps: each round is right for one moment.
    for (int round = 0; round < 16; round++) {
        if (may_open) {
            *fd = open_existing(request);
            if (*fd >= 0) {
                request->result = FILE_OPENED;
                return STATUS_SUCCESS;
            }
            if (errno != ENOENT)
                return errno == ENXIO ? STATUS_OBJECT_NAME_NOT_FOUND : path_status(path, errno);
        }
        NTSTATUS found = request->exact ? path_status(path, ENOENT) : path_fold(path);
        if (found == STATUS_SUCCESS) {
            if (!may_open) return collision(request);
            *fd = open_existing(request);
            if (*fd >= 0) {
                request->result = FILE_OPENED;
                return STATUS_SUCCESS;
            }
            if (errno != ENOENT) return path_status(path, errno);
            // A link that leads nowhere: there, but not to be opened.
            struct stat st;
            if (fstatat(path->base, path->host, &st, AT_SYMLINK_NOFOLLOW) == 0)
                return STATUS_OBJECT_NAME_NOT_FOUND;
            continue;
        }
        if (found != STATUS_OBJECT_NAME_NOT_FOUND || !may_create) return found;
        if (path->directory && !(request->options & FILE_DIRECTORY_FILE)) return STATUS_OBJECT_NAME_INVALID;
        *fd = create_new(request);
        if (*fd >= 0) {
            request->result = FILE_CREATED;
            return STATUS_SUCCESS;
        }
        if (errno != EEXIST) return path_status(path, errno);
        if (!may_open) return STATUS_OBJECT_NAME_COLLISION;
    }
    return STATUS_SHARING_VIOLATION;
}

// Whether a directory has the read-only attribute, which keeps it from being deleted.
static bool is_read_only(int fd)
{
    struct file_facts facts;
    return file_facts_at(&facts, fd, "", AT_EMPTY_PATH) == 0 && facts.attributes & FILE_ATTRIBUTE_READONLY;
}

static bool leads_to_directory(const struct path *path)
{
    struct stat st;
    return fstatat(path->base, path->host, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

// Whether what was found is what the options ask for, and may be used as the rights say.
static NTSTATUS check_found(struct request *request, int fd)
{
    mode_t mode = request->st.st_mode;
    bool existed = request->result == FILE_OPENED;
    if (request->options & FILE_DELETE_ON_CLOSE && S_ISDIR(mode) && is_read_only(fd))
        return STATUS_CANNOT_DELETE;
    if (S_ISDIR(mode)) {
        // A volume may be asked about itself; its data is not a user's to see.
        bool volume = request->path->kind == PATH_VOLUME && !(request->access & (READS | WRITES));
        if (request->options & FILE_NON_DIRECTORY_FILE && !volume) return STATUS_FILE_IS_A_DIRECTORY;
        if (truncates(request) && existed)
            return request->options & FILE_DIRECTORY_FILE ? STATUS_INVALID_PARAMETER
                                                          : STATUS_OBJECT_NAME_COLLISION;
        return STATUS_SUCCESS;
    }
    if (S_ISLNK(mode)) {
        // A link to a directory is one.
        bool is_wrong = request->options & FILE_NON_DIRECTORY_FILE && leads_to_directory(request->path);
        return is_wrong ? STATUS_FILE_IS_A_DIRECTORY : STATUS_SUCCESS;
    }
    if (request->options & FILE_DIRECTORY_FILE) return STATUS_NOT_A_DIRECTORY;
    if (request->path->directory) return STATUS_OBJECT_NAME_INVALID;
    if (!existed || !S_ISREG(mode)) return STATUS_SUCCESS;
    if (!(mode & 0222)) {
        if (request->maximum) request->access &= ~WRITES;
        if (request->access & WRITES || truncates(request)) return STATUS_ACCESS_DENIED;
        if (request->options & FILE_DELETE_ON_CLOSE) return STATUS_CANNOT_DELETE;
    }
    return STATUS_SUCCESS;
}

// Overwriting a file replaces its attributes too; hidden and system ones must be named again.
static NTSTATUS overwrite(struct request *request, struct file *file)
{
    struct file_facts facts;
    int error = file_facts_of(&facts, file);
    if (error != 0) return status_from_errno(error);
    uint32_t guarded = facts.attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
    if (guarded & ~request->attributes) return STATUS_ACCESS_DENIED;
    NTSTATUS status = file_share_check_locks(file, 0, INT64_MAX, true);
    if (NT_SUCCESS(status)) status = file_share_check_cut(file);
    if (!NT_SUCCESS(status)) return status;
    if (ftruncate(file->fd, 0) != 0) return status_from_errno(errno);
    streams_remove(AT_FDCWD, fd_name(file->fd).text, &request->st);
    if (request->st.st_mode & S_ISVTX) file_ea_clear(file);
    uint32_t attributes = request->attributes | FILE_ATTRIBUTE_ARCHIVE;
    if (attributes != facts.attributes) file_set_attributes(file, attributes);
    request->result = request->disposition == FILE_SUPERSEDE ? FILE_SUPERSEDED : FILE_OVERWRITTEN;
    return STATUS_SUCCESS;
}

// The object for an open descriptor.
static struct file *make_file(const struct request *request, int fd)
{
    mode_t mode = request->st.st_mode;
    if (S_ISDIR(mode))
        return file_new(FILE_KIND_DIRECTORY, &directory_device, fd, request->access, request->options);
    if (S_ISLNK(mode))
        return file_new(FILE_KIND_LINK, &directory_device, fd, request->access, request->options);
    if (S_ISREG(mode)) return file_new(FILE_KIND_DISK, &disk_device, fd, request->access, request->options);
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && !(flags & O_PATH)) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return file_new(FILE_KIND_STREAM, &stream_device, fd, request->access, request->options);
}

// Opens something in the host's file system.
static NTSTATUS open_path(struct request *request, struct file **out)
{
    int fd = -1;
    NTSTATUS status = find_or_create(request, &fd);
    if (!NT_SUCCESS(status)) return status;
    if (fstat(fd, &request->st) != 0) {
        status = status_from_errno(errno);
        close(fd);
        return status;
    }
    status = check_found(request, fd);
    if (!NT_SUCCESS(status)) {
        close(fd);
        return status;
    }
    struct file *file = make_file(request, fd);
    if (file == NULL) return STATUS_NO_MEMORY;
    file->sharing = request->sharing;
    file->drive = request->path->drive;
    file->drive_root = request->path->drive != PATH_NO_DRIVE && request->path->length == 1;
    // What open_mode gave: a link or a file without data rights has only its path.
    file->path_only = S_ISLNK(request->st.st_mode) || (!(request->access & (READS | WRITES)) &&
                                                       !truncates(request) && request->result == FILE_OPENED);
    if (file->kind != FILE_KIND_STREAM) {
        status = file_share_open(file, &request->st);
        file->delete_on_close = NT_SUCCESS(status) && request->options & FILE_DELETE_ON_CLOSE;
    }
    if (NT_SUCCESS(status) && truncates(request) && request->result == FILE_OPENED &&
        file->kind == FILE_KIND_DISK)
        status = overwrite(request, file);
    if (NT_SUCCESS(status) && request->allocation != NULL && *request->allocation > 0 &&
        request->result != FILE_OPENED && file->kind == FILE_KIND_DISK &&
        fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, *request->allocation) != 0 && errno == ENOSPC)
        status = STATUS_DISK_FULL;
    uint32_t bad;
    if (NT_SUCCESS(status) && request->ea_length != 0 && request->result != FILE_OPENED)
        status = file_ea_apply(file, request->ea, request->ea_length, &bad);
    if (NT_SUCCESS(status)) {
        if (request->result != FILE_OPENED) notify_changed();
        *out = file;
        return status;
    }
    file->delete_on_close = request->result == FILE_CREATED;
    file_release(file);
    return status;
}

// Opens an alternate stream, for which its owner may be made too.
static NTSTATUS open_stream(struct request *request, struct file **out)
{
    struct request owner = *request;
    struct path path = {0};
    bool creates = request->disposition != FILE_OPEN && request->disposition != FILE_OVERWRITE;
    int fd = -1;
    if (request->options & FILE_DIRECTORY_FILE) return STATUS_NOT_A_DIRECTORY;
    owner.access = FILE_READ_ATTRIBUTES;
    owner.disposition = creates ? FILE_OPEN_IF : FILE_OPEN;
    NTSTATUS status = find_or_create(&owner, &fd);
    if (!NT_SUCCESS(status)) return status;
    if (fstat(fd, &owner.st) != 0)
        status = status_from_errno(errno);
    else if (S_ISREG(owner.st.st_mode) && !(owner.st.st_mode & 0222) &&
             (request->access & WRITES || truncates(request)))
        status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status)) status = stream_locate(&path, fd, request->path->stream, creates);
    request->path = &path;
    if (NT_SUCCESS(status)) status = open_path(request, out);
    request->path = owner.path;
    if (NT_SUCCESS(status)) {
        (*out)->owner_fd = fd;
        (*out)->drive = owner.path->drive;
    } else {
        close(fd);
    }
    return status;
}

// asked: the rights as the caller named them.
static NTSTATUS check_arguments(const struct request *request, uint32_t asked)
{
    enum {
        KNOWN_OPTIONS = 0x00FFFFFF,
        KNOWN_ATTRIBUTES = 0x200FFFB7, // all but volume and device
    };
    uint32_t options = request->options;
    if (request->disposition > FILE_OVERWRITE_IF) return STATUS_INVALID_PARAMETER;
    if (options & ~KNOWN_OPTIONS || request->attributes & ~KNOWN_ATTRIBUTES) return STATUS_INVALID_PARAMETER;
    if (options & FILE_COMPLETE_IF_OPLOCKED && options & FILE_RESERVE_OPFILTER)
        return STATUS_INVALID_PARAMETER;
    // Unbuffered writes are whole sectors, which an end of file needn't be at.
    if (options & FILE_NO_INTERMEDIATE_BUFFERING && asked & FILE_APPEND_DATA) return STATUS_INVALID_PARAMETER;
    if (options & FILE_DIRECTORY_FILE && options & FILE_NON_DIRECTORY_FILE) return STATUS_INVALID_PARAMETER;
    if (options & FILE_DIRECTORY_FILE && truncates(request)) return STATUS_INVALID_PARAMETER;
    if (file_options_synchronous(options) && !(request->access & SYNCHRONIZE))
        return STATUS_INVALID_PARAMETER;
    if ((options & FILE_SYNCHRONOUS_IO_ALERT) && (options & FILE_SYNCHRONOUS_IO_NONALERT))
        return STATUS_INVALID_PARAMETER;
    if (options & FILE_DELETE_ON_CLOSE && !(request->access & DELETE)) return STATUS_INVALID_PARAMETER;
    if (options & FILE_DELETE_ON_CLOSE && request->attributes & FILE_ATTRIBUTE_READONLY &&
        request->disposition != FILE_OPEN)
        return STATUS_CANNOT_DELETE;
    if (request->sharing & ~(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static NTSTATUS open_device(struct request *request, struct file *root, struct file **file)
{
    switch (request->path->kind) {
    case PATH_FILE:
        return request->path->stream[0] != '\0' ? open_stream(request, file) : open_path(request, file);
    case PATH_VOLUME: return open_path(request, file);
    case PATH_PIPE:
        return pipe_open(request->path, root, request->access, request->options, request->quality, file);
    case PATH_PIPE_DEVICE:
        *file = file_new(FILE_KIND_PIPE_ROOT, &pipe_root_device, -1, request->access, request->options);
        break;
    case PATH_SERIAL: return serial_open(request->path, request->access, request->options, file);
    case PATH_MOUNT_MANAGER:
        *file =
            file_new(FILE_KIND_MOUNT_MANAGER, &mount_manager_device, -1, request->access, request->options);
        break;
    case PATH_AFD: return afd_open(request->access, request->options, request->ea, request->ea_length, file);
    case PATH_NULL:
        // The descriptor is for child processes, which may be the host's.
        *file = file_new(FILE_KIND_NULL, &null_device, open("/dev/null", O_RDWR | O_CLOEXEC), request->access,
                         request->options);
        break;
    case PATH_CONSOLE:
    case PATH_CONSOLE_INPUT:
    case PATH_CONSOLE_OUTPUT:
    case PATH_CONSOLE_SERVER:
        return console_open(request->path->kind, request->access, request->options, file);
    case PATH_MAILSLOT: return mailslot_open(request->path, request->access, request->options, file);
    }
    return *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS NtCreateFile(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                      IO_STATUS_BLOCK32 *io, const LARGE_INTEGER32 *allocation, uint32_t file_attributes,
                      uint32_t sharing, uint32_t disposition, uint32_t options, gptr ea, uint32_t ea_length)
{
    struct path path;
    struct file *root, *file = NULL;
    SECURITY_QUALITY_OF_SERVICE32 quality;
    int64_t size = allocation != NULL ? allocation->QuadPart : 0;
    struct request request = {
        .access = object_map_access(&file_type, access),
        .maximum = (access & MAXIMUM_ALLOWED) != 0,
        .exact = !(attributes->Attributes & OBJ_CASE_INSENSITIVE),
        .attributes = file_attributes,
        .sharing = sharing,
        .disposition = disposition,
        .options = options,
        .allocation = allocation != NULL ? &size : NULL,
        .ea = ea,
        .ea_length = ea != 0 ? ea_length : 0,
        .path = &path,
        .result = FILE_OPENED,
    };
    if (attributes->SecurityQualityOfService != 0) {
        if (!guest_read(&quality, attributes->SecurityQualityOfService, sizeof quality))
            return STATUS_ACCESS_VIOLATION;
        if (quality.ImpersonationLevel > SecurityDelegation) return STATUS_BAD_IMPERSONATION_LEVEL;
        request.quality = &quality;
    }
    NTSTATUS status = check_arguments(&request, access);
    if (!NT_SUCCESS(status)) return status;
    status = options & FILE_OPEN_BY_FILE_ID ? file_parse_id(attributes, &path, &root)
                                            : file_parse_name(attributes, &path, &root);
    if (!NT_SUCCESS(status)) return status;
    status = open_device(&request, root, &file);
    if (root != NULL) file_release(root);
    if (!NT_SUCCESS(status)) return status;
    status = file_new_handle(file, request.access, attributes->Attributes, handle);
    io->Status = status;
    io->Information = request.result;
    return status;
}

NTSTATUS NtOpenFile(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                    IO_STATUS_BLOCK32 *io, uint32_t sharing, uint32_t options)
{
    return NtCreateFile(handle, access, attributes, io, NULL, 0, sharing, FILE_OPEN, options, 0, 0);
}
