// The limit of descriptors. Shells and service managers leave it low for programs that use select; Windows
// programs keep thousands of files and sockets open.
#include "loader/host_file_limit.h"
#include <sys/resource.h>

enum { ENOUGH = 1 << 20 }; // what kernels allow by themselves (fs.nr_open); more only costs

static rlim_t before = RLIM_INFINITY;

void host_file_limit_raise(uint64_t told)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    before = told != 0 ? told : limit.rlim_cur;
    rlim_t wanted = limit.rlim_max < ENOUGH ? limit.rlim_max : ENOUGH;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

uint64_t host_file_limit_before(void)
{
    return before;
}

void host_file_limit_restore(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || before >= limit.rlim_cur) return;
    limit.rlim_cur = before;
    setrlimit(RLIMIT_NOFILE, &limit);
}
