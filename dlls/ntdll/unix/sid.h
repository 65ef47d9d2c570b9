// Security identifiers as bytes (MS-DTYP 2.4.2.2), and those of the user that the process runs as.
#ifndef LOWLAND_SID_H
#define LOWLAND_SID_H

#include <stdint.h>

enum { SID_MAX_BYTES = 8 + 15 * 4 };

struct sid {
    uint32_t size;
    uint8_t bytes[SID_MAX_BYTES];
};

// authority and the n sub-authorities that follow.
struct sid sid_make(uint8_t authority, unsigned n, ...);
// S-1-5-21-A-B-C-RID: A, B and C stand for this machine, RID for the host's user or group id.
struct sid sid_user(void);
struct sid sid_primary_group(void);

#endif
