// Security descriptors in the program's memory, and those that a program keeps for objects of its own.
#include "security.h"

HOTPATCH BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    return bool_from_status(RtlCreateSecurityDescriptor(descriptor, revision));
}

HOTPATCH BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
    BOOL valid = RtlValidSecurityDescriptor(descriptor);
    if (!valid) SetLastError(ERROR_INVALID_SECURITY_DESCR);
    return valid;
}

HOTPATCH DWORD WINAPI GetSecurityDescriptorLength(PSECURITY_DESCRIPTOR descriptor)
{
    return RtlLengthSecurityDescriptor(descriptor);
}

HOTPATCH BOOL WINAPI GetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor,
                                                  SECURITY_DESCRIPTOR_CONTROL *control, DWORD *revision)
{
    return bool_from_status(RtlGetControlSecurityDescriptor(descriptor, control, revision));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor,
                                                  SECURITY_DESCRIPTOR_CONTROL mask,
                                                  SECURITY_DESCRIPTOR_CONTROL bits)
{
    return bool_from_status(RtlSetControlSecurityDescriptor(descriptor, mask, bits));
}

// The list and whether it was defaulted are told only when there is one.
static BOOL finish_list(NTSTATUS status, BOOLEAN is_present, BOOLEAN is_defaulted, BOOL *present,
                        BOOL *defaulted)
{
    if (!bool_from_status(status)) return FALSE;
    *present = is_present;
    if (is_present) *defaulted = is_defaulted;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL *present, PACL *acl,
                                               BOOL *defaulted)
{
    BOOLEAN is_present = FALSE, is_defaulted = FALSE;
    NTSTATUS status = RtlGetDaclSecurityDescriptor(descriptor, &is_present, acl, &is_defaulted);
    return finish_list(status, is_present, is_defaulted, present, defaulted);
}

HOTPATCH BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL *present, PACL *acl,
                                               BOOL *defaulted)
{
    BOOLEAN is_present = FALSE, is_defaulted = FALSE;
    NTSTATUS status = RtlGetSaclSecurityDescriptor(descriptor, &is_present, acl, &is_defaulted);
    return finish_list(status, is_present, is_defaulted, present, defaulted);
}

HOTPATCH BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID *sid, BOOL *defaulted)
{
    BOOLEAN is_defaulted = FALSE;
    NTSTATUS status = RtlGetOwnerSecurityDescriptor(descriptor, sid, &is_defaulted);
    if (NT_SUCCESS(status)) *defaulted = is_defaulted;
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID *sid, BOOL *defaulted)
{
    BOOLEAN is_defaulted = FALSE;
    NTSTATUS status = RtlGetGroupSecurityDescriptor(descriptor, sid, &is_defaulted);
    if (NT_SUCCESS(status)) *defaulted = is_defaulted;
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl,
                                               BOOL defaulted)
{
    return bool_from_status(RtlSetDaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl,
                                               BOOL defaulted)
{
    return bool_from_status(RtlSetSaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID sid, BOOL defaulted)
{
    return bool_from_status(RtlSetOwnerSecurityDescriptor(descriptor, sid, defaulted != 0));
}

HOTPATCH BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID sid, BOOL defaulted)
{
    return bool_from_status(RtlSetGroupSecurityDescriptor(descriptor, sid, defaulted != 0));
}

// A byte that resource managers keep in the descriptor, valid while a control bit says so.
HOTPATCH DWORD WINAPI GetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR p, UCHAR *control)
{
    SECURITY_DESCRIPTOR *descriptor = p;
    if (!(descriptor->Control & SE_RM_CONTROL_VALID)) {
        *control = 0;
        return ERROR_INVALID_DATA;
    }
    *control = descriptor->Sbz1;
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI SetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR p, UCHAR *control)
{
    SECURITY_DESCRIPTOR *descriptor = p;
    descriptor->Sbz1 = control ? *control : 0;
    descriptor->Control &= ~SE_RM_CONTROL_VALID;
    if (control) descriptor->Control |= SE_RM_CONTROL_VALID;
    return ERROR_SUCCESS;
}

HOTPATCH BOOL WINAPI MakeSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR out, DWORD *size)
{
    return bool_from_status(RtlAbsoluteToSelfRelativeSD(absolute, out, size));
}

HOTPATCH BOOL WINAPI MakeAbsoluteSD(PSECURITY_DESCRIPTOR relative, PSECURITY_DESCRIPTOR out, DWORD *size,
                                    PACL dacl, DWORD *dacl_size, PACL sacl, DWORD *sacl_size, PSID owner,
                                    DWORD *owner_size, PSID group, DWORD *group_size)
{
    return bool_from_status(RtlSelfRelativeToAbsoluteSD(relative, out, size, dacl, dacl_size, sacl, sacl_size,
                                                        owner, owner_size, group, group_size));
}

// --- descriptors of a program's own objects

HOTPATCH BOOL WINAPI CreatePrivateObjectSecurity(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                                 PSECURITY_DESCRIPTOR *object, BOOL container, HANDLE token,
                                                 PGENERIC_MAPPING mapping)
{
    return bool_from_status(RtlNewSecurityObject(parent, creator, object, container != 0, token, mapping));
}

HOTPATCH BOOL WINAPI CreatePrivateObjectSecurityEx(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                                   PSECURITY_DESCRIPTOR *object, GUID *type, BOOL container,
                                                   ULONG flags, HANDLE token, PGENERIC_MAPPING mapping)
{
    return bool_from_status(
        RtlNewSecurityObjectEx(parent, creator, object, type, container != 0, flags, token, mapping));
}

HOTPATCH BOOL WINAPI SetPrivateObjectSecurity(SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR change,
                                              PSECURITY_DESCRIPTOR *object, PGENERIC_MAPPING mapping,
                                              HANDLE token)
{
    return bool_from_status(RtlSetSecurityObject(information, change, object, mapping, token));
}

HOTPATCH BOOL WINAPI GetPrivateObjectSecurity(PSECURITY_DESCRIPTOR object, SECURITY_INFORMATION information,
                                              PSECURITY_DESCRIPTOR result, DWORD length, DWORD *needed)
{
    return bool_from_status(RtlQuerySecurityObject(object, information, result, length, needed));
}

HOTPATCH BOOL WINAPI DestroyPrivateObjectSecurity(PSECURITY_DESCRIPTOR *object)
{
    return bool_from_status(RtlDeleteSecurityObject(object));
}
