// Security descriptors of objects and files: kept, told, and checked when something is opened.
// link: -ladvapi32
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include "tests/check.h"

static PSECURITY_DESCRIPTOR from_string(const char *text)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &descriptor, NULL));
    return descriptor;
}

static void check_string(PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION information,
                         const char *wanted)
{
    char *text = NULL;
    CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(descriptor, SDDL_REVISION_1, information,
                                                               &text, NULL));
    CHECK(text && lstrcmpA(text, wanted) == 0, "%s, not %s", text, wanted);
    LocalFree(text);
}

static void test_strings(void)
{
    static const char *const same[] = {
        "O:SYG:BAD:(A;;GA;;;WD)",
        "D:P(A;OICI;FA;;;SY)(D;;CCDC;;;AN)",
        "D:NO_ACCESS_CONTROLS:(AU;SAFA;0x12019f;;;SU)",
        "S:(ML;;NW;;;LW)",
        "D:(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)",
    };
    const SECURITY_INFORMATION all = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
                                     DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION;
    for (unsigned i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        PSECURITY_DESCRIPTOR descriptor = from_string(same[i]);
        check_string(descriptor, all, same[i]);
        LocalFree(descriptor);
    }
    PSECURITY_DESCRIPTOR none;
    CHECK(!ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;XX;;;WD)", SDDL_REVISION_1, &none,
                                                                NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ACL);
}

static HANDLE impersonation_without(WELL_KNOWN_SID_TYPE group)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(sid);
    HANDLE own, restricted, token = NULL;
    CreateWellKnownSid(group, NULL, sid, &size);
    SID_AND_ATTRIBUTES disabled = {sid, 0};
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own));
    CHECK(CreateRestrictedToken(own, 0, 1, &disabled, 0, NULL, 0, NULL, &restricted));
    CHECK(DuplicateToken(restricted, SecurityImpersonation, &token));
    CloseHandle(own);
    CloseHandle(restricted);
    return token;
}

// Whoever makes an object may do everything; who opens it what its list says.
static void test_objects(void)
{
    SECURITY_ATTRIBUTES security = {sizeof(security), from_string("D:(A;;0x100000;;;WD)(A;;0x2;;;S-1-2-0)"),
                                    FALSE};
    HANDLE event = CreateEventA(&security, TRUE, FALSE, "lowland access test");
    CHECK(event != NULL);
    HANDLE opened = OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland access test");
    CHECK(opened != NULL);
    CloseHandle(opened);
    CHECK(!OpenEventA(EVENT_ALL_ACCESS, FALSE, "lowland access test"));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);

    HANDLE token = impersonation_without(WinLocalSid);
    CHECK(SetThreadToken(NULL, token));
    CHECK(!OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland access test"));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    opened = OpenEventA(SYNCHRONIZE, FALSE, "lowland access test");
    CHECK(opened != NULL);
    HANDLE more;
    CHECK(!DuplicateHandle(GetCurrentProcess(), opened, GetCurrentProcess(), &more, EVENT_MODIFY_STATE, FALSE,
                           0));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(RevertToSelf());
    CloseHandle(opened);
    CloseHandle(token);

    PSECURITY_DESCRIPTOR told;
    CHECK_EQUAL(
        GetSecurityInfo(event, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &told),
        0);
    check_string(told, DACL_SECURITY_INFORMATION, "D:(A;;0x100000;;;WD)(A;;DC;;;S-1-2-0)");
    LocalFree(told);
    LocalFree(security.lpSecurityDescriptor);
    CloseHandle(event);
}

static void test_access_check(void)
{
    GENERIC_MAPPING mapping = {KEY_READ, KEY_WRITE, KEY_EXECUTE, KEY_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    DWORD length = sizeof(privileges), granted;
    BOOL allowed;
    HANDLE token = impersonation_without(WinBuiltinAdministratorsSid);
    PSECURITY_DESCRIPTOR descriptor = from_string("O:SYG:SYD:(D;;KW;;;BA)(A;;KA;;;WD)");
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &(HANDLE){0}));
    // A group that may only deny still denies.
    CHECK(AccessCheck(descriptor, token, KEY_SET_VALUE, &mapping, &privileges, &length, &granted, &allowed));
    CHECK(!allowed);
    CHECK(
        AccessCheck(descriptor, token, MAXIMUM_ALLOWED, &mapping, &privileges, &length, &granted, &allowed));
    CHECK(allowed);
    CHECK_EQUAL(granted, KEY_ALL_ACCESS & ~KEY_WRITE);
    CHECK(!AccessCheck(descriptor, token, GENERIC_READ, &mapping, &privileges, &length, &granted, &allowed));
    CHECK_EQUAL(GetLastError(), ERROR_GENERIC_NOT_MAPPED);
    CHECK(!AccessCheck(descriptor, token, KEY_READ, &mapping, NULL, &length, &granted, &allowed));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    LocalFree(descriptor);
    CloseHandle(token);
}

static void test_files(void)
{
    char path[MAX_PATH], directory[MAX_PATH];
    PSECURITY_DESCRIPTOR told, exact = from_string("D:P(A;;FA;;;SY)(A;;FR;;;AU)(A;;0x1f01ff;;;OW)");
    PACL dacl;
    BOOL present, defaulted;
    GetTempPathA(MAX_PATH, directory);
    GetTempFileNameA(directory, "acl", 0, path);
    CHECK_EQUAL(GetNamedSecurityInfoA(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &dacl,
                                      NULL, &told),
                0);
    CHECK(dacl && dacl->AceCount >= 2);
    LocalFree(told);
    // What mode bits can't say comes back as it was set.
    CHECK(SetFileSecurityA(path, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, exact));
    CHECK_EQUAL(
        GetNamedSecurityInfoA(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &told),
        0);
    check_string(told, DACL_SECURITY_INFORMATION, "D:P(A;;FA;;;SY)(A;;FR;;;AU)(A;;FA;;;OW)");
    LocalFree(told);
    // Being read-only is no matter of the list.
    CHECK(SetFileAttributesA(path, FILE_ATTRIBUTE_READONLY));
    CHECK_EQUAL(
        GetNamedSecurityInfoA(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &told),
        0);
    CHECK(GetSecurityDescriptorDacl(told, &present, &dacl, &defaulted) && dacl->AceCount == 3);
    LocalFree(told);
    CHECK(SetFileAttributesA(path, FILE_ATTRIBUTE_NORMAL));
    CHECK(DeleteFileA(path));
    CHECK_EQUAL(
        SetNamedSecurityInfoA(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL),
        ERROR_FILE_NOT_FOUND);
    LocalFree(exact);
}

int main(void)
{
    test_strings();
    test_objects();
    test_access_check();
    test_files();
    return check_summary();
}
