// Reading and writing DER (X.690): definite lengths, tags of one byte. The reader never looks outside what it
// was given, whatever lies there; failures set the last error to a CRYPT_E_ASN1_ code.
#ifndef LOWLAND_CRYPT32_DER_H
#define LOWLAND_CRYPT32_DER_H

#include "nt/nt.h"
#include <stdbool.h>

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0A,
    DER_UTF8_STRING = 0x0C,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_TELETEX_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_UNIVERSAL_STRING = 0x1C,
    DER_BMP_STRING = 0x1E,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
};
#define DER_CONTEXT(number)     (0x80 + (number)) // [number] IMPLICIT, of a primitive type
#define DER_CONSTRUCTED(number) (0xA0 + (number)) // [number], of a constructed type or EXPLICIT

// --- reading (der.c). What is left to read of an element's content; reading moves it on.
struct der {
    const BYTE *data;
    DWORD size;
};

// Sets the last error; false.
bool der_fail(DWORD error);
// The next element, whatever it is.
bool der_next(struct der *in, BYTE *tag, struct der *content);
// The next element, which must have this tag.
bool der_take(struct der *in, BYTE tag, struct der *content);
// Whether the next element has this tag.
bool der_is(const struct der *in, BYTE tag);
// The next element if it has this tag. True also when it hasn't, with content->data NULL.
bool der_take_optional(struct der *in, BYTE tag, struct der *content);
// The next element with its head.
bool der_take_whole(struct der *in, struct der *whole);
// That nothing is left.
bool der_end(const struct der *in);
// How many elements there are; false when they are malformed.
bool der_count(struct der in, DWORD *count);
// An INTEGER or ENUMERATED of at most 32 bits.
bool der_take_int(struct der *in, BYTE tag, int *value);
bool der_take_bool(struct der *in, BOOL *value);
// Bits of a BIT STRING's content.
bool der_bits(struct der content, const BYTE **data, DWORD *size, DWORD *unused);
// A UTCTime's or GeneralizedTime's content.
bool der_time(BYTE tag, struct der content, FILETIME *time);
// The text of an OBJECT IDENTIFIER's content; its length with the NUL. Text may be NULL.
bool der_oid_text(struct der content, char *text, DWORD room, DWORD *length);

// --- writing (der_write.c). A buffer that grows; after a failure (no memory, bad input) it stays failed.
struct der_writer {
    BYTE *data;
    DWORD size, room;
    DWORD error; // 0: none
};

void der_write_fail(struct der_writer *out, DWORD error);
// Frees it; for __attribute__((cleanup)).
void der_writer_end(struct der_writer *out);
#define AUTO_WRITER __attribute__((cleanup(der_writer_end)))
void der_put(struct der_writer *out, const void *data, DWORD size);
// Begins an element; der_close ends it, with what der_open returned.
DWORD der_open(struct der_writer *out, BYTE tag);
void der_close(struct der_writer *out, DWORD mark);
void der_put_element(struct der_writer *out, BYTE tag, const void *data, DWORD size);
void der_put_int(struct der_writer *out, BYTE tag, int value);
void der_put_bool(struct der_writer *out, BOOL value);
// An INTEGER whose bytes are given least significant first, as Windows has them; unsigned_value: the first
// bit is no sign.
void der_put_integer(struct der_writer *out, const BYTE *data, DWORD size, bool unsigned_value);
void der_put_bits(struct der_writer *out, BYTE tag, const BYTE *data, DWORD size, DWORD unused);
void der_put_oid(struct der_writer *out, const char *text);
// UTCTime through 2049, else GeneralizedTime.
void der_put_time(struct der_writer *out, const FILETIME *time);
// Sorts the elements written since mark as DER wants those of a SET OF.
void der_sort_set(struct der_writer *out, DWORD mark);

#endif
