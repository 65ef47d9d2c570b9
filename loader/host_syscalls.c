// Linux's Syscall User Dispatch with a fixed range and no selector.
#include "loader/host_syscalls.h"
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON           1
#endif

void host_syscalls_confine_thread(void)
{
    const unsigned long low = 1ul << 32, vdso = getauxval(AT_SYSINFO_EHDR);
    unsigned long end = vdso > low ? vdso : 1ul << 47;
    prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, low, end - low, NULL);
}
