// The algorithms that there are, their handles and pseudo-handles, and the lists of them.
#include "cng.h"

#define ASYMMETRIC(sign) (BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | (sign))
#define HASH(name, number, digest, block)                                                                    \
    {                                                                                                        \
        name, BCRYPT_HASH_INTERFACE, BCRYPT_HASH_OPERATION, FAMILY_HASH, number, digest, block,              \
        {                                                                                                    \
            0, 0, 0                                                                                          \
        }                                                                                                    \
    }
#define CIPHER(name, number, block, min, max, step)                                                          \
    {                                                                                                        \
        name, BCRYPT_CIPHER_INTERFACE, BCRYPT_CIPHER_OPERATION, FAMILY_BLOCK, number, 0, block,              \
        {                                                                                                    \
            min, max, step                                                                                   \
        }                                                                                                    \
    }
#define CURVES(name, class, operation, curve, min, max)                                                      \
    {                                                                                                        \
        name, class, operation, FAMILY_EC, curve, 0, 0,                                                      \
        {                                                                                                    \
            min, max, 0                                                                                      \
        }                                                                                                    \
    }
#define ECDSA(name, curve, min, max)                                                                         \
    CURVES(name, BCRYPT_SIGNATURE_INTERFACE, BCRYPT_SIGNATURE_OPERATION, curve, min, max)
#define ECDH(name, curve, min, max)                                                                          \
    CURVES(name, BCRYPT_SECRET_AGREEMENT_INTERFACE, BCRYPT_SECRET_AGREEMENT_OPERATION, curve, min, max)
#define KDF(name)                                                                                            \
    {                                                                                                        \
        name, BCRYPT_KEY_DERIVATION_INTERFACE, BCRYPT_KEY_DERIVATION_OPERATION, FAMILY_KDF, 0, 0, 0,         \
        {                                                                                                    \
            0, 4096, 8                                                                                       \
        }                                                                                                    \
    }

// Key lengths: CNG's documentation ("CNG Algorithm Identifiers", BCRYPT_KEY_LENGTHS).
static const struct cng_info algorithms[] = {
    CIPHER(BCRYPT_AES_ALGORITHM, CALG_AES_128, 16, 128, 256, 64),
    CIPHER(BCRYPT_DES_ALGORITHM, CALG_DES, 8, 64, 64, 0),
    CIPHER(BCRYPT_3DES_ALGORITHM, CALG_3DES, 8, 192, 192, 0),
    CIPHER(BCRYPT_3DES_112_ALGORITHM, CALG_3DES_112, 8, 128, 128, 0),
    CIPHER(BCRYPT_RC2_ALGORITHM, CALG_RC2, 8, 16, 128, 8),
    {BCRYPT_RC4_ALGORITHM,
     BCRYPT_CIPHER_INTERFACE,
     BCRYPT_CIPHER_OPERATION,
     FAMILY_RC4,
     0,
     0,
     1,
     {8, 512, 8}},
    HASH(BCRYPT_SHA1_ALGORITHM, CALG_SHA1, 20, 64),
    HASH(BCRYPT_SHA256_ALGORITHM, CALG_SHA_256, 32, 64),
    HASH(BCRYPT_SHA384_ALGORITHM, CALG_SHA_384, 48, 128),
    HASH(BCRYPT_SHA512_ALGORITHM, CALG_SHA_512, 64, 128),
    HASH(BCRYPT_MD2_ALGORITHM, CALG_MD2, 16, 16),
    HASH(BCRYPT_MD4_ALGORITHM, CALG_MD4, 16, 64),
    HASH(BCRYPT_MD5_ALGORITHM, CALG_MD5, 16, 64),
    {BCRYPT_AES_CMAC_ALGORITHM,
     BCRYPT_HASH_INTERFACE,
     BCRYPT_HASH_OPERATION,
     FAMILY_MAC,
     CALG_AES_128,
     16,
     16,
     {128, 256, 64}},
    {BCRYPT_RSA_ALGORITHM,
     BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
     ASYMMETRIC(BCRYPT_SIGNATURE_OPERATION),
     FAMILY_RSA,
     CALG_RSA_KEYX,
     0,
     0,
     {512, 16384, 64}},
    {BCRYPT_RSA_SIGN_ALGORITHM,
     BCRYPT_SIGNATURE_INTERFACE,
     BCRYPT_SIGNATURE_OPERATION,
     FAMILY_RSA,
     CALG_RSA_SIGN,
     0,
     0,
     {512, 16384, 64}},
    ECDH(BCRYPT_ECDH_P256_ALGORITHM, 256, 256, 256),
    ECDH(BCRYPT_ECDH_P384_ALGORITHM, 384, 384, 384),
    ECDH(BCRYPT_ECDH_P521_ALGORITHM, 521, 521, 521),
    ECDH(BCRYPT_ECDH_ALGORITHM, 0, 255, 521),
    {BCRYPT_DH_ALGORITHM,
     BCRYPT_SECRET_AGREEMENT_INTERFACE,
     BCRYPT_SECRET_AGREEMENT_OPERATION,
     FAMILY_DH,
     0,
     0,
     0,
     {512, 4096, 64}},
    ECDSA(BCRYPT_ECDSA_P256_ALGORITHM, 256, 256, 256),
    ECDSA(BCRYPT_ECDSA_P384_ALGORITHM, 384, 384, 384),
    ECDSA(BCRYPT_ECDSA_P521_ALGORITHM, 521, 521, 521),
    ECDSA(BCRYPT_ECDSA_ALGORITHM, 0, 256, 521),
    {BCRYPT_DSA_ALGORITHM,
     BCRYPT_SIGNATURE_INTERFACE,
     BCRYPT_SIGNATURE_OPERATION,
     FAMILY_DSA,
     CALG_DSS_SIGN,
     0,
     0,
     {512, 3072, 64}},
    {BCRYPT_RNG_ALGORITHM, BCRYPT_RNG_INTERFACE, BCRYPT_RNG_OPERATION, FAMILY_RNG, 0, 0, 0, {0, 0, 0}},
    KDF(BCRYPT_SP800108_CTR_HMAC_ALGORITHM),
    KDF(BCRYPT_SP80056A_CONCAT_ALGORITHM),
    KDF(BCRYPT_PBKDF2_ALGORITHM),
    KDF(BCRYPT_CAPI_KDF_ALGORITHM),
    KDF(BCRYPT_HKDF_ALGORITHM),
};

bool cng_same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

const struct cng_info *cng_find(const WCHAR *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(algorithms); i++)
        if (cng_same(algorithms[i].name, name)) return &algorithms[i];
    return NULL;
}

NTSTATUS cng_find_hash(const WCHAR *name, const struct cng_info **hash)
{
    if (!name) return STATUS_INVALID_PARAMETER;
    *hash = cng_find(name);
    return *hash && (*hash)->family == FAMILY_HASH ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

static void set_up(struct cng_algorithm *algorithm, const struct cng_info *info, ULONG flags,
                   enum cng_mode mode)
{
    algorithm->info = info;
    algorithm->flags = flags;
    algorithm->settings.mode = mode ? mode : info->family == FAMILY_BLOCK ? MODE_CBC : MODE_NONE;
    algorithm->settings.feedback = 1;
    algorithm->settings.curve = info->family == FAMILY_EC ? info->number : 0;
}

// ---- pseudo-handles (Windows SDK, bcrypt.h) ----

// By number: a pseudo-handle is its place here × 10h + 1.
static const struct {
    const WCHAR *name;
    ULONG flags;
    enum cng_mode mode;
} pseudo_handles[] = {
    {BCRYPT_MD2_ALGORITHM, 0, 0},
    {BCRYPT_MD4_ALGORITHM, 0, 0},
    {BCRYPT_MD5_ALGORITHM, 0, 0},
    {BCRYPT_SHA1_ALGORITHM, 0, 0},
    {BCRYPT_SHA256_ALGORITHM, 0, 0},
    {BCRYPT_SHA384_ALGORITHM, 0, 0},
    {BCRYPT_SHA512_ALGORITHM, 0, 0},
    {BCRYPT_RC4_ALGORITHM, 0, 0},
    {BCRYPT_RNG_ALGORITHM, 0, 0},
    {BCRYPT_MD5_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_SHA1_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_SHA384_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_SHA512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_RSA_ALGORITHM, 0, 0},
    {BCRYPT_ECDSA_ALGORITHM, 0, 0},
    {BCRYPT_AES_CMAC_ALGORITHM, 0, 0},
    {NULL, 0, 0}, // AES-GMAC
    {BCRYPT_MD2_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_MD4_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0},
    {BCRYPT_3DES_ALGORITHM, 0, MODE_CBC},
    {BCRYPT_3DES_ALGORITHM, 0, MODE_ECB},
    {BCRYPT_3DES_ALGORITHM, 0, MODE_CFB},
    {BCRYPT_3DES_112_ALGORITHM, 0, MODE_CBC},
    {BCRYPT_3DES_112_ALGORITHM, 0, MODE_ECB},
    {BCRYPT_3DES_112_ALGORITHM, 0, MODE_CFB},
    {BCRYPT_AES_ALGORITHM, 0, MODE_CBC},
    {BCRYPT_AES_ALGORITHM, 0, MODE_ECB},
    {BCRYPT_AES_ALGORITHM, 0, MODE_CFB},
    {BCRYPT_AES_ALGORITHM, 0, MODE_CCM},
    {BCRYPT_AES_ALGORITHM, 0, MODE_GCM},
    {BCRYPT_DES_ALGORITHM, 0, MODE_CBC},
    {BCRYPT_DES_ALGORITHM, 0, MODE_ECB},
    {BCRYPT_DES_ALGORITHM, 0, MODE_CFB},
    {NULL, 0, 0}, // DESX
    {NULL, 0, 0},
    {NULL, 0, 0},
    {BCRYPT_RC2_ALGORITHM, 0, MODE_CBC},
    {BCRYPT_RC2_ALGORITHM, 0, MODE_ECB},
    {BCRYPT_RC2_ALGORITHM, 0, MODE_CFB},
    {BCRYPT_DH_ALGORITHM, 0, 0},
    {BCRYPT_ECDH_ALGORITHM, 0, 0},
    {BCRYPT_ECDH_P256_ALGORITHM, 0, 0},
    {BCRYPT_ECDH_P384_ALGORITHM, 0, 0},
    {BCRYPT_ECDH_P521_ALGORITHM, 0, 0},
    {BCRYPT_ECDSA_P256_ALGORITHM, 0, 0},
    {BCRYPT_ECDSA_P384_ALGORITHM, 0, 0},
    {BCRYPT_ECDSA_P521_ALGORITHM, 0, 0},
    {BCRYPT_DSA_ALGORITHM, 0, 0},
    {BCRYPT_RSA_SIGN_ALGORITHM, 0, 0},
    {BCRYPT_CAPI_KDF_ALGORITHM, 0, 0},
    {BCRYPT_PBKDF2_ALGORITHM, 0, 0},
    {BCRYPT_SP800108_CTR_HMAC_ALGORITHM, 0, 0},
    {BCRYPT_SP80056A_CONCAT_ALGORITHM, 0, 0},
    {NULL, 0, 0}, // TLS 1.1's
    {NULL, 0, 0}, // TLS 1.2's
    {NULL, 0, 0}, // XTS-AES
    {BCRYPT_HKDF_ALGORITHM, 0, 0},
};

struct cng_algorithm *cng_pseudo_algorithm(BCRYPT_HANDLE handle)
{
    static struct cng_algorithm made[ARRAY_LENGTH(pseudo_handles)];
    static SRWLOCK lock = SRWLOCK_INIT;
    ULONG_PTR value = (ULONG_PTR)handle, place = value >> 4;
    if ((value & 15) != 1 || place >= ARRAY_LENGTH(pseudo_handles) || !pseudo_handles[place].name)
        return NULL;
    struct cng_algorithm *algorithm = &made[place];
    RtlAcquireSRWLockExclusive(&lock);
    if (!algorithm->info) {
        algorithm->object = (struct cng_object){CNG_ALGORITHM, 1};
        set_up(algorithm, cng_find(pseudo_handles[place].name),
               pseudo_handles[place].flags | BCRYPT_HASH_REUSABLE_FLAG, pseudo_handles[place].mode);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return algorithm;
}

// ---- handles ----

HOTPATCH NTSTATUS WINAPI BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *handle, LPCWSTR name,
                                                     LPCWSTR provider, ULONG flags)
{
    const ULONG known = BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_PROV_DISPATCH;
    if (!handle || !name || flags & ~known) return STATUS_INVALID_PARAMETER;
    if (provider && !cng_same(provider, MS_PRIMITIVE_PROVIDER)) return STATUS_NOT_FOUND;
    const struct cng_info *info = cng_find(name);
    if (!info) return STATUS_NOT_FOUND;
    bool hash = info->family == FAMILY_HASH;
    if (flags & BCRYPT_ALG_HANDLE_HMAC_FLAG && !hash) return STATUS_NOT_SUPPORTED;
    struct cng_algorithm *algorithm = cng_new(CNG_ALGORITHM, sizeof(*algorithm));
    if (!algorithm) return STATUS_NO_MEMORY;
    set_up(algorithm, info, flags, MODE_NONE);
    return cng_hand_out(algorithm, handle);
}

HOTPATCH NTSTATUS WINAPI BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE handle, ULONG flags)
{
    if (flags) return STATUS_INVALID_PARAMETER;
    if (cng_pseudo_algorithm(handle)) return STATUS_SUCCESS;
    return cng_close(handle, CNG_ALGORITHM);
}

// ---- lists; BCryptFreeBuffer ends them ----

HOTPATCH NTSTATUS WINAPI BCryptEnumAlgorithms(ULONG operations, ULONG *count,
                                              BCRYPT_ALGORITHM_IDENTIFIER **list, ULONG flags)
{
    const ULONG known = BCRYPT_CIPHER_OPERATION | BCRYPT_HASH_OPERATION |
                        BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | BCRYPT_SECRET_AGREEMENT_OPERATION |
                        BCRYPT_SIGNATURE_OPERATION | BCRYPT_RNG_OPERATION | BCRYPT_KEY_DERIVATION_OPERATION;
    if (!count || !list || operations & ~known || flags) return STATUS_INVALID_PARAMETER;
    BCRYPT_ALGORITHM_IDENTIFIER *made = cng_alloc(ARRAY_LENGTH(algorithms) * sizeof(*made));
    if (!made) return STATUS_NO_MEMORY;
    ULONG found = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(algorithms); i++)
        if (!operations || algorithms[i].operations & operations) // none: all
            made[found++] =
                (BCRYPT_ALGORITHM_IDENTIFIER){(WCHAR *)algorithms[i].name, algorithms[i].class, 0};
    *count = found;
    *list = made;
    return STATUS_SUCCESS;
}

HOTPATCH NTSTATUS WINAPI BCryptEnumProviders(LPCWSTR name, ULONG *count, BCRYPT_PROVIDER_NAME **list,
                                             ULONG flags)
{
    if (!name || !count || !list || flags) return STATUS_INVALID_PARAMETER;
    if (!cng_find(name)) return STATUS_NOT_FOUND;
    BCRYPT_PROVIDER_NAME *made = cng_alloc(sizeof(*made));
    if (!made) return STATUS_NO_MEMORY;
    made->pszProviderName = (WCHAR *)MS_PRIMITIVE_PROVIDER;
    *count = 1;
    *list = made;
    return STATUS_SUCCESS;
}

HOTPATCH void WINAPI BCryptFreeBuffer(void *buffer)
{
    cng_free(buffer);
}

// The policy that only approved algorithms be used: its key's value, before Vista a value beside the key.
static bool fips_policy(void)
{
    static const WCHAR lsa[] = L"System\\CurrentControlSet\\Control\\Lsa";
    static const WCHAR policy[] = L"System\\CurrentControlSet\\Control\\Lsa\\FIPSAlgorithmPolicy";
    DWORD value = 0, size = sizeof(value);
    if (RegGetValueW(HKEY_LOCAL_MACHINE, policy, L"Enabled", RRF_RT_REG_DWORD, NULL, &value, &size)) {
        size = sizeof(value);
        RegGetValueW(HKEY_LOCAL_MACHINE, lsa, L"FIPSAlgorithmPolicy", RRF_RT_REG_DWORD, NULL, &value, &size);
    }
    return value != 0;
}

HOTPATCH NTSTATUS WINAPI BCryptGetFipsAlgorithmMode(BOOLEAN *enabled)
{
    if (!enabled) return STATUS_INVALID_PARAMETER;
    *enabled = fips_policy();
    return STATUS_SUCCESS;
}
