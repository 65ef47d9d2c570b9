// The host path behind an NT name.
#ifndef LOWLAND_FILE_HOST_PATH_H
#define LOWLAND_FILE_HOST_PATH_H

#include "guest_types.h"
#include "loader/guest.h"
#include <limits.h>

// As file_parse_name and path_fold.
NTSTATUS file_host_path_of_name(const UNICODE_STRING32 *name, char host[PATH_MAX]);

#endif
