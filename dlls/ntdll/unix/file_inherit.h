// File handles that a child process inherits: what the parent says of them, and how the child makes them
// again.
#ifndef LOWLAND_FILE_INHERIT_H
#define LOWLAND_FILE_INHERIT_H

#include "file.h"
#include "loader/child_start.h"

// Fills the file's part of entry. The descriptor to send (the file's own), or -1: this kind cannot be
// inherited.
int file_describe_for_child(const struct file *file, struct child_handle *entry);
// Makes the handle in the child; owns fd from then on.
NTSTATUS file_inherit(const struct child_handle *entry, int fd);

// The host path that an NT name leads to. As file_parse_name and path_fold.
NTSTATUS file_host_path_of_name(const UNICODE_STRING32 *name, char host[PATH_MAX]);

#endif
