// What the processes of a prefix know of each other's open files: share modes, pending deletion, and that
// there are locks.
#ifndef LOWLAND_FILE_OTHERS_H
#define LOWLAND_FILE_OTHERS_H

#include "file.h"

// Which file, whatever its names.
struct file_identity {
    uint64_t device, inode;
};

// Makes an open known that reads, writes or deletes, if other processes' opens allow it; others than those
// are in nobody's way. STATUS_SHARING_VIOLATION, STATUS_DELETE_PENDING. check false: of a handle that another
// process opened. Sets file->shared; with the region full the open stays unknown.
NTSTATUS file_others_join(struct file *file, struct file_identity identity, bool check);

// The open ends. Whether a deletion was pending.
bool file_others_leave(struct file *file);

// Whether another process has the file open.
bool file_others_have(struct file_identity identity);

// Whether all other processes that have the file open let it be deleted.
bool file_others_share_delete(struct file_identity identity);

// Whether the file is to be deleted when its last handle, in whatever process, is closed.
bool file_others_are_deleting(struct file_identity identity);

// Sets or clears pending deletion for all opens of a file, and what this open has been told.
void file_others_set_delete(struct file_identity identity, bool wanted);
bool file_others_delete_pending(const struct file *file);

// Says that this open has locked ranges; whether another process's open may have. The latter costs one load.
void file_others_add_locks(struct file *file, struct file_identity identity);
bool file_others_may_lock(const struct file *file);

#endif
