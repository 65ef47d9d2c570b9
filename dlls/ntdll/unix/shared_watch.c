// Watching the processes that share objects with this one. Each is a pidfd of the service thread, opened when
// a thread first blocks on what they share and kept until they die.
#include "shared_watch.h"
#include "shared_wait.h"
#include "loader/service.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

struct watched {
    struct service_watch watch;
    uint32_t slot;
};

static struct region_set watched; // slots
static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;

static void reap(uint32_t slot)
{
    region_lock();
    region_slot_reap(slot);
    region_unlock();
}

// The slot may have another process by now that our threads took for watched: they look again.
static void reap_and_look(uint32_t slot)
{
    region_lock();
    region_slot_reap(slot);
    shared_waits_kick_own();
    region_unlock();
}

static void died(struct service_watch *watch, uint32_t events)
{
    struct watched *process = (struct watched *)watch;
    (void)events;
    service_watch_remove(watch);
    close(watch->fd);
    region_set_remove(&watched, process->slot);
    reap_and_look(process->slot);
    free(process);
}

static bool watch_process(uint32_t slot)
{
    struct watched *process = calloc(1, sizeof *process);
    if (!process) return false;
    process->slot = slot;
    int fd = (int)syscall(SYS_pidfd_open, (pid_t)atomic_load(&region_slot(slot)->pid), 0);
    // Alive after the descriptor is open: then that is of the slot's process and not of a later one with its
    // id.
    if (fd >= 0 && region_slot_alive(slot)) {
        region_set_add(&watched, slot);
        if (service_watch_add(&process->watch, fd, EPOLLIN, died) == 0) return true;
        region_set_remove(&watched, slot);
    }
    if (fd >= 0) close(fd);
    free(process);
    return false;
}

void shared_watch_holders(const struct shared_record *record)
{
    for (uint32_t slot = region_set_next(&record->holders, 0); slot < REGION_SLOTS;
         slot = region_set_next(&record->holders, slot + 1)) {
        if (slot == region_self()) continue;
        if (region_set_has(&watched, slot)) {
            // The service thread may be about to hear of a death; an owner's must not be missed by a poll.
            if (record->waitable == WAITABLE_MUTANT + 1 && !region_slot_alive(slot)) reap(slot);
            continue;
        }
        pthread_mutex_lock(&watch_lock);
        bool dead = !region_set_has(&watched, slot) && !watch_process(slot);
        pthread_mutex_unlock(&watch_lock);
        if (dead) reap(slot);
    }
}
