// Numbers of GMP from bytes and back, random bytes.
#include "crypto_number.h"
#include <string.h>
#include <sys/random.h>

void number_read(mpz_t number, const uint8_t *bytes, size_t size, enum byte_order order)
{
    crypto.__gmpz_import(number, size, order, 1, 0, 0, bytes);
}

bool number_write(uint8_t *bytes, size_t size, const mpz_t number, enum byte_order order)
{
    size_t used = (crypto.__gmpz_sizeinbase(number, 2) + 7) / 8;
    if (used > size) return false;
    if (crypto.__gmpz_cmp_ui(number, 0) == 0) used = 0; // sizeinbase counts a digit, export writes none
    memset(bytes, 0, size);
    crypto.__gmpz_export(order == MOST_FIRST ? bytes + size - used : bytes, NULL, order, 1, 0, 0, number);
    return true;
}

void crypto_random(void *context, size_t size, uint8_t *bytes)
{
    (void)context;
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom(bytes + done, size - done, 0);
        if (n > 0) done += (size_t)n;
    }
}
