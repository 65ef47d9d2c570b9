// The boundary under the cryptographic DLLs (advapi32, bcrypt): what nettle, hogweed and GMP compute.
// Algorithms are Windows' ALG_ID numbers (wincrypt.h). STATUS_NOT_SUPPORTED for unknown ones, and where the
// libraries are not there. Numbers are most significant byte first unless a call says otherwise.
#include "define.h"
#include "nt/nt.h"

INTERFACE(bcryptprimitives, 3)

// Where a message of GCM stands between two calls.
typedef struct {
    BYTE counter[16], hash[16];
    ULONGLONG authenticated, encrypted; // bytes so far
} CRYPTO_GCM_STATE;

// ---- hashes: dlls/bcryptprimitives/unix/crypto_hash.c ----

// A hash is an object; NtClose ends it. With a key it is the HMAC of a hash, or the CMAC of a cipher of
// 16-byte blocks.
CALL NTSTATUS CryptoCreateHash(ULONG algorithm, BOOLEAN keyed, OPT IN_BYTES(key_size) const void *key,
                               ULONG key_size, OUT HANDLE *hash, OUT ULONG *digest_size,
                               OUT ULONG *block_size);
CALL NTSTATUS CryptoDuplicateHash(HANDLE hash, OUT HANDLE *copy);
CALL NTSTATUS CryptoUpdateHash(HANDLE hash, OPT IN_BYTES(size) const void *data, ULONG size);
// Writes the digest; the hash begins anew.
CALL NTSTATUS CryptoFinishHash(HANDLE hash, OUT_BYTES(size) void *digest, ULONG size);
// All of it in one call.
CALL NTSTATUS CryptoHash(ULONG algorithm, BOOLEAN keyed, OPT IN_BYTES(key_size) const void *key,
                         ULONG key_size, OPT IN_BYTES(size) const void *data, ULONG size,
                         OUT_BYTES(digest_size) void *digest, ULONG digest_size);
// PBKDF2 (RFC 8018) with the hash's HMAC.
CALL NTSTATUS CryptoPbkdf2(ULONG algorithm, OPT IN_BYTES(password_size) const void *password,
                           ULONG password_size, OPT IN_BYTES(salt_size) const void *salt, ULONG salt_size,
                           ULONG iterations, OUT_BYTES(size) void *key, ULONG size);

// ---- block ciphers: crypto_cipher.c, crypto_aead.c ----

// In place; iv is left as the next call needs it. mode: CRYPT_MODE_ECB, _CBC or _CFB, the last with feedback
// bytes (1 or the block) at a time; size: a multiple of the block or of feedback.
CALL NTSTATUS CryptoCipher(ULONG algorithm, BOOLEAN encrypt, ULONG mode, ULONG feedback,
                           IN_BYTES(key_size) const void *key, ULONG key_size, ULONG effective_bits,
                           INOUT_BYTES(iv_size) void *iv, ULONG iv_size, INOUT_BYTES(size) void *data,
                           ULONG size);
// A part of a message, in place; a zeroed state begins one. Parts but the last are whole blocks; tag_size is
// 0 until then.
CALL NTSTATUS CryptoGcm(BOOLEAN encrypt, IN_BYTES(key_size) const void *key, ULONG key_size,
                        IN_BYTES(nonce_size) const void *nonce, ULONG nonce_size,
                        OPT IN_BYTES(auth_size) const void *auth, ULONG auth_size,
                        INOUT CRYPTO_GCM_STATE *state, OPT INOUT_BYTES(size) void *data, ULONG size,
                        OPT OUT_BYTES(tag_size) void *tag, ULONG tag_size);
// A whole message, in place.
CALL NTSTATUS CryptoCcm(BOOLEAN encrypt, IN_BYTES(key_size) const void *key, ULONG key_size,
                        IN_BYTES(nonce_size) const void *nonce, ULONG nonce_size,
                        OPT IN_BYTES(auth_size) const void *auth, ULONG auth_size,
                        OPT INOUT_BYTES(size) void *data, ULONG size, OUT_BYTES(tag_size) void *tag,
                        ULONG tag_size);

// ---- RSA: crypto_rsa.c. Keys are bodies of PRIVATEKEYBLOBs or PUBLICKEYBLOBs from the RSAPUBKEY on ----
CALL NTSTATUS CryptoRsaGenerate(ULONG bits, OUT_BYTES(size) void *key, ULONG size);
// Makes the other private numbers from exponent and primes. STATUS_INVALID_PARAMETER when they are no key.
CALL NTSTATUS CryptoRsaComplete(INOUT_BYTES(size) void *key, ULONG size);
// data: one block of the modulus' size, least significant byte first.
CALL NTSTATUS CryptoRsaApply(IN_BYTES(key_size) const void *key, ULONG key_size, BOOLEAN with_private,
                             INOUT_BYTES(size) void *data, ULONG size);

// ---- elliptic curves: crypto_ec.c ----

// curve: 256, 384, 521 (NIST's, prime) or 25519 (RFC 7748's bytes). Keys are x, y, then the private number,
// each of the curve's width.
CALL NTSTATUS CryptoEcGenerate(ULONG curve, OUT_BYTES(size) void *key, ULONG size);
// STATUS_INVALID_PARAMETER for a point that is not on the curve.
CALL NTSTATUS CryptoEcCheck(ULONG curve, IN_BYTES(size) const void *point, ULONG size);
CALL NTSTATUS CryptoEcAgree(ULONG curve, IN_BYTES(key_size) const void *key, ULONG key_size,
                            IN_BYTES(point_size) const void *point, ULONG point_size,
                            OUT_BYTES(size) void *secret, ULONG size);
// signature: r, then s.
CALL NTSTATUS CryptoEcSign(ULONG curve, IN_BYTES(key_size) const void *key, ULONG key_size,
                           IN_BYTES(digest_size) const void *digest, ULONG digest_size,
                           OUT_BYTES(size) void *signature, ULONG size);
// STATUS_INVALID_SIGNATURE.
CALL NTSTATUS CryptoEcVerify(ULONG curve, IN_BYTES(point_size) const void *point, ULONG point_size,
                             IN_BYTES(digest_size) const void *digest, ULONG digest_size,
                             IN_BYTES(size) const void *signature, ULONG size);

// ---- groups modulo a prime (DSA, Diffie-Hellman): crypto_dl.c ----

// group: p, q and g, of p_bits / 8, q_bits / 8 and p_bits / 8 bytes.
CALL NTSTATUS CryptoDlGenerate(ULONG p_bits, ULONG q_bits, OUT_BYTES(size) void *group, ULONG size);
// result := base ^ exponent modulo an odd modulus; all of one size.
CALL NTSTATUS CryptoDlPower(IN_BYTES(size) const void *base, IN_BYTES(exponent_size) const void *exponent,
                            ULONG exponent_size, IN_BYTES(size) const void *modulus,
                            OUT_BYTES(size) void *result, ULONG size);
// signature: r, then s, each of q's size.
CALL NTSTATUS CryptoDsaSign(ULONG p_size, ULONG q_size, IN_BYTES(group_size) const void *group,
                            ULONG group_size, IN_BYTES(q_size) const void *key,
                            IN_BYTES(digest_size) const void *digest, ULONG digest_size,
                            OUT_BYTES(size) void *signature, ULONG size);
CALL NTSTATUS CryptoDsaVerify(ULONG p_size, ULONG q_size, IN_BYTES(group_size) const void *group,
                              ULONG group_size, IN_BYTES(p_size) const void *key,
                              IN_BYTES(digest_size) const void *digest, ULONG digest_size,
                              IN_BYTES(size) const void *signature, ULONG size);
