/* What the modules of the Universal CRT share beyond msvcrt's. */
#ifndef LOWLAND_UCRTBASE_UCRTBASE_H
#define LOWLAND_UCRTBASE_UCRTBASE_H

#include "dlls/msvcrt/formatted.h"

#endif
