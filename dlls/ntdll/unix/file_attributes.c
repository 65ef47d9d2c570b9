// Windows' file attributes and times. Read-only is the lack of write permission; hidden, system, archive and
// a changed creation time lie in extended attributes, and the sticky bit of a regular file (meaningless there
// on Linux) says that it has them, so that other files cost no second system call.
#include "file_attributes.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

// The name and the textual value are Samba's.
static const char attributes_name[] = "user.DOSATTRIB";
static const char created_name[] = "user.lowland.created";

enum {
    KEPT = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE |
           FILE_ATTRIBUTE_NOT_CONTENT_INDEXED | FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE
};

static int64_t from_statx(const struct statx_timestamp *time)
{
    return time_from_host(time->tv_sec, time->tv_nsec);
}

// What of the attributes is kept aside. On a directory, read-only is: it doesn't forbid creating files in it.
static uint32_t kept_for(mode_t mode)
{
    return S_ISDIR(mode) ? KEPT | FILE_ATTRIBUTE_READONLY : KEPT;
}

// A junction is a symlink whose text ends in "/.".
static bool is_junction(int directory, const char *name)
{
    char text[PATH_MAX];
    ssize_t n = readlinkat(directory, name, text, sizeof text);
    return n > 1 && text[n - 1] == '.' && text[n - 2] == '/';
}

// Whether a symlink that is open itself leads to a directory.
static bool leads_to_directory(int link)
{
    char host[PATH_MAX];
    struct stat st;
    return path_of_fd(link, host) && stat(host, &st) == 0 && S_ISDIR(st.st_mode);
}

// What the extended attributes of path add.
static void read_kept(struct file_facts *facts, const char *path)
{
    char text[32];
    uint32_t kept = kept_for(facts->mode);
    ssize_t n = getxattr(path, attributes_name, text, sizeof text - 1);
    if (n <= 0) return; // who keeps a creation time keeps attributes too
    text[n] = '\0';
    facts->attributes = (facts->attributes & ~kept) | (strtoul(text, NULL, 0) & kept);
    int64_t created;
    if (getxattr(path, created_name, &created, sizeof created) == sizeof created && created > 0)
        facts->created = created;
}

int file_facts_at(struct file_facts *facts, int directory, const char *name, int flags)
{
    struct statx st;
    int how = (flags & AT_EMPTY_PATH) | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
    if (statx(directory, name, how, STATX_BASIC_STATS | STATX_BTIME, &st) != 0) return errno;
    bool link = S_ISLNK(st.stx_mode);
    facts->reparse_tag = 0;
    facts->attributes = 0;
    if (link && !(flags & (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))) {
        // Links to files are as the files; links to directories say what they are, or whoever deletes or
        // copies a tree would follow them out of it. A link that leads nowhere stays a link.
        struct statx target;
        if (statx(directory, name, 0, STATX_BASIC_STATS | STATX_BTIME, &target) == 0) {
            st = target;
            link = S_ISDIR(st.stx_mode);
        }
    }
    if (S_ISDIR(st.stx_mode))
        facts->attributes |= FILE_ATTRIBUTE_DIRECTORY;
    else if (S_ISREG(st.stx_mode))
        facts->attributes |= FILE_ATTRIBUTE_ARCHIVE;
    else if (S_ISCHR(st.stx_mode) || S_ISBLK(st.stx_mode))
        facts->attributes |= FILE_ATTRIBUTE_DEVICE;
    if (link) {
        if (flags & AT_EMPTY_PATH && leads_to_directory(directory))
            facts->attributes |= FILE_ATTRIBUTE_DIRECTORY;
        facts->attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
        facts->reparse_tag =
            is_junction(directory, name) ? IO_REPARSE_TAG_MOUNT_POINT : IO_REPARSE_TAG_SYMLINK;
    }
    if (!(st.stx_mode & 0222) && !S_ISLNK(st.stx_mode)) facts->attributes |= FILE_ATTRIBUTE_READONLY;
    facts->mode = st.stx_mode;
    facts->owner = st.stx_uid;
    facts->group = st.stx_gid;
    facts->size = S_ISDIR(st.stx_mode) ? 0 : st.stx_size;
    facts->allocated = S_ISDIR(st.stx_mode) ? 0 : st.stx_blocks * 512;
    facts->id = st.stx_ino;
    facts->device = makedev(st.stx_dev_major, st.stx_dev_minor);
    facts->links = S_ISDIR(st.stx_mode) ? 1 : st.stx_nlink;
    facts->accessed = from_statx(&st.stx_atime);
    facts->written = from_statx(&st.stx_mtime);
    facts->changed = from_statx(&st.stx_ctime);
    // Where the host keeps no time of birth, the oldest time it has.
    facts->created = st.stx_mask & STATX_BTIME         ? from_statx(&st.stx_btime)
                     : facts->written < facts->changed ? facts->written
                                                       : facts->changed;

    if (S_ISDIR(st.stx_mode) || (S_ISREG(st.stx_mode) && st.stx_mode & S_ISVTX)) {
        if (flags & AT_EMPTY_PATH) {
            read_kept(facts, fd_name(directory).text);
        } else if (name[0] == '/' || directory == AT_FDCWD) {
            read_kept(facts, name);
        } else {
            char path[PATH_MAX + 64];
            snprintf(path, sizeof path, "/proc/self/fd/%d/%s", directory, name);
            read_kept(facts, path);
        }
    }
    if (facts->attributes == 0) facts->attributes = FILE_ATTRIBUTE_NORMAL;
    return 0;
}

int file_facts_of(struct file_facts *facts, const struct file *file)
{
    if (file->owner_fd < 0) return file_facts_at(facts, file->fd, "", AT_EMPTY_PATH);
    // A stream has its owner's attributes and times, and a size of its own.
    struct file_facts stream;
    int error = file_facts_at(&stream, file->fd, "", AT_EMPTY_PATH);
    if (error == 0) error = file_facts_at(facts, file->owner_fd, "", AT_EMPTY_PATH);
    if (error != 0) return error;
    facts->size = stream.size;
    facts->allocated = stream.allocated;
    return 0;
}

int file_keep(const char *path, mode_t mode, const char *name, const void *value, size_t size)
{
    if (setxattr(path, name, value, size, 0) != 0) return errno;
    if (S_ISREG(mode) && !(mode & S_ISVTX)) chmod(path, (mode & 07777) | S_ISVTX);
    return 0;
}

static void keep_attributes(const char *path, mode_t mode, uint32_t attributes)
{
    char text[16];
    uint32_t usual = S_ISREG(mode) ? FILE_ATTRIBUTE_ARCHIVE : 0;
    attributes &= kept_for(mode);
    if (attributes == usual) {
        if (!S_ISDIR(mode) && !(mode & S_ISVTX)) return;
        if (getxattr(path, created_name, NULL, 0) < 0) {
            removexattr(path, attributes_name);
            return;
        }
    }
    int n = snprintf(text, sizeof text, "0x%x", attributes);
    file_keep(path, mode, attributes_name, text, n + 1);
}

// The process's file mode mask. Asking by umask() would change it for a moment, for all threads.
static mode_t mode_mask;

static void read_mode_mask(void)
{
    char line[256];
    unsigned mask = 022;
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "Umask: %o", &mask) == 1) break;
    if (status != NULL) fclose(status);
    mode_mask = mask;
}

// The mode of a file that loses its read-only attribute: writable for whom it is readable, as far as the mask
// goes.
static mode_t writable_mode(mode_t mode)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_mode_mask);
    return mode | ((0200 | ((mode & 0444) >> 1)) & ~(mode_mask & 022));
}

// Whose attributes and times a file shows.
static int described_fd(const struct file *file)
{
    return file->owner_fd >= 0 ? file->owner_fd : file->fd;
}

int file_set_attributes(const struct file *file, uint32_t attributes)
{
    int fd = described_fd(file);
    struct fd_name path = fd_name(fd);
    struct stat st;
    if (fstat(fd, &st) != 0) return errno;
    if (S_ISLNK(st.st_mode)) return 0; // a link has none of its own on the host
    keep_attributes(path.text, st.st_mode, attributes);
    if (fstat(fd, &st) != 0) return errno;
    if (S_ISDIR(st.st_mode)) return 0;
    mode_t mode = st.st_mode & 07777;
    if (attributes & FILE_ATTRIBUTE_READONLY)
        mode &= ~0222;
    else if (!(mode & 0222))
        mode = writable_mode(mode);
    if (mode == (st.st_mode & 07777)) return 0;
    return chmod(path.text, mode) == 0 ? 0 : errno;
}

mode_t file_mode_for(uint32_t attributes)
{
    return attributes & FILE_ATTRIBUTE_READONLY ? 0444 : 0666;
}

void file_attributes_created(int fd, uint32_t attributes, bool directory)
{
    // A new file is to be archived; that, and nothing else, needs no keeping.
    if (!directory) attributes |= FILE_ATTRIBUTE_ARCHIVE;
    if (!(attributes & (directory ? KEPT | FILE_ATTRIBUTE_READONLY : KEPT & ~FILE_ATTRIBUTE_ARCHIVE))) return;
    struct stat st;
    if (fstat(fd, &st) == 0) keep_attributes(fd_name(fd).text, st.st_mode, attributes);
}

static struct timespec to_host(int64_t time)
{
    if (time <= 0) return (struct timespec){.tv_nsec = UTIME_OMIT};
    int64_t seconds = time / 10000000 - 11644473600;
    return (struct timespec){.tv_sec = seconds, .tv_nsec = time % 10000000 * 100};
}

int file_set_times(const struct file *file, int64_t created, int64_t accessed, int64_t written)
{
    int fd = described_fd(file);
    struct fd_name path = fd_name(fd);
    if (accessed > 0 || written > 0) {
        struct timespec times[2] = {to_host(accessed), to_host(written)};
        // An fd opened for paths only must be named; one of a link must not be followed.
        bool by_name = file->path_only || fd == file->owner_fd;
        int result = by_name ? utimensat(AT_FDCWD, path.text, times, 0) : futimens(fd, times);
        if (result != 0) return errno;
    }
    if (created > 0) {
        struct file_facts facts;
        if (file_facts_of(&facts, file) == 0 && facts.created != created) {
            char text[16];
            int n = snprintf(text, sizeof text, "0x%x", facts.attributes & kept_for(facts.mode));
            file_keep(path.text, facts.mode, created_name, &created, sizeof created);
            file_keep(path.text, facts.mode, attributes_name, text, n + 1);
        }
    }
    return 0;
}

uint32_t volume_serial(uint64_t device)
{
    uint64_t hash = (device + 1) * 0x9E3779B97F4A7C15ull;
    return (uint32_t)(hash >> 32);
}
