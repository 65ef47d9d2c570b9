// Records that belong to one process each and go with it: what an open file is shared for, locked ranges, who
// holds a descriptor of a section. Found by a class and a key of 128 bits (a file's device and inode). All
// with the region's lock.
#ifndef LOWLAND_REGION_OWNED_H
#define LOWLAND_REGION_OWNED_H

#include "region.h"

// Numbers are part of the layout.
enum region_owned_class {
    REGION_OWNED_FILE_SHARE = 1, // an open of a file: access, sharing, deletion
    REGION_OWNED_FILE_LOCK,      // a locked range
    REGION_OWNED_SECTION,        // a descriptor of a section: section_shared.c
    REGION_OWNED_HIVE,           // a loaded hive that keys are open in: registry_hive_use.c
    REGION_OWNED_JOB_MEMBER,     // a process in a job: job_members.c
    REGION_OWNED_CONSOLE,        // a process's console: dlls/kernelbase/unix/console_attach.c
    REGION_OWNED_CONSOLE_WINDOW, // a process attached to a console that has a window: console_window.c there
};

struct region_owned {
    struct region_record record; // kind: the class; next: of the bucket, derived
    _Atomic uint32_t slot;       // of the owner
    uint32_t reserved;
    uint64_t key[2];
    _Atomic uint64_t data[10]; // the class's own; each word changes as a whole
    uint64_t reserved_2[2];
};

// A record of this process's. NULL when the table or the host's memory is full.
struct region_owned *region_owned_add(enum region_owned_class class, const uint64_t key[2],
                                      const uint64_t data[10]);
void region_owned_remove(struct region_owned *record);

// Calls visit for each record of the class and key until it returns false. Records of the dead are among
// them: before refusing something because of one, ask region_slot_reap(slot), which takes them away if the
// owner is dead (and then begin anew). visit neither adds nor removes.
void region_owned_for_each(enum region_owned_class class, const uint64_t key[2],
                           bool (*visit)(struct region_owned *record, void *context), void *context);

// Without the lock: false when there is certainly no record of the class and key.
bool region_owned_may_exist(enum region_owned_class class, const uint64_t key[2]);

// region_recover.c
void region_owned_recover(void);
void region_owned_forget(uint32_t slot);

#endif
