// RSA on the bodies of key blobs (wincrypt.h's RSAPUBKEY, then numbers, least significant byte first).
#include "advapi32_host.h"
#include "crypto_library.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <string.h>
#include <sys/random.h>

enum { BITS_MIN = 384, BITS_MAX = 16384, BODY_MAX = 12 + BITS_MAX / 8 * 9 / 2 };
static const uint32_t magic_public = 0x31415352, magic_private = 0x32415352; // "RSA1", "RSA2"

// What begins a body.
struct head {
    uint32_t magic, bits, exponent;
};

static void read_number(mpz_t number, const uint8_t *bytes, size_t size)
{
    crypto.__gmpz_import(number, size, -1, 1, 0, 0, bytes);
}

// False when it does not fit.
static bool write_number(uint8_t *bytes, size_t size, const mpz_t number)
{
    if ((crypto.__gmpz_sizeinbase(number, 2) + 7) / 8 > size) return false;
    memset(bytes, 0, size);
    crypto.__gmpz_export(bytes, NULL, -1, 1, 0, 0, number);
    return true;
}

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

NTSTATUS CryptoRsaApply(gptr key, uint32_t key_size, uint8_t with_private, gptr data, uint32_t size)
{
    uint8_t body[BODY_MAX], block[BITS_MAX / 8];
    struct head head;
    mpz_t modulus, exponent, number;
    if (key_size < sizeof head || key_size > BODY_MAX) return STATUS_INVALID_PARAMETER;
    if (!crypto_load()) return STATUS_NOT_SUPPORTED;
    if (!guest_read(body, key, key_size)) return STATUS_ACCESS_VIOLATION;
    memcpy(&head, body, sizeof head);
    size_t needed = body_size(&head, with_private);
    if (!needed || needed > key_size || size != head.bits / 8) return STATUS_INVALID_PARAMETER;
    // An even modulus, and a number beyond it, are nothing that the library would take.
    if (!(body[sizeof head] & 1)) return STATUS_INVALID_PARAMETER;
    if (!guest_read(block, data, size)) return STATUS_ACCESS_VIOLATION;
    crypto.__gmpz_init(modulus);
    crypto.__gmpz_init(exponent);
    crypto.__gmpz_init(number);
    read_number(modulus, body + sizeof head, size);
    read_number(number, block, size);
    if (with_private)
        read_number(exponent, private_exponent(&head, body), size);
    else
        crypto.__gmpz_set_ui(exponent, head.exponent);
    bool good = crypto.__gmpz_cmp(number, modulus) < 0 && crypto.__gmpz_cmp_ui(exponent, 0) > 0;
    if (good && with_private)
        crypto.__gmpz_powm_sec(number, number, exponent, modulus);
    else if (good)
        crypto.__gmpz_powm(number, number, exponent, modulus);
    good = good && write_number(block, size, number);
    crypto.__gmpz_clear(modulus);
    crypto.__gmpz_clear(exponent);
    crypto.__gmpz_clear(number);
    explicit_bzero(body, sizeof body);
    if (!good) return STATUS_INVALID_PARAMETER;
    return guest_write(data, block, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static void random_bytes(void *context, size_t size, uint8_t *bytes)
{
    (void)context;
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom(bytes + done, size - done, 0);
        if (n > 0) done += (size_t)n;
    }
}

static bool put_key(uint8_t *body, uint32_t bits, const struct rsa_public_key *public,
                    const struct rsa_private_key *private)
{
    const struct head head = {magic_private, bits, 65537};
    size_t modulus = bits / 8, half = modulus / 2;
    uint8_t *at = body + sizeof head;
    mpz_t inverse;
    memcpy(body, &head, sizeof head);
    crypto.__gmpz_init(inverse);
    bool good = crypto.__gmpz_invert(inverse, private->q, private->p) != 0 &&
                write_number(at, modulus, public->n) && write_number(at + modulus, half, private->p) &&
                write_number(at + modulus + half, half, private->q) &&
                write_number(at + modulus + 2 * half, half, private->a) &&
                write_number(at + modulus + 3 * half, half, private->b) &&
                write_number(at + modulus + 4 * half, half, inverse) &&
                write_number(at + modulus + 5 * half, modulus, private->d);
    crypto.__gmpz_clear(inverse);
    return good;
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
        crypto.nettle_rsa_generate_keypair(&public, &private, NULL, random_bytes, NULL, NULL, bits, 0) &&
        put_key(body, bits, &public, &private);
    crypto.nettle_rsa_private_key_clear(&private);
    crypto.nettle_rsa_public_key_clear(&public);
    bool written = good && guest_write(key, body, size);
    explicit_bzero(body, sizeof body);
    return !good ? STATUS_UNSUCCESSFUL : written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
