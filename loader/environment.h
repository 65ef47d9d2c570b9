// Environments between the host and the guest.
#ifndef LOWLAND_ENVIRONMENT_H
#define LOWLAND_ENVIRONMENT_H

#include "loader/text16.h"

// Builds the block: NUL-terminated NAME=VALUE strings sorted as Windows sorts them, then a NUL. The host's
// variables pass, except those whose meaning differs (PATH, TMPDIR and the like); Windows' own are added.
// Needs the prefix. LOWLAND_PATH, if set, is put before the default PATH.
void environment_from_host(struct text16 *block, char *const *host);

// The other way, for a program of the host's that the guest starts: the host's variables as they are, PATH
// and others of different meaning among them, and what the guest's block sets beyond Windows' own and lacks
// of the host's. A NULL-terminated array of allocated strings. Needs the prefix.
char **environment_for_host(const struct text16 *block, char *const *host);

#endif
