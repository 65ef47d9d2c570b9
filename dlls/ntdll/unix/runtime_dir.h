// The prefix's runtime directory: what its processes share while they run, on tmpfs, gone with the session.
#ifndef LOWLAND_RUNTIME_DIR_H
#define LOWLAND_RUNTIME_DIR_H

// A descriptor of the directory, the same for all processes of this user, prefix and PID namespace; made when
// it is first asked for. -1 when there is none to be had. Any thread. Valid after prefix_open.
int runtime_dir(void);

// Opens a folder of it, which is made where it is missing. The caller owns the descriptor. -1 with errno.
int runtime_dir_open(const char *name);

#endif
