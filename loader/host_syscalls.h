// Keeps the guest's own system call instructions away from the host kernel (mechanisms, 6).
#ifndef LOWLAND_HOST_SYSCALLS_H
#define LOWLAND_HOST_SYSCALLS_H

// From now on system calls of the calling thread raise SIGSYS unless they come from above 4 GB and outside
// the vDSO. Does nothing on kernels that lack Syscall User Dispatch.
void host_syscalls_confine_thread(void);

#endif
