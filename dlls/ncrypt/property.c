// Properties of providers and keys.
#include "ncrypt_internal.h"

// Where a property goes.
struct place {
    BYTE *buffer;
    DWORD room, *result;
};

static SECURITY_STATUS put_number(const struct place *place, DWORD number)
{
    return put_bytes(&number, sizeof(number), place->buffer, place->room, place->result);
}

static SECURITY_STATUS put_text(const struct place *place, const WCHAR *text)
{
    return put_bytes(text, ((DWORD)lstrlenW(text) + 1) * sizeof(WCHAR), place->buffer, place->room,
                     place->result);
}

// The name without a curve's: "ECDSA_P256" is of the group "ECDSA".
static SECURITY_STATUS put_group(const struct place *place, const WCHAR *algorithm)
{
    WCHAR group[ALGORITHM_NAME_MAX];
    copy_text(group, ALGORITHM_NAME_MAX, algorithm);
    WCHAR *end = group;
    while (*end && *end != '_') end++;
    *end = 0;
    return put_text(place, group);
}

static SECURITY_STATUS get_of_key(const struct ncrypt_object *key, const WCHAR *name,
                                  const struct place *place)
{
    DWORD number = 0, used;
    if (same_text(name, NCRYPT_NAME_PROPERTY) || same_text(name, NCRYPT_UNIQUE_NAME_PROPERTY))
        return *key->name ? put_text(place, key->name) : NTE_NOT_SUPPORTED;
    if (same_text(name, NCRYPT_ALGORITHM_PROPERTY)) return put_text(place, key->algorithm);
    if (same_text(name, NCRYPT_ALGORITHM_GROUP_PROPERTY)) return put_group(place, key->algorithm);
    if (same_text(name, NCRYPT_EXPORT_POLICY_PROPERTY)) return put_number(place, key->export_policy);
    if (same_text(name, NCRYPT_KEY_USAGE_PROPERTY)) return put_number(place, key->usage);
    if (same_text(name, NCRYPT_KEY_TYPE_PROPERTY)) return put_number(place, 0); // the user's
    if (same_text(name, NCRYPT_PROVIDER_HANDLE_PROPERTY))
        return put_bytes(&key->provider, sizeof(key->provider), place->buffer, place->room, place->result);
    const WCHAR *bcrypt_name = same_text(name, NCRYPT_LENGTH_PROPERTY)         ? BCRYPT_KEY_LENGTH
                               : same_text(name, NCRYPT_BLOCK_LENGTH_PROPERTY) ? BCRYPT_BLOCK_LENGTH
                               : same_text(name, BCRYPT_SIGNATURE_LENGTH)      ? BCRYPT_SIGNATURE_LENGTH
                                                                               : NULL;
    if (!bcrypt_name) return NTE_NOT_SUPPORTED;
    NTSTATUS status = BCryptGetProperty(key->key, bcrypt_name, (UCHAR *)&number, sizeof(number), &used, 0);
    return NT_SUCCESS(status) ? put_number(place, number) : status_from_nt(status);
}

static SECURITY_STATUS get_of_provider(const WCHAR *name, const struct place *place)
{
    if (same_text(name, NCRYPT_NAME_PROPERTY)) return put_text(place, MS_KEY_STORAGE_PROVIDER);
    if (same_text(name, NCRYPT_IMPL_TYPE_PROPERTY)) return put_number(place, NCRYPT_IMPL_SOFTWARE_FLAG);
    if (same_text(name, NCRYPT_VERSION_PROPERTY)) return put_number(place, 0x10000);
    if (same_text(name, NCRYPT_MAX_NAME_LENGTH_PROPERTY)) return put_number(place, KEY_NAME_MAX - 1);
    return NTE_NOT_SUPPORTED;
}

HOTPATCH SECURITY_STATUS WINAPI NCryptGetProperty(NCRYPT_HANDLE handle, LPCWSTR name, BYTE *buffer,
                                                  DWORD room, DWORD *result, DWORD flags)
{
    const struct place place = {buffer, room, result};
    (void)flags;
    struct ncrypt_object *object AUTO_OBJECT = object_resolve(handle, 0);
    if (!object) return NTE_INVALID_HANDLE;
    if (!name || !result) return NTE_INVALID_PARAMETER;
    return object->kind == NCRYPT_KIND_KEY ? get_of_key(object, name, &place) : get_of_provider(name, &place);
}

HOTPATCH SECURITY_STATUS WINAPI NCryptSetProperty(NCRYPT_HANDLE handle, LPCWSTR name, BYTE *input, DWORD size,
                                                  DWORD flags)
{
    DWORD number;
    (void)flags; // kept anyway
    struct ncrypt_object *key AUTO_OBJECT = object_resolve(handle, 0);
    if (!key) return NTE_INVALID_HANDLE;
    if (!name || !input) return NTE_INVALID_PARAMETER;
    if (key->kind != NCRYPT_KIND_KEY) return NTE_NOT_SUPPORTED;
    bool length = same_text(name, NCRYPT_LENGTH_PROPERTY),
         policy = same_text(name, NCRYPT_EXPORT_POLICY_PROPERTY);
    if (!length && !policy && !same_text(name, NCRYPT_KEY_USAGE_PROPERTY)) return NTE_NOT_SUPPORTED;
    if (size != sizeof(number)) return NTE_BAD_LEN;
    if (key->final) return NTE_INVALID_HANDLE;
    memcpy(&number, input, sizeof(number));
    if (length) return status_from_nt(BCryptSetProperty(key->key, BCRYPT_KEY_LENGTH, input, size, 0));
    *(policy ? &key->export_policy : &key->usage) = number;
    return ERROR_SUCCESS;
}
