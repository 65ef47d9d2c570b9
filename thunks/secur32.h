// The boundary under secur32: TLS by GnuTLS, in memory. What is to be sent gathers in a session until
// TlsTake; failures are SEC_E_ codes, which are NTSTATUS values too. STATUS_NOT_SUPPORTED where the library
// is not there.
#include "define.h"
#include "nt/nt.h"

INTERFACE(secur32, 8)

// ---- dlls/secur32/unix/tls_credential.c. An object; NtClose ends it ----
// chain: certificates in DER one after another, the owner's first; key: its PrivateKeyInfo in DER. Both may
// be empty.
CALL NTSTATUS TlsOpenCredential(OPT IN_BYTES(chain_size) const void *chain, ULONG chain_size,
                                OPT IN_BYTES(key_size) const void *key, ULONG key_size,
                                OUT HANDLE *credential);

// ---- tls_session.c. An object; NtClose ends it. Calls for one session take turns ----
enum { TLS_SERVER = 1, TLS_ASK_CERTIFICATE = 2 };
// protocols: SP_PROT_ bits (schannel.h); name: the server's, UTF-8; alpn: as in the TLS extension, length and
// bytes.
CALL NTSTATUS TlsOpenSession(HANDLE credential, ULONG flags, ULONG protocols,
                             OPT IN_BYTES(name_size) const char *name, ULONG name_size,
                             OPT IN_BYTES(alpn_size) const void *alpn, ULONG alpn_size, OUT HANDLE *session);
// Goes on with a handshake; data is one record or nothing. 0: it is complete, SEC_I_CONTINUE_NEEDED: it isn't
// yet. waiting: how much there is to send, also after a failure (an alert).
CALL NTSTATUS TlsHandshake(HANDLE session, OPT IN_BYTES(size) const void *data, ULONG size,
                           OUT_ALWAYS ULONG *waiting);
// Takes what is to be sent, at most room bytes.
CALL NTSTATUS TlsTake(HANDLE session, OUT_BYTES(room) void *data, ULONG room, OUT ULONG *taken);
// Makes one record of at most 16,384 bytes; waiting as above.
CALL NTSTATUS TlsEncrypt(HANDLE session, IN_BYTES(size) const void *data, ULONG size, OUT ULONG *waiting);
// Opens one record, in place: its content then lies at its beginning. SEC_I_RENEGOTIATE: it was a message of
// the handshake's, SEC_I_CONTEXT_EXPIRED: the peer sends no more.
CALL NTSTATUS TlsDecrypt(HANDLE session, INOUT_BYTES(size) void *record, ULONG size,
                         OUT_ALWAYS ULONG *content);
// Announces that no more will be sent.
CALL NTSTATUS TlsShutDown(HANDLE session, OUT ULONG *waiting);

// ---- tls_query.c ----
typedef struct {
    ULONG version;             // 0x0303: TLS 1.2
    ULONG suite;               // its number of the registry of TLS
    ULONG cipher, cipher_bits; // ALG_IDs, as SecPkgContext_ConnectionInfo has them
    ULONG hash, hash_bits;
    ULONG exchange, exchange_bits;
    ULONG overhead;    // what a record is longer than its content, at most
    ULONG explicit_iv; // of that, what lies before the content besides the record's header
    char suite_name[64];
} TLS_CONNECTION;
CALL NTSTATUS TlsDescribe(HANDLE session, OUT TLS_CONNECTION *connection);
enum { TLS_PEER_CERTIFICATES = 1, TLS_PROTOCOL, TLS_UNIQUE, TLS_SERVER_NAME };
// Bytes of one of these kinds; certificates as TlsOpenCredential takes them. STATUS_BUFFER_TOO_SMALL with the
// needed size, STATUS_NOT_FOUND when there is none.
CALL NTSTATUS TlsQuery(HANDLE session, ULONG kind, OUT_BYTES(room) void *data, ULONG room,
                       OUT_ALWAYS ULONG *needed);
