// Opens of files in the region that processes share: one record for each that reads, writes or deletes. Its
// first word holds the rights in the low half and above them the sharing and what has happened since. A
// killed process's records go with it, and a deletion that waited for it alone.
#include "file_others.h"
#include "region_owned.h"

enum {
    READS = FILE_READ_DATA | FILE_EXECUTE,
    WRITES = FILE_WRITE_DATA | FILE_APPEND_DATA,
    SHARING_SHIFT = 32,
};
#define DELETE_PENDING (1ull << 40)
#define HOLDS_LOCKS    (1ull << 41)
#define MEETS_LOCKS    (1ull << 42) // another process holds some

// Whether an open with these rights may be there while another shares only so much.
static bool shared_enough(uint32_t access, uint32_t sharing)
{
    return !(access & READS && !(sharing & FILE_SHARE_READ)) &&
           !(access & WRITES && !(sharing & FILE_SHARE_WRITE)) &&
           !(access & DELETE && !(sharing & FILE_SHARE_DELETE));
}

struct joining {
    uint32_t access, sharing, slot;
    bool check;
    uint64_t flags; // for the new record
    NTSTATUS status;
};

static bool meet(struct region_owned *record, void *context)
{
    struct joining *joining = context;
    uint64_t word = atomic_load(&record->data[0]);
    joining->slot = atomic_load(&record->slot);
    joining->flags |= word & DELETE_PENDING;
    if (joining->slot == region_self()) {
        if (word & DELETE_PENDING && joining->check) joining->status = STATUS_DELETE_PENDING;
        return NT_SUCCESS(joining->status);
    }
    if (word & HOLDS_LOCKS) joining->flags |= MEETS_LOCKS;
    if (!joining->check) return true;
    if (word & DELETE_PENDING)
        joining->status = STATUS_DELETE_PENDING;
    else if (!shared_enough((uint32_t)word, joining->sharing) ||
             !shared_enough(joining->access, word >> SHARING_SHIFT))
        joining->status = STATUS_SHARING_VIOLATION;
    return NT_SUCCESS(joining->status);
}

NTSTATUS file_others_join(struct file *file, struct file_identity identity, bool check)
{
    const uint64_t key[2] = {identity.device, identity.inode};
    uint32_t relevant = file->access & (READS | WRITES | DELETE);
    struct joining joining;
    if (relevant == 0) return STATUS_SUCCESS;
    region_lock();
    do {
        joining = (struct joining){.access = relevant, .sharing = file->sharing, .check = check};
        region_owned_for_each(REGION_OWNED_FILE_SHARE, key, meet, &joining);
    } while (!NT_SUCCESS(joining.status) && region_slot_reap(joining.slot));
    if (NT_SUCCESS(joining.status)) {
        const uint64_t data[10] = {relevant | (uint64_t)file->sharing << SHARING_SHIFT | joining.flags};
        file->shared = region_owned_add(REGION_OWNED_FILE_SHARE, key, data);
    }
    region_unlock();
    return joining.status;
}

bool file_others_leave(struct file *file)
{
    if (file->shared == NULL) return false;
    bool pending = file_others_delete_pending(file);
    region_lock();
    region_owned_remove(file->shared);
    region_unlock();
    file->shared = NULL;
    return pending;
}

static bool find_other(struct region_owned *record, void *context)
{
    uint32_t *found = context, slot = atomic_load(&record->slot);
    if (slot == region_self()) return true;
    *found = slot;
    return false;
}

static bool find_unshared(struct region_owned *record, void *context)
{
    bool shared = atomic_load(&record->data[0]) >> SHARING_SHIFT & FILE_SHARE_DELETE;
    return shared || find_other(record, context);
}

// Whether a living process has a record that visit finds.
static bool any_other(struct file_identity identity,
                      bool (*visit)(struct region_owned *record, void *context))
{
    const uint64_t key[2] = {identity.device, identity.inode};
    uint32_t found;
    region_lock();
    do {
        found = REGION_SLOTS;
        region_owned_for_each(REGION_OWNED_FILE_SHARE, key, visit, &found);
    } while (found != REGION_SLOTS && region_slot_reap(found));
    region_unlock();
    return found != REGION_SLOTS;
}

bool file_others_have(struct file_identity identity)
{
    return any_other(identity, find_other);
}

bool file_others_share_delete(struct file_identity identity)
{
    return !any_other(identity, find_unshared);
}

static bool find_pending(struct region_owned *record, void *context)
{
    uint32_t *found = context;
    if (!(atomic_load(&record->data[0]) & DELETE_PENDING)) return true;
    *found = atomic_load(&record->slot);
    return false;
}

bool file_others_are_deleting(struct file_identity identity)
{
    const uint64_t key[2] = {identity.device, identity.inode};
    return region_owned_may_exist(REGION_OWNED_FILE_SHARE, key) && any_other(identity, find_pending);
}

static bool set_delete(struct region_owned *record, void *context)
{
    if (*(const bool *)context)
        atomic_fetch_or(&record->data[0], DELETE_PENDING);
    else
        atomic_fetch_and(&record->data[0], ~DELETE_PENDING);
    return true;
}

void file_others_set_delete(struct file_identity identity, bool wanted)
{
    const uint64_t key[2] = {identity.device, identity.inode};
    region_lock();
    region_owned_for_each(REGION_OWNED_FILE_SHARE, key, set_delete, &wanted);
    region_unlock();
}

bool file_others_delete_pending(const struct file *file)
{
    return file->shared != NULL && atomic_load(&file->shared->data[0]) & DELETE_PENDING;
}

static bool tell_of_locks(struct region_owned *record, void *context)
{
    (void)context;
    if (atomic_load(&record->slot) != region_self()) atomic_fetch_or(&record->data[0], MEETS_LOCKS);
    return true;
}

void file_others_add_locks(struct file *file, struct file_identity identity)
{
    const uint64_t key[2] = {identity.device, identity.inode};
    if (file->shared == NULL || atomic_load(&file->shared->data[0]) & HOLDS_LOCKS) return;
    region_lock();
    atomic_fetch_or(&file->shared->data[0], HOLDS_LOCKS);
    region_owned_for_each(REGION_OWNED_FILE_SHARE, key, tell_of_locks, NULL);
    region_unlock();
}

bool file_others_may_lock(const struct file *file)
{
    return file->shared != NULL &&
           atomic_load_explicit(&file->shared->data[0], memory_order_relaxed) & MEETS_LOCKS;
}
