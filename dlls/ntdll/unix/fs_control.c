// NtFsControlFile on disk files and directories: symlinks as reparse points, sparse files, compression.
#include "fs_control.h"
#include "file_attributes.h"
#include "file_share.h"
#include "host_name.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { REPARSE_HEAD = 8, SYMLINK_HEAD = 20, MOUNT_HEAD = 16 };

// A link's two names for where it leads: NT's and the one to print.
struct link_names {
    uint16_t substitute[PATH_MAX + 16], print[PATH_MAX + 8];
    size_t substitute_length, print_length;
};

// The name of the volume that a drive is.
static size_t volume_name(uint16_t *name, uint16_t letter)
{
    char text[64];
    int n = snprintf(text, sizeof text, "\\??\\Volume{00000000-0000-0000-0000-0000000000%02x}\\", letter);
    for (int i = 0; i < n; i++) name[i] = (uint8_t)text[i];
    return n;
}

// The names of an absolute target. A junction to a drive's root names the volume.
static void name_absolute(struct link_names *names, const char *target, bool junction)
{
    static const uint16_t device[] = {'\\', '?', '?', '\\'};
    size_t n = path_dos_from_host(target, names->print, PATH_MAX);
    if (junction && n == 3) {
        names->substitute_length = volume_name(names->substitute, names->print[0]);
        names->print_length = 0;
        return;
    }
    memcpy(names->substitute, device, sizeof device);
    memcpy(names->substitute + 4, names->print, n * 2);
    names->print_length = n;
    names->substitute_length = n + 4;
}

static void name_relative(struct link_names *names, const char *target)
{
    size_t n = host_name_to_utf16(names->print, PATH_MAX, target, strlen(target));
    for (size_t i = 0; i < n; i++)
        if (names->print[i] == '/') names->print[i] = '\\';
    memcpy(names->substitute, names->print, n * 2);
    names->print_length = names->substitute_length = n;
}

// What a symlink says, as a reparse buffer of a symbolic link or a mount point.
static NTSTATUS get_reparse_point(struct io *io, gptr out, uint32_t length)
{
    char target[PATH_MAX];
    struct link_names names;
    if (io->file->kind != FILE_KIND_LINK) return STATUS_NOT_A_REPARSE_POINT;
    ssize_t n = readlinkat(io->file->fd, "", target, sizeof target - 1);
    if (n < 0) return status_from_errno(errno);
    target[n] = '\0';
    bool junction = n > 1 && strcmp(target + n - 2, "/.") == 0, relative = target[0] != '/';
    if (junction) target[n == 2 ? 1 : n - 2] = '\0';
    if (relative)
        name_relative(&names, target);
    else
        name_absolute(&names, target, junction);

    // Printed first, without a NUL; a mount point has both with one, NT's first.
    uint32_t print_bytes = names.print_length * 2, substitute_bytes = names.substitute_length * 2;
    uint32_t head_size = junction ? MOUNT_HEAD : SYMLINK_HEAD, nul = junction ? 2 : 0;
    uint32_t print_at = junction ? substitute_bytes + nul : 0, substitute_at = junction ? 0 : print_bytes;
    uint32_t needed = head_size + print_bytes + substitute_bytes + 2 * nul;
    if (length < REPARSE_HEAD) return STATUS_BUFFER_TOO_SMALL;
    REPARSE_DATA_BUFFER32 head = {.ReparseTag =
                                      junction ? IO_REPARSE_TAG_MOUNT_POINT : IO_REPARSE_TAG_SYMLINK,
                                  .ReparseDataLength = needed - REPARSE_HEAD};
    head.SymbolicLinkReparseBuffer.SubstituteNameOffset = substitute_at;
    head.SymbolicLinkReparseBuffer.SubstituteNameLength = substitute_bytes;
    head.SymbolicLinkReparseBuffer.PrintNameOffset = print_at;
    head.SymbolicLinkReparseBuffer.PrintNameLength = print_bytes;
    if (!junction) head.SymbolicLinkReparseBuffer.Flags = relative ? SYMLINK_FLAG_RELATIVE : 0;
    if (length < needed) return STATUS_BUFFER_OVERFLOW;
    names.substitute[names.substitute_length] = names.print[names.print_length] = 0;
    if (!guest_write(out, &head, head_size) ||
        !guest_write(out + head_size + substitute_at, names.substitute, substitute_bytes + nul) ||
        !guest_write(out + head_size + print_at, names.print, print_bytes + nul))
        return STATUS_ACCESS_VIOLATION;
    io->information = needed;
    return STATUS_SUCCESS;
}

// The host's text for a link target. Absolute NT names become absolute host paths.
static NTSTATUS link_target(const uint16_t *name, uint32_t units, bool relative, char target[PATH_MAX])
{
    if (relative) {
        ssize_t n = host_name_from_utf16(target, PATH_MAX, name, units);
        if (n <= 0) return STATUS_IO_REPARSE_DATA_INVALID;
        for (char *p = target; *p != '\0'; p++)
            if (*p == '\\') *p = '/';
        return STATUS_SUCCESS;
    }
    struct path path;
    NTSTATUS status = path_parse(&path, name, units, -1);
    if (!NT_SUCCESS(status) || (path.kind != PATH_FILE && path.kind != PATH_VOLUME) || path.stream[0] != '\0')
        return STATUS_IO_REPARSE_DATA_INVALID;
    path_fold(&path);
    const char *rest = strchr(path.host, '/');
    // A target that ends with a backslash is told with it again.
    const char *end = path.directory && rest != NULL && rest[1] != '\0' ? "/" : "";
    if (path.base == AT_FDCWD) {
        if ((size_t)snprintf(target, PATH_MAX, "%s%s", path.host, end) >= PATH_MAX)
            return STATUS_OBJECT_NAME_INVALID;
        return STATUS_SUCCESS;
    }
    // The drive's directory, resolved; the rest of the path as it is.
    char drive[PATH_MAX], resolved[PATH_MAX];
    snprintf(drive, sizeof drive, "%s/%c", fd_name(path.base).text, path.host[0]);
    if (realpath(drive, resolved) == NULL) return status_from_errno(errno);
    if (strcmp(resolved, "/") == 0 && rest != NULL) resolved[0] = '\0';
    if ((size_t)snprintf(target, PATH_MAX, "%s%s%s", resolved, rest != NULL ? rest : "", end) >= PATH_MAX)
        return STATUS_OBJECT_NAME_INVALID;
    return STATUS_SUCCESS;
}

// Turns an empty file or directory into a symlink in its place. Handles that are open keep the old one.
static NTSTATUS set_reparse_point(struct io *io, gptr in, uint32_t length)
{
    uint8_t buffer[16 * 1024];
    if (length < MOUNT_HEAD || length > sizeof buffer) return STATUS_IO_REPARSE_DATA_INVALID;
    if (!guest_read(buffer, in, length)) return STATUS_ACCESS_VIOLATION;
    REPARSE_DATA_BUFFER32 head = {0};
    memcpy(&head, buffer, length < sizeof head ? length : sizeof head);
    bool relative = false;
    uint32_t start;
    if (head.ReparseTag == IO_REPARSE_TAG_SYMLINK) {
        start = SYMLINK_HEAD;
        relative = head.SymbolicLinkReparseBuffer.Flags & SYMLINK_FLAG_RELATIVE;
    } else if (head.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT) {
        start = MOUNT_HEAD;
    } else {
        return STATUS_IO_REPARSE_TAG_NOT_HANDLED;
    }
    // Both kinds begin with the same two pairs.
    start += head.MountPointReparseBuffer.SubstituteNameOffset;
    uint32_t bytes = head.MountPointReparseBuffer.SubstituteNameLength;
    if ((uint32_t)head.ReparseDataLength + REPARSE_HEAD != length || bytes == 0 || bytes % 2 != 0 ||
        start + bytes > length)
        return STATUS_IO_REPARSE_DATA_INVALID;
    uint16_t name[8 * 1024];
    memcpy(name, buffer + start, bytes);

    char target[PATH_MAX], here[PATH_MAX], beside[PATH_MAX + 32];
    NTSTATUS status = link_target(name, bytes / 2, relative, target);
    if (!NT_SUCCESS(status)) return status;
    if (head.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT) {
        // What tells a junction from a symlink, and means the same to the host.
        size_t n = strlen(target);
        if (n + 3 > sizeof target) return STATUS_OBJECT_NAME_INVALID;
        strcpy(target + n, strcmp(target, "/") == 0 ? "." : "/.");
    }
    if (!path_of_fd(io->file->fd, here)) return STATUS_FILE_DELETED;
    snprintf(beside, sizeof beside, "%s.%d.link", here, (int)getpid());
    if (symlink(target, beside) != 0) return status_from_errno(errno);
    bool directory = io->file->kind == FILE_KIND_DIRECTORY;
    // A symlink can replace a file at once; a directory must be gone first, and be empty for that.
    if (directory && rmdir(here) != 0)
        status = status_from_errno(errno);
    else if (rename(beside, here) != 0)
        status = status_from_errno(errno);
    if (!NT_SUCCESS(status)) unlink(beside);
    return status;
}

// Makes a link an empty file or directory again.
static NTSTATUS delete_reparse_point(struct io *io)
{
    char here[PATH_MAX];
    struct stat target;
    if (io->file->kind != FILE_KIND_LINK) return STATUS_NOT_A_REPARSE_POINT;
    if (!path_of_fd(io->file->fd, here)) return STATUS_FILE_DELETED;
    bool directory = stat(here, &target) == 0 && S_ISDIR(target.st_mode);
    if (unlink(here) != 0) return status_from_errno(errno);
    int made = directory ? mkdir(here, 0777) : mknod(here, S_IFREG | 0666, 0);
    return made == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

static NTSTATUS zero_data(struct io *io, gptr in, uint32_t length)
{
    int64_t range[2]; // from, and the first byte beyond
    if (length < sizeof range) return STATUS_INVALID_PARAMETER;
    if (!guest_read(range, in, sizeof range)) return STATUS_ACCESS_VIOLATION;
    if (range[0] < 0 || range[1] < range[0]) return STATUS_INVALID_PARAMETER;
    if (io->file->kind != FILE_KIND_DISK || !(io->file->access & FILE_WRITE_DATA))
        return STATUS_ACCESS_DENIED;
    if (range[0] == range[1]) return STATUS_SUCCESS;
    if (fallocate(io->file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, range[0], range[1] - range[0]) ==
        0)
        return STATUS_SUCCESS;
    if (errno != EOPNOTSUPP) return status_from_errno(errno);
    static const char zeros[65536];
    struct stat st;
    if (fstat(io->file->fd, &st) != 0) return status_from_errno(errno);
    for (int64_t at = range[0], end = range[1] < st.st_size ? range[1] : st.st_size; at < end;) {
        size_t part = end - at < (int64_t)sizeof zeros ? end - at : (int64_t)sizeof zeros;
        ssize_t n = pwrite(io->file->fd, zeros, part, at);
        if (n <= 0) return status_from_errno(errno);
        at += n;
    }
    return STATUS_SUCCESS;
}

// The parts of a range that are no holes.
static NTSTATUS allocated_ranges(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    int64_t range[2]; // offset, length
    if (in_length < sizeof range) return STATUS_INVALID_PARAMETER;
    if (!guest_read(range, in, sizeof range)) return STATUS_ACCESS_VIOLATION;
    if (range[0] < 0 || range[1] < 0 || io->file->kind != FILE_KIND_DISK || io->file->path_only)
        return STATUS_INVALID_PARAMETER;
    // Seeking for data moves the position: on a description of our own it is nobody's.
    int fd = open(fd_name(io->file->fd).text, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return status_from_errno(errno);
    NTSTATUS status = STATUS_SUCCESS;
    int64_t at = range[0], end = range[0] + range[1];
    while (at < end) {
        int64_t start = lseek(fd, at, SEEK_DATA), stop;
        if (start < 0 || start >= end) break;
        stop = lseek(fd, start, SEEK_HOLE);
        if (stop < 0 || stop > end) stop = end;
        int64_t found[2] = {start, stop - start};
        if (out_length - io->information < sizeof found) {
            status = io->information == 0 ? STATUS_BUFFER_TOO_SMALL : STATUS_BUFFER_OVERFLOW;
            break;
        }
        if (!guest_write(out + io->information, found, sizeof found)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        io->information += sizeof found;
        at = stop;
    }
    close(fd);
    return status;
}

// The host's file system in the terms of NTFS, as far as they mean something there.
static NTSTATUS ntfs_volume_data(struct io *io, gptr out, uint32_t length)
{
    enum { SECTOR = 512, RECORD = 1024 };
    struct file_facts facts;
    struct statvfs fs;
    NTFS_VOLUME_DATA_BUFFER32 data = {.BytesPerSector = SECTOR, .BytesPerFileRecordSegment = RECORD};
    if (length < sizeof data) return STATUS_BUFFER_TOO_SMALL;
    int error = file_facts_of(&facts, io->file);
    if (error == 0 && fstatvfs(io->file->fd, &fs) != 0) error = errno;
    if (error != 0) return status_from_errno(error);
    data.VolumeSerialNumber.QuadPart = volume_serial(facts.device);
    data.BytesPerCluster = fs.f_frsize;
    data.TotalClusters.QuadPart = fs.f_blocks;
    data.FreeClusters.QuadPart = fs.f_bfree;
    data.TotalReserved.QuadPart = fs.f_bfree - fs.f_bavail;
    data.NumberSectors.QuadPart = fs.f_blocks * (fs.f_frsize / SECTOR);
    if (!guest_write(out, &data, sizeof data)) return STATUS_ACCESS_VIOLATION;
    io->information = sizeof data;
    return STATUS_SUCCESS;
}

static NTSTATUS object_id(struct io *io, gptr out, uint32_t length)
{
    struct file_facts facts;
    uint8_t id[64] = {0}; // object, birth volume, birth object, domain
    if (length < sizeof id) return STATUS_INVALID_PARAMETER;
    int error = file_facts_of(&facts, io->file);
    if (error != 0) return status_from_errno(error);
    memcpy(id, &facts.id, 8);
    memcpy(id + 8, &facts.device, 8);
    memcpy(id + 16, &facts.device, 8);
    memcpy(id + 32, id, 16);
    if (!guest_write(out, id, sizeof id)) return STATUS_ACCESS_VIOLATION;
    io->information = sizeof id;
    return STATUS_SUCCESS;
}

NTSTATUS disk_fs_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                         uint32_t out_length)
{
    switch (code) {
    case FSCTL_GET_REPARSE_POINT: return get_reparse_point(io, out, out_length);
    case FSCTL_SET_REPARSE_POINT: return set_reparse_point(io, in, in_length);
    case FSCTL_DELETE_REPARSE_POINT: return delete_reparse_point(io);
    case FSCTL_SET_SPARSE: return STATUS_SUCCESS; // every file here may have holes
    case FSCTL_SET_ZERO_DATA: return zero_data(io, in, in_length);
    case FSCTL_QUERY_ALLOCATED_RANGES: return allocated_ranges(io, in, in_length, out, out_length);
    case FSCTL_GET_COMPRESSION: {
        static const uint16_t none = 0;
        if (out_length < sizeof none) return STATUS_INVALID_PARAMETER;
        if (!guest_write(out, &none, sizeof none)) return STATUS_ACCESS_VIOLATION;
        io->information = sizeof none;
        return STATUS_SUCCESS;
    }
    case FSCTL_SET_COMPRESSION: {
        uint16_t format;
        if (in_length < sizeof format) return STATUS_INVALID_PARAMETER;
        if (!guest_read(&format, in, sizeof format)) return STATUS_ACCESS_VIOLATION;
        return format == 0 ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
    }
    case FSCTL_GET_OBJECT_ID:
    case FSCTL_CREATE_OR_GET_OBJECT_ID: return object_id(io, out, out_length);
    case FSCTL_IS_VOLUME_MOUNTED:
    case FSCTL_IS_PATHNAME_VALID: return STATUS_SUCCESS; // any name is, as far as NTFS knows
    case FSCTL_GET_NTFS_VOLUME_DATA: return ntfs_volume_data(io, out, out_length);
    case FSCTL_QUERY_USN_JOURNAL:
    case FSCTL_READ_USN_JOURNAL:
    case FSCTL_ENUM_USN_DATA: return STATUS_JOURNAL_NOT_ACTIVE;
    case FSCTL_LOCK_VOLUME:
    case FSCTL_UNLOCK_VOLUME:
    case FSCTL_DISMOUNT_VOLUME: return STATUS_ACCESS_DENIED; // the host's file systems are not ours to lock
    }
    return STATUS_INVALID_DEVICE_REQUEST;
}
