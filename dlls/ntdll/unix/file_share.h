// What the opens of one file have in common, in this process and others: share modes, deletion, byte-range
// locks.
#ifndef LOWLAND_FILE_SHARE_H
#define LOWLAND_FILE_SHARE_H

#include "file.h"

// Joins the other opens of the file that st describes, if share modes allow. STATUS_SHARING_VIOLATION,
// STATUS_DELETE_PENDING, STATUS_NO_MEMORY. file->node is set on success.
NTSTATUS file_share_open(struct file *file, const struct stat *st);

// The same for a handle that another process opened and shares with us: nothing keeps it out.
NTSTATUS file_share_inherit(struct file *file, const struct stat *st);

// The last handle of this open is closed: leaves the others; removes the file when deletion is pending and
// this was the last one.
void file_share_close(struct file *file);

// Sets or clears pending deletion (FileDispositionInformation). Checks nothing but that the file can be
// named.
NTSTATUS file_share_set_delete(struct file *file, bool wanted);
bool file_share_delete_pending(const struct file *file);

// Whether deletion of the file (device, inode) is pending, for whoever has only its name.
bool file_share_is_deleting(dev_t device, ino_t inode);

// What a section says of its file: while it maps it as an image, the file may neither be written nor deleted;
// as data, it may not be cut. The node stays until it is unmapped. NULL without memory, or when fd can't be
// asked.
struct file_node *file_share_map(int fd, bool image);
void file_share_unmap(struct file_node *node, bool image);
// STATUS_USER_MAPPED_FILE when a section forbids to make the file shorter, STATUS_CANNOT_DELETE when one
// forbids to delete it.
NTSTATUS file_share_check_cut(const struct file *file);
NTSTATUS file_share_check_delete(const struct file *file);

// Whether a rename may replace the file (device, inode): nobody has it open, or with POSIX semantics, whoever
// does lets others delete it. Pass the file being renamed so that it doesn't count.
bool file_share_may_replace(dev_t device, ino_t inode, const struct file *except, bool posix);

// STATUS_FILE_LOCK_CONFLICT when byte-range locks forbid a read (or write) of length bytes at
// offset (negative: at the file's position). Costs one load when nothing is locked.
NTSTATUS file_share_check_locks(const struct file *file, int64_t offset, uint64_t length, bool write);

struct file_lock {
    struct file_lock *next;
    const struct file *owner;
    uint64_t start, end; // end: last byte
    uint32_t key;
    bool exclusive;
};
// Adds a lock unless one of another open (or an overlapping exclusive one of the same) is in the way: then
// STATUS_LOCK_NOT_GRANTED.
NTSTATUS file_share_lock(struct file *file, uint64_t start, uint64_t end, uint32_t key, bool exclusive);
// Removes the lock with exactly this range and key: STATUS_RANGE_NOT_LOCKED. Calls host for the parts of the
// range that no other lock of this open holds any more.
NTSTATUS file_share_unlock(struct file *file, uint64_t start, uint64_t end, uint32_t key);

#endif
