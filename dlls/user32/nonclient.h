// The frames of windows, by the system's metrics.
#ifndef LOWLAND_USER32_NONCLIENT_H
#define LOWLAND_USER32_NONCLIENT_H

#include "user.h"

// How far the frame reaches from each side.
RECT nonclient_margins(DWORD style, DWORD ex_style, BOOL menu);
// What WM_GETMINMAXINFO begins with.
void nonclient_min_max(MINMAXINFO *info);

#endif
