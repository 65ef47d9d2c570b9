// The boundary under advapi32: what cryptographic providers compute, by nettle and GMP. Algorithms are Windows'
// ALG_ID numbers (wincrypt.h). STATUS_NOT_SUPPORTED for unknown ones, and where the libraries are not there.
#include "define.h"
#include "nt/nt.h"

INTERFACE(advapi32, 3)

// ---- hashes: dlls/advapi32/unix/crypto_hash.c. A hash is an object; NtClose ends it ----
CALL NTSTATUS CryptoCreateHash(ULONG algorithm, OUT HANDLE *hash, OUT ULONG *digest_size, OUT ULONG *block_size);
CALL NTSTATUS CryptoDuplicateHash(HANDLE hash, OUT HANDLE *copy);
CALL NTSTATUS CryptoUpdateHash(HANDLE hash, OPT IN_BYTES(size) const void *data, ULONG size);
// Writes the digest; the hash begins anew.
CALL NTSTATUS CryptoFinishHash(HANDLE hash, OUT_BYTES(size) void *digest, ULONG size);

// ---- block ciphers: crypto_cipher.c. Whole blocks, in place; iv is left as the next call needs it ----
CALL NTSTATUS CryptoCipher(ULONG algorithm, BOOLEAN encrypt, BOOLEAN chained, IN_BYTES(key_size) const void *key,
                           ULONG key_size, ULONG effective_bits, INOUT_BYTES(iv_size) void *iv, ULONG iv_size,
                           INOUT_BYTES(size) void *data, ULONG size);

// ---- RSA: crypto_rsa.c. Keys are bodies of PRIVATEKEYBLOBs or PUBLICKEYBLOBs from the RSAPUBKEY on ----
CALL NTSTATUS CryptoRsaGenerate(ULONG bits, OUT_BYTES(size) void *key, ULONG size);
// data: one block of the modulus' size, least significant byte first.
CALL NTSTATUS CryptoRsaApply(IN_BYTES(key_size) const void *key, ULONG key_size, BOOLEAN with_private,
                             INOUT_BYTES(size) void *data, ULONG size);
