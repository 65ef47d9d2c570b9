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

static DWORD run_thread(LPTHREAD_START_ROUTINE function)
{
    DWORD result;
    HANDLE thread = CreateThread(NULL, 0, function, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    return result;
}

static void test_opening(void)
{
    SetLastError(0);
    CHECK(!CloseClipboard() && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "close: %lu", GetLastError());
    SetLastError(0);
    CHECK(!EmptyClipboard() && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "empty: %lu", GetLastError());
    SetLastError(0);
    CHECK(!GetClipboardData(CF_TEXT) && GetLastError() == ERROR_CLIPBOARD_NOT_OPEN, "get: %lu",
          GetLastError());
    CHECK(!OpenClipboard((HWND)0xdead) && GetLastError() == ERROR_INVALID_WINDOW_HANDLE, "no window");
    CHECK(OpenClipboard(NULL) && OpenClipboard(NULL), "open twice");
    CHECK_EQUAL(run_thread(open_elsewhere), ERROR_ACCESS_DENIED);
    CHECK(CloseClipboard(), "close");
    CHECK_EQUAL(run_thread(open_elsewhere), 0); // its end closes it
    CHECK(OpenClipboard(NULL) && CloseClipboard(), "open after a thread's end");
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
    int count = 0, texts = 0; // Windows adds the text's locale
    for (UINT format = 0; (format = EnumClipboardFormats(format)); count++)
        texts += format == CF_TEXT || format == CF_OEMTEXT || format == CF_UNICODETEXT;
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(count, CountClipboardFormats());
    CHECK_EQUAL(texts, 3);
    CHECK_EQUAL(GetPriorityClipboardFormat((UINT[]){CF_DIB, CF_OEMTEXT}, 2), CF_OEMTEXT);
    CHECK_EQUAL(GetPriorityClipboardFormat((UINT[]){CF_DIB}, 1), -1);
    CHECK(CloseClipboard(), "close");
}

static void test_data(void)
{
    HANDLE text = block(L"no NUL", 12), own = GlobalAlloc(GMEM_FIXED, 8);
    CHECK(OpenClipboard(NULL) && EmptyClipboard(), "open");
    CHECK(SetClipboardData(CF_UNICODETEXT, text) == text, "text");
    CHECK(SetClipboardData(CF_PRIVATEFIRST, own) == own, "private data");
    HANDLE memory = GetClipboardData(CF_TEXT);
    CHECK(memory && !strcmp(GlobalLock(memory), "no NUL"), "text without a NUL");
    if (memory) GlobalUnlock(memory);
    CHECK(EmptyClipboard(), "empty");
    CHECK_EQUAL(GlobalSize(own), 8); // its owner's still
    CHECK(!GlobalFree(own), "private data is freed");
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
    test_data();
    test_rendering();
    return check_summary();
}
