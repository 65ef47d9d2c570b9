// Finding and sharing the scale of the time stamp counter. Where the host's own clock is not the TSC there is
// none, and every reading is a call.
#include "loader/clock.h"
#include "loader/host_tsc.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MEASURE_NS = 50000000,         // a scale measured over this time is good to half a millionth
    DEVIATION_MAX = 20 * 10000000, // 20 s: what the file may be off from the host's clock (drift over years)
};

// The file that carries the scale, on a tmpfs that lasts as long as the boot.
struct boot_scale {
    char magic[8];
    uint64_t counter_scale;
    int64_t counter_offset;
};
static const char magic[8] = "LLclock1";

static struct lowland_shared_data *shared;
static pthread_mutex_t calibration = PTHREAD_MUTEX_INITIALIZER;
static _Atomic bool hopeless; // there will be no scale
static _Atomic int64_t last_returned;
static struct {
    uint64_t tsc;
    int64_t ns;
} start;

static int64_t raw_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t scaled(uint64_t tsc, uint64_t scale, int64_t offset)
{
    return (int64_t)((unsigned __int128)tsc * scale >> 64) + offset;
}

// A TSC value and the host clock's at the same moment, to a few ns: the closest of some tries.
static void read_both(uint64_t *tsc, int64_t *ns)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 5; i++) {
        uint64_t before = host_tsc();
        int64_t now = raw_ns();
        uint64_t after = host_tsc();
        if (after - before >= best) continue;
        best = after - before;
        *tsc = before + best / 2;
        *ns = now;
    }
}

static void publish_to_guest(const struct boot_scale *scale)
{
    shared->counter_scale = scale->counter_scale;
    shared->counter_offset = scale->counter_offset;
    atomic_thread_fence(memory_order_release);
    shared->clock_ready = 1;
}

static bool path_of(char *path, size_t size)
{
    const char *directory = getenv("XDG_RUNTIME_DIR");
    int n = directory && *directory == '/' ? snprintf(path, size, "%s/lowland-clock", directory)
                                           : snprintf(path, size, "/dev/shm/lowland-clock-%u", geteuid());
    return n > 0 && (size_t)n < size;
}

// Whether the scale gives about the host's time now; one of an earlier boot, or from before a suspend,
// doesn't.
static bool is_plausible(const struct boot_scale *scale)
{
    uint64_t tsc;
    int64_t ns;
    if (memcmp(scale->magic, magic, sizeof magic) != 0) return false;
    read_both(&tsc, &ns);
    int64_t deviation = scaled(tsc, scale->counter_scale, scale->counter_offset) - ns / 100;
    return deviation > -DEVIATION_MAX && deviation < DEVIATION_MAX;
}

static bool load(const char *path, struct boot_scale *scale)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
                read(fd, scale, sizeof *scale) == sizeof *scale;
    close(fd);
    return good && is_plausible(scale);
}

// Saves the scale for the boot's other processes. If one was quicker, *scale is theirs afterwards.
static void share(const char *path, struct boot_scale *scale)
{
    char temporary[4096 + 32];
    snprintf(temporary, sizeof temporary, "%s.%d", path, getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return;
    bool written = write(fd, scale, sizeof *scale) == sizeof *scale;
    close(fd);
    struct boot_scale theirs;
    if (written && link(temporary, path) != 0 && errno == EEXIST) {
        if (load(path, &theirs))
            *scale = theirs;
        else if (rename(temporary, path) == 0) // what lay there was of no use
            return;
    }
    unlink(temporary);
}

void clock_init(struct lowland_shared_data *page)
{
    char path[4096];
    struct boot_scale scale;
    shared = page;
    read_both(&start.tsc, &start.ns);
    if (path_of(path, sizeof path) && load(path, &scale)) publish_to_guest(&scale);
}

// Counts per TSC tick, times 2^64: as the kernel has it, or measured since the process began; 0: not yet.
static uint64_t find_scale(uint64_t tsc, int64_t ns)
{
    uint32_t mult, shift;
    if (host_tsc_kernel_scale(&mult, &shift))
        return (uint64_t)(((unsigned __int128)mult << (64 - shift)) / 100);
    if (ns - start.ns < MEASURE_NS) return 0;
    return (uint64_t)(((unsigned __int128)((ns - start.ns) / 100) << 64) / (tsc - start.tsc));
}

static void calibrate(void)
{
    char path[4096];
    struct boot_scale scale;
    uint64_t tsc;
    int64_t ns;
    if (!host_tsc_is_clock() || !path_of(path, sizeof path)) {
        atomic_store(&hopeless, true);
        return;
    }
    if (!load(path, &scale)) {
        read_both(&tsc, &ns);
        memcpy(scale.magic, magic, sizeof magic);
        scale.counter_scale = find_scale(tsc, ns);
        if (!scale.counter_scale) return;
        scale.counter_offset = ns / 100 - scaled(tsc, scale.counter_scale, 0);
        share(path, &scale);
    }
    // Of two readings the later is the greater, also across this change.
    if (scaled(host_tsc(), scale.counter_scale, scale.counter_offset) >= atomic_load(&last_returned))
        publish_to_guest(&scale);
}

int64_t clock_counter(void)
{
    if (shared->clock_ready) {
        atomic_thread_fence(memory_order_acquire);
        return scaled(host_tsc(), shared->counter_scale, shared->counter_offset);
    }
    int64_t now = raw_ns() / 100;
    atomic_store_explicit(&last_returned, now, memory_order_relaxed);
    return now;
}

uint64_t clock_scale(void)
{
    return shared->clock_ready ? shared->counter_scale : 0;
}

int64_t clock_counter_calibrating(void)
{
    if (!shared->clock_ready && !atomic_load_explicit(&hopeless, memory_order_relaxed) &&
        pthread_mutex_trylock(&calibration) == 0) {
        if (!shared->clock_ready) calibrate();
        pthread_mutex_unlock(&calibration);
    }
    return clock_counter();
}
