// The clipboard: opening, text in all forms, formats rendered when asked for.
// link: -luser32
#include <windows.h>
#include "tests/check.h"

static int destroyed, rendered;

static HANDLE block(const void *data, SIZE_T size)
{
    HANDLE memory = GlobalAlloc(GMEM_MOVEABLE, size);
    memcpy(GlobalLock(memory), data, size);
    GlobalUnlock(memory);
    return memory;
}

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM w, LPARAM l)
{
    destroyed += message == WM_DESTROYCLIPBOARD;
    if (message == WM_RENDERFORMAT) {
        rendered++;
        SetClipboardData((UINT)w, block("late", 5));
    }
    return DefWindowProcA(window, message, w, l);
}

static DWORD WINAPI open_elsewhere(void *unused)
{
    (void)unused;
    SetLastError(0);
    return OpenClipboard(NULL) ? 0 : GetLastError();
}

static void test_opening(void)
{
    DWORD error;
    SetLastError(0);
    CHECK(!CloseClipboard() && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "close: %lu", GetLastError());
    SetLastError(0);
    CHECK(!EmptyClipboard() && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "empty: %lu", GetLastError());
    SetLastError(0);
    CHECK(!GetClipboardData(CF_TEXT) && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "get: %lu",
          GetLastError());
    CHECK(!OpenClipboard((HWND)0xdead) && GetLastError() == ERROR_INVALID_WINDOW_HANDLE, "no window");
    CHECK(OpenClipboard(NULL) && OpenClipboard(NULL), "open twice");
    HANDLE thread = CreateThread(NULL, 0, open_elsewhere, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &error);
    CloseHandle(thread);
    CHECK_EQUAL(error, ERROR_ACCESS_DENIED);
    CHECK(CloseClipboard(), "close");
}

static void test_text(void)
{
    DWORD before = GetClipboardSequenceNumber();
    CHECK(OpenClipboard(NULL) && EmptyClipboard(), "open");
    CHECK_EQUAL(CountClipboardFormats(), 0);
    CHECK(!IsClipboardFormatAvailable(CF_UNICODETEXT), "text before");
    HANDLE memory = block(L"gr\xFC\xDF", 10);
    CHECK(SetClipboardData(CF_UNICODETEXT, memory) == memory, "set");
    CHECK(GetClipboardData(CF_UNICODETEXT) == memory, "get");
    CHECK(CloseClipboard(), "close");
    CHECK(GetClipboardSequenceNumber() != before, "the number stays");
    CHECK(IsClipboardFormatAvailable(CF_TEXT) && !IsClipboardFormatAvailable(CF_DIB), "what there is");

    CHECK(OpenClipboard(NULL), "open");
    memory = GetClipboardData(CF_TEXT);
    CHECK(memory && !strcmp(GlobalLock(memory), "gr\xFC\xDF"), "ANSI text");
    if (memory) GlobalUnlock(memory);
    CHECK(!GetClipboardData(CF_DIB), "what there is not");
    int count = 0;
    for (UINT format = 0; (format = EnumClipboardFormats(format));) count++;
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(count, CountClipboardFormats());
    CHECK_EQUAL(count, 3);
    CHECK_EQUAL(GetPriorityClipboardFormat((UINT[]){CF_DIB, CF_OEMTEXT}, 2), CF_OEMTEXT);
    CHECK_EQUAL(GetPriorityClipboardFormat((UINT[]){CF_DIB}, 1), -1);
    CHECK(CloseClipboard(), "close");
}

static void test_rendering(void)
{
    WNDCLASSA class = {.lpfnWndProc = procedure, .lpszClassName = "renderer"};
    RegisterClassA(&class);
    HWND window = CreateWindowA("renderer", "", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    CHECK(OpenClipboard(window) && GetOpenClipboardWindow() == window, "open");
    CHECK(EmptyClipboard() && GetClipboardOwner() == window, "owner");
    CHECK(!SetClipboardData(CF_TEXT, NULL) && IsClipboardFormatAvailable(CF_TEXT), "promised");
    CHECK(CloseClipboard() && !GetOpenClipboardWindow(), "close");
    CHECK(OpenClipboard(NULL), "open");
    HANDLE memory = GetClipboardData(CF_UNICODETEXT);
    CHECK(memory && !wcscmp(GlobalLock(memory), L"late"), "rendered text");
    if (memory) GlobalUnlock(memory);
    CHECK(GetClipboardData(CF_TEXT) && rendered == 1, "rendered %d times", rendered);
    CHECK(EmptyClipboard() && destroyed == 1 && !GetClipboardOwner(), "destroyed %d", destroyed);
    CHECK(CloseClipboard(), "close");
    DestroyWindow(window);
}

int main(void)
{
    test_opening();
    test_text();
    test_rendering();
    return check_summary();
}
