// What oleaut32's files share: rounding, currency and decimal numbers.
#ifndef OLEAUT32_AUTOMATION_H
#define OLEAUT32_AUTOMATION_H

#include "nt/nt.h"
#include <oleauto.h>
#include <stdbool.h>
#include <stdint.h>

#define CY_SCALE            10000 // units of a CY in one
#define CY_DIGITS           4
#define DECIMAL_SCALE       28      // the most fraction digits of a DECIMAL
#define DATE_MIN            -657434 // 1 January 100
#define DATE_MAX            2958465 // 31 December 9999
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// The nearest integer, halves to even. In 32-bit code this is one instruction, whatever the precision.
static inline double round_to_even(double value)
{
    __asm__("frndint" : "+t"(value));
    return value;
}

// value / divisor to the nearest integer, halves to even; divisor > 0.
int64_t divide_to_even(int64_t value, int64_t divisor);

// A number's magnitude while it is computed with: seven limbs, the lowest first. Never overflows with what
// DECIMALs make.
#define WIDE_LIMBS 7
struct wide {
    uint32_t limb[WIDE_LIMBS];
};

bool wide_is_zero(const struct wide *value);
int wide_compare(const struct wide *left, const struct wide *right);
void wide_add(struct wide *to, const struct wide *by);
void wide_subtract(struct wide *from, const struct wide *by); // by <= from
void wide_multiply_small(struct wide *value, uint32_t by);
uint32_t wide_divide_small(struct wide *value, uint32_t by); // returns the remainder
void wide_multiply(struct wide *product, const struct wide *left, const struct wide *right);
void wide_divide(struct wide *value, const struct wide *by, struct wide *remainder); // by is not 0
struct wide wide_of_decimal(const DECIMAL *value);
struct wide wide_of_integer(uint64_t value);
bool wide_fits_decimal(const struct wide *value);

// Whether scale and sign are possible ones.
bool decimal_is_valid(const DECIMAL *value);
// Drops fraction digits until the magnitude fits, rounding halves to even. DISP_E_OVERFLOW: it can't be made
// fit.
HRESULT decimal_pack(struct wide magnitude, int scale, bool negative, DECIMAL *result);
// The same number with `scale` digits of fraction, at most as many as it has.
void decimal_round(const DECIMAL *value, int scale, DECIMAL *result);
// The nearest integer's magnitude; E_INVALIDARG for what is no DECIMAL, DISP_E_OVERFLOW beyond 64 bits.
HRESULT decimal_to_integer(const DECIMAL *value, bool *negative, uint64_t *magnitude);
double decimal_to_double(const DECIMAL *value);

// The default property of an object. The caller clears *value, also after a failure.
HRESULT dispatch_property(IDispatch *object, LCID lcid, VARIANT *value);
// The same as `type`, by VariantChangeTypeEx. The caller clears *result.
HRESULT dispatch_value(IDispatch *object, LCID lcid, USHORT flags, VARTYPE type, VARIANT *result);
// The bytes of one value of a type; 0: none that a SAFEARRAY can hold.
unsigned element_size(VARTYPE type);
// Whether VARIANTs can have the type, flags included.
HRESULT check_type(VARTYPE type);

#endif
