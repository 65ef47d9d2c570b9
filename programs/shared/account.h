// Accounts as users read them.
#ifndef PROGRAMS_ACCOUNT_H
#define PROGRAMS_ACCOUNT_H
#include "console_text.h"

// DOMAIN\NAME, or the one of them that there is. The caller frees it; NULL: it is not known. USE may be NULL.
WCHAR *account_name(PSID sid, SID_NAME_USE *use);

#endif
