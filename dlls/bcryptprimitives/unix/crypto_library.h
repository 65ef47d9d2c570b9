// nettle and GMP, loaded when a program first computes something cryptographic: others do not pay for them.
#ifndef LOWLAND_CRYPTO_LIBRARY_H
#define LOWLAND_CRYPTO_LIBRARY_H

#include <gmp.h>
#include <nettle/aes.h>
#include <nettle/arctwo.h>
#include <nettle/bignum.h>
#include <nettle/cbc.h>
#include <nettle/ccm.h>
#include <nettle/cfb.h>
#include <nettle/cmac.h>
#include <nettle/curve25519.h>
#include <nettle/des.h>
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>
#include <nettle/rsa.h>
#include <stdbool.h>

// Functions, by their names in the libraries' headers.
#define CRYPTO_NETTLE_FUNCTIONS(X)                                                                           \
    X(nettle_aes128_set_encrypt_key)                                                                         \
    X(nettle_aes128_set_decrypt_key)                                                                         \
    X(nettle_aes128_encrypt)                                                                                 \
    X(nettle_aes128_decrypt)                                                                                 \
    X(nettle_aes192_set_encrypt_key)                                                                         \
    X(nettle_aes192_set_decrypt_key)                                                                         \
    X(nettle_aes192_encrypt)                                                                                 \
    X(nettle_aes192_decrypt)                                                                                 \
    X(nettle_aes256_set_encrypt_key)                                                                         \
    X(nettle_aes256_set_decrypt_key)                                                                         \
    X(nettle_aes256_encrypt)                                                                                 \
    X(nettle_aes256_decrypt)                                                                                 \
    X(nettle_arctwo_set_key_ekb)                                                                             \
    X(nettle_arctwo_encrypt)                                                                                 \
    X(nettle_arctwo_decrypt)                                                                                 \
    X(nettle_des_set_key)                                                                                    \
    X(nettle_des_encrypt)                                                                                    \
    X(nettle_des_decrypt)                                                                                    \
    X(nettle_des3_set_key)                                                                                   \
    X(nettle_des3_encrypt)                                                                                   \
    X(nettle_des3_decrypt)                                                                                   \
    X(nettle_cbc_encrypt)                                                                                    \
    X(nettle_cbc_decrypt)                                                                                    \
    X(nettle_cfb_encrypt)                                                                                    \
    X(nettle_cfb_decrypt)                                                                                    \
    X(nettle_cfb8_encrypt)                                                                                   \
    X(nettle_cfb8_decrypt)                                                                                   \
    X(nettle_gcm_set_key)                                                                                    \
    X(nettle_gcm_set_iv)                                                                                     \
    X(nettle_gcm_update)                                                                                     \
    X(nettle_gcm_encrypt)                                                                                    \
    X(nettle_gcm_decrypt)                                                                                    \
    X(nettle_gcm_digest)                                                                                     \
    X(nettle_ccm_set_nonce)                                                                                  \
    X(nettle_ccm_update)                                                                                     \
    X(nettle_ccm_encrypt)                                                                                    \
    X(nettle_ccm_decrypt)                                                                                    \
    X(nettle_ccm_digest)                                                                                     \
    X(nettle_cmac128_set_key)                                                                                \
    X(nettle_cmac128_init)                                                                                   \
    X(nettle_cmac128_update)                                                                                 \
    X(nettle_cmac128_digest)                                                                                 \
    X(nettle_hmac_set_key)                                                                                   \
    X(nettle_hmac_digest)                                                                                    \
    X(nettle_pbkdf2)

#define CRYPTO_HOGWEED_FUNCTIONS(X)                                                                          \
    X(nettle_rsa_public_key_init)                                                                            \
    X(nettle_rsa_public_key_clear)                                                                           \
    X(nettle_rsa_private_key_init)                                                                           \
    X(nettle_rsa_private_key_clear)                                                                          \
    X(nettle_rsa_generate_keypair)                                                                           \
    X(nettle_ecc_point_init)                                                                                 \
    X(nettle_ecc_point_clear)                                                                                \
    X(nettle_ecc_point_set)                                                                                  \
    X(nettle_ecc_point_get)                                                                                  \
    X(nettle_ecc_point_mul)                                                                                  \
    X(nettle_ecc_scalar_init)                                                                                \
    X(nettle_ecc_scalar_clear)                                                                               \
    X(nettle_ecc_scalar_set)                                                                                 \
    X(nettle_ecc_scalar_get)                                                                                 \
    X(nettle_ecdsa_sign)                                                                                     \
    X(nettle_ecdsa_verify)                                                                                   \
    X(nettle_ecdsa_generate_keypair)                                                                         \
    X(nettle_get_secp_256r1)                                                                                 \
    X(nettle_get_secp_384r1)                                                                                 \
    X(nettle_get_secp_521r1)                                                                                 \
    X(nettle_curve25519_mul)                                                                                 \
    X(nettle_curve25519_mul_g)                                                                               \
    X(nettle_dsa_params_init)                                                                                \
    X(nettle_dsa_params_clear)                                                                               \
    X(nettle_dsa_signature_init)                                                                             \
    X(nettle_dsa_signature_clear)                                                                            \
    X(nettle_dsa_generate_params)                                                                            \
    X(nettle_dsa_sign)                                                                                       \
    X(nettle_dsa_verify)

#define CRYPTO_GMP_FUNCTIONS(X)                                                                              \
    X(__gmpz_init)                                                                                           \
    X(__gmpz_clear)                                                                                          \
    X(__gmpz_import)                                                                                         \
    X(__gmpz_export)                                                                                         \
    X(__gmpz_sizeinbase)                                                                                     \
    X(__gmpz_powm_sec)                                                                                       \
    X(__gmpz_powm)                                                                                           \
    X(__gmpz_cmp)                                                                                            \
    X(__gmpz_set_ui)                                                                                         \
    X(__gmpz_cmp_ui)                                                                                         \
    X(__gmpz_invert)                                                                                         \
    X(__gmpz_mul)                                                                                            \
    X(__gmpz_sub_ui)                                                                                         \
    X(__gmpz_lcm)                                                                                            \
    X(__gmpz_mod)

// crypto.nettle_cbc_encrypt is the library's, and so on. Valid after crypto_load.
struct crypto_library {
#define X(name) __typeof__(&(name)) name; // NOLINT(bugprone-macro-parentheses)
    CRYPTO_NETTLE_FUNCTIONS(X)
    CRYPTO_HOGWEED_FUNCTIONS(X)
    CRYPTO_GMP_FUNCTIONS(X)
#undef X
};
extern struct crypto_library crypto;

// False, with one line on standard error the first time, when the libraries are not there. Any thread.
bool crypto_load(void);

// A hash of the library ("md5"), NULL when it has none of that name. After crypto_load.
const struct nettle_hash *crypto_hash_named(const char *name);

#endif
