// Alternate data streams. A file with streams has an extended attribute with a random number; the prefix's
// directory streams/NUMBER holds them, a host file each. So a stream is read, locked, mapped and deleted as
// any file is, and stays with its owner when that is renamed or copied with its attributes. Like other files
// with attributes, owners have the sticky bit.
#include "file_stream.h"
#include "file.h"
#include "guest_constants.h"
#include "prefix.h"
#include "status_errno.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { ID_LENGTH = 32 };
static const char id_name[] = "user.lowland.streams";

// The prefix's directory of streams, made when first asked for; -1: there is none.
static int streams_directory(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int directory = -1;
    pthread_mutex_lock(&lock);
    if (directory < 0) {
        mkdirat(prefix_drives(), "../streams", 0777);
        directory = openat(prefix_drives(), "../streams", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    pthread_mutex_unlock(&lock);
    return directory;
}

// The number that a host path's file has; false when it has none, or none that we gave.
static bool read_id(const char *path, char id[ID_LENGTH + 1])
{
    if (getxattr(path, id_name, id, ID_LENGTH) != ID_LENGTH) return false;
    id[ID_LENGTH] = '\0';
    return strspn(id, "0123456789abcdef") == ID_LENGTH;
}

// Gives a file its number. 0 or an errno.
static int make_id(const char *path, char id[ID_LENGTH + 1])
{
    uint64_t number[2];
    struct stat st;
    if (getrandom(number, sizeof number, 0) != sizeof number) return EIO;
    snprintf(id, ID_LENGTH + 1, "%016llx%016llx", (unsigned long long)number[0],
             (unsigned long long)number[1]);
    if (mkdirat(streams_directory(), id, 0777) != 0) return errno;
    if (setxattr(path, id_name, id, ID_LENGTH, XATTR_CREATE) != 0) {
        int error = errno;
        unlinkat(streams_directory(), id, AT_REMOVEDIR);
        return error == EEXIST && read_id(path, id) ? 0 : error; // somebody was faster
    }
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) chmod(path, (st.st_mode & 07777) | S_ISVTX);
    return 0;
}

NTSTATUS stream_locate(struct path *path, int owner, const char *name, bool create)
{
    char id[ID_LENGTH + 1];
    struct fd_name file = fd_name(owner);
    if (streams_directory() < 0) return STATUS_OBJECT_NAME_INVALID;
    if (!read_id(file.text, id)) {
        if (!create) return STATUS_OBJECT_NAME_NOT_FOUND;
        int error = make_id(file.text, id);
        if (error == ENOTSUP || error == EPERM) return STATUS_OBJECT_NAME_INVALID;
        if (error != 0) return status_from_errno(error);
    }
    mkdirat(streams_directory(), id, 0777); // an owner that came from another prefix
    struct path found = {.kind = PATH_FILE, .drive = PATH_NO_DRIVE, .base = streams_directory()};
    found.length = snprintf(found.host, sizeof found.host, "%s/%s", id, name);
    *path = found;
    return STATUS_SUCCESS;
}

NTSTATUS stream_open_owner(struct path *path, bool exact, int *owner)
{
    *owner = openat(path->base, path->host, O_PATH | O_CLOEXEC);
    if (*owner < 0 && errno == ENOENT && !exact) {
        NTSTATUS status = path_fold(path);
        if (!NT_SUCCESS(status)) return status;
        *owner = openat(path->base, path->host, O_PATH | O_CLOEXEC);
    }
    return *owner >= 0 ? STATUS_SUCCESS : path_status(path, errno);
}

// Reads a directory of streams; NULL: the file has none.
static DIR *open_streams(const char *path, char id[ID_LENGTH + 1])
{
    if (!read_id(path, id)) return NULL;
    int fd = openat(streams_directory(), id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (list == NULL && fd >= 0) close(fd);
    return list;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

void stream_for_each(int owner, bool (*visit)(const char *name, const struct stat *st, void *context),
                     void *context)
{
    char id[ID_LENGTH + 1];
    struct stat st;
    DIR *list = open_streams(fd_name(owner).text, id);
    if (list == NULL) return;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (!is_dot(entry->d_name) && fstatat(dirfd(list), entry->d_name, &st, 0) == 0 &&
            !visit(entry->d_name, &st, context))
            break;
    closedir(list);
}

void streams_remove(int directory, const char *name, const struct stat *st)
{
    char id[ID_LENGTH + 1];
    if (!S_ISDIR(st->st_mode) && !(S_ISREG(st->st_mode) && st->st_mode & S_ISVTX)) return;
    int owner = openat(directory, name, O_PATH | O_CLOEXEC);
    if (owner < 0) return;
    struct fd_name path = fd_name(owner);
    DIR *list = open_streams(path.text, id);
    if (list != NULL) {
        for (struct dirent *entry; (entry = readdir(list)) != NULL;)
            if (!is_dot(entry->d_name)) unlinkat(dirfd(list), entry->d_name, 0);
        closedir(list);
        unlinkat(streams_directory(), id, AT_REMOVEDIR);
        removexattr(path.text, id_name);
    }
    close(owner);
}

void streams_forget(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && st.st_nlink == 0) streams_remove(AT_FDCWD, fd_name(fd).text, &st);
    close(fd);
}
