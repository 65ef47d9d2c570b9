// The ANSI forms of the credentials API: strings are converted, blobs and values are not.
#include "credential_store.h"

BOOL WINAPI CredEnumerateW(LPCWSTR filter, DWORD flags, DWORD *count, CREDENTIALW ***credentials);
BOOL WINAPI CredReadDomainCredentialsW(CREDENTIAL_TARGET_INFORMATIONW *info, DWORD flags, DWORD *count,
                                       CREDENTIALW ***credentials);

// --- wide to ANSI: a credential and all that it points to in one block

struct block {
    BYTE *at; // NULL: only the size is wanted
    SIZE_T size;
};

static void *take(struct block *block, const void *bytes, SIZE_T size)
{
    void *place = block->at ? block->at + block->size : NULL;
    if (place && bytes) memcpy(place, bytes, size);
    block->size += (size + 3) & ~(SIZE_T)3;
    return place;
}

static char *take_ansi(struct block *block, const WCHAR *text)
{
    if (!text) return NULL;
    DWORD size = ansi_size(text);
    char *place = take(block, NULL, size);
    if (place) WideCharToMultiByte(CP_ACP, 0, text, -1, place, (int)size, NULL, NULL);
    return place;
}

static CREDENTIALA *to_ansi(struct block *block, const CREDENTIALW *wide)
{
    CREDENTIALA made = {0}, *place = take(block, NULL, sizeof(made));
    CREDENTIAL_ATTRIBUTEA *attributes = take(block, NULL, wide->AttributeCount * sizeof(*attributes));
    made.Flags = wide->Flags;
    made.Type = wide->Type;
    made.LastWritten = wide->LastWritten;
    made.Persist = wide->Persist;
    made.TargetName = take_ansi(block, wide->TargetName);
    made.Comment = take_ansi(block, wide->Comment);
    made.TargetAlias = take_ansi(block, wide->TargetAlias);
    made.UserName = take_ansi(block, wide->UserName);
    made.CredentialBlobSize = wide->CredentialBlobSize;
    made.CredentialBlob =
        wide->CredentialBlobSize ? take(block, wide->CredentialBlob, wide->CredentialBlobSize) : NULL;
    made.AttributeCount = wide->AttributeCount;
    made.Attributes = wide->AttributeCount ? attributes : NULL;
    for (DWORD i = 0; i < wide->AttributeCount; i++) {
        const CREDENTIAL_ATTRIBUTEW *from = &wide->Attributes[i];
        CREDENTIAL_ATTRIBUTEA a = {take_ansi(block, from->Keyword), from->Flags, from->ValueSize,
                                   take(block, from->Value, from->ValueSize)};
        if (attributes) attributes[i] = a;
    }
    if (place) *place = made;
    return place;
}

static BOOL list_to_ansi(CREDENTIALW **wide, DWORD count, CREDENTIALA ***ansi)
{
    struct block block = {0};
    for (int pass = 0; pass < 2; pass++) {
        CREDENTIALA **list = take(&block, NULL, count * sizeof(*list));
        for (DWORD i = 0; i < count; i++) {
            CREDENTIALA *made = to_ansi(&block, wide[i]);
            if (list) list[i] = made;
        }
        if (pass) *ansi = list;
        if (!pass && !(block.at = heap_alloc(block.size))) return FALSE;
        block.size = 0;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI CredReadA(LPCSTR target, DWORD type, DWORD flags, CREDENTIALA **credential)
{
    AUTO_FREE WCHAR *wide_target = wide_from_ansi(target);
    AUTO_FREE CREDENTIALW *wide = NULL;
    struct block block = {0};
    if (conversion_failed(target, wide_target) || !CredReadW(wide_target, type, flags, &wide)) return FALSE;
    to_ansi(&block, wide);
    block.at = heap_alloc(block.size);
    if (!block.at) return FALSE;
    block.size = 0;
    *credential = to_ansi(&block, wide);
    return TRUE;
}

HOTPATCH BOOL WINAPI CredEnumerateA(LPCSTR filter, DWORD flags, DWORD *count, CREDENTIALA ***credentials)
{
    AUTO_FREE WCHAR *wide_filter = wide_from_ansi(filter);
    AUTO_FREE CREDENTIALW **wide = NULL;
    if (!count || !credentials) return fail_with(ERROR_INVALID_PARAMETER);
    *credentials = NULL;
    if (conversion_failed(filter, wide_filter) || !CredEnumerateW(wide_filter, flags, count, &wide))
        return FALSE;
    return list_to_ansi(wide, *count, credentials);
}

// --- ANSI to wide

static bool widen_attributes(const CREDENTIALA *ansi, CREDENTIALW *wide)
{
    if (!ansi->AttributeCount) return true;
    wide->Attributes = heap_alloc(ansi->AttributeCount * sizeof(*wide->Attributes));
    for (DWORD i = 0; wide->Attributes && i < ansi->AttributeCount; i++) {
        const CREDENTIAL_ATTRIBUTEA *from = &ansi->Attributes[i];
        wide->Attributes[i] =
            (CREDENTIAL_ATTRIBUTEW){wide_from_ansi(from->Keyword), from->Flags, from->ValueSize, from->Value};
    }
    return wide->Attributes != NULL;
}

static void free_wide(CREDENTIALW *wide)
{
    for (DWORD i = 0; wide->Attributes && i < wide->AttributeCount; i++)
        heap_free(wide->Attributes[i].Keyword);
    heap_free(wide->Attributes);
    heap_free(wide->TargetName);
    heap_free(wide->Comment);
    heap_free(wide->TargetAlias);
    heap_free(wide->UserName);
}

HOTPATCH BOOL WINAPI CredWriteA(CREDENTIALA *ansi, DWORD flags)
{
    CREDENTIALW wide;
    if (!ansi) return fail_with(ERROR_INVALID_PARAMETER);
    memcpy(&wide, ansi, sizeof(wide)); // the same layout
    wide.TargetName = wide_from_ansi(ansi->TargetName);
    wide.Comment = wide_from_ansi(ansi->Comment);
    wide.TargetAlias = wide_from_ansi(ansi->TargetAlias);
    wide.UserName = wide_from_ansi(ansi->UserName);
    wide.Attributes = NULL;
    BOOL done = widen_attributes(ansi, &wide) && !conversion_failed(ansi->TargetName, wide.TargetName) &&
                CredWriteW(&wide, flags);
    free_wide(&wide);
    return done;
}

HOTPATCH BOOL WINAPI CredDeleteA(LPCSTR target, DWORD type, DWORD flags)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(target);
    return !conversion_failed(target, wide) && CredDeleteW(wide, type, flags);
}

HOTPATCH BOOL WINAPI CredRenameA(LPCSTR old_target, LPCSTR new_target, DWORD type, DWORD flags)
{
    AUTO_FREE WCHAR *wide_old = wide_from_ansi(old_target), *wide_new = wide_from_ansi(new_target);
    return !conversion_failed(old_target, wide_old) && !conversion_failed(new_target, wide_new) &&
           CredRenameW(wide_old, wide_new, type, flags);
}

HOTPATCH BOOL WINAPI CredReadDomainCredentialsA(CREDENTIAL_TARGET_INFORMATIONA *ansi, DWORD flags,
                                                DWORD *count, CREDENTIALA ***credentials)
{
    CREDENTIAL_TARGET_INFORMATIONW wide = {0};
    AUTO_FREE CREDENTIALW **found = NULL;
    *count = 0;
    *credentials = NULL;
    if (!ansi) return fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE WCHAR *target = wide_from_ansi(ansi->TargetName),
                    *server = wide_from_ansi(ansi->NetbiosServerName),
                    *dns = wide_from_ansi(ansi->DnsServerName),
                    *domain = wide_from_ansi(ansi->NetbiosDomainName),
                    *dns_domain = wide_from_ansi(ansi->DnsDomainName);
    wide.TargetName = target;
    wide.NetbiosServerName = server;
    wide.DnsServerName = dns;
    wide.NetbiosDomainName = domain;
    wide.DnsDomainName = dns_domain;
    if (!CredReadDomainCredentialsW(&wide, flags, count, &found)) return FALSE;
    return list_to_ansi(found, *count, credentials);
}
