// What Linux says of the TSC: the clock source in sysfs, and the scale on the page of a performance event.
#include "loader/host_tsc.h"
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

bool host_tsc_is_clock(void)
{
    char name[16] = "";
    int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t n = read(fd, name, sizeof name - 1);
    close(fd);
    return n >= 4 && !memcmp(name, "tsc\n", 4);
}

bool host_tsc_kernel_scale(uint32_t *mult, uint32_t *shift)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof attributes,
        .config = PERF_COUNT_SW_DUMMY,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0) return false;
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    struct perf_event_mmap_page *page = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    bool found = false;
    if (page != MAP_FAILED) {
        *mult = page->time_mult;
        *shift = page->time_shift;
        found = page->cap_user_time && *mult && *shift < 64;
        munmap(page, size);
    }
    close(fd);
    return found;
}
