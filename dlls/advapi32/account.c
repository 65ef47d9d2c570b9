// Accounts: names of SIDs and SIDs of names.
#include "account.h"

enum { NT = 5, LABEL = 16, PACKAGE = 15, BUILTIN = 32 };

static const WCHAR nt_authority[] = L"NT AUTHORITY", builtin[] = L"BUILTIN", label[] = L"Mandatory Label";

// Names and uses as an English Windows tells them (Microsoft's "Well-known SIDs").
static const struct known {
    BYTE authority, count;
    DWORD values[2];
    const WCHAR *domain, *name;
    BYTE use;
} known[] = {
    {0, 1, {0}, L"", L"NULL SID", SidTypeWellKnownGroup},
    {1, 1, {0}, L"", L"Everyone", SidTypeWellKnownGroup},
    {2, 1, {0}, L"", L"LOCAL", SidTypeWellKnownGroup},
    {2, 1, {1}, L"", L"CONSOLE LOGON", SidTypeWellKnownGroup},
    {3, 1, {0}, L"", L"CREATOR OWNER", SidTypeWellKnownGroup},
    {3, 1, {1}, L"", L"CREATOR GROUP", SidTypeWellKnownGroup},
    {3, 1, {2}, L"", L"CREATOR OWNER SERVER", SidTypeWellKnownGroup},
    {3, 1, {3}, L"", L"CREATOR GROUP SERVER", SidTypeWellKnownGroup},
    {3, 1, {4}, L"", L"OWNER RIGHTS", SidTypeWellKnownGroup},
    {NT, 1, {1}, nt_authority, L"DIALUP", SidTypeWellKnownGroup},
    {NT, 1, {2}, nt_authority, L"NETWORK", SidTypeWellKnownGroup},
    {NT, 1, {3}, nt_authority, L"BATCH", SidTypeWellKnownGroup},
    {NT, 1, {4}, nt_authority, L"INTERACTIVE", SidTypeWellKnownGroup},
    {NT, 1, {6}, nt_authority, L"SERVICE", SidTypeWellKnownGroup},
    {NT, 1, {7}, nt_authority, L"ANONYMOUS LOGON", SidTypeWellKnownGroup},
    {NT, 1, {8}, nt_authority, L"PROXY", SidTypeWellKnownGroup},
    {NT, 1, {9}, nt_authority, L"ENTERPRISE DOMAIN CONTROLLERS", SidTypeWellKnownGroup},
    {NT, 1, {10}, nt_authority, L"SELF", SidTypeWellKnownGroup},
    {NT, 1, {11}, nt_authority, L"Authenticated Users", SidTypeWellKnownGroup},
    {NT, 1, {12}, nt_authority, L"RESTRICTED", SidTypeWellKnownGroup},
    {NT, 1, {13}, nt_authority, L"TERMINAL SERVER USER", SidTypeWellKnownGroup},
    {NT, 1, {14}, nt_authority, L"REMOTE INTERACTIVE LOGON", SidTypeWellKnownGroup},
    {NT, 1, {15}, nt_authority, L"This Organization", SidTypeWellKnownGroup},
    {NT, 1, {17}, nt_authority, L"IUSR", SidTypeWellKnownGroup},
    {NT, 1, {18}, nt_authority, L"SYSTEM", SidTypeWellKnownGroup},
    {NT, 1, {19}, nt_authority, L"LOCAL SERVICE", SidTypeWellKnownGroup},
    {NT, 1, {20}, nt_authority, L"NETWORK SERVICE", SidTypeWellKnownGroup},
    {NT, 1, {33}, nt_authority, L"WRITE RESTRICTED", SidTypeWellKnownGroup},
    {NT, 1, {113}, nt_authority, L"Local account", SidTypeWellKnownGroup},
    {NT, 1, {114}, nt_authority, L"Local account and member of Administrators group", SidTypeWellKnownGroup},
    {NT, 1, {1000}, nt_authority, L"Other Organization", SidTypeWellKnownGroup},
    {NT, 2, {64, 10}, nt_authority, L"NTLM Authentication", SidTypeWellKnownGroup},
    {NT, 2, {64, 14}, nt_authority, L"SChannel Authentication", SidTypeWellKnownGroup},
    {NT, 2, {64, 21}, nt_authority, L"Digest Authentication", SidTypeWellKnownGroup},
    {NT, 1, {BUILTIN}, builtin, builtin, SidTypeDomain},
    {NT, 2, {BUILTIN, 544}, builtin, L"Administrators", SidTypeAlias},
    {NT, 2, {BUILTIN, 545}, builtin, L"Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 546}, builtin, L"Guests", SidTypeAlias},
    {NT, 2, {BUILTIN, 547}, builtin, L"Power Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 551}, builtin, L"Backup Operators", SidTypeAlias},
    {NT, 2, {BUILTIN, 552}, builtin, L"Replicator", SidTypeAlias},
    {NT, 2, {BUILTIN, 555}, builtin, L"Remote Desktop Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 556}, builtin, L"Network Configuration Operators", SidTypeAlias},
    {NT, 2, {BUILTIN, 558}, builtin, L"Performance Monitor Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 559}, builtin, L"Performance Log Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 562}, builtin, L"Distributed COM Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 568}, builtin, L"IIS_IUSRS", SidTypeAlias},
    {NT, 2, {BUILTIN, 569}, builtin, L"Cryptographic Operators", SidTypeAlias},
    {NT, 2, {BUILTIN, 573}, builtin, L"Event Log Readers", SidTypeAlias},
    {NT, 2, {BUILTIN, 578}, builtin, L"Hyper-V Administrators", SidTypeAlias},
    {NT, 2, {BUILTIN, 579}, builtin, L"Access Control Assistance Operators", SidTypeAlias},
    {NT, 2, {BUILTIN, 580}, builtin, L"Remote Management Users", SidTypeAlias},
    {NT, 2, {BUILTIN, 581}, builtin, L"System Managed Accounts Group", SidTypeAlias},
    {NT, 2, {BUILTIN, 583}, builtin, L"Device Owners", SidTypeAlias},
    {PACKAGE,
     2,
     {2, 1},
     L"APPLICATION PACKAGE AUTHORITY",
     L"ALL APPLICATION PACKAGES",
     SidTypeWellKnownGroup},
    {LABEL, 1, {0}, label, L"Untrusted Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x1000}, label, L"Low Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x2000}, label, L"Medium Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x2100}, label, L"Medium Plus Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x3000}, label, L"High Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x4000}, label, L"System Mandatory Level", SidTypeLabel},
    {LABEL, 1, {0x5000}, label, L"Protected Process Mandatory Level", SidTypeLabel},
};

// Accounts below the machine's own SID.
static const struct local {
    DWORD rid;
    const WCHAR *name;
    BYTE use;
} local[] = {
    {500, L"Administrator", SidTypeUser},
    {501, L"Guest", SidTypeUser},
    {513, L"None", SidTypeGroup},
};

static void fill(struct account *account, const struct known *entry)
{
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, entry->authority}};
    RtlInitializeSid(&account->sid, &authority, entry->count);
    for (BYTE i = 0; i < entry->count; i++) account->sid.SubAuthority[i] = entry->values[i];
    copy_wide(account->name, entry->name);
    copy_wide(account->domain, entry->domain);
    account->use = entry->use;
}

static bool computer_name(WCHAR *name)
{
    DWORD size = ACCOUNT_NAME_MAX;
    return GetComputerNameW(name, &size);
}

bool account_of_user(struct account *account)
{
    BYTE buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    TOKEN_USER *user = (TOKEN_USER *)buffer;
    DWORD size, length = ACCOUNT_NAME_MAX;
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
    BOOL got = GetTokenInformation(token, TokenUser, buffer, sizeof(buffer), &size);
    NtClose(token);
    if (!got) return false;
    RtlCopySid(sizeof(account->sid_bytes), &account->sid, user->User.Sid);
    account->use = SidTypeUser;
    return GetUserNameW(account->name, &length) && computer_name(account->domain);
}

bool account_machine_sid(struct account *account)
{
    if (!account_of_user(account)) return false;
    account->sid.SubAuthorityCount--;
    account->use = SidTypeDomain;
    return computer_name(account->name);
}

static bool fill_local(struct account *account, const struct local *entry)
{
    if (!account_machine_sid(account)) return false;
    account->sid.SubAuthority[account->sid.SubAuthorityCount++] = entry->rid;
    copy_wide(account->name, entry->name);
    account->use = entry->use;
    return true;
}

bool account_by_sid(struct account *account, PSID sid)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(known); i++) {
        fill(account, &known[i]);
        if (RtlEqualSid(&account->sid, sid)) return true;
    }
    for (DWORD i = 0; i < ARRAY_LENGTH(local); i++)
        if (fill_local(account, &local[i]) && RtlEqualSid(&account->sid, sid)) return true;
    if (account_machine_sid(account) && RtlEqualSid(&account->sid, sid)) return true;
    return account_of_user(account) && RtlEqualSid(&account->sid, sid);
}

// Two names may be written in one word.
static bool names_match(const WCHAR *wanted, const struct known *entry)
{
    if (lstrcmpiW(wanted, entry->name) == 0) return true;
    if (entry->authority != NT || entry->count != 1) return false;
    return (entry->values[0] == 19 && lstrcmpiW(wanted, L"LocalService") == 0) ||
           (entry->values[0] == 20 && lstrcmpiW(wanted, L"NetworkService") == 0);
}

static bool domains_match(const WCHAR *wanted, const WCHAR *domain)
{
    return !wanted || lstrcmpiW(wanted, domain) == 0;
}

static bool find(struct account *account, const WCHAR *domain, const WCHAR *name)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(known); i++) {
        if (!names_match(name, &known[i]) || !domains_match(domain, known[i].domain)) continue;
        fill(account, &known[i]);
        return true;
    }
    if (account_of_user(account) && lstrcmpiW(name, account->name) == 0 &&
        domains_match(domain, account->domain))
        return true;
    for (DWORD i = 0; i < ARRAY_LENGTH(local); i++)
        if (lstrcmpiW(name, local[i].name) == 0 && fill_local(account, &local[i]) &&
            domains_match(domain, account->domain))
            return true;
    return !domain && account_machine_sid(account) && lstrcmpiW(name, account->name) == 0;
}

bool account_by_name(struct account *account, const WCHAR *name)
{
    WCHAR domain[ACCOUNT_NAME_MAX];
    SIZE_T i = 0;
    while (name[i] && name[i] != '\\' && i < ACCOUNT_NAME_MAX - 1) i++;
    if (name[i] != '\\') return find(account, NULL, name);
    memcpy(domain, name, i * sizeof(WCHAR));
    domain[i] = 0;
    return find(account, domain, name + i + 1);
}
