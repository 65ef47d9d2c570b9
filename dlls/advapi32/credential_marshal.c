// Credentials written as user names: "@@", a letter for the kind, then bytes as 64 characters, low bits
// first.
#include "base.h"
#include <wincred.h>

static const WCHAR alphabet[] = L"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#-";

enum { PREFIX = 3, LENGTH_CHARACTERS = 6 };

static DWORD encoded_length(DWORD size)
{
    return (size * 8 + 5) / 6;
}

static void encode(const BYTE *bytes, DWORD size, WCHAR *text)
{
    DWORD bits = 0, held = 0;
    for (DWORD i = 0; i < size; i++) {
        bits |= (DWORD)bytes[i] << held;
        for (held += 8; held >= 6; held -= 6, bits >>= 6) *text++ = alphabet[bits & 63];
    }
    if (held) *text++ = alphabet[bits & 63];
    *text = 0;
}

static int value_of(WCHAR c)
{
    for (int i = 0; i < 64; i++)
        if (alphabet[i] == c) return i;
    return -1;
}

// False for a character that is none of the alphabet's.
static bool decode(const WCHAR *text, BYTE *bytes, DWORD size)
{
    DWORD bits = 0, held = 0, at = 0;
    for (DWORD i = 0; i < encoded_length(size); i++) {
        int value = value_of(text[i]);
        if (value < 0) return false;
        bits |= (DWORD)value << held;
        held += 6;
        if (held < 8 || at == size) continue;
        bytes[at++] = (BYTE)bits;
        bits >>= 8;
        held -= 8;
    }
    return at == size;
}

static WCHAR *begin(CRED_MARSHAL_TYPE type, DWORD characters)
{
    WCHAR *text = heap_alloc((PREFIX + characters + 1) * sizeof(WCHAR));
    if (!text) return NULL;
    text[0] = text[1] = '@';
    text[2] = alphabet[type];
    return text;
}

static BOOL marshal_certificate(const CERT_CREDENTIAL_INFO *certificate, WCHAR **text)
{
    if (certificate->cbSize < sizeof(*certificate)) return fail_with(ERROR_INVALID_PARAMETER);
    *text = begin(CertCredential, encoded_length(CERT_HASH_LENGTH));
    if (!*text) return FALSE;
    encode(certificate->rgbHashOfCert, CERT_HASH_LENGTH, *text + PREFIX);
    return TRUE;
}

static BOOL marshal_user(const USERNAME_TARGET_CREDENTIAL_INFO *user, WCHAR **text)
{
    if (!user->UserName || !*user->UserName) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD size = (DWORD)lstrlenW(user->UserName) * sizeof(WCHAR);
    *text = begin(UsernameTargetCredential, LENGTH_CHARACTERS + encoded_length(size));
    if (!*text) return FALSE;
    encode((const BYTE *)&size, sizeof(size), *text + PREFIX);
    encode((const BYTE *)user->UserName, size, *text + PREFIX + LENGTH_CHARACTERS);
    return TRUE;
}

HOTPATCH BOOL WINAPI CredMarshalCredentialW(CRED_MARSHAL_TYPE type, void *credential, LPWSTR *text)
{
    if (!credential) return fail_with(ERROR_INVALID_PARAMETER);
    switch (type) {
    case CertCredential: return marshal_certificate(credential, text);
    case UsernameTargetCredential: return marshal_user(credential, text);
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
}

HOTPATCH BOOL WINAPI CredMarshalCredentialA(CRED_MARSHAL_TYPE type, void *credential, LPSTR *text)
{
    AUTO_FREE WCHAR *wide = NULL;
    if (!CredMarshalCredentialW(type, credential, &wide)) return FALSE;
    DWORD size = ansi_size(wide);
    char *made = heap_alloc(size);
    if (!made) return FALSE;
    WideCharToMultiByte(CP_ACP, 0, wide, -1, made, (int)size, NULL, NULL);
    *text = made;
    return TRUE;
}

static void *unmarshal_certificate(const WCHAR *text)
{
    if ((DWORD)lstrlenW(text) != encoded_length(CERT_HASH_LENGTH)) return NULL;
    CERT_CREDENTIAL_INFO *certificate = heap_alloc(sizeof(*certificate));
    if (!certificate) return NULL;
    certificate->cbSize = sizeof(*certificate);
    if (decode(text, certificate->rgbHashOfCert, CERT_HASH_LENGTH)) return certificate;
    heap_free(certificate);
    return NULL;
}

static void *unmarshal_user(const WCHAR *text)
{
    DWORD size;
    int length = lstrlenW(text);
    if (length < LENGTH_CHARACTERS || !decode(text, (BYTE *)&size, sizeof(size))) return NULL;
    if (!size || size % sizeof(WCHAR) || size > 0x10000 ||
        (DWORD)length != LENGTH_CHARACTERS + encoded_length(size))
        return NULL;
    USERNAME_TARGET_CREDENTIAL_INFO *user = heap_alloc(sizeof(*user) + size + sizeof(WCHAR));
    if (!user) return NULL;
    user->UserName = (WCHAR *)(user + 1);
    if (decode(text + LENGTH_CHARACTERS, (BYTE *)user->UserName, size)) return user;
    heap_free(user);
    return NULL;
}

HOTPATCH BOOL WINAPI CredUnmarshalCredentialW(LPCWSTR text, CRED_MARSHAL_TYPE *type, void **credential)
{
    if (!text || text[0] != '@' || text[1] != '@' || value_of(text[2]) < 0 || !text[2])
        return fail_with(ERROR_INVALID_PARAMETER);
    *type = (CRED_MARSHAL_TYPE)value_of(text[2]);
    void *made = *type == CertCredential             ? unmarshal_certificate(text + PREFIX)
                 : *type == UsernameTargetCredential ? unmarshal_user(text + PREFIX)
                                                     : NULL;
    if (!made) return fail_with(ERROR_INVALID_PARAMETER);
    *credential = made;
    return TRUE;
}

HOTPATCH BOOL WINAPI CredUnmarshalCredentialA(LPCSTR text, CRED_MARSHAL_TYPE *type, void **credential)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    return !conversion_failed(text, wide) && CredUnmarshalCredentialW(wide, type, credential);
}

HOTPATCH BOOL WINAPI CredIsMarshaledCredentialW(LPCWSTR text)
{
    CRED_MARSHAL_TYPE type;
    void *credential = NULL;
    BOOL marshaled = CredUnmarshalCredentialW(text, &type, &credential);
    heap_free(credential);
    return marshaled;
}

HOTPATCH BOOL WINAPI CredIsMarshaledCredentialA(LPCSTR text)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    return !conversion_failed(text, wide) && CredIsMarshaledCredentialW(wide);
}
