// Whether a token may do something to what a security descriptor protects (MS-DTYP 2.5.3.2).
#ifndef LOWLAND_ACCESS_CHECK_H
#define LOWLAND_ACCESS_CHECK_H

#include "security_descriptor.h"

// *granted gets desired, or with MAXIMUM_ALLOWED all that may be had. desired has its generic rights mapped.
// Rights that a privilege gives (ACCESS_SYSTEM_SECURITY, WRITE_OWNER) come out in *privilege (its LUID, 0:
// none used). STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD. Takes no lock: call with the token's held.
NTSTATUS access_check(const struct descriptor_parts *security, const struct token_state *token,
                      ACCESS_MASK32 desired, const GENERIC_MAPPING32 *mapping, ACCESS_MASK32 *granted,
                      uint32_t *privilege);

#endif
