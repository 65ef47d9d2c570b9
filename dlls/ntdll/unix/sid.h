// Security identifiers as bytes (MS-DTYP 2.4.2.2), and those of the user that the process runs as.
#ifndef LOWLAND_SID_H
#define LOWLAND_SID_H

#include "loader/guest.h"
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
// The same for any host user.
struct sid sid_of_uid(uint32_t uid);
// S-1-5-5-0-N: the logon session, one for each login of the host's user.
struct sid sid_logon(void);

// Well-known ones (MS-DTYP 2.4.2.4).
struct sid sid_world(void);
struct sid sid_administrators(void);
struct sid sid_local_system(void);
struct sid sid_owner_rights(void);
// S-1-16-RID: an integrity level.
struct sid sid_integrity(uint32_t rid);

bool sid_equal(const struct sid *a, const struct sid *b);
// Takes a SID out of n bytes of host memory. False when it is none or longer than n.
bool sid_parse(struct sid *sid, const void *bytes, size_t n);
// Captures a SID of the guest. STATUS_ACCESS_VIOLATION, STATUS_INVALID_SID.
NTSTATUS sid_capture(struct sid *sid, gptr address);

#endif
