// Accounts as this machine knows them: well-known ones, the machine's own, and its one user.
#ifndef LOWLAND_ADVAPI32_ACCOUNT_H
#define LOWLAND_ADVAPI32_ACCOUNT_H

#include "base.h"

#define ACCOUNT_NAME_MAX 257 // UNLEN and a NUL

struct account {
    union {
        SID sid;
        BYTE sid_bytes[SECURITY_MAX_SID_SIZE];
    };
    WCHAR name[ACCOUNT_NAME_MAX];
    WCHAR domain[ACCOUNT_NAME_MAX];
    SID_NAME_USE use;
};

// Finds by SID. False when nobody has it.
bool account_by_sid(struct account *account, PSID sid);
// Finds by "name" or "domain\name", without regard to case. False when nobody has it.
bool account_by_name(struct account *account, const WCHAR *name);
// The SID of this machine's own accounts without their last number; and the user's. False when the token
// can't be asked.
bool account_machine_sid(struct account *account);
bool account_of_user(struct account *account);

#endif
