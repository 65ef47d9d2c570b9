// Posting to windows, without needing user32 unless somebody wants it.
#include "winsock.h"

bool post_message(HWND window, UINT message, WPARAM w, LPARAM l)
{
    static BOOL(WINAPI * post)(HWND, UINT, WPARAM, LPARAM);
    if (!post) {
        HMODULE user32 = LoadLibraryW(L"user32.dll");
        if (user32) post = (void *)GetProcAddress(user32, "PostMessageW");
    }
    return post && post(window, message, w, l);
}

bool is_window(HWND window)
{
    HMODULE user32 = LoadLibraryW(L"user32.dll");
    BOOL(WINAPI * is)(HWND) = user32 ? (void *)GetProcAddress(user32, "IsWindow") : NULL;
    return is && is(window);
}
