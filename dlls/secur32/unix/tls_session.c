// TLS in memory: a session reads what its calls bring and leaves what is to be sent.
#include "dlls/crypt32/unix/gnutls_library.h"
#ifdef GNUTLS_SONAME
#include "tls_session.h"
#include <errno.h>
#include <stdio.h>

enum { ALPN_MAX = 16, RECORD_MAX = 16384 + 2048 + 5, CONTENT_MAX = 16384, PRIORITY_MAX = 256 };

static void bytes_free(struct tls_bytes *bytes)
{
    if (bytes->data) explicit_bzero(bytes->data, bytes->size);
    free(bytes->data);
}

static bool bytes_add(struct tls_bytes *bytes, const void *data, size_t size)
{
    if (!size) return true; // there may be no buffer yet
    if (bytes->size + size > bytes->room) {
        size_t room = (bytes->size + size) * 2;
        uint8_t *grown = realloc(bytes->data, room);
        if (!grown) return false;
        bytes->data = grown;
        bytes->room = room;
    }
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return true;
}

// --- the library's transport

static ssize_t pull(gnutls_transport_ptr_t context, void *data, size_t size)
{
    struct tls_session *session = context;
    size_t there = session->in.size - session->read, part = there < size ? there : size;
    if (!there) {
        tls.gnutls_transport_set_errno(session->handle, EAGAIN);
        return -1;
    }
    memcpy(data, session->in.data + session->read, part);
    session->read += part;
    if (session->read == session->in.size) session->read = session->in.size = 0;
    return (ssize_t)part;
}

static ssize_t push(gnutls_transport_ptr_t context, const void *data, size_t size)
{
    struct tls_session *session = context;
    if (bytes_add(&session->out, data, size)) return (ssize_t)size;
    tls.gnutls_transport_set_errno(session->handle, ENOMEM);
    return -1;
}

// --- objects

static void session_destroy(struct object *object)
{
    struct tls_session *session = (struct tls_session *)object;
    if (session->handle) tls.gnutls_deinit(session->handle);
    bytes_free(&session->in);
    bytes_free(&session->out);
    object_release(&session->credential->object);
    pthread_mutex_destroy(&session->lock);
    object_free(object);
}

static const struct object_type session_type = {
    .name = "TlsSession",
    .valid_access = MAXIMUM_ALLOWED | STANDARD_RIGHTS_ALL,
    .destroy = session_destroy,
};

NTSTATUS tls_session_resolve(HANDLE32 handle, struct tls_session **session)
{
    return handle_resolve(handle, &session_type, 0, (struct object **)session);
}

// Resolves and locks; unlock_and_release undoes both.
static NTSTATUS begin(HANDLE32 handle, struct tls_session **session)
{
    NTSTATUS status = tls_session_resolve(handle, session);
    if (!status) pthread_mutex_lock(&(*session)->lock);
    return status;
}

static void end(struct tls_session *session)
{
    pthread_mutex_unlock(&session->lock);
    object_release(&session->object);
}

// --- settings

// SP_PROT_ bits come in pairs, the server's and the client's.
static void write_priority(char text[PRIORITY_MAX], uint32_t protocols)
{
    static const struct {
        uint32_t bits;
        const char *name;
    } versions[] = {{0x3000, "TLS1.3"}, {0xC00, "TLS1.2"}, {0x300, "TLS1.1"}, {0xC0, "TLS1.0"}};
    int length = snprintf(text, PRIORITY_MAX, "NORMAL:-VERS-ALL");
    for (unsigned i = 0; i < sizeof versions / sizeof *versions; i++)
        if (protocols & versions[i].bits)
            length += snprintf(text + length, PRIORITY_MAX - (size_t)length, ":+VERS-%s", versions[i].name);
}

static bool set_alpn(gnutls_session_t handle, const struct guest_copy *list, bool server)
{
    gnutls_datum_t names[ALPN_MAX];
    unsigned count = 0;
    for (uint32_t at = 0; at < list->size && count < ALPN_MAX; count++) {
        uint32_t length = list->data[at++];
        if (!length || length > list->size - at) return false;
        names[count] = (gnutls_datum_t){list->data + at, length};
        at += length;
    }
    return !count ||
           !tls.gnutls_alpn_set_protocols(handle, names, count, server ? GNUTLS_ALPN_SERVER_PRECEDENCE : 0);
}

static NTSTATUS configure(struct tls_session *session, uint32_t flags, uint32_t protocols,
                          const struct guest_copy *name, const struct guest_copy *alpn)
{
    char priority[PRIORITY_MAX];
    bool server = flags & TLS_SERVER;
    // Sessions aren't resumed yet, so tickets would only be in the way.
    unsigned kind = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS |
                    (server ? GNUTLS_SERVER : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
    if (tls.gnutls_init(&session->handle, kind)) return STATUS_NO_MEMORY;
    write_priority(priority, protocols);
    if (tls.gnutls_priority_set_direct(session->handle, priority, NULL)) return SEC_E_ALGORITHM_MISMATCH;
    if (tls.gnutls_credentials_set(session->handle, GNUTLS_CRD_CERTIFICATE, session->credential->handle))
        return STATUS_NO_MEMORY;
    if (name->size && tls.gnutls_server_name_set(session->handle, GNUTLS_NAME_DNS, name->data, name->size))
        return SEC_E_INVALID_PARAMETER;
    if (!set_alpn(session->handle, alpn, server)) return SEC_E_INVALID_PARAMETER;
    if (server && flags & TLS_ASK_CERTIFICATE)
        tls.gnutls_certificate_server_set_request(session->handle, GNUTLS_CERT_REQUEST);
    tls.gnutls_transport_set_ptr(session->handle, session);
    tls.gnutls_transport_set_pull_function(session->handle, pull);
    tls.gnutls_transport_set_push_function(session->handle, push);
    return STATUS_SUCCESS;
}

NTSTATUS TlsOpenSession(HANDLE32 credential, uint32_t flags, uint32_t protocols, gptr name,
                        uint32_t name_size, gptr alpn, uint32_t alpn_size, HANDLE32 *handle)
{
    AUTO_COPY struct guest_copy name_copy = {0};
    AUTO_COPY struct guest_copy alpn_copy = {0};
    NTSTATUS status = guest_copy(&name_copy, name, name_size);
    if (!status) status = guest_copy(&alpn_copy, alpn, alpn_size);
    if (status) return status;
    struct tls_credential *resolved;
    status = tls_credential_resolve(credential, &resolved);
    if (status) return status;
    struct tls_session *session = object_alloc(sizeof *session);
    if (!session) {
        object_release(&resolved->object);
        return STATUS_NO_MEMORY;
    }
    memset(session, 0, sizeof *session);
    object_init(&session->object, &session_type);
    pthread_mutex_init(&session->lock, NULL);
    session->credential = resolved;
    status = configure(session, flags, protocols, &name_copy, &alpn_copy);
    if (!status) status = handle_create(&session->object, 0, 0, handle);
    object_release(&session->object);
    return status;
}

// --- errors

static NTSTATUS status_from_alert(gnutls_session_t handle)
{
    switch (tls.gnutls_alert_get(handle)) {
    case GNUTLS_A_UNKNOWN_CA: return SEC_E_UNTRUSTED_ROOT;
    case GNUTLS_A_BAD_CERTIFICATE:
    case GNUTLS_A_CERTIFICATE_UNKNOWN: return SEC_E_CERT_UNKNOWN;
    case GNUTLS_A_CERTIFICATE_EXPIRED: return SEC_E_CERT_EXPIRED;
    case GNUTLS_A_CERTIFICATE_REVOKED: return CRYPT_E_REVOKED;
    case GNUTLS_A_BAD_RECORD_MAC: return SEC_E_MESSAGE_ALTERED;
    case GNUTLS_A_DECRYPT_ERROR:
    case GNUTLS_A_DECRYPTION_FAILED: return SEC_E_DECRYPT_FAILURE;
    case GNUTLS_A_PROTOCOL_VERSION: return SEC_E_UNSUPPORTED_FUNCTION;
    case GNUTLS_A_INTERNAL_ERROR: return SEC_E_INTERNAL_ERROR;
    default: return SEC_E_ILLEGAL_MESSAGE;
    }
}

static NTSTATUS status_from_error(gnutls_session_t handle, int error)
{
    switch (error) {
    case GNUTLS_E_FATAL_ALERT_RECEIVED: return status_from_alert(handle);
    case GNUTLS_E_MEMORY_ERROR: return SEC_E_INSUFFICIENT_MEMORY;
    case GNUTLS_E_DECRYPTION_FAILED: return SEC_E_MESSAGE_ALTERED;
    case GNUTLS_E_NO_CIPHER_SUITES:
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
    case GNUTLS_E_UNWANTED_ALGORITHM: return SEC_E_ALGORITHM_MISMATCH;
    case GNUTLS_E_CERTIFICATE_ERROR: return SEC_E_CERT_UNKNOWN;
    case GNUTLS_E_NO_CERTIFICATE_FOUND:
    case GNUTLS_E_INSUFFICIENT_CREDENTIALS: return SEC_E_NO_CREDENTIALS;
    case GNUTLS_E_UNEXPECTED_PACKET:
    case GNUTLS_E_UNEXPECTED_PACKET_LENGTH: return SEC_E_INVALID_TOKEN;
    default: return SEC_E_ILLEGAL_MESSAGE;
    }
}

// --- calls

NTSTATUS TlsHandshake(HANDLE32 handle, gptr data, uint32_t size, uint32_t *waiting)
{
    struct tls_session *session;
    AUTO_COPY struct guest_copy copy = {0};
    if (size > RECORD_MAX) return SEC_E_INVALID_TOKEN;
    NTSTATUS status = guest_copy(&copy, data, size);
    if (!status) status = begin(handle, &session);
    if (status) return status;
    int result = bytes_add(&session->in, copy.data, size) ? 0 : GNUTLS_E_MEMORY_ERROR;
    if (!result) do {
            result = tls.gnutls_handshake(session->handle);
        } while (result == GNUTLS_E_WARNING_ALERT_RECEIVED || result == GNUTLS_E_GOT_APPLICATION_DATA);
    if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED) {
        status = SEC_I_CONTINUE_NEEDED;
    } else if (result < 0) {
        status = status_from_error(session->handle, result);
        tls.gnutls_alert_send_appropriate(session->handle, result);
    }
    *waiting = (uint32_t)session->out.size;
    end(session);
    return status;
}

NTSTATUS TlsTake(HANDLE32 handle, gptr data, uint32_t room, uint32_t *taken)
{
    struct tls_session *session;
    NTSTATUS status = begin(handle, &session);
    if (status) return status;
    struct tls_bytes *out = &session->out;
    size_t part = out->size < room ? out->size : room;
    if (part && !guest_write(data, out->data, part)) {
        status = STATUS_ACCESS_VIOLATION;
    } else if (part) {
        memmove(out->data, out->data + part, out->size - part);
        out->size -= part;
    }
    *taken = (uint32_t)part;
    end(session);
    return status;
}

NTSTATUS TlsEncrypt(HANDLE32 handle, gptr data, uint32_t size, uint32_t *waiting)
{
    struct tls_session *session;
    AUTO_COPY struct guest_copy copy = {0};
    if (size > CONTENT_MAX) return SEC_E_INVALID_PARAMETER;
    NTSTATUS status = guest_copy(&copy, data, size);
    if (!status) status = begin(handle, &session);
    if (status) return status;
    ssize_t sent = size ? tls.gnutls_record_send(session->handle, copy.data, size) : 0;
    if (sent < 0)
        status = status_from_error(session->handle, (int)sent);
    else if ((uint32_t)sent != size)
        status = SEC_E_INTERNAL_ERROR;
    *waiting = (uint32_t)session->out.size;
    end(session);
    return status;
}

static NTSTATUS status_from_receive(struct tls_session *session, ssize_t result)
{
    if (result > 0) return STATUS_SUCCESS;
    if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED || result == GNUTLS_E_REHANDSHAKE)
        return SEC_I_RENEGOTIATE;
    if (result == 0) return SEC_I_CONTEXT_EXPIRED;
    if (result == GNUTLS_E_WARNING_ALERT_RECEIVED) return STATUS_SUCCESS;
    return status_from_error(session->handle, (int)result);
}

NTSTATUS TlsDecrypt(HANDLE32 handle, gptr record, uint32_t size, uint32_t *content)
{
    struct tls_session *session;
    uint8_t plain[CONTENT_MAX];
    AUTO_COPY struct guest_copy copy = {0};
    if (size > RECORD_MAX) return SEC_E_INVALID_TOKEN;
    NTSTATUS status = guest_copy(&copy, record, size);
    if (!status) status = begin(handle, &session);
    if (status) return status;
    ssize_t result = bytes_add(&session->in, copy.data, size)
                         ? tls.gnutls_record_recv(session->handle, plain, sizeof plain)
                         : GNUTLS_E_MEMORY_ERROR;
    status = status_from_receive(session, result);
    if (result > 0) {
        *content = (uint32_t)result;
        if (*content > size || !guest_write(record, plain, *content)) status = STATUS_ACCESS_VIOLATION;
    }
    explicit_bzero(plain, result > 0 ? (size_t)result : 0);
    end(session);
    return status;
}

NTSTATUS TlsShutDown(HANDLE32 handle, uint32_t *waiting)
{
    struct tls_session *session;
    NTSTATUS status = begin(handle, &session);
    if (status) return status;
    tls.gnutls_bye(session->handle, GNUTLS_SHUT_WR);
    *waiting = (uint32_t)session->out.size;
    end(session);
    return status;
}
#endif
