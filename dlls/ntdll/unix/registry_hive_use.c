// Which loaded hives have open keys: counted in each process, which has a record of the region for each of
// them.
#include "region_owned.h"
#include "registry_hive.h"
#include <pthread.h>
#include <stdlib.h>

struct use {
    struct use *next;
    key_id root;
    uint32_t count, below;       // open keys; of which are not the root
    struct region_owned *record; // NULL: the region is full; other processes don't know then
};

enum { KEYS_OPEN, ANNOUNCED }; // the second half of a record's key

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct use *uses;

key_id hive_of_key(struct registry_view *view, key_id id)
{
    struct key_info info;
    while (store_of(id) == STORE_VOLATILE && !key_get(view, id, &info)) {
        if (info.flags & KEY_IS_HIVE) return id;
        id = info.parent;
    }
    return 0;
}

static struct region_owned *add_record(uint64_t first, uint64_t second)
{
    static const uint64_t no_data[10];
    region_lock();
    struct region_owned *record = region_owned_add(REGION_OWNED_HIVE, (uint64_t[2]){first, second}, no_data);
    region_unlock();
    return record;
}

static void remove_record(struct region_owned *record)
{
    if (!record) return;
    region_lock();
    region_owned_remove(record);
    region_unlock();
}

// The root of the hive, as Windows cuts the registry into hives.
key_id hive_root(struct registry_view *view, key_id id)
{
    struct key_info info, parent;
    while (!key_get(view, id, &info) && !(info.flags & KEY_IS_HIVE) && id != KEY_ID_ROOT) {
        if (key_get(view, info.parent, &parent) || parent.parent == KEY_ID_ROOT) break;
        id = info.parent;
    }
    return id;
}

static struct use **find_use(key_id root)
{
    struct use **at = &uses;
    while (*at && (*at)->root != root) at = &(*at)->next;
    return at;
}

// Tells other processes how many keys are open below the root.
static void publish_below(struct use *use, key_id key, int change)
{
    if (key == use->root) return;
    use->below += (uint32_t)change;
    if (use->record) atomic_store(&use->record->data[0], use->below);
}

bool hive_enter(key_id root, key_id key)
{
    pthread_mutex_lock(&lock);
    struct use *use = *find_use(root);
    if (!use && (use = calloc(1, sizeof *use))) {
        *use = (struct use){.next = uses, .root = root, .record = add_record(root, KEYS_OPEN)};
        uses = use;
    }
    if (use) {
        use->count++;
        publish_below(use, key, 1);
    }
    pthread_mutex_unlock(&lock);
    return use != NULL;
}

void hive_leave(key_id root, key_id key)
{
    pthread_mutex_lock(&lock);
    struct use **at = find_use(root), *use = *at;
    if (use) publish_below(use, key, -1);
    bool last = use && --use->count == 0;
    if (last) {
        *at = use->next;
        remove_record(use->record);
        free(use);
    }
    pthread_mutex_unlock(&lock);
    if (last) hive_closed(root);
}

// ---- what others have ----

struct search {
    bool found;
    uint32_t slot;
};

static bool take_slot(struct region_owned *record, void *context)
{
    *(struct search *)context = (struct search){true, atomic_load(&record->slot)};
    return false;
}

// Whether a living process has such a record: those of the dead are taken away.
static bool has_record(uint64_t first, uint64_t second)
{
    for (;;) {
        struct search search = {false, 0};
        region_lock();
        region_owned_for_each(REGION_OWNED_HIVE, (uint64_t[2]){first, second}, take_slot, &search);
        bool reaped = search.found && region_slot_reap(search.slot);
        region_unlock();
        if (!reaped) return search.found;
    }
}

bool hive_is_used(key_id root)
{
    return has_record(root, KEYS_OPEN);
}

static bool add_below(struct region_owned *record, void *context)
{
    *(uint32_t *)context += (uint32_t)atomic_load(&record->data[0]);
    return true;
}

uint32_t hive_open_keys(key_id root)
{
    uint32_t count = 0;
    hive_is_used(root); // which takes away what the dead have left
    region_lock();
    region_owned_for_each(REGION_OWNED_HIVE, (uint64_t[2]){root, KEYS_OPEN}, add_below, &count);
    region_unlock();
    return count;
}

bool hive_is_announced(uint64_t file)
{
    return has_record(file, ANNOUNCED);
}

struct region_owned *hive_announce(uint64_t file)
{
    return add_record(file, ANNOUNCED);
}

void hive_announce_end(struct region_owned *announced)
{
    remove_record(announced);
}

void hive_leave_all(void)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        struct use *use = uses;
        if (use) uses = use->next;
        pthread_mutex_unlock(&lock);
        if (!use) return;
        remove_record(use->record);
        hive_closed(use->root);
        free(use);
    }
}
