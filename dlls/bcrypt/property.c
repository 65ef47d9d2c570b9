// Properties of algorithms, keys and hashes.
#include "cng.h"

NTSTATUS cng_put(const void *bytes, ULONG size, void *buffer, ULONG room, ULONG *result)
{
    *result = size;
    if (!buffer) return STATUS_SUCCESS;
    if (room < size) return STATUS_BUFFER_TOO_SMALL;
    memcpy(buffer, bytes, size);
    return STATUS_SUCCESS;
}

// Objects lie behind handles, whatever memory a caller brings for them: sizes that Windows' have on i386.
ULONG cng_object_length(const struct cng_info *info)
{
    switch (info->family) {
    case FAMILY_HASH: return info->block == 128 ? 418 : 282;
    case FAMILY_MAC: return 682;
    case FAMILY_BLOCK: return 618;
    case FAMILY_RC4: return 382;
    default: return 512;
    }
}

enum { MODE_TEXT_UNITS = 32 };

static const struct {
    enum cng_mode mode;
    const WCHAR *name;
} modes[] = {
    {MODE_CBC, BCRYPT_CHAIN_MODE_CBC}, {MODE_ECB, BCRYPT_CHAIN_MODE_ECB}, {MODE_CFB, BCRYPT_CHAIN_MODE_CFB},
    {MODE_GCM, BCRYPT_CHAIN_MODE_GCM}, {MODE_CCM, BCRYPT_CHAIN_MODE_CCM}, {MODE_NONE, BCRYPT_CHAIN_MODE_NA},
};

static NTSTATUS put_text(const WCHAR *text, void *buffer, ULONG room, ULONG *result)
{
    ULONG units = 0;
    while (text[units]) units++;
    return cng_put(text, (units + 1) * sizeof(WCHAR), buffer, room, result);
}

// Where a property is asked for.
struct place {
    const struct cng_info *info;
    const struct cng_settings *settings;
    const struct cng_key *key; // NULL: an algorithm
    void *buffer;
    ULONG room, *result;
};

static NTSTATUS put_number(const struct place *place, ULONG number)
{
    return cng_put_number(number, place->buffer, place->room, place->result);
}

// ---- ciphers and hashes ----

static NTSTATUS get_tag_lengths(const struct place *place)
{
    static const BCRYPT_AUTH_TAG_LENGTHS_STRUCT gcm = {12, 16, 1}, ccm = {4, 16, 2};
    enum cng_mode mode = place->settings->mode;
    if (place->key || (mode != MODE_GCM && mode != MODE_CCM)) return STATUS_NOT_SUPPORTED;
    return cng_put(mode == MODE_GCM ? &gcm : &ccm, sizeof(gcm), place->buffer, place->room, place->result);
}

// The text with what follows it in a buffer of fixed size.
static NTSTATUS get_mode(const struct place *place)
{
    WCHAR text[MODE_TEXT_UNITS] = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++)
        for (ULONG at = 0; modes[i].mode == place->settings->mode && modes[i].name[at]; at++)
            text[at] = modes[i].name[at];
    return cng_put(text, sizeof(text), place->buffer, place->room, place->result);
}

static NTSTATUS get_cipher(const struct place *place, const WCHAR *name)
{
    const struct cng_settings *settings = place->settings;
    if (cng_same(name, BCRYPT_BLOCK_LENGTH)) return put_number(place, place->info->block);
    if (cng_same(name, BCRYPT_BLOCK_SIZE_LIST)) return put_number(place, place->info->block);
    if (cng_same(name, BCRYPT_CHAINING_MODE)) return get_mode(place);
    if (place->info->family != FAMILY_BLOCK) return STATUS_NOT_SUPPORTED;
    if (cng_same(name, BCRYPT_AUTH_TAG_LENGTH)) return get_tag_lengths(place);
    if (cng_same(name, BCRYPT_MESSAGE_BLOCK_LENGTH))
        return put_number(place, settings->mode == MODE_CFB ? settings->feedback : place->info->block);
    if (cng_same(name, BCRYPT_EFFECTIVE_KEY_LENGTH) && place->info->number == CALG_RC2)
        return put_number(place, settings->effective_bits);
    if (cng_same(name, BCRYPT_INITIALIZATION_VECTOR) && place->key)
        return cng_put(place->key->iv, place->info->block, place->buffer, place->room, place->result);
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS get_digest(const struct place *place, const WCHAR *name)
{
    if (cng_same(name, BCRYPT_HASH_LENGTH)) return put_number(place, place->info->digest);
    if (cng_same(name, BCRYPT_HASH_BLOCK_LENGTH)) return put_number(place, place->info->block);
    return STATUS_NOT_SUPPORTED;
}

// ---- pairs ----

static NTSTATUS get_padding(const struct place *place)
{
    ULONG schemes = BCRYPT_SUPPORTED_PAD_ROUTER | BCRYPT_SUPPORTED_PAD_PKCS1_SIG | BCRYPT_SUPPORTED_PAD_PSS;
    if (place->info->family != FAMILY_RSA) return STATUS_NOT_SUPPORTED;
    if (place->info->number == CALG_RSA_KEYX)
        schemes |= BCRYPT_SUPPORTED_PAD_PKCS1_ENC | BCRYPT_SUPPORTED_PAD_OAEP;
    return put_number(place, schemes);
}

static const WCHAR *curve_name(ULONG curve)
{
    return curve == 256     ? L"nistP256"
           : curve == 384   ? L"nistP384"
           : curve == 521   ? L"nistP521"
           : curve == 25519 ? L"curve25519"
                            : NULL;
}

static NTSTATUS get_pair(const struct place *place, const WCHAR *name)
{
    const struct cng_key *key = place->key;
    if (cng_same(name, BCRYPT_PADDING_SCHEMES)) return get_padding(place);
    if (cng_same(name, BCRYPT_ECC_CURVE_NAME) && place->info->family == FAMILY_EC) {
        const WCHAR *text = curve_name(place->settings->curve);
        return text ? put_text(text, place->buffer, place->room, place->result) : STATUS_NOT_SUPPORTED;
    }
    if (!key) return STATUS_NOT_SUPPORTED;
    if (cng_same(name, BCRYPT_DH_PARAMETERS) && place->info->family == FAMILY_DH)
        return dh_functions.export(key, name, place->buffer, place->room, place->result);
    if (cng_same(name, BCRYPT_PUBLIC_KEY_LENGTH)) return put_number(place, key->bits);
    ULONG signature = cng_pair_functions_of(place->info)->signature_size(key);
    if (cng_same(name, BCRYPT_SIGNATURE_LENGTH) && signature) return put_number(place, signature);
    if (cng_same(name, BCRYPT_BLOCK_LENGTH) && place->info->family == FAMILY_RSA)
        return put_number(place, key->bits / 8);
    return STATUS_NOT_SUPPORTED;
}

// ---- getting ----

static NTSTATUS get(const struct place *place, const WCHAR *name)
{
    const struct cng_info *info = place->info;
    if (cng_same(name, BCRYPT_ALGORITHM_NAME))
        return put_text(info->name, place->buffer, place->room, place->result);
    if (cng_same(name, BCRYPT_PRIMITIVE_TYPE)) return put_number(place, info->class);
    if (cng_same(name, BCRYPT_KEY_LENGTHS) && !place->key && info->lengths.dwMaxLength)
        return cng_put(&info->lengths, sizeof(info->lengths), place->buffer, place->room, place->result);
    if ((cng_same(name, BCRYPT_KEY_LENGTH) || cng_same(name, BCRYPT_KEY_STRENGTH)) && place->key)
        return put_number(place, place->key->pair ? place->key->bits : 8 * place->key->secret_size);
    if (cng_is_pair(info)) return get_pair(place, name);
    if (cng_same(name, BCRYPT_OBJECT_LENGTH) || cng_same(name, BCRYPT_KEY_OBJECT_LENGTH))
        return info->family == FAMILY_RNG ? STATUS_NOT_SUPPORTED : put_number(place, cng_object_length(info));
    if (info->family == FAMILY_HASH || info->family == FAMILY_MAC) return get_digest(place, name);
    if (info->family == FAMILY_BLOCK || info->family == FAMILY_RC4) return get_cipher(place, name);
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS get_of_algorithm(struct cng_algorithm *algorithm, const WCHAR *name, struct place *place)
{
    if (cng_same(name, BCRYPT_IS_KEYED_HASH))
        return put_number(place, algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG ||
                                     place->info->family == FAMILY_MAC);
    if (cng_same(name, BCRYPT_IS_REUSABLE_HASH))
        return put_number(place, (algorithm->flags & BCRYPT_HASH_REUSABLE_FLAG) != 0);
    return get(place, name);
}

HOTPATCH NTSTATUS WINAPI BCryptGetProperty(BCRYPT_HANDLE handle, LPCWSTR name, UCHAR *buffer, ULONG room,
                                           ULONG *result, ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG = cng_resolve(handle, CNG_ALGORITHM);
    struct cng_hash *hash AUTO_CNG = algorithm ? NULL : cng_resolve(handle, CNG_HASH);
    struct cng_key *key AUTO_CNG = algorithm || hash ? NULL : cng_resolve(handle, CNG_KEY);
    struct place place = {.buffer = buffer, .room = room, .result = result, .key = key};
    if (!algorithm && !hash && !key) return STATUS_INVALID_HANDLE;
    if (!name || !result || flags) return STATUS_INVALID_PARAMETER;
    if (algorithm) {
        place.info = algorithm->info;
        place.settings = &algorithm->settings;
        return get_of_algorithm(algorithm, name, &place);
    }
    if (key) {
        place.info = key->info;
        place.settings = &key->settings;
        return get(&place, name);
    }
    place.info = hash->info;
    if (cng_same(name, BCRYPT_IS_REUSABLE_HASH)) return put_number(&place, hash->reusable);
    if (cng_same(name, BCRYPT_IS_KEYED_HASH)) return put_number(&place, hash->keyed);
    return get(&place, name);
}

// ---- setting ----

static bool read_number(const BYTE *input, ULONG size, ULONG *number)
{
    if (size != sizeof(*number)) return false;
    memcpy(number, input, sizeof(*number));
    return true;
}

// Texts end with NUL, whatever size a caller says that they have: Windows takes 0 too.
static NTSTATUS set_mode(struct cng_settings *settings, const struct cng_info *info, const BYTE *input)
{
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++) {
        if (!cng_same((const WCHAR *)input, modes[i].name)) continue;
        if (modes[i].mode == MODE_NONE) return STATUS_NOT_SUPPORTED;
        if (modes[i].mode >= MODE_GCM && info->number != CALG_AES_128) return STATUS_NOT_SUPPORTED;
        settings->mode = modes[i].mode;
        return STATUS_SUCCESS;
    }
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS set_curve(struct cng_settings *settings, const struct cng_info *info, const BYTE *input)
{
    static const ULONG curves[] = {256, 384, 521, 25519};
    static const WCHAR *const other_names[] = {L"secp256r1", L"secp384r1", L"secp521r1", L"curve25519"};
    if (info->number) return STATUS_NOT_SUPPORTED; // its name says the curve
    for (size_t i = 0; i < ARRAY_LENGTH(curves); i++) {
        if (!cng_same((const WCHAR *)input, curve_name(curves[i])) &&
            !cng_same((const WCHAR *)input, other_names[i]))
            continue;
        if (curves[i] == 25519 && info->class != BCRYPT_SECRET_AGREEMENT_INTERFACE)
            return STATUS_NOT_SUPPORTED;
        settings->curve = curves[i];
        return STATUS_SUCCESS;
    }
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS set(struct cng_settings *settings, const struct cng_info *info, const WCHAR *name,
                    const BYTE *input, ULONG size)
{
    ULONG number;
    if (cng_same(name, BCRYPT_ECC_CURVE_NAME) && info->family == FAMILY_EC)
        return set_curve(settings, info, input);
    if (info->family != FAMILY_BLOCK) return STATUS_NOT_SUPPORTED;
    if (cng_same(name, BCRYPT_CHAINING_MODE)) return set_mode(settings, info, input);
    if (cng_same(name, BCRYPT_MESSAGE_BLOCK_LENGTH)) {
        if (!read_number(input, size, &number) || (number != 1 && number != info->block))
            return STATUS_INVALID_PARAMETER;
        settings->feedback = number;
        return STATUS_SUCCESS;
    }
    if (cng_same(name, BCRYPT_EFFECTIVE_KEY_LENGTH) && info->number == CALG_RC2) {
        if (!read_number(input, size, &number) || number < 16 || number > 1024)
            return STATUS_INVALID_PARAMETER;
        settings->effective_bits = number;
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_SUPPORTED;
}

// HKDF's key is made ready by its properties: the hash, then the salt, or a key that needs none.
static NTSTATUS set_hkdf(struct cng_key *key, const WCHAR *name, const BYTE *input, ULONG size)
{
    BYTE extracted[DIGEST_MAX];
    WCHAR text[NAME_MAX] = {0};
    if (cng_same(name, BCRYPT_HKDF_HASH_ALGORITHM)) {
        if (key->hkdf_ready || size >= sizeof(text)) return STATUS_INVALID_PARAMETER;
        memcpy(text, input, size);
        return cng_find_hash(text, &key->hkdf_hash);
    }
    bool salt = cng_same(name, BCRYPT_HKDF_SALT_AND_FINALIZE);
    if (!salt && !cng_same(name, BCRYPT_HKDF_PRK_AND_FINALIZE)) return STATUS_NOT_SUPPORTED;
    if (!key->hkdf_hash || key->hkdf_ready || (!salt && size)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = STATUS_SUCCESS;
    if (salt) {
        status = cng_mac(key->hkdf_hash, input, size, key->secret, key->secret_size, extracted);
        BYTE *secret = NT_SUCCESS(status) ? cng_alloc(sizeof(extracted)) : NULL;
        if (NT_SUCCESS(status) && !secret) status = STATUS_NO_MEMORY;
        if (!NT_SUCCESS(status)) return status;
        cng_free_secret(key->secret, key->secret_size);
        key->secret = memcpy(secret, extracted, sizeof(extracted));
        key->secret_size = key->hkdf_hash->digest;
        RtlSecureZeroMemory(extracted, sizeof(extracted));
    }
    key->hkdf_ready = true;
    return status;
}

static NTSTATUS set_of_key(struct cng_key *key, const WCHAR *name, const BYTE *input, ULONG size)
{
    if (cng_same(key->info->name, BCRYPT_HKDF_ALGORITHM)) return set_hkdf(key, name, input, size);
    if (cng_same(name, BCRYPT_INITIALIZATION_VECTOR) && key->info->family == FAMILY_BLOCK) {
        if (size != key->info->block) return STATUS_INVALID_PARAMETER;
        memcpy(key->iv, input, size);
        return STATUS_SUCCESS;
    }
    if (key->pair && key->final) return STATUS_NOT_SUPPORTED;
    if (key->pair && cng_same(name, BCRYPT_KEY_LENGTH)) {
        ULONG bits;
        if (!read_number(input, size, &bits)) return STATUS_INVALID_PARAMETER;
        // Parameters that were given have a length already, and the body is of it.
        if (key->body && bits != key->bits) return STATUS_INVALID_PARAMETER;
        NTSTATUS status = cng_check_length(key->info, &key->settings, &bits);
        if (NT_SUCCESS(status)) key->bits = bits;
        return status;
    }
    if (key->pair &&
        cng_same(name, key->info->family == FAMILY_DSA ? BCRYPT_DSA_PARAMETERS : BCRYPT_DH_PARAMETERS))
        return cng_pair_functions_of(key->info)->import(key, name, input, size);
    return set(&key->settings, key->info, name, input, size);
}

HOTPATCH NTSTATUS WINAPI BCryptSetProperty(BCRYPT_HANDLE handle, LPCWSTR name, UCHAR *input, ULONG size,
                                           ULONG flags)
{
    struct cng_algorithm *algorithm AUTO_CNG =
        cng_pseudo_algorithm(handle) ? NULL : cng_resolve(handle, CNG_ALGORITHM);
    struct cng_key *key AUTO_CNG = algorithm ? NULL : cng_resolve(handle, CNG_KEY);
    if (!algorithm && !key) return STATUS_INVALID_HANDLE;
    bool optional = key && cng_same(key->info->name, BCRYPT_HKDF_ALGORITHM); // a salt
    if (!name || flags || (!input && (size || !optional))) return STATUS_INVALID_PARAMETER;
    if (key) return set_of_key(key, name, input, size);
    return set(&algorithm->settings, algorithm->info, name, input, size);
}
