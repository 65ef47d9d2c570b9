// Names of SIDs and SIDs of names; well-known SIDs; the authority's lookups.
// link: -ladvapi32
#include <windows.h>
#include <ntsecapi.h>
#include <sddl.h>
#include <string.h>
#include "tests/check.h"

static void check_account(const char *name, const char *sid_text, const char *domain, SID_NAME_USE use)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    char found_name[256], found_domain[256], *text = NULL;
    DWORD sid_size = sizeof(sid), domain_size = sizeof(found_domain), name_size = sizeof(found_name);
    SID_NAME_USE found;
    CHECK(LookupAccountNameA(NULL, name, sid, &sid_size, found_domain, &domain_size, &found), "%s", name);
    CHECK(lstrcmpA(found_domain, domain) == 0, "%s", found_domain);
    CHECK_EQUAL(found, use);
    CHECK(ConvertSidToStringSidA(sid, &text));
    CHECK(text && lstrcmpA(text, sid_text) == 0, "%s", text);
    LocalFree(text);
    domain_size = sizeof(found_domain);
    CHECK(LookupAccountSidA(NULL, sid, found_name, &name_size, found_domain, &domain_size, &found));
    CHECK_EQUAL(found, use);
    CHECK_EQUAL(name_size, strlen(found_name));
}

// Numbers of which a domain is no part.
static void test_well_known(void)
{
    static const struct {
        WELL_KNOWN_SID_TYPE type;
        const char *text;
    } known[] = {{WinApplicationPackageAuthoritySid, "S-1-15"},
                 {WinCapabilityInternetClientSid, "S-1-15-3-1"},
                 {WinCapabilityContactsSid, "S-1-15-3-12"},
                 {WinBuiltinRDSRemoteAccessServersSid, "S-1-5-32-575"},
                 {WinUserModeDriversSid, "S-1-5-84-0-0-0-0-0"},
                 {WinBuiltinHyperVAdminsSid, "S-1-5-32-578"},
                 {WinLocalAccountSid, "S-1-5-113"},
                 {WinAuthenticationAuthorityAssertedSid, "S-1-18-1"},
                 {WinAuthenticationKeyPropertyAttestationSid, "S-1-18-6"}};
    BYTE sid[SECURITY_MAX_SID_SIZE];
    for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++) {
        DWORD size = sizeof(sid);
        char *text = NULL;
        CHECK(CreateWellKnownSid(known[i].type, NULL, sid, &size), "%d", known[i].type);
        CHECK(ConvertSidToStringSidA(sid, &text) && !strcmp(text, known[i].text), "%s", text);
        CHECK(IsWellKnownSid(sid, known[i].type), "%d", known[i].type);
        LocalFree(text);
    }
    DWORD size = sizeof(sid);
    CHECK(!CreateWellKnownSid(WinAccountProtectedUsersSid, NULL, sid, &size), "needs a domain");
    char *text;
    CHECK(!ConvertSecurityDescriptorToStringSecurityDescriptorA(NULL, SDDL_REVISION_1, 7, &text, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_user(void)
{
    char user[256], name[256], domain[256];
    BYTE buffer[128];
    DWORD size = sizeof(user), name_size = sizeof(name), domain_size = sizeof(domain);
    SID_NAME_USE use;
    CHECK(GetUserNameA(user, &size));
    CHECK(GetTokenInformation(GetCurrentProcessToken(), TokenUser, buffer, sizeof(buffer), &size));
    CHECK(LookupAccountSidA(NULL, ((TOKEN_USER *)buffer)->User.Sid, name, &name_size, domain, &domain_size,
                            &use));
    CHECK(lstrcmpA(name, user) == 0, "%s", name);
    CHECK_EQUAL(use, SidTypeUser);
}

static void test_failures(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    char domain[256];
    DWORD sid_size = sizeof(sid), domain_size = sizeof(domain);
    SID_NAME_USE use;
    CHECK(!LookupAccountNameA(NULL, "no such account", sid, &sid_size, domain, &domain_size, &use));
    CHECK_EQUAL(GetLastError(), ERROR_NONE_MAPPED);
    CHECK(!LookupAccountNameA("nosuchsystem", "Everyone", sid, &sid_size, domain, &domain_size, &use));
    CHECK_EQUAL(GetLastError(), RPC_S_SERVER_UNAVAILABLE);
    PSID parsed;
    CHECK(!ConvertStringSidToSidA("S-1-5", &parsed));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_SID);
    CHECK(ConvertStringSidToSidA("s-0x1-5-0x20-0x220", &parsed));
    CHECK(IsWellKnownSid(parsed, WinBuiltinAdministratorsSid));
    LocalFree(parsed);
}

static void test_authority(void)
{
    LSA_OBJECT_ATTRIBUTES attributes = {.Length = sizeof(attributes)};
    LSA_HANDLE policy;
    POLICY_ACCOUNT_DOMAIN_INFO *info;
    LSA_REFERENCED_DOMAIN_LIST *domains;
    LSA_TRANSLATED_SID2 *sids;
    LSA_UNICODE_STRING names[2] = {{16, 16, (WCHAR *)L"Everyone"}, {6, 6, (WCHAR *)L"xyz"}};
    CHECK_EQUAL(
        LsaOpenPolicy(NULL, &attributes, POLICY_LOOKUP_NAMES | POLICY_VIEW_LOCAL_INFORMATION, &policy), 0);
    CHECK_EQUAL(LsaQueryInformationPolicy(policy, PolicyAccountDomainInformation, (void **)&info), 0);
    CHECK(IsValidSid(info->DomainSid));
    LsaFreeMemory(info);
    CHECK_EQUAL(LsaLookupNames2(policy, 0, 2, names, &domains, &sids), 0x107 /* STATUS_SOME_NOT_MAPPED */);
    CHECK_EQUAL(sids[0].Use, SidTypeWellKnownGroup);
    CHECK_EQUAL(sids[1].Use, SidTypeUnknown);
    CHECK_EQUAL(domains->Entries, 1);
    LsaFreeMemory(sids);
    LsaFreeMemory(domains);
    CHECK_EQUAL(LsaClose(policy), 0);
}

int main(void)
{
    check_account("Everyone", "S-1-1-0", "", SidTypeWellKnownGroup);
    check_account("NT AUTHORITY\\LocalService", "S-1-5-19", "NT AUTHORITY", SidTypeWellKnownGroup);
    check_account("BUILTIN\\Administrators", "S-1-5-32-544", "BUILTIN", SidTypeAlias);
    test_well_known();
    test_user();
    test_failures();
    test_authority();
    return check_summary();
}
