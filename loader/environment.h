// The environment that a program started from the host sees.
#ifndef LOWLAND_ENVIRONMENT_H
#define LOWLAND_ENVIRONMENT_H

#include "loader/text16.h"

// Builds the block: NUL-terminated NAME=VALUE strings sorted as Windows sorts them, then a NUL. The host's
// variables pass, except those whose meaning differs (PATH, TMPDIR and the like); Windows' own are added.
// Needs the prefix. LOWLAND_PATH, if set, is put before the default PATH.
void environment_from_host(struct text16 *block, char *const *host);

#endif
