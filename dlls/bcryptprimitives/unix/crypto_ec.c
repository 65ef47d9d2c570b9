// Elliptic curves: keys, Diffie-Hellman and ECDSA by hogweed.
#include "bcryptprimitives_host.h"
#include "crypto_number.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <string.h>

enum { WIDTH_MAX = 66, X25519 = 25519, X25519_WIDTH = 32, ECDSA_DIGEST_MAX = 64 };

// NULL for what is none of NIST's three.
static const struct ecc_curve *find_curve(uint32_t curve)
{
    if (!crypto_load()) return NULL;
    switch (curve) {
    case 256: return crypto.nettle_get_secp_256r1();
    case 384: return crypto.nettle_get_secp_384r1();
    case 521: return crypto.nettle_get_secp_521r1();
    default: return NULL;
    }
}

static uint32_t width_of(uint32_t curve)
{
    return curve == X25519 ? X25519_WIDTH : (curve + 7) / 8;
}

// ---- points and numbers as bytes ----

// False for a point that is not on the curve. Initializes the point either way.
static bool read_point(struct ecc_point *point, const struct ecc_curve *curve, const uint8_t *bytes,
                       uint32_t width)
{
    mpz_t x, y;
    crypto.__gmpz_init(x);
    crypto.__gmpz_init(y);
    number_read(x, bytes, width, MOST_FIRST);
    number_read(y, bytes + width, width, MOST_FIRST);
    crypto.nettle_ecc_point_init(point, curve);
    bool good = crypto.nettle_ecc_point_set(point, x, y);
    crypto.__gmpz_clear(x);
    crypto.__gmpz_clear(y);
    return good;
}

// x, and y unless only_x.
static bool write_point(const struct ecc_point *point, uint8_t *bytes, uint32_t width, bool only_x)
{
    mpz_t x, y;
    crypto.__gmpz_init(x);
    crypto.__gmpz_init(y);
    crypto.nettle_ecc_point_get(point, x, y);
    bool good = number_write(bytes, width, x, MOST_FIRST) &&
                (only_x || number_write(bytes + width, width, y, MOST_FIRST));
    crypto.__gmpz_clear(x);
    crypto.__gmpz_clear(y);
    return good;
}

// False for a number that is no private key. Initializes the scalar either way.
static bool read_scalar(struct ecc_scalar *scalar, const struct ecc_curve *curve, const uint8_t *bytes,
                        uint32_t width)
{
    mpz_t number;
    crypto.__gmpz_init(number);
    number_read(number, bytes, width, MOST_FIRST);
    crypto.nettle_ecc_scalar_init(scalar, curve);
    bool good = crypto.nettle_ecc_scalar_set(scalar, number);
    crypto.__gmpz_clear(number);
    return good;
}

// ---- keys ----

static void generate_x25519(uint8_t *key)
{
    uint8_t *number = key + 2 * X25519_WIDTH;
    memset(key, 0, 2 * X25519_WIDTH);
    crypto_random(NULL, X25519_WIDTH, number);
    number[0] &= 0xF8; // as RFC 7748, 5, has it
    number[31] = (number[31] & 0x7F) | 0x40;
    crypto.nettle_curve25519_mul_g(key, number);
}

static bool generate(const struct ecc_curve *curve, uint8_t *key, uint32_t width)
{
    struct ecc_point point;
    struct ecc_scalar scalar;
    mpz_t number;
    crypto.nettle_ecc_point_init(&point, curve);
    crypto.nettle_ecc_scalar_init(&scalar, curve);
    crypto.__gmpz_init(number);
    crypto.nettle_ecdsa_generate_keypair(&point, &scalar, NULL, crypto_random);
    crypto.nettle_ecc_scalar_get(&scalar, number);
    bool good =
        write_point(&point, key, width, false) && number_write(key + 2 * width, width, number, MOST_FIRST);
    crypto.__gmpz_clear(number);
    crypto.nettle_ecc_scalar_clear(&scalar);
    crypto.nettle_ecc_point_clear(&point);
    return good;
}

NTSTATUS CryptoEcGenerate(uint32_t number, gptr key, uint32_t size)
{
    uint8_t bytes[3 * WIDTH_MAX];
    const struct ecc_curve *curve = find_curve(number);
    uint32_t width = width_of(number);
    if (!curve && (number != X25519 || !crypto_load())) return STATUS_NOT_SUPPORTED;
    if (size != 3 * width) return STATUS_INVALID_PARAMETER;
    bool good = true;
    if (curve)
        good = generate(curve, bytes, width);
    else
        generate_x25519(bytes);
    bool written = good && guest_write(key, bytes, size);
    explicit_bzero(bytes, sizeof bytes);
    return !good ? STATUS_UNSUCCESSFUL : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS CryptoEcCheck(uint32_t number, gptr point, uint32_t size)
{
    uint8_t bytes[2 * WIDTH_MAX];
    struct ecc_point read;
    const struct ecc_curve *curve = find_curve(number);
    if (number == X25519) return size == 2 * X25519_WIDTH ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    if (!curve) return STATUS_NOT_SUPPORTED;
    if (size != 2 * width_of(number)) return STATUS_INVALID_PARAMETER;
    if (!guest_read(bytes, point, size)) return STATUS_ACCESS_VIOLATION;
    bool good = read_point(&read, curve, bytes, size / 2);
    crypto.nettle_ecc_point_clear(&read);
    return good ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

// ---- Diffie-Hellman ----

static bool agree(const struct ecc_curve *curve, uint32_t width, const uint8_t *key, const uint8_t *other,
                  uint8_t *secret)
{
    struct ecc_point point;
    struct ecc_scalar scalar;
    bool good = read_point(&point, curve, other, width);
    good = read_scalar(&scalar, curve, key + 2 * width, width) && good;
    if (good) {
        crypto.nettle_ecc_point_mul(&point, &scalar, &point);
        good = write_point(&point, secret, width, true);
    }
    crypto.nettle_ecc_scalar_clear(&scalar);
    crypto.nettle_ecc_point_clear(&point);
    return good;
}

static bool agree_x25519(const uint8_t *key, const uint8_t *other, uint8_t *secret)
{
    static const uint8_t zero[X25519_WIDTH];
    crypto.nettle_curve25519_mul(secret, key + 2 * X25519_WIDTH, other);
    return memcmp(secret, zero, sizeof zero) != 0; // RFC 7748, 6.1
}

NTSTATUS CryptoEcAgree(uint32_t number, gptr key, uint32_t key_size, gptr point, uint32_t point_size,
                       gptr secret, uint32_t size)
{
    uint8_t key_bytes[3 * WIDTH_MAX], point_bytes[2 * WIDTH_MAX], result[WIDTH_MAX];
    const struct ecc_curve *curve = find_curve(number);
    uint32_t width = width_of(number);
    if (!curve && (number != X25519 || !crypto_load())) return STATUS_NOT_SUPPORTED;
    if (key_size != 3 * width || point_size != 2 * width || size != width) return STATUS_INVALID_PARAMETER;
    if (!guest_read(key_bytes, key, key_size) || !guest_read(point_bytes, point, point_size))
        return STATUS_ACCESS_VIOLATION;
    bool good = curve ? agree(curve, width, key_bytes, point_bytes, result)
                      : agree_x25519(key_bytes, point_bytes, result);
    bool written = good && guest_write(secret, result, size);
    explicit_bzero(key_bytes, sizeof key_bytes);
    explicit_bzero(result, sizeof result);
    return !good ? STATUS_INVALID_PARAMETER : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- ECDSA ----

NTSTATUS CryptoEcSign(uint32_t number, gptr key, uint32_t key_size, gptr digest, uint32_t digest_size,
                      gptr signature, uint32_t size)
{
    uint8_t key_bytes[3 * WIDTH_MAX], digest_bytes[ECDSA_DIGEST_MAX], result[2 * WIDTH_MAX];
    struct ecc_scalar scalar;
    struct dsa_signature made;
    const struct ecc_curve *curve = find_curve(number);
    uint32_t width = width_of(number);
    if (!curve) return STATUS_NOT_SUPPORTED;
    if (key_size != 3 * width || size != 2 * width || digest_size > ECDSA_DIGEST_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!guest_read(key_bytes, key, key_size) || !guest_read(digest_bytes, digest, digest_size))
        return STATUS_ACCESS_VIOLATION;
    bool good = read_scalar(&scalar, curve, key_bytes + 2 * width, width);
    if (good) {
        crypto.nettle_dsa_signature_init(&made);
        crypto.nettle_ecdsa_sign(&scalar, NULL, crypto_random, digest_size, digest_bytes, &made);
        good = number_write(result, width, made.r, MOST_FIRST) &&
               number_write(result + width, width, made.s, MOST_FIRST);
        crypto.nettle_dsa_signature_clear(&made);
    }
    crypto.nettle_ecc_scalar_clear(&scalar);
    explicit_bzero(key_bytes, sizeof key_bytes);
    if (!good) return STATUS_INVALID_PARAMETER;
    return guest_write(signature, result, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS CryptoEcVerify(uint32_t number, gptr point, uint32_t point_size, gptr digest, uint32_t digest_size,
                        gptr signature, uint32_t size)
{
    uint8_t point_bytes[2 * WIDTH_MAX], digest_bytes[ECDSA_DIGEST_MAX], given[2 * WIDTH_MAX];
    struct ecc_point read;
    struct dsa_signature parts;
    const struct ecc_curve *curve = find_curve(number);
    uint32_t width = width_of(number);
    if (!curve) return STATUS_NOT_SUPPORTED;
    if (point_size != 2 * width || size != 2 * width || digest_size > ECDSA_DIGEST_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!guest_read(point_bytes, point, point_size) || !guest_read(digest_bytes, digest, digest_size) ||
        !guest_read(given, signature, size))
        return STATUS_ACCESS_VIOLATION;
    bool good = read_point(&read, curve, point_bytes, width), valid = false;
    if (good) {
        crypto.nettle_dsa_signature_init(&parts);
        number_read(parts.r, given, width, MOST_FIRST);
        number_read(parts.s, given + width, width, MOST_FIRST);
        valid = crypto.nettle_ecdsa_verify(&read, digest_size, digest_bytes, &parts);
        crypto.nettle_dsa_signature_clear(&parts);
    }
    crypto.nettle_ecc_point_clear(&read);
    return !good ? STATUS_INVALID_PARAMETER : valid ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}
