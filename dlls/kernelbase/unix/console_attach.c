// Which console the process has, which other processes have it, and control events for them.
#include "console_handle.h"
#include "console_memory.h"
#include "dlls/ntdll/unix/peer.h"
#include "dlls/ntdll/unix/process_object.h"
#include "dlls/ntdll/unix/region.h"
#include "dlls/ntdll/unix/region_owned.h"
#include "kernelbase_host.h"
#include "loader/control_events.h"
#include "loader/guest.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

uint8_t ConsoleExists(void)
{
    pthread_mutex_lock(&console.lock);
    const struct console_shared *shared = console.share ? console.share->shared : NULL;
    bool exists = shared && !shared->terminal && shared->active ? true : console_has_terminal();
    pthread_mutex_unlock(&console.lock);
    return exists;
}

// Attaches to a console, whose reference it takes; NULL: to what there is, once it is needed.
static void enter(struct console_share *share, uint32_t group)
{
    pthread_mutex_lock(&console.lock);
    console.group = group;
    console.attached = true;
    if (share) console_share_enter(share, group);
    pthread_mutex_unlock(&console.lock);
    console_watch_input();
}

NTSTATUS ConsoleStart(HANDLE32 reference, uint32_t group)
{
    struct file *file;
    if (!NT_SUCCESS(file_resolve(reference, 0, &file))) return STATUS_INVALID_HANDLE;
    const struct console_end *end = file->kind == FILE_KIND_CONSOLE ? console_end_of(file) : NULL;
    bool good = end && end->kind == CONSOLE_REFERENCE;
    if (good) enter(end->share ? console_share_retain(end->share) : NULL, group);
    // Closed before it came, so that nobody told it.
    if (good && end->share && end->share->shared->closed) control_event_deliver(CTRL_CLOSE_EVENT);
    file_release(file);
    return good ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

// What a process is attached to from now on, and its reference to it. Takes the share's reference.
static NTSTATUS enter_with_reference(struct console_share *share, uint32_t group, HANDLE32 *reference)
{
    NTSTATUS status = console_new_reference(share ? console_share_retain(share) : NULL, reference);
    if (NT_SUCCESS(status))
        enter(share, group);
    else
        console_share_release(share);
    return status;
}

NTSTATUS ConsoleAllocate(uint32_t group, uint8_t window, uint8_t shown, HANDLE32 *reference)
{
    if (console.attached) return STATUS_ACCESS_DENIED;
    pthread_mutex_lock(&console.lock);
    bool terminal = console_has_terminal();
    pthread_mutex_unlock(&console.lock);
    // Its own console, though it shares the terminal.
    struct console_share *share = console_share_new(terminal);
    if (!share) return STATUS_NO_MEMORY;
    if (!terminal) console_memory_begin(share, 0, 0);
    share->shared->has_window = window;
    if (!shown) share->shared->window_style &= ~WS_VISIBLE;
    return enter_with_reference(share, group, reference);
}

NTSTATUS ConsoleFree(void)
{
    pthread_mutex_lock(&console.lock);
    bool had = console.attached;
    console.attached = false;
    console_share_leave();
    pthread_mutex_unlock(&console.lock);
    console_watch_input();
    return had ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

// ---- another process's console ----

struct offer {
    int fd, wake;
    uint64_t id;
    bool found;
};

static bool take_offer(struct region_owned *record, void *context)
{
    struct offer *offer = context;
    if (!region_slot_alive(atomic_load(&record->slot))) return true;
    *offer = (struct offer){(int)atomic_load(&record->data[0]), (int)atomic_load(&record->data[1]),
                            atomic_load(&record->data[2]), true};
    return false;
}

static int open_of(uint32_t pid, int fd)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%u/fd/%d", pid, fd);
    return open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
}

struct console_share *console_share_of(uint32_t pid)
{
    struct offer offer = {.found = false};
    uint64_t key[2] = {pid, 0};
    region_lock();
    region_owned_for_each(REGION_OWNED_CONSOLE, key, take_offer, &offer);
    region_unlock();
    if (!offer.found) return NULL;
    struct console_share *share = console_share_map(open_of(pid, offer.fd), open_of(pid, offer.wake));
    if (!share || share->id == offer.id) return share;
    console_share_release(share);
    return NULL;
}

NTSTATUS ConsoleAttach(uint32_t process, uint32_t group, HANDLE32 *reference)
{
    if (console.attached) return STATUS_ACCESS_DENIED;
    bool parent = process == UINT32_MAX;
    uint32_t pid = parent ? process_object_self()->parent_pid / 4 : process / 4;
    struct console_share *share = pid ? console_share_of(pid) : NULL;
    if (share) return enter_with_reference(share, group, reference);
    region_lock();
    bool known = region_slot_of_pid(pid) < REGION_SLOTS;
    region_unlock();
    // One of the host's processes, or one that did nothing with its console yet: the terminal, if there is
    // one.
    if (!known && !parent) return STATUS_INVALID_PARAMETER;
    if (!ConsoleExists()) return STATUS_INVALID_HANDLE;
    return enter_with_reference(NULL, group, reference);
}

// ---- the processes attached ----

uint32_t console_share_list(struct console_share *share, struct console_target targets[CONSOLE_MEMBERS])
{
    uint32_t n = 0;
    struct console_shared *shared = share->shared;
    region_lock_take(&shared->lock);
    console_members_reap(share);
    for (unsigned i = 0; i < CONSOLE_MEMBERS; i++) {
        uint32_t pid = atomic_load(&shared->members[i].pid);
        if (pid) targets[n++] = (struct console_target){pid, shared->members[i].group};
    }
    region_lock_give(&shared->lock);
    return n;
}

// The members of the process's own console.
static uint32_t list_members(struct console_target targets[CONSOLE_MEMBERS])
{
    if (!console.attached || !console_lock()) return 0;
    struct console_share *share = console_share_retain(console.share);
    console_unlock();
    uint32_t n = console_share_list(share, targets);
    console_share_release(share);
    return n;
}

NTSTATUS ConsoleProcesses(gptr list, uint32_t max, uint32_t *count)
{
    struct console_target targets[CONSOLE_MEMBERS];
    *count = list_members(targets);
    if (*count > max) return STATUS_SUCCESS;
    for (uint32_t i = 0; i < *count; i++) {
        uint32_t id = targets[*count - 1 - i].pid * 4; // the latest first
        if (!guest_write(list + i * sizeof id, &id, sizeof id)) return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

// What does not answer ends just now.
void console_send_event(uint32_t pid, uint32_t event)
{
    int fd = peer_connect((int)pid);
    if (fd < 0) return;
    peer_send(fd, PEER_CONSOLE_EVENT, &event, sizeof event);
    close(fd);
}

NTSTATUS ConsoleSendEvent(uint32_t event, uint32_t group, uint32_t *own)
{
    struct console_target targets[CONSOLE_MEMBERS];
    uint32_t n = list_members(targets), reached = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (group && targets[i].group != group) continue;
        reached++;
        if (targets[i].pid == (uint32_t)getpid())
            *own = 1;
        else
            console_send_event(targets[i].pid, event);
    }
    return reached ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS peer_serve_console_event(struct peer_call *call)
{
    uint32_t event;
    memcpy(&event, call->body, sizeof event);
    if (event > CTRL_CLOSE_EVENT) return STATUS_INVALID_PARAMETER;
    control_event_deliver(event);
    return STATUS_SUCCESS;
}
