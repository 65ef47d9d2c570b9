// Magnitudes wider than any machine word, for DECIMALs.
#include "automation.h"

bool wide_is_zero(const struct wide *value)
{
    for (int i = 0; i < WIDE_LIMBS; i++)
        if (value->limb[i]) return false;
    return true;
}

int wide_compare(const struct wide *left, const struct wide *right)
{
    for (int i = WIDE_LIMBS - 1; i >= 0; i--)
        if (left->limb[i] != right->limb[i]) return left->limb[i] < right->limb[i] ? -1 : 1;
    return 0;
}

void wide_add(struct wide *to, const struct wide *by)
{
    uint64_t carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint64_t)to->limb[i] + by->limb[i];
        to->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

void wide_subtract(struct wide *from, const struct wide *by)
{
    int64_t borrow = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        borrow += (int64_t)from->limb[i] - by->limb[i];
        from->limb[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
}

void wide_multiply_small(struct wide *value, uint32_t by)
{
    uint64_t carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint64_t)value->limb[i] * by;
        value->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

uint32_t wide_divide_small(struct wide *value, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = WIDE_LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | value->limb[i];
        value->limb[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    return (uint32_t)rest;
}

void wide_multiply(struct wide *product, const struct wide *left, const struct wide *right)
{
    *product = (struct wide){{0}};
    for (int i = 0; i < WIDE_LIMBS; i++) {
        uint64_t carry = 0;
        for (int j = 0; i + j < WIDE_LIMBS; j++) {
            carry += (uint64_t)left->limb[i] * right->limb[j] + product->limb[i + j];
            product->limb[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

// One bit after the other: divisions of DECIMALs are rare enough.
void wide_divide(struct wide *value, const struct wide *by, struct wide *remainder)
{
    struct wide rest = {{0}};
    for (int bit = WIDE_LIMBS * 32 - 1; bit >= 0; bit--) {
        wide_multiply_small(&rest, 2);
        uint32_t mask = 1u << (bit & 31), *limb = &value->limb[bit >> 5];
        rest.limb[0] |= (*limb & mask) != 0;
        *limb &= ~mask;
        if (wide_compare(&rest, by) < 0) continue;
        wide_subtract(&rest, by);
        *limb |= mask;
    }
    *remainder = rest;
}

struct wide wide_of_decimal(const DECIMAL *value)
{
    return (struct wide){{value->Lo32, value->Mid32, value->Hi32}};
}

struct wide wide_of_integer(uint64_t value)
{
    return (struct wide){{(uint32_t)value, (uint32_t)(value >> 32)}};
}

bool wide_fits_decimal(const struct wide *value)
{
    for (int i = 3; i < WIDE_LIMBS; i++)
        if (value->limb[i]) return false;
    return true;
}
