// The windows of consoles, which belong to no process: each gets a stand-in in this process's tree.
#ifndef LOWLAND_USER32_CONSOLE_WINDOW_H
#define LOWLAND_USER32_CONSOLE_WINDOW_H

#include "window.h"

// All under the lock. The stand-in of a handle, as its console is now; NULL when there is no such window.
// What was found before may be gone then.
struct window *console_window_find(HWND handle);
// Looks for the windows of all consoles of the prefix; how many there are.
unsigned console_windows_update(void);
// Tells the console of a stand-in's style and place; nothing for other windows.
void console_window_store(const struct window *window);

// What a console does with messages: they are handled in the thread that sends them.
LRESULT CALLBACK console_window_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam);

#endif
