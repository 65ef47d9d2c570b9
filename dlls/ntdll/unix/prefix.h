// The prefix: the directory that holds the guest's drives, shared by all processes that name it.
#ifndef LOWLAND_PREFIX_H
#define LOWLAND_PREFIX_H

#include <stdbool.h>

// Opens the prefix, making it first where it doesn't exist or belongs to another installation; a temporary
// one, removed at the process's end, where that is not possible. Once, at start-up. False with one line on
// standard error already printed when not even that works.
bool prefix_open(void);

// The host path of the prefix. Valid after prefix_open.
const char *prefix_path(void);

// A directory descriptor of drives/, whose entries are named by drive letters. Valid after prefix_open.
int prefix_drives(void);

// The name of the directory below C:\users that belongs to the user.
const char *prefix_user(void);

#endif
