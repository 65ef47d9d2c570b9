// Properties of windows: values by name.
#ifndef LOWLAND_USER32_PROPERTY_H
#define LOWLAND_USER32_PROPERTY_H

#include "window.h"

// Under the lock.
void property_free_all(struct window *window);

#endif
