// Kill on close. A job has a named pipe in the runtime directory: each process that has a handle to it holds
// the pipe open for writing, each member for reading only. The kernel tells the members when the last writer
// is gone, whether it closed its handle or was killed.
#include "guest_constants.h"
#include "job.h"
#include "loader/process.h"
#include "runtime_dir.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 48 };

static void path_of(struct job_name name, char path[PATH_ROOM])
{
    snprintf(path, PATH_ROOM, "job-%x-%x", name.index, name.serial);
}

static int open_pipe(struct job_name name, int mode)
{
    char path[PATH_ROOM];
    int directory = runtime_dir(), fd;
    if (directory < 0) return -1;
    path_of(name, path);
    fd = openat(directory, path, mode | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT) return fd;
    if (mkfifoat(directory, path, 0600) != 0 && errno != EEXIST) return -1;
    return openat(directory, path, mode | O_NONBLOCK | O_CLOEXEC);
}

void job_keeper_unlink(struct job_name name)
{
    char path[PATH_ROOM];
    path_of(name, path);
    if (runtime_dir() >= 0) unlinkat(runtime_dir(), path, 0);
}

void job_keeper_sync(struct job *job)
{
    if (!atomic_load(&job->object.shared)) return; // NtCreateJobObject comes back when it is
    pthread_mutex_lock(&job->keeper_lock);
    bool wanted = atomic_load(&job->object.handles) != 0;
    if (wanted && job->keeper < 0) {
        job->keeper = open_pipe(job_name_of(job), O_RDWR);
    } else if (!wanted && job->keeper >= 0) {
        close(job->keeper);
        job->keeper = -1;
    }
    pthread_mutex_unlock(&job->keeper_lock);
}

static void end_if_wanted(const struct job *job)
{
    if (atomic_load(job_word(job, JOB_FLAGS)) & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE) process_exit(0);
}

// Whether a living process has a handle to it.
static bool is_held(const struct job *job)
{
    const struct region_set *handles = &shared_record_of(&job->object)->handles;
    uint32_t slot = region_set_next(handles, 0);
    while (slot < REGION_SLOTS && !region_slot_alive(slot)) slot = region_set_next(handles, slot + 1);
    return slot < REGION_SLOTS;
}

void job_keeper_check(const struct job *job)
{
    if (!is_held(job)) end_if_wanted(job);
}

static void orphaned(struct service_watch *watch, uint32_t events)
{
    struct job *job = (struct job *)((char *)watch - offsetof(struct job, orphan));
    (void)events;
    // Somebody may have got it from a parcel meanwhile, and is a writer again.
    if (is_held(job)) return;
    end_if_wanted(job);
    service_watch_remove(watch);
    close(watch->fd);
    watch->fd = -1;
}

bool job_keeper_watch(struct job *job)
{
    if (runtime_dir() < 0 || job->orphan.fd >= 0) return true;
    int fd = open_pipe(job_name_of(job), O_RDONLY);
    if (fd < 0) return false;
    job->orphan.fd = fd;
    if (service_watch_add(&job->orphan, fd, EPOLLHUP | EPOLLET, orphaned) != 0) {
        close(fd);
        job->orphan.fd = -1;
        return false;
    }
    return true;
}

void job_keeper_destroy(struct job *job)
{
    if (job->keeper >= 0) close(job->keeper);
    if (job->orphan.fd < 0) return;
    service_watch_remove(&job->orphan);
    close(job->orphan.fd);
}
