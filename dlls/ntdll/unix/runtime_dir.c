// The prefix's runtime directory. Its name holds what makes two processes able to share: the prefix's
// identity and the PID namespace, since what they share names processes by number.
#include "runtime_dir.h"
#include "prefix.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int directory = -1;

// In /tmp and /dev/shm anybody can make any name: only our own, writable by nobody else, will do.
static int open_private(int base, const char *path)
{
    mkdirat(base, path, 0700);
    int fd = openat(base, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    if (fd >= 0 && (fstat(fd, &st) != 0 || st.st_uid != geteuid() || st.st_mode & 022)) {
        close(fd);
        errno = EACCES;
        fd = -1;
    }
    return fd;
}

static int open_base(void)
{
    char path[PATH_MAX];
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (runtime && runtime[0] == '/' && access(runtime, W_OK) == 0) {
        snprintf(path, sizeof path, "%.4000s/lowland", runtime);
        return open_private(AT_FDCWD, path);
    }
    snprintf(path, sizeof path, "/dev/shm/lowland-%u", (unsigned)geteuid());
    int fd = open_private(AT_FDCWD, path);
    if (fd >= 0) return fd;
    snprintf(path, sizeof path, "/tmp/lowland-%u", (unsigned)geteuid());
    return open_private(AT_FDCWD, path);
}

static void open_directory(void)
{
    struct stat prefix, pids = {0};
    char name[128];
    if (fstat(prefix_drives(), &prefix) != 0) return;
    stat("/proc/self/ns/pid", &pids);
    snprintf(name, sizeof name, "%x-%x-%llx-%llx-%llx", major(prefix.st_dev), minor(prefix.st_dev),
             (unsigned long long)prefix.st_ino, (unsigned long long)pids.st_dev,
             (unsigned long long)pids.st_ino);
    int base = open_base();
    if (base < 0) return;
    directory = open_private(base, name);
    close(base);
}

int runtime_dir(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_directory);
    return directory;
}

int runtime_dir_open(const char *name)
{
    int base = runtime_dir();
    if (base >= 0) return open_private(base, name);
    errno = ENOENT;
    return -1;
}
