// The predefined keys of performance data: HKEY_PERFORMANCE_DATA, _TEXT and _NLSTEXT.
#ifndef LOWLAND_KERNELBASE_REG_PERFORMANCE_H
#define LOWLAND_KERNELBASE_REG_PERFORMANCE_H

#include "reg.h"

enum { PERFORMANCE_VALUES = 2 }; // Counter and Help

static inline bool reg_is_performance(HKEY key)
{
    return key == HKEY_PERFORMANCE_DATA || key == HKEY_PERFORMANCE_TEXT || key == HKEY_PERFORMANCE_NLSTEXT;
}

// The error of changing one.
static inline LSTATUS reg_performance_set(HKEY key)
{
    return key == HKEY_PERFORMANCE_DATA ? ERROR_INVALID_HANDLE : ERROR_BADKEY;
}

// The predefined key that a path which leads nowhere stands for: of a language below Perflib. NULL: none.
HKEY reg_performance_alias(HANDLE root, const WCHAR *path);

// RegQueryValueEx of one.
LSTATUS reg_performance_query(const WCHAR *name, DWORD *type, BYTE *data, DWORD *size, bool ansi);

#endif
