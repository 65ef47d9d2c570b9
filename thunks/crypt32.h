// The boundary under crypt32: signatures and PFX files by GnuTLS, and the host's own list of trusted roots;
// digests and ciphers are bcryptprimitives'. STATUS_NOT_SUPPORTED for unknown algorithms, and where the
// library is not there.
#include "define.h"
#include "nt/nt.h"

INTERFACE(crypt32, 7)

// ---- dlls/crypt32/unix/pki_signature.c ----
// Whether signature is that of data by the key of a SubjectPublicKeyInfo in DER. oid is the signature
// algorithm's; pss_hash the ALG_ID of RSASSA-PSS's hash, whose OID doesn't say it. STATUS_INVALID_SIGNATURE
// when it isn't.
CALL NTSTATUS PkiVerify(IN_BYTES(key_size) const void *key, ULONG key_size, IN_STRING const char *oid,
                        ULONG pss_hash, OPT IN_BYTES(size) const void *data, ULONG size,
                        IN_BYTES(signature_size) const void *signature, ULONG signature_size);

// ---- pki_pfx.c ----
// What lies in a PKCS #12 file: PKI_ITEM and its bytes, again and again. A key is a PrivateKeyInfo in DER and
// belongs to the first certificate. STATUS_BUFFER_TOO_SMALL with the needed size; STATUS_WRONG_PASSWORD;
// STATUS_INVALID_PARAMETER for what is no such file. The password is UTF-8 with its NUL.
CALL NTSTATUS PkiOpenPfx(IN_BYTES(size) const void *file, ULONG size, OPT IN_STRING const char *password,
                         OUT_BYTES(room) void *items, ULONG room, OUT_ALWAYS ULONG *needed);
enum { PKI_ITEM_CERTIFICATE = 1, PKI_ITEM_KEY = 2 };
typedef struct {
    ULONG kind, size;
} PKI_ITEM;
TYPE(PKI_ITEM)

// ---- pki_roots.c ----
// The host's list of trusted roots, as the text (PEM) that it is. STATUS_BUFFER_TOO_SMALL with the needed
// size, STATUS_OBJECT_NAME_NOT_FOUND when the host has none. SSL_CERT_FILE in the host's environment names
// another one.
CALL NTSTATUS PkiReadRoots(OUT_BYTES(room) void *text, ULONG room, OUT_ALWAYS ULONG *needed);
