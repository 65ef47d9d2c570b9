// What a session has come to: its algorithms, its peer's certificates, its protocol.
#include "dlls/crypt32/unix/gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "tls_session.h"

enum { SERVER_NAME_MAX = 256 };

// wincrypt.h's numbers.
enum {
    ALG_SHA1 = 0x8004,
    ALG_SHA256 = 0x800C,
    ALG_SHA384 = 0x800D,
    ALG_3DES = 0x6603,
    ALG_AES_128 = 0x660E,
    ALG_AES_256 = 0x6610,
    ALG_RSA_KEYX = 0xA400,
    ALG_DH_EPHEM = 0xAA02,
    ALG_ECDH_EPHEM = 0xAE06
};

static void describe_cipher(gnutls_session_t handle, TLS_CONNECTION32 *connection)
{
    gnutls_cipher_algorithm_t cipher = tls.gnutls_cipher_get(handle);
    connection->cipher_bits = (uint32_t)(tls.gnutls_cipher_get_key_size(cipher) * 8);
    connection->cipher = cipher == GNUTLS_CIPHER_3DES_CBC            ? ALG_3DES
                         : cipher == GNUTLS_CIPHER_CHACHA20_POLY1305 ? 0
                         : connection->cipher_bits == 256            ? ALG_AES_256
                                                                     : ALG_AES_128;
    switch (cipher) {
    case GNUTLS_CIPHER_AES_128_GCM:
    case GNUTLS_CIPHER_AES_256_GCM:
    case GNUTLS_CIPHER_AES_128_CCM:
    case GNUTLS_CIPHER_AES_256_CCM: connection->explicit_iv = connection->version < 0x304 ? 8 : 0; break;
    case GNUTLS_CIPHER_AES_128_CBC:
    case GNUTLS_CIPHER_AES_256_CBC: connection->explicit_iv = connection->version > 0x301 ? 16 : 0; break;
    default: connection->explicit_iv = 0;
    }
}

static void describe_hash(gnutls_session_t handle, TLS_CONNECTION32 *connection)
{
    gnutls_mac_algorithm_t mac = tls.gnutls_mac_get(handle);
    bool plain = mac == GNUTLS_MAC_SHA1;
    gnutls_digest_algorithm_t prf = tls.gnutls_prf_hash_get(handle);
    connection->hash = plain ? ALG_SHA1 : prf == GNUTLS_DIG_SHA384 ? ALG_SHA384 : ALG_SHA256;
    connection->hash_bits = plain ? 160 : prf == GNUTLS_DIG_SHA384 ? 384 : 256;
}

static void describe_exchange(gnutls_session_t handle, TLS_CONNECTION32 *connection)
{
    gnutls_group_t group = tls.gnutls_group_get(handle);
    switch (tls.gnutls_kx_get(handle)) {
    case GNUTLS_KX_RSA:
        connection->exchange = ALG_RSA_KEYX;
        connection->exchange_bits = 2048;
        break;
    case GNUTLS_KX_DHE_RSA:
        connection->exchange = ALG_DH_EPHEM;
        connection->exchange_bits = (uint32_t)tls.gnutls_dh_get_prime_bits(handle);
        break;
    default:
        connection->exchange = ALG_ECDH_EPHEM;
        connection->exchange_bits = group == GNUTLS_GROUP_SECP384R1   ? 384
                                    : group == GNUTLS_GROUP_SECP521R1 ? 521
                                                                      : 256;
    }
}

// IANA's name of a suite begins where GnuTLS's does, but for the prefix: by number it is found in the
// library's own list.
static void describe_suite(gnutls_session_t handle, TLS_CONNECTION32 *connection)
{
    gnutls_kx_algorithm_t kx, wanted_kx = tls.gnutls_kx_get(handle);
    gnutls_cipher_algorithm_t cipher, wanted_cipher = tls.gnutls_cipher_get(handle);
    gnutls_mac_algorithm_t mac, wanted_mac = tls.gnutls_mac_get(handle);
    gnutls_protocol_t since;
    unsigned char id[2];
    const char *name;
    for (size_t i = 0; (name = tls.gnutls_cipher_suite_info(i, id, &kx, &cipher, &mac, &since)); i++) {
        bool new_kind = since == GNUTLS_TLS1_3;
        if (cipher != wanted_cipher || mac != wanted_mac || new_kind != (connection->version >= 0x304))
            continue;
        if (!new_kind && kx != wanted_kx) continue;
        connection->suite = (uint32_t)id[0] << 8 | id[1];
        strncpy(connection->suite_name, name, sizeof connection->suite_name - 1);
        return;
    }
}

static uint32_t version_number(gnutls_protocol_t version)
{
    switch (version) {
    case GNUTLS_TLS1_3: return 0x304;
    case GNUTLS_TLS1_2: return 0x303;
    case GNUTLS_TLS1_1: return 0x302;
    default: return 0x301;
    }
}

NTSTATUS TlsDescribe(HANDLE32 handle, TLS_CONNECTION32 *connection)
{
    struct tls_session *session;
    NTSTATUS status = tls_session_resolve(handle, &session);
    if (status) return status;
    pthread_mutex_lock(&session->lock);
    connection->version = version_number(tls.gnutls_protocol_get_version(session->handle));
    connection->overhead = (uint32_t)tls.gnutls_record_overhead_size(session->handle);
    describe_cipher(session->handle, connection);
    describe_hash(session->handle, connection);
    describe_exchange(session->handle, connection);
    describe_suite(session->handle, connection);
    pthread_mutex_unlock(&session->lock);
    object_release(&session->object);
    return status;
}

static NTSTATUS hand_out_certificates(gnutls_session_t handle, gptr data, uint32_t room, uint32_t *needed)
{
    unsigned count = 0;
    size_t size = 0;
    const gnutls_datum_t *list = tls.gnutls_certificate_get_peers(handle, &count);
    if (!list || !count) return STATUS_NOT_FOUND;
    for (unsigned i = 0; i < count; i++) size += list[i].size;
    if (size > GUEST_COPY_MAX) return STATUS_NO_MEMORY;
    *needed = (uint32_t)size;
    if (room < size) return STATUS_BUFFER_TOO_SMALL;
    for (unsigned i = 0; i < count; data += list[i++].size)
        if (!guest_write(data, list[i].data, list[i].size)) return STATUS_ACCESS_VIOLATION;
    return STATUS_SUCCESS;
}

static NTSTATUS hand_out(gnutls_session_t handle, uint32_t kind, gptr data, uint32_t room, uint32_t *needed)
{
    gnutls_datum_t datum = {0};
    char name[SERVER_NAME_MAX];
    size_t size = sizeof name;
    unsigned type;
    NTSTATUS status;
    switch (kind) {
    case TLS_PEER_CERTIFICATES: return hand_out_certificates(handle, data, room, needed);
    case TLS_PROTOCOL:
        if (tls.gnutls_alpn_get_selected_protocol(handle, &datum)) return STATUS_NOT_FOUND;
        return guest_hand_out(data, room, datum.data, datum.size, needed);
    case TLS_UNIQUE:
        if (tls.gnutls_session_channel_binding(handle, GNUTLS_CB_TLS_UNIQUE, &datum)) return STATUS_NOT_FOUND;
        status = guest_hand_out(data, room, datum.data, datum.size, needed);
        gnutls_release(datum.data);
        return status;
    case TLS_SERVER_NAME:
        if (tls.gnutls_server_name_get(handle, name, &size, &type, 0)) return STATUS_NOT_FOUND;
        return guest_hand_out(data, room, name, size, needed);
    }
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS TlsQuery(HANDLE32 handle, uint32_t kind, gptr data, uint32_t room, uint32_t *needed)
{
    struct tls_session *session;
    NTSTATUS status = tls_session_resolve(handle, &session);
    if (status) return status;
    pthread_mutex_lock(&session->lock);
    status = hand_out(session->handle, kind, data, room, needed);
    pthread_mutex_unlock(&session->lock);
    object_release(&session->object);
    return status;
}
#endif
