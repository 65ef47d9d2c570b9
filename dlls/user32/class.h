// Window classes.
#ifndef LOWLAND_USER32_CLASS_H
#define LOWLAND_USER32_CLASS_H

#include "user.h"

struct class {
    struct class *next;
    ATOM atom;
    HINSTANCE instance;
    UINT style;
    WNDPROC procedure;
    bool unicode; // procedure takes UTF-16
    bool system;  // of user32's own
    int class_extra, window_extra;
    HICON icon, small_icon;
    HCURSOR cursor;
    HBRUSH background;
    WCHAR *menu; // a text of its own, or a number
    unsigned windows;
    BYTE extra[];
};

// The class that a name (or atom) means to a module: its own, then global ones. NULL instance: the program.
// Under the lock; NULL when there is none.
struct class *class_find(const WCHAR *name, HINSTANCE instance);

// The class of the desktop, of the root of message-only windows, and of consoles.
#define CLASS_DESKTOP ((const WCHAR *)32769)
#define CLASS_MESSAGE L"Message"
#define CLASS_CONSOLE L"ConsoleWindowClass"

// Registers user32's own classes; once, at load.
bool class_init(HINSTANCE module);

#endif
