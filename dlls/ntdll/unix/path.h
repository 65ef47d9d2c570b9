// NT names as host paths, and back.
#ifndef LOWLAND_PATH_H
#define LOWLAND_PATH_H

#include "loader/guest.h"
#include <limits.h>

enum path_kind {
    PATH_FILE,           // something in the host's file system
    PATH_VOLUME,         // a drive itself (\??\C:), without a path in it
    PATH_PIPE,           // \??\pipe\NAME
    PATH_PIPE_DEVICE,    // \Device\NamedPipe itself
    PATH_MAILSLOT,       // \??\mailslot\NAME
    PATH_NULL,           // NUL
    PATH_CONSOLE,        // CON: which end depends on the access wanted
    PATH_CONSOLE_INPUT,  // CONIN$
    PATH_CONSOLE_OUTPUT, // CONOUT$
    PATH_CONSOLE_SERVER, // the other end of a console
    PATH_MOUNT_MANAGER,  // MountPointManager
    PATH_AFD,            // \Device\Afd and whatever follows it
    PATH_SERIAL,         // COM1 and so on: host is the number
};

enum { PATH_NO_DRIVE = 255, PIPE_NAME_MAX = 256 };

// A name resolved as far as the name itself says.
struct path {
    enum path_kind kind;
    uint8_t drive;             // 0 for A: and so on, or PATH_NO_DRIVE
    bool directory;            // the name ended with a backslash
    int base;                  // directory descriptor that host is relative to; not owned
    uint32_t length;           // of host
    // "c/windows/win.ini"; "." for base itself. Pipes: the name, case folded, and behind its NUL as it is
    // spelled.
    char host[PATH_MAX];
    char stream[NAME_MAX + 1]; // of an alternate data stream; empty: the file itself
};

// Parses an NT name of length units. root: the directory descriptor of the object that the name is relative
// to, or -1 for absolute names. STATUS_OBJECT_NAME_INVALID (characters, streams),
// STATUS_OBJECT_PATH_SYNTAX_BAD, STATUS_OBJECT_PATH_NOT_FOUND and STATUS_OBJECT_NAME_NOT_FOUND (no such
// device), STATUS_BAD_NETWORK_PATH. Makes no system call for drive paths. Any thread.
NTSTATUS path_parse(struct path *path, const uint16_t *name, uint32_t length, int root);

// The path of a file that is open as fd, whether it still has a name or not, or with a name (":stream") of a
// stream of it.
NTSTATUS path_parse_open(struct path *path, int fd, const uint16_t *name, uint32_t length);

// Parses a name relative to \Device\NamedPipe (empty: the device itself or the other end), and one relative
// to a console handle.
NTSTATUS path_parse_pipe(struct path *path, const uint16_t *name, uint32_t length);
NTSTATUS path_parse_console(struct path *path, const uint16_t *name, uint32_t length);

// A pipe's or mailslot's name as it is spelled, a host string like the folded one.
static inline const char *path_spelling(const struct path *path)
{
    return path->host + path->length + 1;
}

// Makes a file path's existing components those that a lookup without regard to case finds: the last one is
// left as given when nothing matches. STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND (only the last is
// missing), STATUS_OBJECT_PATH_NOT_FOUND, others from the host. For when the exact path wasn't found.
NTSTATUS path_fold(struct path *path);

// What to hand to the host, with path->base, for the file that a path names: without the link of a drive that
// leads to the host's root (Z:), which would be followed at each step. Any thread.
const char *path_host_name(const struct path *path);

// The status for errno after a failed operation on path: tells a missing parent from a missing name.
NTSTATUS path_status(const struct path *path, int error);

// Writes the DOS path ("Z:\home\x") of an absolute host path: the drive with the longest match,
// \\?\unix\ when no drive holds it. The number of units, without the final NUL; 0 when it doesn't fit. Any
// thread.
size_t path_dos_from_host(const char *host, uint16_t *dos, size_t capacity);

// The host path that fd was opened as, as it is now called. False when it has none (deleted, no /proc).
bool path_of_fd(int fd, char host[PATH_MAX]);

// Offset of the path within its drive in a DOS path from path_dos_from_host ("\home\x").
size_t path_after_drive(const uint16_t *dos, size_t length);

#endif
