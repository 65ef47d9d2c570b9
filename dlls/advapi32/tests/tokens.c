// Tokens: what they say, copies with less in them, privileges, impersonation.
// link: -ladvapi32
#include <windows.h>
#include <stdlib.h>
#include "tests/check.h"

static HANDLE open_own(DWORD access)
{
    HANDLE token = NULL;
    CHECK(OpenProcessToken(GetCurrentProcess(), access, &token));
    return token;
}

static void *query(HANDLE token, TOKEN_INFORMATION_CLASS class)
{
    DWORD size = 0, again = 0;
    CHECK(!GetTokenInformation(token, class, NULL, 0, &size));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    void *buffer = malloc(size);
    CHECK(GetTokenInformation(token, class, buffer, size, &again));
    CHECK_EQUAL(again, size);
    return buffer;
}

static void test_elevation(HANDLE token)
{
    TOKEN_ELEVATION elevation;
    TOKEN_ELEVATION_TYPE type;
    TOKEN_LINKED_TOKEN linked;
    DWORD size;
    CHECK(GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &size));
    CHECK(GetTokenInformation(token, TokenElevationType, &type, sizeof(type), &size));
    CHECK_EQUAL(elevation.TokenIsElevated, type == TokenElevationTypeFull);
    CHECK(GetTokenInformation(token, TokenLinkedToken, &linked, sizeof(linked), &size));
    CHECK(GetTokenInformation(linked.LinkedToken, TokenElevationType, &type, sizeof(type), &size));
    CHECK_EQUAL(type, elevation.TokenIsElevated ? TokenElevationTypeLimited : TokenElevationTypeFull);
    CloseHandle(linked.LinkedToken);
}

static void test_pseudo_handles(HANDLE token)
{
    TOKEN_STATISTICS own, pseudo;
    DWORD size;
    CHECK(GetTokenInformation(token, TokenStatistics, &own, sizeof(own), &size));
    CHECK(GetTokenInformation(GetCurrentProcessToken(), TokenStatistics, &pseudo, sizeof(pseudo), &size));
    CHECK_EQUAL(own.TokenId.LowPart, pseudo.TokenId.LowPart);
    CHECK(!GetTokenInformation(GetCurrentThreadToken(), TokenStatistics, &pseudo, sizeof(pseudo), &size));
    CHECK_EQUAL(GetLastError(), ERROR_NO_TOKEN);
}

static DWORD attributes_of(HANDLE token, DWORD privilege)
{
    TOKEN_PRIVILEGES *all = query(token, TokenPrivileges);
    DWORD attributes = ~0u;
    for (DWORD i = 0; i < all->PrivilegeCount; i++)
        if (all->Privileges[i].Luid.LowPart == privilege) attributes = all->Privileges[i].Attributes;
    free(all);
    return attributes;
}

static void test_privileges(HANDLE token)
{
    TOKEN_PRIVILEGES wanted = {1, {{{0, 0}, SE_PRIVILEGE_ENABLED}}}, old;
    DWORD size;
    CHECK(LookupPrivilegeValueA(NULL, SE_SECURITY_NAME, &wanted.Privileges[0].Luid));
    DWORD luid = wanted.Privileges[0].Luid.LowPart;
    CHECK(!(attributes_of(token, luid) & SE_PRIVILEGE_ENABLED));
    CHECK(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof(old), &old, &size));
    CHECK_EQUAL(old.PrivilegeCount, 1);
    CHECK(attributes_of(token, luid) & SE_PRIVILEGE_ENABLED);
    CHECK(AdjustTokenPrivileges(token, FALSE, &old, 0, NULL, NULL));
    CHECK(!(attributes_of(token, luid) & SE_PRIVILEGE_ENABLED));
    wanted.Privileges[0].Luid.LowPart = 0x7777; // nobody holds it
    SetLastError(0);
    CHECK(AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ALL_ASSIGNED);
    SetLastError(0);
    CHECK(!AdjustTokenPrivileges(token, FALSE, (TOKEN_PRIVILEGES *)4, 0, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
}

static void test_duplicates(HANDLE token)
{
    HANDLE anonymous, primary;
    SECURITY_IMPERSONATION_LEVEL level;
    DWORD size;
    CHECK(DuplicateTokenEx(token, TOKEN_QUERY | TOKEN_DUPLICATE, NULL, SecurityAnonymous, TokenImpersonation,
                           &anonymous));
    CHECK(GetTokenInformation(anonymous, TokenImpersonationLevel, &level, sizeof(level), &size));
    CHECK_EQUAL(level, SecurityAnonymous);
    CHECK(!DuplicateToken(anonymous, SecurityIdentification, &primary));
    CHECK_EQUAL(GetLastError(), ERROR_BAD_IMPERSONATION_LEVEL);
    CloseHandle(anonymous);
    CHECK(DuplicateTokenEx(token, TOKEN_QUERY, NULL, SecurityAnonymous, TokenPrimary, &primary));
    CHECK(!GetTokenInformation(primary, TokenImpersonationLevel, &level, sizeof(level), &size));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CloseHandle(primary);
}

static void test_restricted(HANDLE token)
{
    BYTE buffer[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(buffer);
    BOOL member = TRUE;
    HANDLE restricted, impersonation;
    CHECK(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, buffer, &size));
    CHECK(CheckTokenMembership(NULL, buffer, &member));
    CHECK(member);
    SID_AND_ATTRIBUTES disabled = {buffer, 0};
    CHECK(CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 1, &disabled, 0, NULL, 0, NULL, &restricted));
    CHECK(DuplicateToken(restricted, SecurityIdentification, &impersonation));
    CHECK(CheckTokenMembership(impersonation, buffer, &member));
    CHECK(!member);
    TOKEN_PRIVILEGES *left = query(restricted, TokenPrivileges);
    CHECK_EQUAL(left->PrivilegeCount, 1);
    free(left);
    CHECK(!CheckTokenMembership(restricted, buffer, &member));
    CHECK_EQUAL(GetLastError(), ERROR_NO_IMPERSONATION_TOKEN);
    CloseHandle(impersonation);
    CloseHandle(restricted);
}

static void test_impersonation(void)
{
    HANDLE token;
    CHECK(!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    CHECK_EQUAL(GetLastError(), ERROR_NO_TOKEN);
    CHECK(ImpersonateSelf(SecurityImpersonation));
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    CloseHandle(token);
    CHECK(RevertToSelf());
    CHECK(!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    CHECK(ImpersonateSelf(SecurityAnonymous));
    CHECK(!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    CHECK_EQUAL(GetLastError(), ERROR_CANT_OPEN_ANONYMOUS);
    CHECK(RevertToSelf());
}

static void test_default_dacl(HANDLE token)
{
    TOKEN_DEFAULT_DACL *dacl = query(token, TokenDefaultDacl), none = {NULL};
    DWORD size;
    BYTE buffer[256];
    CHECK(dacl->DefaultDacl->AceCount >= 2);
    CHECK(SetTokenInformation(token, TokenDefaultDacl, &none, sizeof(none)));
    CHECK(GetTokenInformation(token, TokenDefaultDacl, buffer, sizeof(buffer), &size));
    CHECK(!((TOKEN_DEFAULT_DACL *)buffer)->DefaultDacl);
    CHECK(SetTokenInformation(token, TokenDefaultDacl, dacl, sizeof(*dacl)));
    CHECK(!SetTokenInformation(token, TokenDefaultDacl, NULL, sizeof(*dacl)));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    free(dacl);
}

// A child gets the token that it is started with, or a copy of its parent's.
static void test_children(HANDLE token)
{
    char program[MAX_PATH], line[MAX_PATH + 32];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION made;
    HANDLE fewer;
    DWORD code = 0;
    GetModuleFileNameA(NULL, program, sizeof(program));
    sprintf(line, "\"%s\" privileges", program);
    CHECK(CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 0, NULL, 0, NULL, 0, NULL, &fewer));
    CHECK(CreateProcessAsUserA(fewer, NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made));
    WaitForSingleObject(made.hProcess, INFINITE);
    CHECK(GetExitCodeProcess(made.hProcess, &code));
    CHECK_EQUAL(code, 1); // only SeChangeNotifyPrivilege is left
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
    CloseHandle(fewer);
    HANDLE weak = open_own(TOKEN_QUERY);
    CHECK(!CreateProcessAsUserA(weak, NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CloseHandle(weak);
}

static int count_privileges(void)
{
    HANDLE token = open_own(TOKEN_QUERY);
    TOKEN_PRIVILEGES *privileges = query(token, TokenPrivileges);
    return (int)privileges->PrivilegeCount;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return count_privileges();
    HANDLE token = open_own(TOKEN_ALL_ACCESS);
    test_elevation(token);
    test_pseudo_handles(token);
    test_privileges(token);
    test_duplicates(token);
    test_restricted(token);
    test_impersonation();
    test_default_dacl(token);
    test_children(token);
    CloseHandle(token);
    return check_summary();
}
