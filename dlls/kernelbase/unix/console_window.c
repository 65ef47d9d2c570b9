// The windows of consoles. No process makes one or serves it: its state lies in the console's memory, and it
// is there as long as a live process has a record in the region that it is attached.
#include "console_window.h"
#include "dlls/ntdll/unix/region.h"
#include "dlls/ntdll/unix/region_owned.h"
#include "kernelbase_host.h"
#include "loader/thread.h"
#include <string.h>
#include <unistd.h>

// A handle is the number of its use (16 bits), then that of the window from 8000h on: below are the windows
// that a process makes for itself (dlls/user32/handle.c). Handles are even.
enum { FIRST = 0x8000, WINDOWS = REGION_SLOTS, USES = 0x7FFE };

// A record: data[0] the handle, [1] the host's process, [2] its thread, [3] its place in the order of coming.
static const uint64_t key[2] = {0, 0}; // all are found together

// ---- with the region's lock ----

struct search {
    uint32_t window; // 0: any
    uint32_t dead;   // the slot of a record without a process
    struct console_window_owner owner;
    uint64_t owner_came;
    uint8_t used[WINDOWS / 8]; // numbers
    uint32_t *windows, max, n;
};

static bool note(struct search *search, uint32_t window)
{
    uint32_t number = ((window & 0xFFFF) - FIRST) / 2;
    if ((window & 0xFFFF) < FIRST || number >= WINDOWS) return false;
    bool fresh = !(search->used[number / 8] >> number % 8 & 1);
    search->used[number / 8] |= (uint8_t)(1 << number % 8);
    return fresh;
}

static bool look(struct region_owned *record, void *context)
{
    struct search *search = context;
    uint32_t slot = atomic_load(&record->slot), window = (uint32_t)atomic_load(&record->data[0]);
    uint64_t came = atomic_load(&record->data[3]);
    if (search->window && window != search->window) return true;
    if (!region_slot_alive(slot)) {
        search->dead = slot;
        return false;
    }
    if (note(search, window) && search->n < search->max) search->windows[search->n++] = window;
    if (!search->owner.pid || came < search->owner_came) {
        search->owner = (struct console_window_owner){(uint32_t)atomic_load(&record->data[1]),
                                                      (uint32_t)atomic_load(&record->data[2])};
        search->owner_came = came;
    }
    return true;
}

// Looks at all records of a window, or of all. What the dead left is taken away first.
static void search_records(struct search *search)
{
    const struct search fresh = *search;
    do {
        *search = fresh;
        search->dead = REGION_SLOTS;
        region_owned_for_each(REGION_OWNED_CONSOLE_WINDOW, key, look, search);
    } while (search->dead < REGION_SLOTS && region_slot_reap(search->dead));
}

// 0 when all numbers are taken.
static uint32_t new_handle(uint64_t id)
{
    struct search search = {.window = 0};
    search_records(&search);
    for (uint32_t number = 0; number < WINDOWS; number++)
        if (!(search.used[number / 8] >> number % 8 & 1))
            return (uint32_t)(1 + id % USES) << 16 | FIRST | number * 2;
    return 0;
}

// ---- members ----

void console_window_join(struct console_share *share)
{
    struct console_shared *shared = share->shared;
    const struct thread *thread = thread_self();
    if (share->fd < 0 || !shared->has_window) return;
    region_lock();
    if (!shared->window) shared->window = new_handle(share->id);
    uint64_t data[10] = {shared->window, (uint32_t)getpid(), thread ? thread->tid : 0,
                         shared->window_joined++};
    if (shared->window) region_owned_add(REGION_OWNED_CONSOLE_WINDOW, key, data);
    region_unlock();
}

static bool find_own(struct region_owned *record, void *context)
{
    struct region_owned **own = context;
    if (atomic_load(&record->slot) == region_self()) *own = record;
    return !*own;
}

void console_window_leave(void)
{
    struct region_owned *own = NULL;
    region_lock();
    region_owned_for_each(REGION_OWNED_CONSOLE_WINDOW, key, find_own, &own);
    if (own) region_owned_remove(own);
    region_unlock();
}

// ---- users ----

static struct console_share *own_share(uint32_t window)
{
    struct console_share *share = NULL;
    pthread_mutex_lock(&console.lock);
    if (console.share && console.share->shared->window == window) share = console_share_retain(console.share);
    pthread_mutex_unlock(&console.lock);
    return share;
}

NTSTATUS console_window_open(uint32_t window, struct console_window_owner *owner,
                             struct console_share **share)
{
    struct search search = {.window = window};
    if ((window & 0xFFFF) < FIRST) return STATUS_INVALID_HANDLE;
    region_lock();
    search_records(&search);
    region_unlock();
    if (!search.owner.pid) return STATUS_INVALID_HANDLE;
    *owner = search.owner;
    *share = own_share(window);
    if (!*share) *share = console_share_of(search.owner.pid);
    return *share ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

uint32_t console_window_list(uint32_t *windows, uint32_t max)
{
    struct search search = {.windows = windows, .max = max};
    region_lock();
    search_records(&search);
    region_unlock();
    return search.n;
}

uint32_t ConsoleGetWindow(void)
{
    struct console_shared *shared = console_lock();
    if (!shared) return 0;
    uint32_t window = shared->window;
    console_unlock();
    return window;
}
