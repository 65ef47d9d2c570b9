// Which version of Windows the program is told.
#ifndef LOWLAND_KERNELBASE_VERSION_TOLD_H
#define LOWLAND_KERNELBASE_VERSION_TOLD_H

#include "base.h"

struct told_version {
    DWORD major, minor, build;
};

// Found once; the same pointer afterwards. Any thread.
const struct told_version *version_told(void);

#endif
