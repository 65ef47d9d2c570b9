// Pairs modulo a prime, as Diffie-Hellman and DSA have them: p, (q,) g, then the public and the private
// number.
#ifndef LOWLAND_BCRYPT_GROUP_H
#define LOWLAND_BCRYPT_GROUP_H

#include "cng.h"

// A number below limit and not zero, of size bytes, most significant first; limit's highest bit is set, or
// nearly so.
NTSTATUS group_random_below(BYTE *number, const BYTE *limit, ULONG size);

#endif
