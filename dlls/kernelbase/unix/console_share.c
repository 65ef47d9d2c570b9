// The memory that the processes of a console share: a file without a name that each of them has a descriptor
// of, so that it lives as long as one of them does. Members are known by their slots in the region, which die
// with them.
#include "console_share.h"
#include "console_handle.h"
#include "console_memory.h"
#include "console_window.h"
#include "dlls/ntdll/unix/region.h"
#include "dlls/ntdll/unix/region_owned.h"
#include "loader/service.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Behind the shared structure each buffer's cells have a place of their own. Nothing of it is real until it
// is used.
static const size_t head_size = (sizeof(struct console_shared) + 0xFFFF) & ~(size_t)0xFFFF;
// A buffer's cells, and as many that wait while it shows an alternate screen.
static const size_t cells_size = 2 * CONSOLE_CELLS_MAX * sizeof(CHAR_INFO32);
#define WHOLE (head_size + CONSOLE_BUFFERS * cells_size)

CHAR_INFO32 *console_share_cells(const struct console_share *share, uint32_t buffer)
{
    return (CHAR_INFO32 *)((char *)share->shared + head_size + buffer * cells_size);
}

CHAR_INFO32 *console_share_spare(const struct console_share *share, uint32_t buffer)
{
    return console_share_cells(share, buffer) + CONSOLE_CELLS_MAX;
}

void console_share_drop_cells(const struct console_share *share, uint32_t buffer)
{
    if (share->fd >= 0)
        fallocate(share->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  (off_t)(head_size + buffer * cells_size), (off_t)cells_size);
}

// The pipe of a pseudo-console's output, which its server has.
static void open_out(struct console_share *share)
{
    char path[64];
    struct stat st;
    const struct console_shared *shared = share->shared;
    if (!shared->server) return;
    snprintf(path, sizeof path, "/proc/%u/fd/%u", shared->server, shared->server_out);
    int out = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (out >= 0 && fstat(out, &st) == 0 && S_ISFIFO(st.st_mode) && st.st_ino == shared->out_inode)
        share->out = out;
    else if (out >= 0)
        close(out);
}

static struct console_share *map(int fd, int wake, uint64_t id)
{
    struct console_share *share = malloc(sizeof *share);
    // Without a descriptor the console is this process's alone.
    void *memory = share ? mmap(NULL, WHOLE, PROT_READ | PROT_WRITE,
                                (fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS) | MAP_NORESERVE, fd, 0)
                         : MAP_FAILED;
    if (memory == MAP_FAILED) {
        free(share);
        return NULL;
    }
    *share = (struct console_share){1, fd, wake, -1, id, memory};
    open_out(share);
    return share;
}

// One descriptor for both ends of a pipe. -1 with errno.
static int new_wake(void)
{
    int ends[2];
    char path[32];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int both = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    close(ends[0]);
    close(ends[1]);
    return both;
}

static void set_defaults(struct console_shared *shared, bool terminal)
{
    shared->terminal = terminal;
    shared->input_mode = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_MOUSE_INPUT |
                         ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE | ENABLE_EXTENDED_FLAGS |
                         ENABLE_AUTO_POSITION;
    shared->output_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT;
    shared->attribute = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;
    shared->cursor_visible = true;
    shared->cursor_size = 25;
    shared->font = (CONSOLE_FONT_INFOEX32){.cbSize = sizeof shared->font,
                                           .dwFontSize = {8, 16},
                                           .FontFamily = FF_MODERN | TMPF_TRUETYPE | TMPF_VECTOR,
                                           .FontWeight = FW_NORMAL,
                                           .FaceName = u"Consolas"};
    console_histories_init(&shared->histories);
    shared->has_window = true;
    shared->window_style = WS_OVERLAPPEDWINDOW | WS_CLIPSIBLINGS | WS_VSCROLL | WS_VISIBLE;
}

struct console_share *console_share_new(bool terminal)
{
    struct stat st = {0};
    int fd = memfd_create("lowland-console", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    // Nobody may cut it under the others.
    if (fd >= 0 && (ftruncate(fd, (off_t)WHOLE) != 0 || fstat(fd, &st) != 0 ||
                    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
        close(fd);
        fd = -1;
    }
    struct console_share *share = map(fd, new_wake(), st.st_ino);
    if (share)
        set_defaults(share->shared, terminal);
    else if (fd >= 0)
        close(fd);
    return share;
}

struct console_share *console_share_map(int fd, int wake)
{
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    struct stat st, wake_st;
    bool good = fd >= 0 && fstat(fd, &st) == 0 && (size_t)st.st_size == WHOLE &&
                fcntl(fd, F_GET_SEALS) == seals && fstat(wake, &wake_st) == 0 && S_ISFIFO(wake_st.st_mode);
    struct console_share *share = NULL;
    pthread_mutex_lock(&console.lock);
    if (good && console.share && console.share->id == st.st_ino)
        console_share_retain(share = console.share), good = false;
    pthread_mutex_unlock(&console.lock);
    if (good) share = map(fd, wake, st.st_ino);
    if (share && good) return share;
    if (fd >= 0) close(fd);
    if (wake >= 0) close(wake);
    return share;
}

struct console_share *console_share_retain(struct console_share *share)
{
    atomic_fetch_add(&share->references, 1);
    return share;
}

void console_share_release(struct console_share *share)
{
    if (!share || atomic_fetch_sub(&share->references, 1) != 1) return;
    munmap(share->shared, WHOLE);
    if (share->fd >= 0) close(share->fd);
    if (share->wake >= 0) close(share->wake);
    if (share->out >= 0) close(share->out);
    free(share);
}

// ---- members; with the lock ----

static bool is_alive(const struct console_member *member)
{
    const struct region_slot *slot = region_slot(member->slot);
    return slot && atomic_load(&slot->generation) == member->generation && region_slot_alive(member->slot);
}

void console_members_reap(struct console_share *share)
{
    struct console_shared *shared = share->shared;
    uint64_t held = 0;
    for (unsigned i = 0; i < CONSOLE_MEMBERS; i++) {
        struct console_member *member = &shared->members[i];
        if (!atomic_load(&member->pid)) continue;
        if (is_alive(member))
            held |= member->buffers;
        else
            atomic_store(&member->pid, 0);
    }
    console_memory_settle(share, held);
}

struct console_member *console_member_self(struct console_shared *shared)
{
    for (unsigned i = 0; i < CONSOLE_MEMBERS; i++)
        if (atomic_load(&shared->members[i].pid) == (uint32_t)getpid()) return &shared->members[i];
    return NULL;
}

bool console_has_others(struct console_shared *shared)
{
    for (unsigned i = 0; i < CONSOLE_MEMBERS; i++) {
        uint32_t pid = atomic_load(&shared->members[i].pid);
        if (pid && pid != (uint32_t)getpid() && is_alive(&shared->members[i])) return true;
    }
    return false;
}

static void join(struct console_share *share, uint32_t group)
{
    struct console_shared *shared = share->shared;
    console_members_reap(share);
    struct console_member *member = console_member_self(shared);
    for (unsigned i = 0; i < CONSOLE_MEMBERS && !member; i++)
        if (!atomic_load(&shared->members[i].pid)) member = &shared->members[i];
    if (!member) return;
    member->slot = region_self();
    member->generation = atomic_load(&region_slot(region_self())->generation);
    member->group = group;
    member->buffers = console_memory_held(console.share->id);
    atomic_store(&member->pid, (uint32_t)getpid());
}

// ---- entering and leaving ----

// Lets others find it by our process id; descriptors that they may open.
static void publish(const struct console_share *share)
{
    uint64_t key[2] = {(uint32_t)getpid(), 0},
             data[10] = {(uint32_t)share->fd, (uint32_t)share->wake, share->id};
    if (share->fd < 0) return;
    region_lock();
    region_owned_add(REGION_OWNED_CONSOLE, key, data);
    region_unlock();
}

struct own_record {
    struct region_owned *found;
};

static bool find_own(struct region_owned *record, void *context)
{
    struct own_record *own = context;
    if (atomic_load(&record->slot) == region_self()) own->found = record;
    return !own->found;
}

static void withdraw(void)
{
    uint64_t key[2] = {(uint32_t)getpid(), 0};
    struct own_record own = {NULL};
    region_lock();
    region_owned_for_each(REGION_OWNED_CONSOLE, key, find_own, &own);
    if (own.found) region_owned_remove(own.found);
    region_unlock();
}

// Another process has written input.
static void wake_came(struct service_watch *watch, uint32_t events)
{
    (void)watch;
    (void)events;
    pthread_mutex_lock(&console.lock);
    struct console_share *share = console.share;
    if (share) {
        region_lock_take(&share->shared->lock);
        console_memory_tell(share->shared->queued > 0);
        region_lock_give(&share->shared->lock);
    }
    pthread_mutex_unlock(&console.lock);
}

void console_share_enter(struct console_share *share, uint32_t group)
{
    if (console.share) console_share_leave();
    console.share = share;
    console.group = group;
    region_lock_take(&share->shared->lock);
    join(share, group);
    region_lock_give(&share->shared->lock);
    publish(share);
    console_window_join(share);
}

void console_share_leave(void)
{
    struct console_share *share = console.share;
    if (!share) return;
    withdraw();
    console_window_leave();
    region_lock_take(&share->shared->lock);
    struct console_member *member = console_member_self(share->shared);
    if (member) atomic_store(&member->pid, 0);
    console_members_reap(share);
    region_lock_give(&share->shared->lock);
    console.share = NULL;
    console_share_release(share);
}

// ---- the lock ----

// What indices are made of is believed only within its bounds.
static void check(struct console_shared *shared)
{
    if (shared->title_length > TITLE_MAX) shared->title_length = 0;
    if (shared->queued > INPUT_QUEUE) shared->queued = 0;
    if (shared->first >= INPUT_QUEUE) shared->first = 0;
    if (shared->edited > LINE_UNITS - 2) shared->edited = 0;
    if (shared->line_cursor > shared->edited) shared->line_cursor = shared->edited;
    if (shared->line_columns < 1 || shared->line_column < 0 || shared->line_column > 0x7FFF)
        shared->line_columns = shared->line_column = shared->edited = shared->line_cursor = 0;
    if (shared->line_start > LINE_UNITS || shared->line_length > LINE_UNITS - shared->line_start)
        shared->line_start = shared->line_length = 0;
    if (shared->active > CONSOLE_BUFFERS) shared->active = 0;
}

struct console_shared *console_lock(void)
{
    pthread_mutex_lock(&console.lock);
    if (!console.share) {
        struct console_share *share = console_share_new(console_has_terminal());
        if (!share) {
            pthread_mutex_unlock(&console.lock);
            return NULL;
        }
        console_share_enter(share, console.group);
    }
    struct console_shared *shared = console.share->shared;
    region_lock_take(&shared->lock);
    check(shared);
    return shared;
}

void console_unlock(void)
{
    region_lock_give(&console.share->shared->lock);
    pthread_mutex_unlock(&console.lock);
}

// A copy of the pipe is watched: it stays the watch's until another one takes its place.
void console_watch_input(void)
{
    static pthread_mutex_t watch_lock =
        PTHREAD_MUTEX_INITIALIZER; // before console.lock, which wake_came takes
    static struct service_watch watch;
    static int watched = -1;
    pthread_mutex_lock(&watch_lock);
    pthread_mutex_lock(&console.lock);
    bool memory = console.share && !console.share->shared->terminal;
    int fd = memory ? fcntl(console.share->wake, F_DUPFD_CLOEXEC, 3) : -1;
    pthread_mutex_unlock(&console.lock);
    if (watched >= 0) {
        service_watch_remove(&watch);
        close(watched);
    }
    watched = fd;
    if (fd >= 0) service_watch_add(&watch, fd, EPOLLIN | EPOLLET, wake_came);
    pthread_mutex_unlock(&watch_lock);
}
