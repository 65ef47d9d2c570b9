// Security identifiers and descriptors: structures in the program's memory, worked on by ntdll.
#include "nt/nt.h"

static BOOL finish(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    SetLastError(RtlNtStatusToDosError(status));
    return FALSE;
}

HOTPATCH BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    return finish(RtlCreateSecurityDescriptor(descriptor, revision));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, ACL *acl,
                                               BOOL defaulted)
{
    return finish(RtlSetDaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, ACL *acl,
                                               BOOL defaulted)
{
    return finish(RtlSetSaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID sid, BOOL defaulted)
{
    return finish(RtlSetOwnerSecurityDescriptor(descriptor, sid, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID sid, BOOL defaulted)
{
    return finish(RtlSetGroupSecurityDescriptor(descriptor, sid, defaulted != 0));
}

HOTPATCH BOOL WINAPI AllocateAndInitializeSid(SID_IDENTIFIER_AUTHORITY *authority, BYTE count, DWORD s0,
                                              DWORD s1, DWORD s2, DWORD s3, DWORD s4, DWORD s5, DWORD s6,
                                              DWORD s7, PSID *sid)
{
    return finish(RtlAllocateAndInitializeSid(authority, count, s0, s1, s2, s3, s4, s5, s6, s7, sid));
}

HOTPATCH void *WINAPI FreeSid(PSID sid)
{
    RtlFreeSid(sid);
    return NULL;
}

HOTPATCH BOOL WINAPI EqualSid(PSID first, PSID second)
{
    BOOL equal = RtlEqualSid(first, second);
    SetLastError(ERROR_SUCCESS);
    return equal;
}

HOTPATCH BOOL WINAPI IsValidSid(PSID sid)
{
    return RtlValidSid(sid);
}

HOTPATCH DWORD WINAPI GetLengthSid(PSID sid)
{
    return RtlLengthSid(sid);
}

HOTPATCH DWORD WINAPI GetSidLengthRequired(UCHAR count)
{
    return RtlLengthRequiredSid(count);
}

HOTPATCH BOOL WINAPI CopySid(DWORD size, PSID target, PSID source)
{
    return finish(RtlCopySid(size, target, source));
}

HOTPATCH BOOL WINAPI InitializeSid(PSID sid, SID_IDENTIFIER_AUTHORITY *authority, BYTE count)
{
    return finish(RtlInitializeSid(sid, authority, count));
}

HOTPATCH DWORD *WINAPI GetSidSubAuthority(PSID sid, DWORD index)
{
    return RtlSubAuthoritySid(sid, index);
}

HOTPATCH UCHAR *WINAPI GetSidSubAuthorityCount(PSID sid)
{
    return RtlSubAuthorityCountSid(sid);
}

HOTPATCH SID_IDENTIFIER_AUTHORITY *WINAPI GetSidIdentifierAuthority(PSID sid)
{
    return RtlIdentifierAuthoritySid(sid);
}
