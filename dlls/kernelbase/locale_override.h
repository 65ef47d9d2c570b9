// What the user changed of his locale.
#ifndef LOWLAND_KERNELBASE_LOCALE_OVERRIDE_H
#define LOWLAND_KERNELBASE_LOCALE_OVERRIDE_H

#include "locale.h"

// The longest text that can be set, in units.
#define LOCALE_OVERRIDE_MAX 80

// Copies what the user set for a type (without modifiers) to buffer, which holds LOCALE_OVERRIDE_MAX units
// and a NUL. False: nothing, or locale isn't the user's.
bool locale_override(const struct locale *locale, DWORD type, WCHAR *buffer);

#endif
