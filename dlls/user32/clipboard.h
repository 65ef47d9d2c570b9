// The clipboard, as far as other files of user32 know of it.
#ifndef LOWLAND_USER32_CLIPBOARD_H
#define LOWLAND_USER32_CLIPBOARD_H

#include "user.h"

// Closes the clipboard if the ending thread left it open: nobody else could open it any more. Not under the
// lock.
void clipboard_thread_exit(void);

#endif
