// Privileges' names.
#ifndef LOWLAND_ADVAPI32_PRIVILEGE_H
#define LOWLAND_ADVAPI32_PRIVILEGE_H

#include "nt/nt.h"

// The name of a privilege, NULL for none.
const WCHAR *privilege_name(const LUID *luid);

#endif
