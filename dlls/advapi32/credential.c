// The credentials API over the store.
#include "credential_store.h"

static bool valid_type(DWORD type)
{
    return type >= CRED_TYPE_GENERIC && type <= CRED_TYPE_DOMAIN_VISIBLE_PASSWORD;
}

static BOOL result(DWORD error)
{
    return error ? fail_with(error) : TRUE;
}

// Passwords of domains are for the security packages only: nobody reads them back.
static void hide_secret(CREDENTIALW *credential)
{
    if (credential->Type != CRED_TYPE_DOMAIN_PASSWORD) return;
    credential->CredentialBlobSize = 0;
    credential->CredentialBlob = NULL;
}

HOTPATCH void WINAPI CredFree(void *buffer)
{
    heap_free(buffer);
}

HOTPATCH BOOL WINAPI CredGetSessionTypes(DWORD count, DWORD *persists)
{
    if (!persists) return fail_with(ERROR_INVALID_PARAMETER);
    for (DWORD i = 0; i < count; i++)
        persists[i] = valid_type(i) ? CRED_PERSIST_ENTERPRISE : CRED_PERSIST_NONE;
    return TRUE;
}

HOTPATCH BOOL WINAPI CredReadW(LPCWSTR target, DWORD type, DWORD flags, CREDENTIALW **credential)
{
    if (!target || !credential || !valid_type(type)) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags) return fail_with(ERROR_INVALID_FLAGS);
    DWORD error = credential_store_read(target, type, credential);
    if (!error) hide_secret(*credential);
    return result(error);
}

static bool valid_user(const CREDENTIALW *credential)
{
    return credential->Type == CRED_TYPE_GENERIC || (credential->UserName && *credential->UserName);
}

HOTPATCH BOOL WINAPI CredWriteW(CREDENTIALW *credential, DWORD flags)
{
    CREDENTIALW *old = NULL, fresh;
    if (!credential || !credential->TargetName || !*credential->TargetName || !valid_type(credential->Type))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)CRED_PRESERVE_CREDENTIAL_BLOB) return fail_with(ERROR_INVALID_FLAGS);
    if (credential->Persist < CRED_PERSIST_SESSION || credential->Persist > CRED_PERSIST_ENTERPRISE ||
        credential->AttributeCount > CRED_MAX_ATTRIBUTES)
        return fail_with(ERROR_INVALID_PARAMETER);
    if (!valid_user(credential)) return fail_with(ERROR_BAD_USERNAME);
    fresh = *credential;
    if (flags & CRED_PRESERVE_CREDENTIAL_BLOB) {
        DWORD error = credential_store_read(fresh.TargetName, fresh.Type, &old);
        if (error) return fail_with(error);
        fresh.CredentialBlob = old->CredentialBlob;
        fresh.CredentialBlobSize = old->CredentialBlobSize;
    }
    DWORD error = credential_store_write(&fresh);
    heap_free(old);
    return result(error);
}

HOTPATCH BOOL WINAPI CredDeleteW(LPCWSTR target, DWORD type, DWORD flags)
{
    if (!target || !valid_type(type)) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags) return fail_with(ERROR_INVALID_FLAGS);
    return result(credential_store_delete(target, type));
}

HOTPATCH BOOL WINAPI CredRenameW(LPCWSTR old_target, LPCWSTR new_target, DWORD type, DWORD flags)
{
    CREDENTIALW *credential, *taken;
    if (!old_target || !new_target || !valid_type(type)) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags) return fail_with(ERROR_INVALID_FLAGS);
    if (credential_store_read(new_target, type, &taken) == ERROR_SUCCESS) {
        heap_free(taken);
        return fail_with(ERROR_ALREADY_EXISTS);
    }
    DWORD error = credential_store_read(old_target, type, &credential);
    if (error) return fail_with(error);
    credential->TargetName = (WCHAR *)new_target;
    error = credential_store_write(credential);
    if (!error) error = credential_store_delete(old_target, type);
    heap_free(credential);
    return result(error);
}

// --- enumerating: the credentials are moved into one block behind the pointers to them

struct collection {
    const WCHAR *filter;
    CREDENTIALW **found;
    DWORD count, room;
    bool failed;
};

// "prefix*", or all.
static bool matches(const WCHAR *filter, const WCHAR *target)
{
    if (!filter) return true;
    int length = lstrlenW(filter);
    if (!length || filter[length - 1] != '*') return lstrcmpiW(filter, target) == 0;
    if (lstrlenW(target) < length - 1) return false;
    return CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, filter, length - 1, target, length - 1) ==
           CSTR_EQUAL;
}

static bool collect(CREDENTIALW *credential, void *context)
{
    struct collection *c = context;
    if (!matches(c->filter, credential->TargetName)) {
        heap_free(credential);
        return true;
    }
    if (c->count == c->room) {
        DWORD room = 2 * c->room + 16;
        CREDENTIALW **grown = heap_alloc(room * sizeof(*grown));
        if (!grown) {
            heap_free(credential);
            c->failed = true;
            return false;
        }
        if (c->count) memcpy(grown, c->found, c->count * sizeof(*grown));
        heap_free(c->found);
        c->found = grown;
        c->room = room;
    }
    hide_secret(credential);
    c->found[c->count++] = credential;
    return true;
}

static void *moved(void *pointer, const BYTE *from, BYTE *to)
{
    return pointer ? to + ((BYTE *)pointer - from) : NULL;
}

// Copies a credential's whole block and leads its pointers into the copy.
static void move_block(CREDENTIALW *to, const CREDENTIALW *from, SIZE_T size)
{
    const BYTE *old = (const BYTE *)from;
    BYTE *fresh = (BYTE *)to;
    memcpy(to, from, size);
    to->TargetName = moved(to->TargetName, old, fresh);
    to->Comment = moved(to->Comment, old, fresh);
    to->TargetAlias = moved(to->TargetAlias, old, fresh);
    to->UserName = moved(to->UserName, old, fresh);
    to->CredentialBlob = moved(to->CredentialBlob, old, fresh);
    to->Attributes = moved(to->Attributes, old, fresh);
    for (DWORD i = 0; i < to->AttributeCount; i++) {
        to->Attributes[i].Keyword = moved(to->Attributes[i].Keyword, old, fresh);
        to->Attributes[i].Value = moved(to->Attributes[i].Value, old, fresh);
    }
}

static SIZE_T block_size(const CREDENTIALW *credential)
{
    return (HeapSize(GetProcessHeap(), 0, credential) + 7) & ~(SIZE_T)7;
}

static CREDENTIALW **join(const struct collection *c)
{
    SIZE_T size = (c->count * sizeof(CREDENTIALW *) + 7) & ~(SIZE_T)7, at = size;
    for (DWORD i = 0; i < c->count; i++) size += block_size(c->found[i]);
    CREDENTIALW **joined = heap_alloc(size);
    for (DWORD i = 0; joined && i < c->count; i++) {
        joined[i] = (CREDENTIALW *)((BYTE *)joined + at);
        move_block(joined[i], c->found[i], HeapSize(GetProcessHeap(), 0, c->found[i]));
        at += block_size(c->found[i]);
    }
    return joined;
}

HOTPATCH BOOL WINAPI CredEnumerateW(LPCWSTR filter, DWORD flags, DWORD *count, CREDENTIALW ***credentials)
{
    enum { ALL = 1 };
    struct collection c = {.filter = filter};
    if (!count || !credentials) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)ALL || (flags & ALL && filter)) return fail_with(ERROR_INVALID_FLAGS);
    *count = 0;
    *credentials = NULL;
    credential_store_each(collect, &c);
    CREDENTIALW **joined = c.count && !c.failed ? join(&c) : NULL;
    for (DWORD i = 0; i < c.count; i++) heap_free(c.found[i]);
    heap_free(c.found);
    if (!joined) return fail_with(c.count || c.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_NOT_FOUND);
    *count = c.count;
    *credentials = joined;
    return TRUE;
}

// --- credentials of domains: found by the target's name

static bool names_nothing(const CREDENTIAL_TARGET_INFORMATIONW *info)
{
    return !info->TargetName && !info->NetbiosServerName && !info->DnsServerName &&
           !info->NetbiosDomainName && !info->DnsDomainName && !info->DnsTreeName;
}

HOTPATCH BOOL WINAPI CredReadDomainCredentialsW(CREDENTIAL_TARGET_INFORMATIONW *info, DWORD flags,
                                                DWORD *count, CREDENTIALW ***credentials)
{
    struct collection c = {0};
    *count = 0;
    *credentials = NULL;
    (void)flags;
    if (!info || names_nothing(info)) return fail_with(ERROR_INVALID_PARAMETER);
    const WCHAR *const names[] = {info->TargetName, info->DnsServerName, info->NetbiosServerName,
                                  info->DnsDomainName, info->NetbiosDomainName};
    for (DWORD i = 0; i < ARRAY_LENGTH(names) && !c.count; i++) {
        c.filter = names[i];
        if (names[i]) credential_store_each(collect, &c);
    }
    CREDENTIALW **joined = c.count && !c.failed ? join(&c) : NULL;
    for (DWORD i = 0; i < c.count; i++) heap_free(c.found[i]);
    heap_free(c.found);
    if (!joined) return fail_with(c.count || c.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_NOT_FOUND);
    *count = c.count;
    *credentials = joined;
    return TRUE;
}
