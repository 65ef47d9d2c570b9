// ntdll's library functions for security beyond rtl_lib.h's: tokens, objects' descriptors, object entries.
// Sources: Microsoft's documentation of them and of their advapi32 twins; phnt's ntrtl.h for the prototypes.
#ifndef LOWLAND_NT_RTL_SECURITY_H
#define LOWLAND_NT_RTL_SECURITY_H

#include "nt.h"

NTSTATUS NTAPI RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID list, ULONG length);
NTSTATUS NTAPI RtlDeleteAce(PACL acl, ULONG index);
NTSTATUS NTAPI RtlGetAce(PACL acl, ULONG index, PVOID *ace);
BOOLEAN NTAPI RtlFirstFreeAce(PACL acl, PACE_HEADER *free_ace);
NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAuditAccessAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid, BOOLEAN success,
                                    BOOLEAN failure);
NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid,
                                      BOOLEAN success, BOOLEAN failure);
NTSTATUS NTAPI RtlAddMandatoryAce(PACL acl, ULONG revision, ULONG flags, PSID sid, BYTE type, ULONG policy);
NTSTATUS NTAPI RtlAddAccessAllowedObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                            GUID *object, GUID *inherited, PSID sid);
NTSTATUS NTAPI RtlAddAccessDeniedObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                           GUID *object, GUID *inherited, PSID sid);
NTSTATUS NTAPI RtlAddAuditAccessObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                          GUID *object, GUID *inherited, PSID sid, BOOLEAN success,
                                          BOOLEAN failure);
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size);
NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size);
NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size,
                                           PACL dacl, PULONG dacl_size, PACL sacl, PULONG sacl_size,
                                           PSID owner, PULONG owner_size, PSID group, PULONG group_size);
NTSTATUS NTAPI RtlSetInformationAcl(PACL acl, PVOID buffer, ULONG length, ACL_INFORMATION_CLASS class);
void NTAPI RtlMapGenericMask(PACCESS_MASK mask, const GENERIC_MAPPING *mapping);
BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired);
BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired);
NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING string, PSID sid, BOOLEAN allocate);

// privilege.c
NTSTATUS NTAPI RtlAdjustPrivilege(ULONG privilege, BOOLEAN enable, BOOLEAN thread, PBOOLEAN was_enabled);
NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level);

// security_object.c
NTSTATUS NTAPI RtlNewSecurityObject(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                    PSECURITY_DESCRIPTOR *object, BOOLEAN container, HANDLE token,
                                    PGENERIC_MAPPING mapping);
NTSTATUS NTAPI RtlNewSecurityObjectEx(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR creator,
                                      PSECURITY_DESCRIPTOR *object, GUID *type, BOOLEAN container,
                                      ULONG flags, HANDLE token, PGENERIC_MAPPING mapping);
NTSTATUS NTAPI RtlSetSecurityObject(SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR change,
                                    PSECURITY_DESCRIPTOR *object, PGENERIC_MAPPING mapping, HANDLE token);
NTSTATUS NTAPI RtlQuerySecurityObject(PSECURITY_DESCRIPTOR object, SECURITY_INFORMATION information,
                                      PSECURITY_DESCRIPTOR result, ULONG length, PULONG needed);
NTSTATUS NTAPI RtlDeleteSecurityObject(PSECURITY_DESCRIPTOR *object);

#endif
