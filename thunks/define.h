// The language in which the boundary between 32-bit and 64-bit code is defined (docs/boundary.md explains
// it). thunkgen reads the annotations; for every other compiler a definition file is a header with plain
// prototypes, so guest code includes the same file to call what it defines.
#ifndef LOWLAND_DEFINE_H
#define LOWLAND_DEFINE_H

// First, because Windows' headers have their own IN, OUT and CALLBACK, which end here.
#if __has_include("nt/nt.h")
#include "nt/nt.h"
#else
#include <windows.h>
#endif

#undef IN
#undef OUT

#ifdef LOWLAND_THUNKGEN
#define THUNK_NOTE(text) __attribute__((annotate("thunk:" text)))
#undef CALLBACK
#define CALLBACK       THUNK_NOTE("callback") __attribute__((stdcall))
#define CDECL_CALLBACK THUNK_NOTE("callback") THUNK_NOTE("cdecl") __attribute__((cdecl))
#else
#define THUNK_NOTE(text)
#define CDECL_CALLBACK __attribute__((cdecl))
#endif

#define THUNK_PASTE_(a, b) a##b
#define THUNK_PASTE(a, b)  THUNK_PASTE_(a, b)

// Once per definition file: what the interface is called and its number in call indices (0-15).
#define INTERFACE(name, id) extern const int thunk_interface_##name THUNK_NOTE("interface:" #name ":" #id);

// Before a prototype: a call from 32-bit to 64-bit code.
#define CALL       THUNK_NOTE("call") __attribute__((stdcall))
#define CDECL_CALL THUNK_NOTE("call") THUNK_NOTE("cdecl") __attribute__((cdecl))
// The prototype ends in `...`: the host gets the guest address of what follows.
#define CALL_VARARGS CDECL_CALL

// Before a parameter that is a pointer: exactly one of these, OPT besides where NULL is allowed.
#define IN               THUNK_NOTE("in")         // captured before the call
#define OUT              THUNK_NOTE("out")        // zeroed; written back unless the result is an error
#define OUT_ALWAYS       THUNK_NOTE("out_always") // written back whatever the result
#define INOUT            THUNK_NOTE("inout")      // captured and written back
#define OPT              THUNK_NOTE("opt")
#define IN_ARRAY(n, max) THUNK_NOTE("in_array:" #n ":" #max) // n elements captured, n > max is an error
#define IN_BYTES(n)      THUNK_NOTE("in_bytes:" #n)          // used in place by the implementation
#define OUT_BYTES(n)     THUNK_NOTE("out_bytes:" #n)
#define INOUT_BYTES(n)   THUNK_NOTE("inout_bytes:" #n)
#define GPTR             THUNK_NOTE("gptr")       // a number that the implementation interprets
#define IN_STRING        THUNK_NOTE("in_string")  // a number, traced as a NUL-terminated string
#define IN_WSTRING       THUNK_NOTE("in_wstring") // the same in UTF-16
// The parameter class says what lies there, length how much of it; with IN, OUT or INOUT.
#define BY_CLASS(class_, length) THUNK_NOTE("by_class:" #class_ ":" #length)

// The type that a class stands for in one call.
#define CLASS(call, class_, type)                                                                            \
    enum { thunk_class_value_##call##_##class_ = (class_) };                                                 \
    typedef type thunk_class_##call##_##class_ THUNK_NOTE("class:" #call ":" #class_);

// A type that host code needs beyond those of the prototypes.
#define TYPE(type) typedef type THUNK_PASTE(thunk_type_, __COUNTER__) THUNK_NOTE("type");

// Constants that host code needs: all whose name begins with a prefix that ends in '_', else that one name.
#define CONSTANTS(prefix)                                                                                    \
    extern const int THUNK_PASTE(thunk_constants_, __COUNTER__) THUNK_NOTE("constants:" prefix);

#endif
