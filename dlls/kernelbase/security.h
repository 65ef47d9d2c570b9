// What the security files of kernelbase share.
#ifndef LOWLAND_KERNELBASE_SECURITY_H
#define LOWLAND_KERNELBASE_SECURITY_H

#include "base.h"
#include "nt/rtl_security.h"

#endif
