// link: -lauthz -ladvapi32
// AuthzAccessCheck over descriptors with entries in each order, for contexts from a SID and from this
// process.
#include "tests/check.h"
#include <windows.h>
#include <authz.h>

static const SID someone = {SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {4711}};
static const SID other = {SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {4712}};
static const SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};

// A DACL made by hand: it must not depend on other functions under test.
static struct {
    ACL acl;
    BYTE aces[256];
} dacl;

static void dacl_clear(void)
{
    dacl.acl = (ACL){.AclRevision = ACL_REVISION, .AclSize = sizeof(ACL)};
}

static void dacl_add(BYTE type, ACCESS_MASK mask, const SID *sid)
{
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)((BYTE *)&dacl + dacl.acl.AclSize);
    ace->Header = (ACE_HEADER){type, 0, sizeof(*ace) - sizeof(DWORD) + sizeof(SID)};
    ace->Mask = mask;
    *(SID *)&ace->SidStart = *sid;
    dacl.acl.AclSize += ace->Header.AceSize;
    dacl.acl.AceCount++;
}

static DWORD access_check(AUTHZ_CLIENT_CONTEXT_HANDLE context, ACCESS_MASK wanted, const SID *owner, ACL *acl,
                          ACCESS_MASK *granted)
{
    SECURITY_DESCRIPTOR descriptor = {.Revision = SECURITY_DESCRIPTOR_REVISION,
                                      .Control = SE_DACL_PRESENT,
                                      .Owner = (PSID)owner,
                                      .Dacl = acl};
    AUTHZ_ACCESS_REQUEST request = {.DesiredAccess = wanted};
    DWORD error = ~0u;
    AUTHZ_ACCESS_REPLY reply = {1, granted, NULL, &error};
    *granted = ~0u;
    CHECK(AuthzAccessCheck(0, context, &request, NULL, &descriptor, NULL, 0, &reply, NULL), "error %lu",
          GetLastError());
    return error;
}

int main(void)
{
    AUTHZ_RESOURCE_MANAGER_HANDLE manager;
    AUTHZ_CLIENT_CONTEXT_HANDLE context, own;
    const LUID luid = {1, 2};
    ACCESS_MASK granted;
    HANDLE token;

    CHECK(AuthzInitializeResourceManager(AUTHZ_RM_FLAG_NO_AUDIT, NULL, NULL, NULL, L"test", &manager),
          "error %lu", GetLastError());
    CHECK(AuthzInitializeContextFromSid(0, (PSID)&someone, manager, NULL, luid, NULL, &context), "error %lu",
          GetLastError());

    dacl_clear();
    CHECK_EQUAL(access_check(context, READ_CONTROL, &other, &dacl.acl, &granted), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(access_check(context, READ_CONTROL, &someone, &dacl.acl, &granted), ERROR_SUCCESS);
    CHECK_EQUAL(access_check(context, 1, &other, NULL, &granted), ERROR_SUCCESS); // no list keeps nobody out

    dacl_add(ACCESS_ALLOWED_ACE_TYPE, 3, &someone);
    CHECK_EQUAL(access_check(context, 1, &other, &dacl.acl, &granted), ERROR_SUCCESS);
    CHECK_EQUAL(granted, 1);
    CHECK_EQUAL(access_check(context, 5, &other, &dacl.acl, &granted), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(granted, 0);
    CHECK_EQUAL(access_check(context, MAXIMUM_ALLOWED, &other, &dacl.acl, &granted), ERROR_SUCCESS);
    CHECK_EQUAL(granted, 3);
    dacl_add(ACCESS_DENIED_ACE_TYPE, 3, &someone); // too late
    CHECK_EQUAL(access_check(context, 3, &other, &dacl.acl, &granted), ERROR_SUCCESS);

    dacl_clear();
    dacl_add(ACCESS_DENIED_ACE_TYPE, 1, &everyone);
    dacl_add(ACCESS_ALLOWED_ACE_TYPE, 3, &someone);
    CHECK_EQUAL(access_check(context, 1, &other, &dacl.acl, &granted), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(access_check(context, 2, &other, &dacl.acl, &granted), ERROR_SUCCESS);
    dacl_clear();
    dacl_add(ACCESS_ALLOWED_ACE_TYPE, 1, &other);
    CHECK_EQUAL(access_check(context, 1, &other, &dacl.acl, &granted), ERROR_ACCESS_DENIED);
    dacl.acl.AceCount = 7; // more than there are
    CHECK_EQUAL(access_check(context, 1, &other, &dacl.acl, &granted), ERROR_ACCESS_DENIED);

    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token), "error %lu", GetLastError());
    CHECK(AuthzInitializeContextFromToken(0, token, manager, NULL, luid, NULL, &own), "error %lu",
          GetLastError());
    dacl_clear();
    dacl_add(ACCESS_ALLOWED_ACE_TYPE, 1, &everyone);
    CHECK_EQUAL(access_check(own, 1, &other, &dacl.acl, &granted), ERROR_SUCCESS);
    BYTE user[128];
    DWORD needed = 0;
    CHECK(AuthzGetInformationFromContext(own, AuthzContextInfoUserSid, sizeof(user), &needed, user),
          "error %lu", GetLastError());
    CHECK(IsValidSid(((TOKEN_USER *)user)->User.Sid), "the user");
    CHECK(!AuthzGetInformationFromContext(own, AuthzContextInfoUserSid, 4, &needed, user) &&
              GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "error %lu", GetLastError());
    CHECK(!AuthzInitializeContextFromSid(0, NULL, manager, NULL, luid, NULL, &own), "no SID");
    CHECK(AuthzFreeContext(context), "free");
    CHECK(AuthzFreeResourceManager(manager), "free");
    return check_summary();
}
