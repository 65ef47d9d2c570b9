// Names of pipes. A folder of the runtime directory holds for each name a file with its terms; an instance
// is a lock on one byte of it, and while it listens, a socket beside it. The kernel drops locks with their
// process, so what a killed process leaves behind is recognised by its lack of one.
#include "pipe_name.h"
#include "guest_constants.h"
#include "runtime_dir.h"
#include "status_errno.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    MAGIC = 0x50504C4C,
    SLOTS = 4096,                 // instances of one name at most
    SPELLING = 1024,              // offset of the name as the first instance spelled it
    FIRST_SLOT = 4096,            // offset of the first slot's byte; byte 0 is the name's mutex
    COUNTERS = 8192,              // offset of the slots' counters of disconnections
    TURNS = COUNTERS + SLOTS * 4, // offset of the slots' turns: who listens longest is connected first
    LAST_TURN = TURNS + SLOTS * 4,
    FILE_SIZE = LAST_TURN + 4,
    PAGE = 4096,
};

// ---- the directory ----

static int directory = -1;

static void open_directory(void)
{
    directory = runtime_dir_open("pipes");
}

static int pipe_directory(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_directory);
    return directory;
}

// A name as a file name: letters and digits as they are, the rest in hex; long ones as a hash.
static void make_key(char key[96], const char *name)
{
    size_t n = 0;
    for (const char *p = name; *p != '\0' && n < 56; p++) {
        bool plain = (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_' || *p == '-';
        n += sprintf(key + n, plain ? "%c" : "=%02x", (unsigned char)*p);
    }
    if (n < 56) return;
    uint64_t hash[2] = {14695981039346656037ull, 0x9E3779B97F4A7C15ull};
    for (const char *p = name; *p != '\0'; p++) {
        hash[0] = (hash[0] ^ (unsigned char)*p) * 1099511628211ull;
        hash[1] = (hash[1] + (unsigned char)*p) * 0xD6E8FEB86659FD93ull;
        hash[1] ^= hash[1] >> 32;
    }
    sprintf(key, "~%016llx%016llx", (unsigned long long)hash[0], (unsigned long long)hash[1]);
}

// ---- locks on the name's file ----

static int lock_range(int fd, int command, short type, off_t start, off_t length)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    int result;
    do result = fcntl(fd, command, &range);
    while (result != 0 && errno == EINTR);
    return result;
}

// Everything about a name happens under its mutex, for moments only.
static void lock_name(int fd)
{
    lock_range(fd, F_OFD_SETLKW, F_WRLCK, 0, 1);
}

static void unlock_name(int fd)
{
    lock_range(fd, F_OFD_SETLK, F_UNLCK, 0, 1);
}

// The first slot from `slot` on that another description holds; SLOTS when there is none.
static uint32_t next_held(int fd, uint32_t slot)
{
    uint32_t end = SLOTS;
    while (slot < end) {
        struct flock range = {
            .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = FIRST_SLOT + slot, .l_len = end - slot};
        if (fcntl(fd, F_OFD_GETLK, &range) != 0 || range.l_type == F_UNLCK) break;
        // The kernel names any lock of the range, not the first: look before it again.
        end = range.l_start <= FIRST_SLOT + (off_t)slot ? slot : (uint32_t)(range.l_start - FIRST_SLOT);
        if (end == slot) return slot;
    }
    return end;
}

static uint32_t count_held(int fd)
{
    uint32_t n = 0;
    for (uint32_t slot = next_held(fd, 0); slot < SLOTS; slot = next_held(fd, slot + 1)) n++;
    return n;
}

static bool read_terms(int fd, struct pipe_terms *terms)
{
    return pread(fd, terms, sizeof *terms, 0) == sizeof *terms && terms->magic == MAGIC;
}

static void socket_name(char name[128], const char *key, uint32_t slot)
{
    snprintf(name, 128, "%s.%u", key, slot);
}

// ---- server ----

static NTSTATUS claim_slot(struct pipe_claim *claim, const char *spelled, bool first, bool existing,
                           struct pipe_terms *terms, bool *existed)
{
    struct pipe_terms held;
    uint32_t instances = count_held(claim->fd);
    *existed = instances > 0 && read_terms(claim->fd, &held);
    if (*existed) {
        if (first) return STATUS_ACCESS_DENIED;
        if (instances >= held.max_instances) return STATUS_INSTANCE_NOT_AVAILABLE;
        if (held.configuration != terms->configuration) return STATUS_ACCESS_DENIED;
        terms->max_instances = held.max_instances; // the first instance's hold
        terms->timeout = held.timeout;
    } else {
        if (existing) return STATUS_OBJECT_NAME_NOT_FOUND;
        terms->magic = MAGIC;
        if (ftruncate(claim->fd, FILE_SIZE) != 0 ||
            pwrite(claim->fd, terms, sizeof *terms, 0) != sizeof *terms ||
            (spelled != NULL && pwrite(claim->fd, spelled, strlen(spelled) + 1, SPELLING) < 0))
            return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (claim->slot = 0; claim->slot < SLOTS; claim->slot++)
        if (lock_range(claim->fd, F_OFD_SETLK, F_WRLCK, FIRST_SLOT + claim->slot, 1) == 0)
            return STATUS_SUCCESS;
    return STATUS_INSTANCE_NOT_AVAILABLE;
}

NTSTATUS pipe_claim(struct pipe_claim *claim, const char *name, const char *spelled, bool first,
                    bool existing, struct pipe_terms *terms, bool *existed)
{
    if (pipe_directory() < 0) return STATUS_INSUFFICIENT_RESOURCES;
    make_key(claim->key, name);
    claim->fd = openat(directory, claim->key, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (claim->fd < 0) return status_from_errno(errno);
    lock_name(claim->fd);
    NTSTATUS status = claim_slot(claim, spelled, first, existing, terms, existed);
    unlock_name(claim->fd);
    if (NT_SUCCESS(status)) return status;
    close(claim->fd);
    claim->fd = -1;
    return status;
}

void pipe_unclaim(struct pipe_claim *claim)
{
    if (claim->fd < 0) return;
    pipe_unlisten(claim);
    // The file stays: who removed it could not know whether another process has just opened it.
    close(claim->fd);
    claim->fd = -1;
}

// The socket address of a slot, reached through the directory's descriptor: its path may be long.
static socklen_t address_of(struct sockaddr_un *address, const char *key, uint32_t slot)
{
    char name[128];
    socket_name(name, key, slot);
    address->sun_family = AF_UNIX;
    snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%.80s", directory, name);
    return sizeof *address;
}

// ---- turns: which instance has listened longest; with the name locked ----

static uint32_t read_turn(int file, off_t offset)
{
    uint32_t turn = 0;
    return pread(file, &turn, sizeof turn, offset) == sizeof turn ? turn : 0;
}

static void write_turn(int file, off_t offset, uint32_t turn)
{
    if (pwrite(file, &turn, sizeof turn, offset) < 0) {
    } // it exists: tmpfs has its page
}

static void take_turn(const struct pipe_claim *claim)
{
    uint32_t turn = read_turn(claim->fd, LAST_TURN) + 1;
    write_turn(claim->fd, LAST_TURN, turn);
    write_turn(claim->fd, TURNS + claim->slot * 4, turn);
}

// The held slot whose turn comes next after *turn, which becomes its; SLOTS when there is none.
static uint32_t next_turn(int file, uint32_t *turn)
{
    uint32_t best = SLOTS, best_turn = UINT32_MAX;
    for (uint32_t slot = next_held(file, 0); slot < SLOTS; slot = next_held(file, slot + 1)) {
        uint32_t its = read_turn(file, TURNS + slot * 4);
        if (its <= *turn || its >= best_turn) continue;
        best = slot;
        best_turn = its;
    }
    *turn = best_turn;
    return best;
}

// A socket at the claimed slot's address. -1 with errno.
static int bind_slot(const struct pipe_claim *claim, int type)
{
    struct sockaddr_un address;
    socklen_t length = address_of(&address, claim->key, claim->slot);
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    lock_name(claim->fd);
    unlink(address.sun_path); // left by a process that was killed
    bool bound =
        bind(fd, (struct sockaddr *)&address, length) == 0 && (type == SOCK_DGRAM || listen(fd, 0) == 0);
    int error = errno;
    if (bound) take_turn(claim);
    unlock_name(claim->fd);
    if (bound) return fd;
    close(fd);
    errno = error;
    return -1;
}

int pipe_listen(const struct pipe_claim *claim, bool message)
{
    return bind_slot(claim, message ? SOCK_SEQPACKET : SOCK_STREAM);
}

int mailslot_bind(const struct pipe_claim *claim)
{
    return bind_slot(claim, SOCK_DGRAM);
}

void pipe_unlisten(const struct pipe_claim *claim)
{
    char name[128];
    socket_name(name, claim->key, claim->slot);
    lock_name(claim->fd);
    unlinkat(directory, name, 0);
    unlock_name(claim->fd);
}

uint32_t pipe_instances(const struct pipe_claim *claim)
{
    // Through another description: our own locks are in nobody's way on ours.
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", claim->fd);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return 1;
    uint32_t n = count_held(fd);
    close(fd);
    return n;
}

// ---- names ----

static bool read_spelling(int fd, char spelled[PIPE_SPELLING_MAX])
{
    ssize_t n = pread(fd, spelled, PIPE_SPELLING_MAX, SPELLING);
    return n > 0 && spelled[0] != '\0' && memchr(spelled, '\0', n) != NULL;
}

bool pipe_spelling(const char *key, char spelled[PIPE_SPELLING_MAX])
{
    int fd = pipe_directory() >= 0 ? openat(directory, key, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return false;
    bool known = read_spelling(fd, spelled);
    close(fd);
    return known;
}

bool pipe_for_each_name(bool (*visit)(const char *name, uint32_t instances, uint32_t most, void *context),
                        void *context)
{
    if (pipe_directory() < 0) return true;
    int folder = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    bool go_on = true;
    for (struct dirent *entry; list != NULL && go_on && (entry = readdir(list)) != NULL;) {
        char spelled[PIPE_SPELLING_MAX];
        struct pipe_terms terms;
        if (strchr(entry->d_name, '.') != NULL) continue; // a socket, or the folder itself
        int fd = openat(directory, entry->d_name, O_RDWR | O_CLOEXEC);
        if (fd < 0) continue;
        uint32_t instances = count_held(fd);
        bool pipe = instances > 0 && read_terms(fd, &terms) && read_spelling(fd, spelled);
        close(fd);
        if (pipe) go_on = visit(spelled, instances, terms.max_instances, context);
    }
    if (list != NULL) closedir(list);
    return go_on;
}

// ---- client ----

// Opens the file of an existing name and locks the name.
static NTSTATUS open_key(const char *key, struct pipe_terms *terms, int *fd)
{
    if (pipe_directory() < 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    *fd = openat(directory, key, O_RDWR | O_CLOEXEC);
    if (*fd < 0) return errno == ENOENT ? STATUS_OBJECT_NAME_NOT_FOUND : status_from_errno(errno);
    lock_name(*fd);
    if (next_held(*fd, 0) < SLOTS && read_terms(*fd, terms)) return STATUS_SUCCESS;
    close(*fd);
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS open_name(const char *name, char key[96], struct pipe_terms *terms, int *fd)
{
    make_key(key, name);
    return open_key(key, terms, fd);
}

// Each instance is of bytes or of messages: its socket's kind says which.
static int connect_slot(const char *key, uint32_t slot, uint32_t *message)
{
    struct sockaddr_un address;
    socklen_t length = address_of(&address, key, slot);
    for (*message = FILE_PIPE_BYTE_STREAM_TYPE; *message <= FILE_PIPE_MESSAGE_TYPE; ++*message) {
        int type = *message == FILE_PIPE_MESSAGE_TYPE ? SOCK_SEQPACKET : SOCK_STREAM;
        int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) return -1;
        if (connect(fd, (struct sockaddr *)&address, length) == 0) {
            unlink(address.sun_path); // the instance is taken
            return fd;
        }
        int error = errno;
        close(fd);
        if (error != EPROTOTYPE) return -1;
    }
    return -1;
}

// Maps the counter of a slot. NULL where that fails: the client then can't tell a disconnection from a close.
static const _Atomic uint32_t *map_counter(int file, uint32_t slot)
{
    struct stat st;
    uint32_t offset = COUNTERS + slot * 4;
    if (fstat(file, &st) != 0 || st.st_size < FILE_SIZE) return NULL;
    const uint8_t *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, offset & ~(PAGE - 1u));
    return page != MAP_FAILED ? (const _Atomic uint32_t *)(page + (offset & (PAGE - 1))) : NULL;
}

void pipe_forget_disconnects(const struct pipe_connection *connection)
{
    if (connection->disconnects != NULL)
        munmap((void *)((uintptr_t)connection->disconnects & ~(uintptr_t)(PAGE - 1)), PAGE);
}

void pipe_count_disconnect(const struct pipe_claim *claim)
{
    uint32_t count = 0;
    off_t offset = COUNTERS + claim->slot * 4;
    lock_name(claim->fd);
    if (pread(claim->fd, &count, sizeof count, offset) == sizeof count) {
        count++;
        if (pwrite(claim->fd, &count, sizeof count, offset) < 0) {
        } // it exists: tmpfs has its page
    }
    unlock_name(claim->fd);
}

// Connects to an instance if it listens. Call with the name locked: so the counter is the connection's own.
static bool connect_instance(int file, uint32_t slot, struct pipe_connection *connection, uint32_t *message)
{
    connection->slot = slot;
    connection->fd = connect_slot(connection->key, slot, message);
    if (connection->fd < 0) return false;
    write_turn(file, TURNS + slot * 4, 0); // until it listens again
    connection->disconnects = map_counter(file, slot);
    if (connection->disconnects != NULL) connection->seen = atomic_load(connection->disconnects);
    return true;
}

static bool may_connect(const struct pipe_terms *terms, bool reading, bool writing)
{
    return !(reading && terms->configuration == FILE_PIPE_INBOUND) &&
           !(writing && terms->configuration == FILE_PIPE_OUTBOUND);
}

static void close_name(int file)
{
    unlock_name(file);
    close(file);
}

NTSTATUS pipe_connect(const char *name, bool reading, bool writing, struct pipe_terms *terms,
                      struct pipe_connection *connection)
{
    int file;
    *connection = (struct pipe_connection){.fd = -1};
    NTSTATUS status = open_name(name, connection->key, terms, &file);
    if (!NT_SUCCESS(status)) return status;
    status = may_connect(terms, reading, writing) ? STATUS_PIPE_NOT_AVAILABLE : STATUS_ACCESS_DENIED;
    uint32_t turn = 0;
    while (status == STATUS_PIPE_NOT_AVAILABLE) {
        uint32_t slot = next_turn(file, &turn);
        if (slot >= SLOTS) break;
        if (connect_instance(file, slot, connection, &terms->message)) status = STATUS_SUCCESS;
    }
    close_name(file);
    return status;
}

NTSTATUS pipe_connect_to(const struct pipe_claim *claim, bool reading, bool writing, struct pipe_terms *terms,
                         struct pipe_connection *connection)
{
    int file;
    *connection = (struct pipe_connection){.fd = -1};
    memcpy(connection->key, claim->key, sizeof connection->key);
    NTSTATUS status = open_key(claim->key, terms, &file);
    if (!NT_SUCCESS(status)) return status;
    if (!may_connect(terms, reading, writing))
        status = STATUS_ACCESS_DENIED;
    else if (!connect_instance(file, claim->slot, connection, &terms->message))
        status = STATUS_PIPE_NOT_AVAILABLE;
    close_name(file);
    return status;
}

NTSTATUS pipe_available(const char *name, struct pipe_terms *terms)
{
    char key[96], socket[128];
    int file;
    NTSTATUS status = open_name(name, key, terms, &file);
    if (!NT_SUCCESS(status)) return status;
    status = STATUS_PIPE_NOT_AVAILABLE;
    for (uint32_t slot = next_held(file, 0); slot < SLOTS && !NT_SUCCESS(status);
         slot = next_held(file, slot + 1)) {
        socket_name(socket, key, slot);
        if (faccessat(directory, socket, F_OK, 0) == 0) status = STATUS_SUCCESS;
    }
    close_name(file);
    return status;
}

NTSTATUS mailslot_connect(const char *name, struct pipe_terms *terms, int *fd)
{
    char key[96];
    struct sockaddr_un address;
    int file;
    NTSTATUS status = open_name(name, key, terms, &file);
    if (!NT_SUCCESS(status)) return status;
    socklen_t length = address_of(&address, key, next_held(file, 0));
    *fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (*fd < 0) {
        status = status_from_errno(errno);
    } else if (connect(*fd, (struct sockaddr *)&address, length) != 0) {
        status = STATUS_OBJECT_NAME_NOT_FOUND; // still being made, or just gone
        close(*fd);
    }
    close_name(file);
    return status;
}
