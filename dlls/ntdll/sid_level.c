// Integrity levels as security identifiers, identifiers of services, arrays of identifiers.
#include "digest.h"
#include "rtl.h"
#include "nt/rtl_identity.h"

#define SHA_WORDS 5

// ---- levels: S-1-16-level ----

static NTSTATUS level_of(PSID sid, ULONG *level)
{
    static const SID_IDENTIFIER_AUTHORITY label = SECURITY_MANDATORY_LABEL_AUTHORITY;

    if (!RtlValidSid(sid) || memcmp(RtlIdentifierAuthoritySid(sid), &label, sizeof(label)) ||
        *RtlSubAuthorityCountSid(sid) != 1)
        return STATUS_INVALID_PARAMETER;
    *level = *RtlSubAuthoritySid(sid, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS levels_of(PSID a, PSID b, ULONG *x, ULONG *y)
{
    NTSTATUS status = level_of(a, x);

    return NT_SUCCESS(status) ? level_of(b, y) : status;
}

/** Whether level a is b or higher. STATUS_INVALID_PARAMETER for what is no level. */
NTSTATUS NTAPI RtlSidDominates(PSID a, PSID b, PBOOLEAN dominates)
{
    ULONG x, y;
    NTSTATUS status = levels_of(a, b, &x, &y);

    *dominates = NT_SUCCESS(status) && x >= y;
    return status;
}

NTSTATUS NTAPI RtlSidEqualLevel(PSID a, PSID b, PBOOLEAN equal)
{
    ULONG x, y;
    NTSTATUS status = levels_of(a, b, &x, &y);

    *equal = NT_SUCCESS(status) && x == y;
    return status;
}

NTSTATUS NTAPI RtlSidIsHigherLevel(PSID a, PSID b, PBOOLEAN higher)
{
    ULONG x, y;
    NTSTATUS status = levels_of(a, b, &x, &y);

    *higher = NT_SUCCESS(status) && x > y;
    return status;
}

// ---- services ----

/** The identifier of a service: S-1-5-80 and the SHA-1 of its name in upper case. STATUS_BUFFER_TOO_SMALL,
 * with *size what it takes. */
NTSTATUS NTAPI RtlCreateServiceSid(PUNICODE_STRING name, PSID sid, PULONG size)
{
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
    ULONG digest[SHA_WORDS];
    ULONG needed = RtlLengthRequiredSid(1 + SHA_WORDS);
    UNICODE_STRING upper;
    NTSTATUS status;

    if (*size < needed || !sid) {
        *size = needed;
        return STATUS_BUFFER_TOO_SMALL;
    }
    *size = needed;
    status = RtlUpcaseUnicodeString(&upper, name, TRUE);
    if (!NT_SUCCESS(status)) return status;
    sha1_digest((const BYTE *)upper.Buffer, upper.Length, digest);
    RtlFreeUnicodeString(&upper);
    RtlInitializeSid(sid, &authority, 1 + SHA_WORDS);
    *RtlSubAuthoritySid(sid, 0) = SECURITY_SERVICE_ID_BASE_RID;
    for (ULONG i = 0; i < SHA_WORDS; i++) *RtlSubAuthoritySid(sid, i + 1) = digest[i];
    return STATUS_SUCCESS;
}

// ---- arrays ----

void NTAPI RtlCopyLuidAndAttributesArray(ULONG count, const LUID_AND_ATTRIBUTES *source,
                                         LUID_AND_ATTRIBUTES *out)
{
    memcpy(out, source, count * sizeof(*out));
}

/** Copies identifiers to `room` bytes at sids, and an array that points to them. *next_sid and *left say what
 * remains there. STATUS_BUFFER_TOO_SMALL. */
NTSTATUS NTAPI RtlCopySidAndAttributesArray(ULONG count, const SID_AND_ATTRIBUTES *source, ULONG room,
                                            SID_AND_ATTRIBUTES *out, PSID sids, PSID *next_sid, PULONG left)
{
    for (ULONG i = 0; i < count; i++) {
        ULONG length = RtlLengthSid(source[i].Sid);

        if (length > room) return STATUS_BUFFER_TOO_SMALL;
        room -= length;
        out[i] = (SID_AND_ATTRIBUTES){sids, source[i].Attributes};
        RtlCopySid(length, sids, source[i].Sid);
        sids = (BYTE *)sids + length;
    }
    *next_sid = sids;
    *left = room;
    return STATUS_SUCCESS;
}

/** The first entry of a type from number *index (NULL: from the first) on, and its number; NULL without one.
 */
PVOID NTAPI RtlFindAceByType(PACL acl, UCHAR type, PULONG index)
{
    PACE_HEADER ace;

    for (ULONG i = index ? *index : 0; NT_SUCCESS(RtlGetAce(acl, i, (PVOID *)&ace)); i++) {
        if (ace->AceType != type) continue;
        if (index) *index = i;
        return ace;
    }
    return NULL;
}

// ---- a resource manager's byte of a descriptor ----

/** FALSE and 0 when the descriptor has none. */
BOOLEAN NTAPI RtlGetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR descriptor, PUCHAR control)
{
    const SECURITY_DESCRIPTOR *d = descriptor;

    *control = d->Control & SE_RM_CONTROL_VALID ? d->Sbz1 : 0;
    return (d->Control & SE_RM_CONTROL_VALID) != 0;
}

/** control NULL: takes it away. */
void NTAPI RtlSetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR descriptor, PUCHAR control)
{
    SECURITY_DESCRIPTOR *d = descriptor;

    d->Sbz1 = control ? *control : 0;
    if (control)
        d->Control |= SE_RM_CONTROL_VALID;
    else
        d->Control &= (SECURITY_DESCRIPTOR_CONTROL)~SE_RM_CONTROL_VALID;
}
