// The host path behind an NT name.
#ifndef LOWLAND_FILE_HOST_PATH_H
#define LOWLAND_FILE_HOST_PATH_H

#include "guest_types.h"
#include "loader/guest.h"
#include <limits.h>

// The host path of an NT name that exists. As path_parse and path_fold; STATUS_OBJECT_PATH_SYNTAX_BAD for what
// is no file. The length is in units.
NTSTATUS file_host_path(const uint16_t *name, uint32_t length, char host[PATH_MAX]);
// The same of a name in the guest.
NTSTATUS file_host_path_of_name(const UNICODE_STRING32 *name, char host[PATH_MAX]);

#endif
