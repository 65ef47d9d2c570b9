// File objects: disk files, directories, pipes, the console and other devices, and how calls reach them.
#ifndef LOWLAND_FILE_H
#define LOWLAND_FILE_H

#include "io.h"
#include "object.h"
#include "path.h"
#include "wait.h"
#include <pthread.h>
#include <sys/stat.h>
#include <sys/types.h>

struct file_node; // file_share.h
struct async;     // async.h
struct notify;    // notify.h

enum file_kind {
    FILE_KIND_DISK,      // a regular file
    FILE_KIND_DIRECTORY, // also a volume
    FILE_KIND_LINK,      // a symlink itself, opened with FILE_OPEN_REPARSE_POINT
    FILE_KIND_STREAM,    // a host pipe, socket, terminal that is not our console, character device
    FILE_KIND_PIPE,      // an end of one of our pipes
    FILE_KIND_PIPE_ROOT, // \Device\NamedPipe itself
    FILE_KIND_MAILSLOT,
    FILE_KIND_NULL,
    FILE_KIND_CONSOLE,
    FILE_KIND_MOUNT_MANAGER,
    FILE_KIND_SERIAL, // a serial port (serial.c)
    FILE_KIND_SOCKET, // dlls/ws2_32/unix/socket.h
    FILE_KIND_AFD,    // \Device\Afd itself
};

enum { PRIORITY_HINT_NORMAL = 2, PRIORITY_HINT_COUNT = 3 }; // PRIORITY_HINT of minwinbase.h

// A completion port that a file had before.
struct retired_port {
    struct retired_port *next;
    struct object *port; // retained
};

// What a kind of file does. Every operation gets the call it is part of and returns its status; it sets
// io->information. STATUS_PENDING: it has handed the call to the asynchronous side (async.h). NULL members
// mean STATUS_INVALID_DEVICE_REQUEST.
struct file_device {
    uint32_t type; // FILE_DEVICE_*
    uint32_t characteristics;
    bool signals_itself; // the device sets and resets the file's waitable; calls on it don't
    NTSTATUS (*read)(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
    NTSTATUS (*write)(struct io *io, gptr buffer, uint32_t length, const int64_t *offset);
    NTSTATUS (*flush)(struct io *io);
    NTSTATUS(*fs_control)
    (struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out, uint32_t out_length);
    NTSTATUS(*device_control)
    (struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out, uint32_t out_length);
    // Classes that only this kind knows; STATUS_INVALID_INFO_CLASS for the rest.
    NTSTATUS (*query)(struct file *file, uint32_t class, gptr buffer, uint32_t length, uint32_t *information);
    NTSTATUS (*set)(struct file *file, uint32_t class, gptr buffer, uint32_t length);
    void (*cleanup)(struct file *file); // the last handle is closed
    void (*destroy)(struct file *file); // the last reference is gone; the fd is closed after it
};

struct file {
    struct object object;
    struct waitable waitable; // signalled while no call is pending
    const struct file_device *device;
    enum file_kind kind;
    int fd;         // -1: none
    int owner_fd;   // of an alternate stream: the file it belongs to, O_PATH; -1: it is no such stream
    bool path_only; // fd is O_PATH: for attributes, names and deletion only
    bool delete_on_close;
    bool posix_delete;           // pending deletion happens when this open closes, not when the last one does
    uint32_t options;            // FILE_* options of the open, as FileModeInformation reports some of them
    uint32_t access;             // rights granted at the open
    uint32_t sharing;            // FILE_SHARE_*
    uint8_t drive;               // as in struct path
    int64_t valid_length;        // SetFileValidData: what is below was written; -1: all there is
    uint32_t priority_hint;      // PRIORITY_HINT_*
    uint32_t ea_next;            // where the next NtQueryEaFile goes on, in entries
    bool drive_root;             // the root of a drive: it has no "." and ".."
    struct file_node *node;      // disk files and directories
    struct region_owned *shared; // what other processes know of this open (file_share.c); NULL: nothing
    void *state;                 // of the device: enumeration, pipe, console
    struct notify *notify;       // of a directory that is watched

    _Atomic(struct object *) port; // completion port
    struct retired_port *retired;  // those that it replaced: completions under way may still use them
    uint32_t port_key;
    _Atomic uint32_t completion_modes; // FILE_SKIP_COMPLETION_PORT_ON_SUCCESS and so on

    pthread_mutex_t lock;  // of state and pending
    struct async *pending; // calls under way, newest first
};

extern const struct object_type file_type;
extern const struct file_device disk_device, directory_device, stream_device, null_device;

static inline bool file_options_synchronous(uint32_t options)
{
    return (options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) != 0;
}

static inline bool file_is_synchronous(const struct file *file)
{
    return file_options_synchronous(file->options);
}

static inline bool file_is_alertable(const struct file *file)
{
    return (file->options & FILE_SYNCHRONOUS_IO_ALERT) != 0;
}

// Makes a file object around fd, which it owns from then on (also on failure). NULL without memory.
struct file *file_new(enum file_kind kind, const struct file_device *device, int fd, uint32_t access,
                      uint32_t options);

// Makes the handle and drops the caller's reference: the end of every open.
NTSTATUS file_new_handle(struct file *file, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle);

// Resolves a handle of a file. As handle_resolve.
NTSTATUS file_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct file **file);

static inline void file_release(struct file *file)
{
    object_release(&file->object);
}

// Adds a reference unless the last one has just gone: for lists that hold none. False: leave it alone.
static inline bool file_retain_living(struct file *file)
{
    uint32_t references = atomic_load(&file->object.references);
    while (references != 0)
        if (atomic_compare_exchange_weak(&file->object.references, &references, references + 1)) return true;
    return false;
}

// Ends the enumeration that is a directory's state, as its device's destroy does.
void enumeration_end(struct file *file);

// Opens one of the host's standard descriptors (0, 1, 2) for the guest: a terminal becomes a console handle,
// anything else a file; *handle is 0 when the descriptor is closed.
NTSTATUS std_handle_open(int host_fd, HANDLE32 *handle);

// The path that calls without an fd variant take: "/proc/self/fd/N".
struct fd_name {
    char text[32];
};
struct fd_name fd_name(int fd);

// Parses the name in attributes, relative to its root handle if there is one. *root is retained, to be
// released after the path's use, or NULL. path_parse's errors, and those of a bad OBJECT_ATTRIBUTES.
NTSTATUS file_parse_name(const OBJECT_ATTRIBUTES32 *attributes, struct path *path, struct file **root);

// The DOS path of an open file ("C:\dir\name"), 0 when it has none. Any thread.
size_t file_dos_path(const struct file *file, uint16_t *dos, size_t capacity);

// The NT name of an open file (\Device\HarddiskVolume3\dir\name), for NtQueryObject and mapped file names.
size_t file_nt_name(const struct file *file, uint16_t *name, size_t capacity);

#endif
