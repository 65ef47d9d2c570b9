// What thunkgen generates for each interface in thunks/, as the mode switch and the tracer consume it.
#ifndef LOWLAND_THUNK_TABLE_H
#define LOWLAND_THUNK_TABLE_H

#include "guest.h"

// Carries one call across: args points at the guest's stacked arguments (a guest address, not yet
// checked). The result is EDX:EAX.
typedef uint64_t (*thunk_fn)(gptr args);

enum thunk_kind {
    THUNK_VOID, // results only
    THUNK_U32,
    THUNK_I32,
    THUNK_U64,
    THUNK_I64,
    THUNK_HANDLE,
    THUNK_STATUS, // NTSTATUS
    THUNK_BOOL,
    THUNK_F32,
    THUNK_F64,
    THUNK_POINTER,      // an address, printed as such
    THUNK_STRUCT,       // pointer to a described structure
    THUNK_STRUCT_VALUE, // a described structure by value
    THUNK_BYTES,        // pointer to a byte buffer, its extent in another parameter
    THUNK_STRING,       // NUL-terminated 8-bit string
    THUNK_WSTRING,      // NUL-terminated UTF-16 string
    THUNK_UNICODE_STRING,
    THUNK_OBJECT_ATTRIBUTES,
};

enum thunk_direction { THUNK_IN = 1, THUNK_OUT = 2, THUNK_INOUT = 3 };

struct thunk_field {
    const char *name;
    uint16_t offset, size;
    uint8_t kind; // enum thunk_kind
};

struct thunk_type {
    const char *name;
    uint32_t size;
    const struct thunk_field *fields; // ended by a NULL name
};

struct thunk_param {
    const char *name, *type; // as the definition spells it
    uint8_t kind;            // enum thunk_kind
    uint8_t direction;       // enum thunk_direction, for pointers
    uint8_t slot;            // first 4-byte stack slot
    uint8_t slots;
    const struct thunk_type *pointee; // for THUNK_STRUCT and THUNK_STRUCT_VALUE, and the element of an array.
                                      // A pointer to a number is one to a structure with one field named "".
    uint8_t extent;      // THUNK_BYTES: 1 + the index of the parameter that counts it; 0: none alone
    uint8_t optional;    // pointers: NULL is allowed
    uint8_t class_param; // 1 + the index of the parameter whose value says what lies there; 0: none
};

struct thunk_call {
    const char *name;
    uint8_t result;   // enum thunk_kind
    uint8_t params_n; // entries in params
    uint8_t slots;    // 4-byte stack slots of all arguments
    const struct thunk_param *params;
};

// What lies behind a parameter with class_param, for one value of that.
struct thunk_class {
    uint32_t call; // number
    uint32_t value;
    const char *name;
    const struct thunk_type *type;
};

// A call's index in EAX is (interface << 12) | number.
struct thunk_table {
    const char *interface; // "ntdll"
    uint32_t interface_id;
    uint32_t count;
    const thunk_fn *functions;
    const struct thunk_call *calls;
    const struct thunk_class *classes; // ended by a NULL name
};

#define THUNK_INTERFACE_SHIFT 12
#define THUNK_INTERFACES_MAX  16

#endif
