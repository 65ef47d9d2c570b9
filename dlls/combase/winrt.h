// The Windows Runtime's types, with what mingw-w64's headers lack of them.
#ifndef COMBASE_WINRT_H
#define COMBASE_WINRT_H

#include "nt/nt.h"
#include <hstring.h>
#include <objbase.h>
#include <roapi.h>

#ifndef E_BOUNDS
#define E_BOUNDS ((HRESULT)0x8000000B)
#endif

#endif
