// Groups modulo a prime: parameters, powers (Diffie-Hellman), DSA by hogweed.
#include "bcryptprimitives_host.h"
#include "crypto_number.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <string.h>

enum { P_MAX = 512, Q_MAX = 32, GROUP_MAX = 2 * P_MAX + Q_MAX, DSA_DIGEST_MAX = 64 };

// ---- parameters ----

NTSTATUS CryptoDlGenerate(uint32_t p_bits, uint32_t q_bits, gptr group, uint32_t size)
{
    uint8_t bytes[GROUP_MAX];
    uint32_t p = p_bits / 8, q = q_bits / 8;
    struct dsa_params params;
    if (p_bits % 8 || q_bits % 8 || q_bits < 160 || q > Q_MAX || p > P_MAX || p_bits < q_bits + 64 ||
        size != 2 * p + q)
        return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    crypto.nettle_dsa_params_init(&params);
    bool good = crypto.nettle_dsa_generate_params(&params, NULL, crypto_random, NULL, NULL, p_bits, q_bits) &&
                number_write(bytes, p, params.p, MOST_FIRST) &&
                number_write(bytes + p, q, params.q, MOST_FIRST) &&
                number_write(bytes + p + q, p, params.g, MOST_FIRST);
    crypto.nettle_dsa_params_clear(&params);
    if (!good) return STATUS_UNSUCCESSFUL;
    return guest_write(group, bytes, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS CryptoDlPower(gptr base, gptr exponent, uint32_t exponent_size, gptr modulus, gptr result,
                       uint32_t size)
{
    uint8_t base_bytes[P_MAX], exponent_bytes[P_MAX], modulus_bytes[P_MAX];
    mpz_t b, e, m;
    if (!size || size > P_MAX || exponent_size > P_MAX) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(base_bytes, base, size) || !guest_read(exponent_bytes, exponent, exponent_size) ||
        !guest_read(modulus_bytes, modulus, size))
        return STATUS_ACCESS_VIOLATION;
    if (!(modulus_bytes[size - 1] & 1)) return STATUS_INVALID_PARAMETER;
    crypto.__gmpz_init(b);
    crypto.__gmpz_init(e);
    crypto.__gmpz_init(m);
    number_read(b, base_bytes, size, MOST_FIRST);
    number_read(e, exponent_bytes, exponent_size, MOST_FIRST);
    number_read(m, modulus_bytes, size, MOST_FIRST);
    bool good = crypto.__gmpz_cmp_ui(e, 0) > 0;
    if (good) {
        crypto.__gmpz_powm_sec(b, b, e, m);
        good = number_write(base_bytes, size, b, MOST_FIRST);
    }
    crypto.__gmpz_clear(b);
    crypto.__gmpz_clear(e);
    crypto.__gmpz_clear(m);
    explicit_bzero(exponent_bytes, sizeof exponent_bytes);
    bool written = good && guest_write(result, base_bytes, size);
    explicit_bzero(base_bytes, sizeof base_bytes);
    return !good ? STATUS_INVALID_PARAMETER : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- DSA ----

// What both directions read: the group and the digest. Initializes params if it returns STATUS_SUCCESS.
// hogweed divides by the numbers: p and q must be odd.
static NTSTATUS read_call(struct dsa_params *params, uint32_t p, uint32_t q, gptr group, uint32_t group_size,
                          gptr digest, uint32_t digest_size, uint8_t digest_bytes[DSA_DIGEST_MAX])
{
    uint8_t bytes[GROUP_MAX];
    if (!p || !q || p > P_MAX || q > Q_MAX || group_size != 2 * p + q || digest_size > DSA_DIGEST_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(bytes, group, group_size) || !guest_read(digest_bytes, digest, digest_size))
        return STATUS_ACCESS_VIOLATION;
    if (!(bytes[p - 1] & 1) || !(bytes[p + q - 1] & 1)) return STATUS_INVALID_PARAMETER;
    crypto.nettle_dsa_params_init(params);
    number_read(params->p, bytes, p, MOST_FIRST);
    number_read(params->q, bytes + p, q, MOST_FIRST);
    number_read(params->g, bytes + p + q, p, MOST_FIRST);
    if (crypto.__gmpz_cmp_ui(params->q, 2) > 0 && crypto.__gmpz_cmp_ui(params->g, 1) > 0 &&
        crypto.__gmpz_cmp(params->q, params->p) < 0)
        return STATUS_SUCCESS;
    crypto.nettle_dsa_params_clear(params);
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS CryptoDsaSign(uint32_t p_size, uint32_t q_size, gptr group, uint32_t group_size, gptr key,
                       gptr digest, uint32_t digest_size, gptr signature, uint32_t size)
{
    uint8_t digest_bytes[DSA_DIGEST_MAX], key_bytes[Q_MAX], result[2 * Q_MAX];
    struct dsa_params params;
    struct dsa_signature made;
    mpz_t x;
    NTSTATUS status =
        read_call(&params, p_size, q_size, group, group_size, digest, digest_size, digest_bytes);
    if (status) return status;
    crypto.__gmpz_init(x);
    crypto.nettle_dsa_signature_init(&made);
    if (size != 2 * q_size) {
        status = STATUS_INVALID_PARAMETER;
    } else if (!guest_read(key_bytes, key, q_size)) {
        status = STATUS_ACCESS_VIOLATION;
    } else {
        number_read(x, key_bytes, q_size, MOST_FIRST);
        bool good =
            crypto.nettle_dsa_sign(&params, x, NULL, crypto_random, digest_size, digest_bytes, &made) &&
            number_write(result, q_size, made.r, MOST_FIRST) &&
            number_write(result + q_size, q_size, made.s, MOST_FIRST);
        if (!good) status = STATUS_INVALID_PARAMETER;
    }
    if (!status && !guest_write(signature, result, size)) status = STATUS_ACCESS_VIOLATION;
    explicit_bzero(key_bytes, sizeof key_bytes);
    crypto.nettle_dsa_signature_clear(&made);
    crypto.__gmpz_clear(x);
    crypto.nettle_dsa_params_clear(&params);
    return status;
}

NTSTATUS CryptoDsaVerify(uint32_t p_size, uint32_t q_size, gptr group, uint32_t group_size, gptr key,
                         gptr digest, uint32_t digest_size, gptr signature, uint32_t size)
{
    uint8_t digest_bytes[DSA_DIGEST_MAX], key_bytes[P_MAX], given[2 * Q_MAX];
    struct dsa_params params;
    struct dsa_signature parts;
    mpz_t y;
    NTSTATUS status =
        read_call(&params, p_size, q_size, group, group_size, digest, digest_size, digest_bytes);
    if (status) return status;
    crypto.__gmpz_init(y);
    crypto.nettle_dsa_signature_init(&parts);
    if (size != 2 * q_size) {
        status = STATUS_INVALID_SIGNATURE;
    } else if (!guest_read(key_bytes, key, p_size) || !guest_read(given, signature, size)) {
        status = STATUS_ACCESS_VIOLATION;
    } else {
        number_read(y, key_bytes, p_size, MOST_FIRST);
        number_read(parts.r, given, q_size, MOST_FIRST);
        number_read(parts.s, given + q_size, q_size, MOST_FIRST);
        if (!crypto.nettle_dsa_verify(&params, y, digest_size, digest_bytes, &parts))
            status = STATUS_INVALID_SIGNATURE;
    }
    crypto.nettle_dsa_signature_clear(&parts);
    crypto.__gmpz_clear(y);
    crypto.nettle_dsa_params_clear(&params);
    return status;
}
