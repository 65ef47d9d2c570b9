// Small functions: levels, services and arrays of identifiers, cultures, atoms, unloaded modules, relocation.
#include "nt/nt.h"
#include "nt/rtl_identity.h"
#include "nt/rtl_lib.h"
#include "nt/rtl_loader.h"
#include "nt/rtl_security.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

static void *make_sid(const SID_IDENTIFIER_AUTHORITY *authority, ULONG sub, BYTE *room)
{
    SID *sid = (SID *)room;
    sid->Revision = SID_REVISION;
    sid->SubAuthorityCount = 1;
    sid->IdentifierAuthority = *authority;
    sid->SubAuthority[0] = sub;
    return sid;
}

static void test_levels(void)
{
    static const SID_IDENTIFIER_AUTHORITY label = SECURITY_MANDATORY_LABEL_AUTHORITY,
                                          world = SECURITY_WORLD_SID_AUTHORITY;
    BYTE rooms[3][16];
    PSID low = make_sid(&label, SECURITY_MANDATORY_LOW_RID, rooms[0]);
    PSID high = make_sid(&label, SECURITY_MANDATORY_HIGH_RID, rooms[1]);
    PSID everyone = make_sid(&world, 0, rooms[2]);
    BOOLEAN answer = 2;

    CHECK(RtlSidDominates(high, low, &answer) == STATUS_SUCCESS && answer, "higher");
    CHECK(RtlSidDominates(low, high, &answer) == STATUS_SUCCESS && !answer, "lower");
    CHECK(RtlSidDominates(low, low, &answer) == STATUS_SUCCESS && answer, "equal");
    CHECK(RtlSidIsHigherLevel(low, low, &answer) == STATUS_SUCCESS && !answer, "equal");
    CHECK(RtlSidEqualLevel(low, low, &answer) == STATUS_SUCCESS && answer, "equal");
    CHECK(RtlSidDominates(everyone, low, &answer) == STATUS_INVALID_PARAMETER && !answer, "no level");

    // NT SERVICE\TrustedInstaller's is well known.
    UNICODE_STRING name, text;
    BYTE service[SECURITY_MAX_SID_SIZE];
    ULONG size = 0;
    RtlInitUnicodeString(&name, L"TrustedInstaller");
    CHECK_EQUAL(RtlCreateServiceSid(&name, NULL, &size), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(size, 32);
    CHECK_EQUAL(RtlCreateServiceSid(&name, service, &size), STATUS_SUCCESS);
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&text, service, TRUE), STATUS_SUCCESS);
    CHECK(!wcscmp(text.Buffer, L"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"), "%ls",
          text.Buffer);
    RtlFreeUnicodeString(&text);

    SID_AND_ATTRIBUTES source[2] = {{low, 1}, {everyone, 2}}, out[2];
    BYTE room[30];
    PSID next;
    ULONG left;
    CHECK_EQUAL(RtlCopySidAndAttributesArray(2, source, 20, out, room, &next, &left),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlCopySidAndAttributesArray(2, source, 30, out, room, &next, &left), STATUS_SUCCESS);
    CHECK(left == 6 && next == room + 24 && out[1].Attributes == 2 && RtlEqualSid(out[1].Sid, everyone),
          "%lu", left);
}

static void test_entries(void)
{
    static const SID_IDENTIFIER_AUTHORITY world = SECURITY_WORLD_SID_AUTHORITY;
    BYTE room[16], memory[200];
    PSID everyone = make_sid(&world, 0, room);
    ACL *acl = (ACL *)memory;
    SECURITY_DESCRIPTOR descriptor;
    ULONG index = 0;
    UCHAR control = 7;

    RtlCreateAcl(acl, sizeof(memory), ACL_REVISION);
    RtlAddAccessAllowedAce(acl, ACL_REVISION, 1, everyone);
    RtlAddAccessDeniedAce(acl, ACL_REVISION, 1, everyone);
    RtlAddAccessAllowedAce(acl, ACL_REVISION, 2, everyone);
    CHECK(RtlFindAceByType(acl, ACCESS_DENIED_ACE_TYPE, &index) && index == 1, "%lu", index);
    index = 1;
    CHECK(RtlFindAceByType(acl, ACCESS_ALLOWED_ACE_TYPE, &index) && index == 2, "%lu", index);
    CHECK(!RtlFindAceByType(acl, SYSTEM_AUDIT_ACE_TYPE, NULL), "none");
    RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    CHECK(!RtlGetSecurityDescriptorRMControl(&descriptor, &control) && !control, "none");
    control = 5;
    RtlSetSecurityDescriptorRMControl(&descriptor, &control);
    control = 0;
    CHECK(RtlGetSecurityDescriptorRMControl(&descriptor, &control) && control == 5, "%u", control);
}

static void test_names(void)
{
    WCHAR buffer[20];
    UNICODE_STRING name = {0, sizeof(buffer), buffer};
    LCID lcid = 0;
    USHORT atom = 7;

    CHECK(RtlLCIDToCultureName(0x0407, &name) && !wcscmp(buffer, L"de-DE"), "%ls", buffer);
    CHECK(RtlCultureNameToLCID(&name, &lcid) && lcid == 0x0407, "%lx", lcid);
    RtlInitUnicodeString(&name, L"no culture");
    CHECK(!RtlCultureNameToLCID(&name, &lcid) && !RtlCultureNameToLCID(NULL, &lcid), "none");
    CHECK(RtlGetIntegerAtom((PCWSTR)123, &atom) && atom == 123, "%u", atom);
    CHECK(RtlGetIntegerAtom(L"#456", &atom) && atom == 456, "%u", atom);
    CHECK(!RtlGetIntegerAtom(L"text", &atom), "a text");
    CHECK(RtlIsCurrentProcess(NtCurrentProcess()) && RtlIsCurrentThread(NtCurrentThread()), "pseudo handles");
    HANDLE self = OpenThread(THREAD_QUERY_INFORMATION, FALSE, GetCurrentThreadId());
    CHECK(RtlIsCurrentThread(self) && !RtlIsCurrentProcess(NULL), "a handle");
    CloseHandle(self);
    UCHAR seed = 0;
    WCHAR secret[] = L"secret";
    RtlInitUnicodeString(&name, secret);
    RtlRunEncodeUnicodeString(&seed, &name);
    CHECK(seed && wcscmp(secret, L"secret"), "hidden");
    RtlRunDecodeUnicodeString(seed, &name);
    CHECK(!wcscmp(secret, L"secret"), "%ls", secret);
}

static void test_unloaded(void)
{
    RTL_UNLOAD_EVENT_TRACE *trace = RtlGetUnloadEventTrace(), **address, *last = NULL;
    ULONG *size, *count;
    HMODULE module = LoadLibraryW(L"version.dll");
    UNICODE_STRING name;
    PVOID base;

    RtlInitUnicodeString(&name, L"VERSION.dll");
    CHECK(LdrGetDllHandleByName(&name, NULL, &base) == STATUS_SUCCESS && base == module, "by name");
    CHECK(LdrGetDllHandleByMapping(module, &base) == STATUS_SUCCESS && base == module, "by address");
    CHECK_EQUAL(LdrGetDllHandleByName(NULL, NULL, &base), STATUS_INVALID_PARAMETER);
    CHECK(FreeLibrary(module), "free");
    CHECK_EQUAL(LdrGetDllHandleByName(&name, NULL, &base), STATUS_DLL_NOT_FOUND);
    CHECK_EQUAL(LdrGetDllHandleByMapping(module, &base), STATUS_DLL_NOT_FOUND);
    RtlGetUnloadEventTraceEx(&size, &count, (PVOID *)&address);
    CHECK(*size == sizeof(*trace) && *count == 64 && *address == trace, "%lu %lu", *size, *count);
    for (ULONG i = 0; i < *count; i++)
        if (trace[i].BaseAddress == module) last = &trace[i];
    CHECK(last && !_wcsicmp(last->ImageName, L"version.dll") && last->SizeOfImage && last->TimeDateStamp + 1,
          "record");
}

static void test_relocation(void)
{
    ULONG word = 0x50005;
    USHORT half = 0x505, block[3] = {IMAGE_REL_BASED_HIGHLOW << 12, 0, 0};

    CHECK((USHORT *)LdrProcessRelocationBlock(&word, 1, block, 0x500050) == block + 1, "next");
    CHECK_EQUAL(word, 0x550055);
    block[0] = IMAGE_REL_BASED_HIGH << 12;
    CHECK((USHORT *)LdrProcessRelocationBlock(&half, 2, block, 0x500060) == block + 2, "next");
    CHECK_EQUAL(half, 0x555);
    half = 0x505;
    block[0] = IMAGE_REL_BASED_LOW << 12;
    LdrProcessRelocationBlock(&half, 1, block, 0x500050);
    CHECK_EQUAL(half, 0x555);
    block[0] = IMAGE_REL_BASED_HIGHADJ << 12;
    CHECK(!LdrProcessRelocationBlock(&half, 1, block, 0), "unknown");
}

int main(void)
{
    test_levels();
    test_entries();
    test_names();
    test_unloaded();
    test_relocation();
    return check_summary();
}
