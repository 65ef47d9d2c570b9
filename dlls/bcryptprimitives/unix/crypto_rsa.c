// RSA on the bodies of key blobs (wincrypt.h's RSAPUBKEY, then numbers, least significant byte first).
#include "bcryptprimitives_host.h"
#include "crypto_number.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <string.h>

enum { BITS_MIN = 384, BITS_MAX = 16384, BODY_MAX = 12 + BITS_MAX / 8 * 9 / 2 };
static const uint32_t magic_public = 0x31415352, magic_private = 0x32415352; // "RSA1", "RSA2"

// What begins a body.
struct head {
    uint32_t magic, bits, exponent;
};

// The size of a body; 0 for a head that is none.
static size_t body_size(const struct head *head, bool with_private)
{
    if (head->magic != magic_public && head->magic != magic_private) return 0;
    if (with_private && head->magic != magic_private) return 0;
    if (head->bits < BITS_MIN || head->bits > BITS_MAX || head->bits % 16) return 0;
    size_t modulus = head->bits / 8;
    return sizeof *head + (head->magic == magic_private ? modulus * 9 / 2 : modulus);
}

// n, p, q, exponents modulo p-1 and q-1, q's inverse modulo p: halves of the modulus' size; then d.
static const uint8_t *private_exponent(const struct head *head, const uint8_t *body)
{
    size_t modulus = head->bits / 8;
    return body + sizeof *head + modulus + 5 * (modulus / 2);
}

// Changes a block of the modulus' size. False for a key that is none, and a block that is no number below it.
static bool apply(const uint8_t *body, uint32_t key_size, bool with_private, uint8_t *block, uint32_t size)
{
    struct head head;
    mpz_t modulus, exponent, number;
    memcpy(&head, body, sizeof head);
    size_t needed = body_size(&head, with_private);
    if (!needed || needed > key_size || size != head.bits / 8) return false;
    // An even modulus, and a number beyond it, are nothing that the library would take.
    if (!(body[sizeof head] & 1)) return false;
    crypto.__gmpz_init(modulus);
    crypto.__gmpz_init(exponent);
    crypto.__gmpz_init(number);
    number_read(modulus, body + sizeof head, size, LEAST_FIRST);
    number_read(number, block, size, LEAST_FIRST);
    if (with_private)
        number_read(exponent, private_exponent(&head, body), size, LEAST_FIRST);
    else
        crypto.__gmpz_set_ui(exponent, head.exponent);
    bool good = crypto.__gmpz_cmp(number, modulus) < 0 && crypto.__gmpz_cmp_ui(exponent, 0) > 0;
    if (good && with_private)
        crypto.__gmpz_powm_sec(number, number, exponent, modulus);
    else if (good)
        crypto.__gmpz_powm(number, number, exponent, modulus);
    good = good && number_write(block, size, number, LEAST_FIRST);
    crypto.__gmpz_clear(modulus);
    crypto.__gmpz_clear(exponent);
    crypto.__gmpz_clear(number);
    return good;
}

NTSTATUS CryptoRsaApply(gptr key, uint32_t key_size, uint8_t with_private, gptr data, uint32_t size)
{
    uint8_t body[BODY_MAX], block[BITS_MAX / 8];
    NTSTATUS status = STATUS_ACCESS_VIOLATION;
    if (key_size < sizeof(struct head) || key_size > BODY_MAX || size > sizeof block)
        return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (guest_read(body, key, key_size) && guest_read(block, data, size))
        status = apply(body, key_size, with_private, block, size) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    if (!status && !guest_write(data, block, size)) status = STATUS_ACCESS_VIOLATION;
    explicit_bzero(body, sizeof body);
    explicit_bzero(block, sizeof block);
    return status;
}

// Writes a body whose n, p, q and d are given; the other numbers follow from them.
static bool put_key(uint8_t *body, const struct head *head, const mpz_t n, const mpz_t p, const mpz_t q,
                    const mpz_t d)
{
    size_t modulus = head->bits / 8, half = modulus / 2;
    uint8_t *at = body + sizeof *head;
    mpz_t number;
    memcpy(body, head, sizeof *head);
    crypto.__gmpz_init(number);
    bool good = number_write(at, modulus, n, LEAST_FIRST);
    at += modulus;
    good = good && number_write(at, half, p, LEAST_FIRST) && number_write(at + half, half, q, LEAST_FIRST);
    at += 2 * half;
    crypto.__gmpz_sub_ui(number, p, 1);
    crypto.__gmpz_mod(number, d, number);
    good = good && number_write(at, half, number, LEAST_FIRST);
    crypto.__gmpz_sub_ui(number, q, 1);
    crypto.__gmpz_mod(number, d, number);
    good = good && number_write(at + half, half, number, LEAST_FIRST);
    good = good && crypto.__gmpz_invert(number, q, p) != 0 &&
           number_write(at + 2 * half, half, number, LEAST_FIRST) &&
           number_write(at + 3 * half, modulus, d, LEAST_FIRST);
    crypto.__gmpz_clear(number);
    return good;
}

// From the primes and the exponent in a body. False when they are no key.
static bool complete_key(uint8_t *body, const struct head *head)
{
    size_t modulus = head->bits / 8, half = modulus / 2;
    mpz_t n, p, q, d, product, q_less;
    mpz_t *const all[] = {&n, &p, &q, &d, &product, &q_less};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) crypto.__gmpz_init(*all[i]);
    number_read(n, body + sizeof *head, modulus, LEAST_FIRST);
    number_read(p, body + sizeof *head + modulus, half, LEAST_FIRST);
    number_read(q, body + sizeof *head + modulus + half, half, LEAST_FIRST);
    crypto.__gmpz_mul(product, p, q);
    bool good = crypto.__gmpz_cmp(product, n) == 0 && crypto.__gmpz_cmp_ui(p, 2) > 0 &&
                crypto.__gmpz_cmp_ui(q, 2) > 0;
    if (good) {
        crypto.__gmpz_sub_ui(product, p, 1);
        crypto.__gmpz_sub_ui(q_less, q, 1);
        crypto.__gmpz_lcm(product, product, q_less);
        crypto.__gmpz_set_ui(d, head->exponent);
        good = crypto.__gmpz_invert(d, d, product) != 0 && put_key(body, head, n, p, q, d);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) crypto.__gmpz_clear(*all[i]);
    return good;
}

NTSTATUS CryptoRsaComplete(gptr key, uint32_t size)
{
    uint8_t body[BODY_MAX];
    struct head head;
    if (size < sizeof head || size > BODY_MAX) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(body, key, size)) return STATUS_ACCESS_VIOLATION;
    memcpy(&head, body, sizeof head);
    bool good = body_size(&head, true) == size && complete_key(body, &head),
         written = good && guest_write(key, body, size);
    explicit_bzero(body, sizeof body);
    return !good ? STATUS_INVALID_PARAMETER : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS CryptoRsaGenerate(uint32_t bits, gptr key, uint32_t size)
{
    uint8_t body[BODY_MAX];
    struct rsa_public_key public;
    struct rsa_private_key private;
    if (bits < BITS_MIN || bits > BITS_MAX || bits % 16) return STATUS_INVALID_PARAMETER;
    const struct head head = {magic_private, bits, 65537};
    if (size != body_size(&head, true)) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    crypto.nettle_rsa_public_key_init(&public);
    crypto.nettle_rsa_private_key_init(&private);
    crypto.__gmpz_set_ui(public.e, head.exponent);
    bool good =
        crypto.nettle_rsa_generate_keypair(&public, &private, NULL, crypto_random, NULL, NULL, bits, 0) &&
        put_key(body, &head, public.n, private.p, private.q, private.d);
    crypto.nettle_rsa_private_key_clear(&private);
    crypto.nettle_rsa_public_key_clear(&public);
    bool written = good && guest_write(key, body, size);
    explicit_bzero(body, sizeof body);
    return !good ? STATUS_UNSUCCESSFUL : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
