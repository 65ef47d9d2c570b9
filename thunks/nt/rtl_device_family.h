// Device families and package identities. Sources: Microsoft's documentation of winnt.h, phnt's ntrtl.h.
#ifndef LOWLAND_NT_RTL_DEVICE_FAMILY_H
#define LOWLAND_NT_RTL_DEVICE_FAMILY_H

#include "nt.h"

#define DEVICEFAMILYINFOENUM_DESKTOP   3
#define DEVICEFAMILYDEVICEFORM_UNKNOWN 0

void NTAPI RtlGetDeviceFamilyInfoEnum(ULONGLONG *version, PULONG family, PULONG form);
NTSTATUS NTAPI RtlConvertDeviceFamilyInfoToString(PULONG family_size, PULONG form_size, PWSTR family,
                                                  PWSTR form);
NTSTATUS NTAPI RtlQueryPackageIdentity(PVOID token, PWSTR full_name, PSIZE_T size, PWSTR application,
                                       PSIZE_T application_size, PBOOLEAN packaged);
NTSTATUS NTAPI RtlQueryPackageIdentityEx(PVOID token, PWSTR full_name, PSIZE_T size, PWSTR application,
                                         PSIZE_T application_size, GUID *dynamic_id, PULONG64 flags);

#endif
