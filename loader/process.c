// This process as the guest sees it: its ids, its PEB, its end.
#include "loader/process.h"
#include "dlls/ntdll/unix/debug_event.h"
#include "dlls/ntdll/unix/job.h"
#include "dlls/ntdll/unix/peer.h"
#include "dlls/ntdll/unix/region.h"
#include "loader/fail.h"
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

static gptr peb;
static int status_fd = -1;

uint32_t process_id(void)
{
    static uint32_t id;
    if (!id) id = (uint32_t)getpid() * 4;
    return id;
}

gptr process_peb(void)
{
    return peb;
}

void process_set_peb(gptr address)
{
    peb = address;
}

// The host's processors that we were started with; the guest's number n is the n-th of them, without gaps.
static cpu_set_t processors;
static _Atomic bool any_bound;

uint32_t process_affinity(void)
{
    static uint32_t mask;
    if (mask) return mask;
    uint32_t found = 0;
    if (sched_getaffinity(0, sizeof processors, &processors) == 0) {
        int n = CPU_COUNT(&processors);
        found = n >= 32 ? 0xffffffff : (1u << n) - 1;
    }
    return mask = found ? found : 1;
}

bool process_bind_thread(uint32_t tid, uint32_t mask)
{
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    for (int cpu = 0, number = 0; cpu < CPU_SETSIZE && number < 32; cpu++) {
        if (!CPU_ISSET(cpu, &processors)) continue;
        if (mask >> number++ & 1) CPU_SET(cpu, &wanted);
    }
    any_bound = true;
    return sched_setaffinity((pid_t)(tid / 4), sizeof wanted, &wanted) == 0;
}

bool process_has_bound_threads(void)
{
    return any_bound;
}

void process_set_status_fd(int fd)
{
    status_fd = fd;
}

void process_exit(uint32_t status)
{
    if (status_fd >= 0) {
        char text[16];
        int n = snprintf(text, sizeof text, "%u\n", status);
        if (write(status_fd, text, n) != n) { /* the reader is gone; the exit status remains */
        }
    }
    debuggee_tell_exit(status);
    peer_announce_exit(status);
    run_process_end();
    job_account_own();
    region_detach(status); // last: other threads may still wait for what they share
    int low = status & 0xff;
    _exit(low == 0 && status != 0 ? 1 : low);
}
