// CryptProtectData: data that only the same user of the same prefix can read, and that can't be changed
// unnoticed. The key is made when it is first needed and lies in the user's registry.
#include "bcryptprimitives.h"
#include "store.h"

enum { MAGIC = 0x50444C4C, KEY_SIZE = 32, NONCE_SIZE = 12, TAG_SIZE = 16, DATA_MAX = 32 << 20 };

// A protected blob: this, the description with its NUL, then what is encrypted and its tag.
struct head {
    DWORD magic, flags, description_size;
    BYTE nonce[NONCE_SIZE];
};

static bool read_key(HKEY place, BYTE key[KEY_SIZE])
{
    DWORD size = KEY_SIZE;
    return !RegGetValueW(place, NULL, L"DataKey", RRF_RT_REG_BINARY, NULL, key, &size) && size == KEY_SIZE;
}

// One process makes it, since what was protected by a key that another one replaced would be lost.
static bool make_key(HKEY place, BYTE key[KEY_SIZE])
{
    HANDLE mutex = CreateMutexW(NULL, FALSE, L"LowlandDataKey");
    if (!mutex) return false;
    WaitForSingleObject(mutex, INFINITE);
    bool good = read_key(place, key) ||
                (NT_SUCCESS(LowlandRandom(key, KEY_SIZE)) &&
                 !RegSetValueExW(place, L"DataKey", 0, REG_BINARY, key, KEY_SIZE) && read_key(place, key));
    ReleaseMutex(mutex);
    CloseHandle(mutex);
    return good;
}

static bool get_key(DWORD flags, BYTE key[KEY_SIZE])
{
    HKEY root = flags & CRYPTPROTECT_LOCAL_MACHINE ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER, place;
    LSTATUS error = RegCreateKeyExW(root, L"Software\\Microsoft\\Protect", 0, NULL, 0, KEY_READ | KEY_WRITE,
                                    NULL, &place, NULL);
    if (error) return der_fail((DWORD)error);
    bool good = read_key(place, key) || make_key(place, key);
    RegCloseKey(place);
    return good || der_fail((DWORD)NTE_BAD_KEY_STATE);
}

// What is not encrypted but may not be changed either: the program's entropy, the head and the description.
static BYTE *bound_data(const DATA_BLOB *entropy, const BYTE *blob, DWORD plain_size, DWORD *size)
{
    DWORD extra = entropy ? entropy->cbData : 0;
    *size = extra + plain_size;
    BYTE *bytes = *size >= extra ? heap_alloc(*size) : NULL;
    if (!bytes) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (extra) memcpy(bytes, entropy->pbData, extra);
    memcpy(bytes + extra, blob, plain_size);
    return bytes;
}

// In a time that doesn't tell where they differ.
static bool are_same(const BYTE *a, const BYTE *b, DWORD size)
{
    BYTE difference = 0;
    for (DWORD i = 0; i < size; i++) difference |= a[i] ^ b[i];
    return !difference;
}

// Encrypts or decrypts, by AES-256-GCM and in place, what comes after the first plain_size bytes of a blob;
// its tag ends the blob.
static bool apply(bool encrypt, BYTE *blob, DWORD size, DWORD plain_size, const DATA_BLOB *entropy)
{
    BYTE key[KEY_SIZE], tag[TAG_SIZE], *end = blob + size - TAG_SIZE;
    CRYPTO_GCM_STATE state = {0};
    DWORD bound_size;
    const struct head *head = (const struct head *)blob;
    AUTO_FREE BYTE *bound = bound_data(entropy, blob, plain_size, &bound_size);
    if (!bound || !get_key(head->flags, key)) return false;
    NTSTATUS status = CryptoGcm(encrypt, key, KEY_SIZE, head->nonce, NONCE_SIZE, bound, bound_size, &state,
                                blob + plain_size, size - plain_size - TAG_SIZE, tag, TAG_SIZE);
    SecureZeroMemory(key, sizeof key);
    if (!NT_SUCCESS(status)) return der_fail(ERROR_NOT_SUPPORTED);
    if (encrypt) memcpy(end, tag, TAG_SIZE);
    return encrypt || are_same(end, tag, TAG_SIZE) || der_fail(ERROR_INVALID_DATA);
}

HOTPATCH BOOL WINAPI CryptProtectData(DATA_BLOB *in, LPCWSTR description, DATA_BLOB *entropy, void *reserved,
                                      CRYPTPROTECT_PROMPTSTRUCT *prompt, DWORD flags, DATA_BLOB *out)
{
    (void)reserved;
    (void)prompt;
    if (!in || !out || (in->cbData && !in->pbData) || in->cbData > DATA_MAX)
        return fail_with(ERROR_INVALID_PARAMETER);
    if (!description) description = L"";
    DWORD text = (DWORD)(wcslen(description) + 1) * sizeof(WCHAR), plain = sizeof(struct head) + text,
          size = plain + in->cbData + TAG_SIZE;
    struct head *head = LocalAlloc(LMEM_FIXED, size);
    if (!head) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    *head = (struct head){MAGIC, flags & CRYPTPROTECT_LOCAL_MACHINE, text, {0}};
    // Two blobs with the same nonce would give the key's stream away.
    bool fresh = NT_SUCCESS(LowlandRandom(head->nonce, NONCE_SIZE));
    memcpy(head + 1, description, text);
    memcpy((BYTE *)head + plain, in->pbData, in->cbData);
    if (!fresh) SetLastError(ERROR_GEN_FAILURE);
    if (!fresh || !apply(true, (BYTE *)head, size, plain, entropy)) {
        SecureZeroMemory(head, size);
        LocalFree(head);
        return FALSE;
    }
    *out = (DATA_BLOB){size, (BYTE *)head};
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptUnprotectData(DATA_BLOB *in, LPWSTR *description, DATA_BLOB *entropy,
                                        void *reserved, CRYPTPROTECT_PROMPTSTRUCT *prompt, DWORD flags,
                                        DATA_BLOB *out)
{
    struct head head;
    (void)reserved;
    (void)prompt;
    (void)flags;
    if (!in || !out || !in->pbData) return fail_with(ERROR_INVALID_PARAMETER);
    if (in->cbData < sizeof head + TAG_SIZE || in->cbData > 2 * DATA_MAX)
        return fail_with(ERROR_INVALID_DATA);
    memcpy(&head, in->pbData, sizeof head);
    if (head.magic != MAGIC || head.description_size > in->cbData - sizeof head - TAG_SIZE ||
        head.description_size < sizeof(WCHAR))
        return fail_with(ERROR_INVALID_DATA);
    DWORD plain = sizeof head + head.description_size, size = in->cbData - plain - TAG_SIZE;
    AUTO_FREE BYTE *copy = heap_alloc(in->cbData);
    if (!copy) return FALSE;
    memcpy(copy, in->pbData, in->cbData);
    if (!apply(false, copy, in->cbData, plain, entropy)) return FALSE;
    BYTE *data = LocalAlloc(LMEM_FIXED, size + 1);
    WCHAR *text = description ? LocalAlloc(LMEM_FIXED, head.description_size) : NULL;
    if (!data || (description && !text)) {
        if (data) LocalFree(data);
        if (text) LocalFree(text);
        return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    }
    memcpy(data, copy + plain, size);
    SecureZeroMemory(copy + plain, size);
    if (text) memcpy(text, copy + sizeof head, head.description_size);
    if (description) *description = text;
    *out = (DATA_BLOB){size, data};
    return TRUE;
}
