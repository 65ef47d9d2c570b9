// Numbers of GMP from bytes and back, and where the libraries get random bytes.
#ifndef LOWLAND_CRYPTO_NUMBER_H
#define LOWLAND_CRYPTO_NUMBER_H

#include "crypto_library.h"

// GMP's `order` of words: which byte comes first.
enum byte_order { LEAST_FIRST = -1, MOST_FIRST = 1 };

// number := bytes. It has been initialized.
void number_read(mpz_t number, const uint8_t *bytes, size_t size, enum byte_order order);

// Fills size bytes. False when the number does not fit.
bool number_write(uint8_t *bytes, size_t size, const mpz_t number, enum byte_order order);

// nettle's nettle_random_func: the kernel's random numbers. context is unused.
void crypto_random(void *context, size_t size, uint8_t *bytes);

#endif
