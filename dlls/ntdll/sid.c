// Security identifiers.
#include "rtl.h"

#define SID_SIZE(n) (8u + 4u * (n))

static inline const SID *sid_of(const void *sid)
{
    return sid;
}

BOOLEAN WINAPI RtlValidSid(PSID sid)
{
    return sid && (sid_of(sid)->Revision & 0x0F) == SID_REVISION &&
           sid_of(sid)->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

ULONG WINAPI RtlLengthRequiredSid(ULONG count)
{
    return SID_SIZE(count);
}

ULONG WINAPI RtlLengthSid(PSID sid)
{
    return SID_SIZE(sid_of(sid)->SubAuthorityCount);
}

PSID_IDENTIFIER_AUTHORITY WINAPI RtlIdentifierAuthoritySid(PSID sid)
{
    return &((SID *)sid)->IdentifierAuthority;
}

PULONG WINAPI RtlSubAuthoritySid(PSID sid, ULONG index)
{
    return &((SID *)sid)->SubAuthority[index];
}

PUCHAR WINAPI RtlSubAuthorityCountSid(PSID sid)
{
    return &((SID *)sid)->SubAuthorityCount;
}

/** Starts a SID with room for count sub-authorities, which the caller sets. */
NTSTATUS WINAPI RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, UCHAR count)
{
    SID *s = sid;

    if (count > SID_MAX_SUB_AUTHORITIES) return STATUS_INVALID_PARAMETER;
    s->Revision = SID_REVISION;
    s->SubAuthorityCount = count;
    s->IdentifierAuthority = *authority;
    return STATUS_SUCCESS;
}

/** Makes a SID of up to eight sub-authorities; free it with RtlFreeSid. STATUS_INVALID_SID, STATUS_NO_MEMORY.
 */
NTSTATUS WINAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, UCHAR count, ULONG a0,
                                            ULONG a1, ULONG a2, ULONG a3, ULONG a4, ULONG a5, ULONG a6,
                                            ULONG a7, PSID *sid)
{
    const ULONG values[] = {a0, a1, a2, a3, a4, a5, a6, a7};
    SID *s;

    if (count > ARRAYSIZE(values)) return STATUS_INVALID_SID;
    s = RtlAllocateHeap(process_heap(), 0, SID_SIZE(count));
    if (!s) return STATUS_NO_MEMORY;
    RtlInitializeSid(s, authority, count);
    memcpy(s->SubAuthority, values, count * sizeof(ULONG));
    *sid = s;
    return STATUS_SUCCESS;
}

PVOID WINAPI RtlFreeSid(PSID sid)
{
    RtlFreeHeap(process_heap(), 0, sid);
    return NULL;
}

BOOLEAN WINAPI RtlEqualSid(PSID a, PSID b)
{
    return sid_of(a)->Revision == sid_of(b)->Revision &&
           sid_of(a)->SubAuthorityCount == sid_of(b)->SubAuthorityCount && !memcmp(a, b, RtlLengthSid(a));
}

/** Whether two SIDs are equal but for the last sub-authority. */
BOOLEAN WINAPI RtlEqualPrefixSid(PSID a, PSID b)
{
    ULONG count = sid_of(a)->SubAuthorityCount;

    return count == sid_of(b)->SubAuthorityCount && !memcmp(a, b, SID_SIZE(count ? count - 1 : 0));
}

NTSTATUS WINAPI RtlCopySid(ULONG size, PSID out, PSID sid)
{
    ULONG length = RtlLengthSid(sid);

    if (length > size) return STATUS_BUFFER_TOO_SMALL;
    memmove(out, sid, length);
    return STATUS_SUCCESS;
}

/** "S-1-5-..." into string's buffer or a new one. STATUS_INVALID_SID, STATUS_BUFFER_OVERFLOW. */
NTSTATUS WINAPI RtlConvertSidToUnicodeString(PUNICODE_STRING string, PSID sid, BOOLEAN allocate)
{
    const SID *s = sid;
    const BYTE *v;
    WCHAR text[4 + 15 + SID_MAX_SUB_AUTHORITIES * 11 + 1];
    ULONG n;

    if (!RtlValidSid(sid)) return STATUS_INVALID_SID;
    v = s->IdentifierAuthority.Value;
    if (v[0] || v[1]) {
        n = _snwprintf(text, ARRAYSIZE(text), L"S-%u-0x%02x%02x%02x%02x%02x%02x", s->Revision, v[0], v[1],
                       v[2], v[3], v[4], v[5]);
    } else {
        ULONG authority = (ULONG)v[2] << 24 | v[3] << 16 | v[4] << 8 | v[5];
        n = _snwprintf(text, ARRAYSIZE(text), L"S-%u-%u", s->Revision, authority);
    }
    for (ULONG i = 0; i < s->SubAuthorityCount; i++) {
        n += _snwprintf(text + n, ARRAYSIZE(text) - n, L"-%u", s->SubAuthority[i]);
    }
    if (allocate) return RtlCreateUnicodeString(string, text) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    string->Length = n * sizeof(WCHAR);
    if (string->Length > string->MaximumLength) return STATUS_BUFFER_OVERFLOW;
    memcpy(string->Buffer, text, string->Length);
    if (string->Length < string->MaximumLength) string->Buffer[n] = 0;
    return STATUS_SUCCESS;
}

/** The size of the SID's text in bytes, without terminator. */
NTSTATUS WINAPI RtlLengthSidAsUnicodeString(PSID sid, PULONG length)
{
    UNICODE_STRING string = {0};
    NTSTATUS status = RtlConvertSidToUnicodeString(&string, sid, FALSE);

    if (status == STATUS_INVALID_SID) return status;
    *length = string.Length;
    return STATUS_SUCCESS;
}
