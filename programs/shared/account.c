// Names of accounts.
#include "account.h"
#include <wchar.h>

WCHAR *account_name(PSID sid, SID_NAME_USE *use)
{
    WCHAR name[256], domain[256], whole[ARRAYSIZE(name) + ARRAYSIZE(domain)];
    DWORD name_size = ARRAYSIZE(name), domain_size = ARRAYSIZE(domain);
    SID_NAME_USE ignored;
    if (!use) use = &ignored;
    *use = SidTypeUnknown;
    if (!LookupAccountSidW(NULL, sid, name, &name_size, domain, &domain_size, use)) return NULL;
    wcscpy(whole, domain);
    if (*domain && *name) wcscat(whole, L"\\");
    return copy_text(wcscat(whole, name));
}
