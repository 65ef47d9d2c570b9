// NT names as host paths, and back: prefixes and devices, drives, case folding component by component.
#include "path.h"
#include "guest_constants.h"
#include "host_name.h"
#include "name_cache.h"
#include "prefix.h"
#include "serial_port.h"
#include "status_errno.h"
#include "upcase.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool is_letter(uint16_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether [*name, +*length) begins with prefix (ASCII, any case); steps over it.
static bool skip(const uint16_t **name, uint32_t *length, const char *prefix)
{
    uint32_t n = 0;
    for (; prefix[n] != '\0'; n++)
        if (n >= *length || upcase((*name)[n]) != upcase((uint8_t)prefix[n])) return false;
    *name += n;
    *length -= n;
    return true;
}

// Whether the whole rest is this word.
static bool is(const uint16_t *name, uint32_t length, const char *word)
{
    return skip(&name, &length, word) && length == 0;
}

// What no name may contain.
static bool is_illegal(uint16_t c)
{
    static const bool illegal[128] = {['"'] = true, ['*'] = true, ['<'] = true, ['>'] = true,
                                      ['?'] = true, ['|'] = true, ['/'] = true, [':'] = true};
    return c < 32 || (c < 128 && illegal[c]);
}

// Takes the stream off a name: "file:stream", "file:stream:$DATA", "file::$DATA" (the file itself).
static NTSTATUS take_stream(struct path *path, const uint16_t *name, uint32_t *length)
{
    uint32_t start = *length, end = *length;
    while (start > 0 && name[start - 1] != '\\') start--;
    uint32_t colon = start;
    while (colon < end && name[colon] != ':') colon++;
    if (colon == end) return STATUS_SUCCESS;
    for (uint32_t i = colon + 1; i < *length; i++) {
        if (name[i] == 0 || name[i] == '/') return STATUS_OBJECT_NAME_INVALID;
        if (name[i] != ':') continue;
        if (!is(name + i, *length - i, ":$DATA")) return STATUS_OBJECT_NAME_INVALID;
        end = i;
        break;
    }
    uint32_t units = end - colon - 1;
    if (units == 0 && end == *length) return STATUS_OBJECT_NAME_INVALID; // "file:"
    if (host_name_from_utf16(path->stream, sizeof path->stream, name + colon + 1, units) < 0)
        return STATUS_OBJECT_NAME_INVALID;
    *length = colon;
    return STATUS_SUCCESS;
}

// Appends name (backslash-separated) to the host path. Illegal names are refused here.
static NTSTATUS append(struct path *path, const uint16_t *name, uint32_t length)
{
    NTSTATUS status = take_stream(path, name, &length);
    if (!NT_SUCCESS(status)) return status;
    path->directory = length > 0 && name[length - 1] == '\\';
    while (length > 0 && name[length - 1] == '\\') length--;
    uint32_t start = 0;
    while (start < length) {
        uint32_t end = start;
        for (; end < length && name[end] != '\\'; end++)
            if (is_illegal(name[end])) return STATUS_OBJECT_NAME_INVALID;
        uint32_t n = end - start;
        if (n == 0) return STATUS_OBJECT_NAME_INVALID; // two backslashes in a row
        if (name[start] == '.' && (n == 1 || (n == 2 && name[start + 1] == '.')))
            return STATUS_OBJECT_NAME_INVALID; // NT names have no . and ..: who resolves them is the Win32
                                               // layer
        if (path->length > 0) {
            if (path->length + 2 >= sizeof path->host) return STATUS_OBJECT_NAME_INVALID;
            path->host[path->length++] = '/';
        }
        ssize_t bytes = host_name_from_utf16(path->host + path->length, sizeof path->host - path->length,
                                             name + start, n);
        if (bytes < 0 || bytes > NAME_MAX) return STATUS_OBJECT_NAME_INVALID;
        path->length += bytes;
        start = end + 1;
    }
    if (path->length == 0) {
        path->host[0] = '.';
        path->length = 1;
    }
    path->host[path->length] = '\0';
    return STATUS_SUCCESS;
}

// Whether a drive is a link to the host's root. Programs can't change such a drive; its user may, and is
// heard within a tenth of a second.
static bool leads_to_root(unsigned drive)
{
    enum { KNOWN = 1, ROOT = 2, SHIFT = 2, PERIOD = 100 };
    static _Atomic uint64_t known[26]; // when it was looked at, in milliseconds, above what was seen
    struct timespec now;
    char name[2] = {'a' + drive, '\0'}, link[2];
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    uint64_t time = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
    uint64_t seen = atomic_load_explicit(&known[drive], memory_order_relaxed);
    if (seen & KNOWN && time - (seen >> SHIFT) < PERIOD) return seen & ROOT;
    bool root = readlinkat(prefix_drives(), name, link, sizeof link) == 1 && link[0] == '/';
    atomic_store_explicit(&known[drive], time << SHIFT | KNOWN | (root ? ROOT : 0), memory_order_relaxed);
    return root;
}

const char *path_host_name(const struct path *path)
{
    bool below = path->kind == PATH_FILE && path->drive != PATH_NO_DRIVE && path->length > 1;
    return below && leads_to_root(path->drive) ? path->host + 1 : path->host;
}

// A path on a drive: what follows "C:".
static NTSTATUS on_drive(struct path *path, unsigned drive, const uint16_t *name, uint32_t length)
{
    path->base = prefix_drives();
    path->drive = drive;
    path->host[0] = 'a' + drive;
    path->host[1] = '\0';
    path->length = 1;
    if (length == 0) {
        path->kind = PATH_VOLUME;
        return STATUS_SUCCESS;
    }
    if (name[0] != '\\') return STATUS_OBJECT_NAME_INVALID;
    NTSTATUS status = append(path, name + 1, length - 1);
    if (length == 1) path->directory = true;
    return status;
}

// A host path given as such: \??\unix\home\x, slashes of either kind.
static NTSTATUS host_path(struct path *path, const uint16_t *name, uint32_t length)
{
    path->base = AT_FDCWD;
    path->host[0] = '/';
    ssize_t bytes = host_name_from_utf16(path->host + 1, sizeof path->host - 1, name, length);
    if (bytes < 0) return STATUS_OBJECT_NAME_INVALID;
    for (char *p = path->host; *p != '\0'; p++)
        if (*p == '\\') *p = '/';
    path->length = bytes + 1;
    path->directory = path->host[path->length - 1] == '/';
    while (path->length > 1 && path->host[path->length - 1] == '/') path->host[--path->length] = '\0';
    return STATUS_SUCCESS;
}

// Network names lie in the prefix as unc/SERVER/SHARE where the user put them (a symlink to a mount point).
static NTSTATUS network_path(struct path *path, const uint16_t *name, uint32_t length)
{
    path->base = prefix_drives();
    memcpy(path->host, "../unc", 7);
    path->length = 6;
    if (faccessat(path->base, path->host, F_OK, 0) != 0) return STATUS_BAD_NETWORK_PATH;
    return append(path, name, length);
}

// A pipe's or mailslot's name, folded: all of it is one name, backslashes included.
static NTSTATUS device_name(struct path *path, enum path_kind kind, const uint16_t *name, uint32_t length)
{
    path->kind = kind;
    if (length == 0 || length > PIPE_NAME_MAX) return STATUS_OBJECT_NAME_INVALID;
    uint16_t folded[PIPE_NAME_MAX];
    for (uint32_t i = 0; i < length; i++) folded[i] = upcase(name[i]);
    ssize_t bytes = host_name_from_utf16(path->host, sizeof path->host, folded, length);
    if (bytes < 0) return STATUS_OBJECT_NAME_INVALID;
    path->length = bytes;
    char *spelled = path->host + bytes + 1;
    bytes = host_name_from_utf16(spelled, sizeof path->host - (spelled - path->host), name, length);
    return bytes < 0 ? STATUS_OBJECT_NAME_INVALID : STATUS_SUCCESS;
}

// A volume's name ends in the code of its drive letter, "43}" for C:, as QueryDosDevice's kin make it up.
static NTSTATUS on_volume(struct path *path, const uint16_t *name, uint32_t length)
{
    unsigned letter = 0;
    for (int i = 0; i < 2; i++) {
        uint16_t c = upcase(name[i]);
        letter = letter * 16 + (c >= 'A' ? c - 'A' + 10 : c - '0');
    }
    if (!is_letter(letter)) return STATUS_OBJECT_NAME_NOT_FOUND;
    return on_drive(path, (letter | 0x20) - 'a', name + 3, length - 3);
}

static void serial_port(struct path *path, uint32_t number)
{
    path->kind = PATH_SERIAL;
    path->length = snprintf(path->host, sizeof path->host, "%u", number);
}

// What follows \??\ .
static NTSTATUS dos_device(struct path *path, const uint16_t *name, uint32_t length)
{
    skip(&name, &length, "Global\\"); // one namespace serves all
    if (length >= 2 && is_letter(name[0]) && name[1] == ':')
        return on_drive(path, (name[0] | 0x20) - 'a', name + 2, length - 2);
    if (length >= 44 && name[43] == '}' && skip(&name, &length, "Volume{00000000-0000-0000-0000-0000000000"))
        return on_volume(path, name, length);
    if (skip(&name, &length, "UNC\\")) return network_path(path, name, length);
    if (skip(&name, &length, "unix\\")) return host_path(path, name, length);
    if (skip(&name, &length, "pipe\\")) {
        if (length == 0) {
            path->kind = PATH_PIPE_DEVICE;
            path->directory = true;
            return STATUS_SUCCESS;
        }
        return device_name(path, PATH_PIPE, name, length);
    }
    if (is(name, length, "pipe"))
        path->kind = PATH_PIPE_DEVICE;
    else if (skip(&name, &length, "mailslot\\"))
        return device_name(path, PATH_MAILSLOT, name, length);
    else if (is(name, length, "NUL"))
        path->kind = PATH_NULL;
    else if (is(name, length, "CON"))
        path->kind = PATH_CONSOLE;
    else if (is(name, length, "CONIN$"))
        path->kind = PATH_CONSOLE_INPUT;
    else if (is(name, length, "CONOUT$"))
        path->kind = PATH_CONSOLE_OUTPUT;
    else if (is(name, length, "MountPointManager"))
        path->kind = PATH_MOUNT_MANAGER;
    else if (serial_port_number(name, length) != 0)
        serial_port(path, serial_port_number(name, length));
    else {
        // A device that doesn't exist, or a path within one.
        for (uint32_t i = 0; i < length; i++)
            if (name[i] == '\\') return STATUS_OBJECT_PATH_NOT_FOUND;
        return length == 0 ? STATUS_OBJECT_NAME_INVALID : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    return STATUS_SUCCESS;
}

// What follows \Device\ .
static NTSTATUS device(struct path *path, const uint16_t *name, uint32_t length)
{
    if (skip(&name, &length, "HarddiskVolume")) {
        // Volume n is drive n - 1.
        uint32_t number = 0;
        while (length > 0 && name[0] >= '0' && name[0] <= '9' && number < 100) {
            number = number * 10 + name[0] - '0';
            name++, length--;
        }
        if (number < 1 || number > 26 || (length > 0 && name[0] != '\\')) return STATUS_OBJECT_NAME_NOT_FOUND;
        return on_drive(path, number - 1, name, length);
    }
    if (is(name, length, "NamedPipe") || is(name, length, "NamedPipe\\")) {
        path->kind = PATH_PIPE_DEVICE;
        path->directory = length == 10;
        return STATUS_SUCCESS;
    }
    if (skip(&name, &length, "NamedPipe\\")) return device_name(path, PATH_PIPE, name, length);
    if (skip(&name, &length, "Mailslot\\")) return device_name(path, PATH_MAILSLOT, name, length);
    if (skip(&name, &length, "Mup\\")) return network_path(path, name, length);
    if (is(name, length, "Null"))
        path->kind = PATH_NULL;
    else if (is(name, length, "MountPointManager"))
        path->kind = PATH_MOUNT_MANAGER;
    else if (is(name, length, "Afd") || skip(&name, &length, "Afd\\"))
        path->kind = PATH_AFD;
    else if (is(name, length, "ConDrv\\Console") || is(name, length, "ConDrv"))
        path->kind = PATH_CONSOLE;
    else if (is(name, length, "ConDrv\\Server"))
        path->kind = PATH_CONSOLE_SERVER;
    else if (is(name, length, "ConDrv\\CurrentIn") || is(name, length, "ConDrv\\Input"))
        path->kind = PATH_CONSOLE_INPUT;
    else if (is(name, length, "ConDrv\\CurrentOut") || is(name, length, "ConDrv\\Output"))
        path->kind = PATH_CONSOLE_OUTPUT;
    else
        return STATUS_OBJECT_NAME_NOT_FOUND;
    return STATUS_SUCCESS;
}

static void begin(struct path *path, int root)
{
    path->kind = PATH_FILE;
    path->drive = PATH_NO_DRIVE;
    path->directory = false;
    path->base = root;
    path->length = 0;
    path->host[0] = path->stream[0] = '\0';
}

NTSTATUS path_parse_pipe(struct path *path, const uint16_t *name, uint32_t length)
{
    begin(path, -1);
    if (length > 0) return device_name(path, PATH_PIPE, name, length);
    path->kind = PATH_PIPE;
    return STATUS_SUCCESS;
}

NTSTATUS path_parse_open(struct path *path, int fd, const uint16_t *name, uint32_t length)
{
    begin(path, AT_FDCWD);
    path->length = snprintf(path->host, sizeof path->host, "/proc/self/fd/%d", fd);
    return take_stream(path, name, &length);
}

NTSTATUS path_parse_console(struct path *path, const uint16_t *name, uint32_t length)
{
    begin(path, -1);
    if (length == 0) return STATUS_NOT_FOUND;
    if (name[0] == '\\') name++, length--;
    if (is(name, length, "Input") || is(name, length, "CurrentIn"))
        path->kind = PATH_CONSOLE_INPUT;
    else if (is(name, length, "Output") || is(name, length, "CurrentOut"))
        path->kind = PATH_CONSOLE_OUTPUT;
    else
        return STATUS_OBJECT_NAME_NOT_FOUND;
    return STATUS_SUCCESS;
}

NTSTATUS path_parse(struct path *path, const uint16_t *name, uint32_t length, int root)
{
    begin(path, root);
    if (root >= 0) {
        if (length > 0 && name[0] == '\\') return STATUS_OBJECT_NAME_INVALID;
        return append(path, name, length);
    }
    if (length == 0) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (name[0] != '\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (skip(&name, &length, "\\??\\") || skip(&name, &length, "\\DosDevices\\") ||
        skip(&name, &length, "\\GLOBAL??\\"))
        return dos_device(path, name, length);
    if (skip(&name, &length, "\\Device\\")) return device(path, name, length);
    if (skip(&name, &length, "\\SystemRoot")) {
        path->base = prefix_drives();
        path->drive = 2;
        memcpy(path->host, "c/windows", 10);
        path->length = 9;
        if (length == 0) return STATUS_SUCCESS;
        if (name[0] != '\\') return STATUS_OBJECT_NAME_NOT_FOUND;
        return append(path, name + 1, length - 1);
    }
    for (uint32_t i = 1; i < length; i++)
        if (name[i] == '\\') return STATUS_OBJECT_PATH_NOT_FOUND;
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

// Where the components that may be folded begin: the drive's own letter and an absolute path's slash don't.
static uint32_t fold_start(const struct path *path)
{
    if (path->drive != PATH_NO_DRIVE) return path->length > 1 ? 2 : 1;
    return path->host[0] == '/' ? 1 : 0;
}

// Folds the component from start to *end in the directory before it; what follows moves along.
static NTSTATUS fold_component(struct path *path, uint32_t start, uint32_t *end)
{
    char parent[PATH_MAX], found[NAME_MAX + 1];
    uint16_t name[NAME_MAX];
    size_t length = host_name_to_utf16(name, NAME_MAX, path->host + start, *end - start);
    if (length > NAME_MAX) return STATUS_OBJECT_NAME_INVALID;
    uint32_t parent_length = start > 1 ? start - 1 : start; // without its slash, but for the root's
    memcpy(parent, parent_length == 0 ? "." : path->host, parent_length == 0 ? 1 : parent_length);
    parent[parent_length == 0 ? 1 : parent_length] = '\0';
    switch (name_cache_find(path->base, parent, name, length, found)) {
    case NAME_MISSING: return STATUS_OBJECT_NAME_NOT_FOUND;
    case NAME_NO_DIRECTORY: return STATUS_OBJECT_PATH_NOT_FOUND;
    case NAME_FOUND: break;
    }
    uint32_t n = strlen(found);
    if (path->length - (*end - start) + n >= PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    memmove(path->host + start + n, path->host + *end, path->length - *end + 1);
    memcpy(path->host + start, found, n);
    path->length += n - (*end - start);
    *end = start + n;
    return STATUS_SUCCESS;
}

// Where the component that ends at end begins, not before first.
static uint32_t component_start(const struct path *path, uint32_t first, uint32_t end)
{
    while (end > first && path->host[end - 1] != '/') end--;
    return end;
}

// Whether the part of the path before the slash at length - 1 is there as it is spelled.
static bool prefix_exists(struct path *path, uint32_t length)
{
    struct stat st;
    path->host[length - 1] = '\0';
    bool there = fstatat(path->base, path->host, &st, 0) == 0;
    path->host[length - 1] = '/';
    return there;
}

NTSTATUS path_fold(struct path *path)
{
    struct stat st;
    if (fstatat(path->base, path->host, &st, AT_SYMLINK_NOFOLLOW) == 0) return STATUS_SUCCESS;
    if (errno != ENOENT) return path_status(path, errno);
    uint32_t first = fold_start(path), end = path->length, start = component_start(path, first, end);
    if (end <= first) return STATUS_OBJECT_PATH_NOT_FOUND; // the drive itself

    // Mostly the directory is spelled right, and only the last component isn't.
    NTSTATUS status = fold_component(path, start, &end);
    if (status != STATUS_OBJECT_PATH_NOT_FOUND || start <= first) return status;

    // Up to the deepest directory that is, and from there down.
    do start = component_start(path, first, start - 1);
    while (start > first && !prefix_exists(path, start));
    for (;;) {
        end = start;
        while (end < path->length && path->host[end] != '/') end++;
        status = fold_component(path, start, &end);
        if (end == path->length) return status;
        if (!NT_SUCCESS(status))
            return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_OBJECT_PATH_NOT_FOUND : status;
        start = end + 1;
    }
}

NTSTATUS path_status(const struct path *path, int error)
{
    if (error != ENOENT) return status_from_errno(error);
    char parent[PATH_MAX];
    memcpy(parent, path->host, path->length + 1);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        return path->drive != PATH_NO_DRIVE ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_OBJECT_NAME_NOT_FOUND;
    if (slash == parent) return STATUS_OBJECT_NAME_NOT_FOUND;
    *slash = '\0';
    struct stat st;
    bool there = fstatat(path->base, parent, &st, 0) == 0 && S_ISDIR(st.st_mode);
    return there ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_OBJECT_PATH_NOT_FOUND;
}

// Where each drive leads, as long as drives/ doesn't change.
static pthread_mutex_t targets_lock = PTHREAD_MUTEX_INITIALIZER;
static char *targets[26];
static struct timespec targets_time;

// The host path that a drive leads to, every link on the way followed; NULL when it leads nowhere. The kernel
// follows them: realpath would ask about each component of each drive, at every start.
static char *find_target(int drive)
{
    char name[2] = {'a' + drive, '\0'}, host[PATH_MAX], link[2];
    // Drives that programs define lead to other drives: files are called by those.
    if (readlinkat(prefix_drives(), name, link, 2) > 0 && link[0] != '/' && link[0] != '.') return NULL;
    int fd = openat(prefix_drives(), name, O_PATH | O_CLOEXEC);
    if (fd < 0) return NULL;
    bool known = path_of_fd(fd, host);
    close(fd);
    return known ? strdup(host) : NULL;
}

static void find_targets(void)
{
    struct stat st;
    if (fstat(prefix_drives(), &st) != 0) return;
    if (st.st_mtim.tv_sec == targets_time.tv_sec && st.st_mtim.tv_nsec == targets_time.tv_nsec) return;
    int fd = openat(prefix_drives(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (!list) {
        if (fd >= 0) close(fd);
        return;
    }
    targets_time = st.st_mtim;
    for (int i = 0; i < 26; i++) {
        free(targets[i]);
        targets[i] = NULL;
    }
    // Few of the 26 exist, and this happens at every start.
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        int drive = entry->d_name[0] - 'a';
        if (drive >= 0 && drive < 26 && entry->d_name[1] == '\0') targets[drive] = find_target(drive);
    }
    closedir(list);
}

size_t path_dos_from_host(const char *host, uint16_t *dos, size_t capacity)
{
    pthread_mutex_lock(&targets_lock);
    find_targets();
    int drive = -1;
    size_t longest = 0;
    for (int i = 0; i < 26; i++) {
        if (targets[i] == NULL) continue;
        size_t n = strcmp(targets[i], "/") == 0 ? 0 : strlen(targets[i]);
        if (strncmp(host, targets[i], n) != 0 || (host[n] != '/' && host[n] != '\0')) continue;
        if (drive >= 0 && n <= longest) continue;
        drive = i;
        longest = n;
    }
    pthread_mutex_unlock(&targets_lock);

    size_t n = 0;
    if (drive >= 0) {
        if (capacity < 4) return 0;
        dos[n++] = 'A' + drive;
        dos[n++] = ':';
        dos[n++] = '\\';
        host += longest;
    } else {
        static const char unix_prefix[] = "\\\\?\\unix\\";
        if (capacity < sizeof unix_prefix) return 0;
        for (; unix_prefix[n] != '\0'; n++) dos[n] = (uint8_t)unix_prefix[n];
    }
    while (*host == '/') host++;
    while (*host != '\0') {
        size_t bytes = strcspn(host, "/");
        size_t units = host_name_to_utf16(dos + n, capacity - n, host, bytes);
        if (n + units + 2 > capacity) return 0;
        n += units;
        host += bytes;
        if (*host == '/') dos[n++] = '\\';
        while (*host == '/') host++;
    }
    dos[n] = 0;
    return n;
}

size_t path_after_drive(const uint16_t *dos, size_t length)
{
    return length >= 3 && dos[1] == ':' ? 2 : length > 7 && dos[0] == '\\' ? 7 : 0;
}

bool path_of_fd(int fd, char host[PATH_MAX])
{
    static const char deleted[] = " (deleted)";
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(self, host, PATH_MAX - 1);
    if (n <= 0 || host[0] != '/') return false;
    host[n] = '\0';
    size_t suffix = sizeof deleted - 1;
    if ((size_t)n <= suffix || strcmp(host + n - suffix, deleted) != 0) return true;
    // It may really be called that.
    struct stat there, here;
    return lstat(host, &there) == 0 && fstat(fd, &here) == 0 && there.st_ino == here.st_ino &&
           there.st_dev == here.st_dev;
}
