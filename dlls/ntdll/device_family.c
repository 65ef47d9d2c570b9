// What kind of device and installation this Windows is of: a desktop's, without packaged applications.
#include "rtl.h"
#include "nt/rtl_device_family.h"

/** The version as one number (four times 16 bits), DEVICEFAMILYINFOENUM_*, DEVICEFAMILYDEVICEFORM_*; each may
 * be NULL. */
void NTAPI RtlGetDeviceFamilyInfoEnum(ULONGLONG *version, PULONG family, PULONG form)
{
    ULONG major, minor, build;

    RtlGetNtVersionNumbers(&major, &minor, &build);
    if (version)
        *version = (ULONGLONG)major << 48 | (ULONGLONG)minor << 32 | (ULONGLONG)(build & 0xFFFF) << 16;
    if (family) *family = DEVICEFAMILYINFOENUM_DESKTOP;
    if (form) *form = DEVICEFAMILYDEVICEFORM_UNKNOWN;
}

// Whether a text fits; *size becomes what it needs, in bytes.
static BOOLEAN put(const WCHAR *text, PWSTR out, PULONG size)
{
    const ULONG needed = (ULONG)(wcslen(text) + 1) * sizeof(WCHAR), room = *size;
    *size = needed;
    if (!out || room < needed) return FALSE;
    memcpy(out, text, needed);
    return TRUE;
}

/** The same as texts; sizes in bytes, which become those needed. STATUS_BUFFER_TOO_SMALL. */
NTSTATUS NTAPI RtlConvertDeviceFamilyInfoToString(PULONG family_size, PULONG form_size, PWSTR family,
                                                  PWSTR form)
{
    const BOOLEAN family_fits = put(L"Windows.Desktop", family, family_size);
    const BOOLEAN form_fits = put(L"Unknown", form, form_size);
    return family_fits && form_fits ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

// No process here is a package's.
static NTSTATUS package_of(HANDLE token)
{
    TOKEN_TYPE type;
    ULONG length;
    NTSTATUS status = NtQueryInformationToken(token, TokenType, &type, sizeof(type), &length);
    return NT_SUCCESS(status) ? STATUS_NOT_FOUND : status;
}

/** The package that a token is of. STATUS_NOT_FOUND: none. */
NTSTATUS NTAPI RtlQueryPackageIdentity(PVOID token, PWSTR full_name, PSIZE_T size, PWSTR application,
                                       PSIZE_T application_size, PBOOLEAN packaged)
{
    (void)full_name, (void)size, (void)application, (void)application_size, (void)packaged;
    return package_of(token);
}

/** The same; flags stay as they are where there is no package. */
NTSTATUS NTAPI RtlQueryPackageIdentityEx(PVOID token, PWSTR full_name, PSIZE_T size, PWSTR application,
                                         PSIZE_T application_size, GUID *dynamic_id, PULONG64 flags)
{
    (void)full_name, (void)size, (void)application, (void)application_size, (void)dynamic_id, (void)flags;
    return package_of(token);
}
