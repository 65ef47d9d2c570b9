// Message queues, timers, and windows without a screen, in one thread and between two.
// link: -luser32
#include <windows.h>
#include "tests/check.h"

static unsigned created, destroyed;
static DWORD handling_thread;

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_CREATE: created++; return 0;
    case WM_DESTROY: destroyed++; return 0;
    case WM_USER: handling_thread = GetCurrentThreadId(); return (LRESULT)(wparam + (WPARAM)lparam);
    case WM_USER + 1: return InSendMessage();
    case WM_USER + 2: ReplyMessage(77); return 78;
    case WM_USER + 3: PostQuitMessage((int)wparam); return 0;
    }
    return DefWindowProcW(window, message, wparam, lparam);
}

static void register_class(const WCHAR *name)
{
    WNDCLASSW class = {.lpfnWndProc = procedure, .lpszClassName = name, .cbWndExtra = 8};
    CHECK(RegisterClassW(&class), "RegisterClass");
    CHECK(!RegisterClassW(&class), "the same class twice");
    CHECK_EQUAL(GetLastError(), ERROR_CLASS_ALREADY_EXISTS);
}

static HWND message_window(const WCHAR *class)
{
    return CreateWindowExW(0, class, L"title", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
}

static void test_windows(void)
{
    char text[16];
    RECT rect;

    SetLastError(0);
    CHECK(!message_window(L"no such class"), "a class that is not there");
    CHECK_EQUAL(GetLastError(), ERROR_CANNOT_FIND_WND_CLASS);
    HWND window = message_window(L"test");
    CHECK(window && IsWindow(window), "message window");
    CHECK_EQUAL(created, 1);
    CHECK_EQUAL(SendMessageW(window, WM_USER, 40, 2), 42);
    CHECK_EQUAL(GetWindowThreadProcessId(window, NULL), GetCurrentThreadId());
    CHECK_EQUAL(SetWindowLongW(window, 4, 5), 0);
    CHECK_EQUAL(GetWindowLongW(window, 4), 5);
    CHECK_EQUAL(GetWindowLongW(window, 8), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_INDEX);
    // Texts go through both alphabets.
    CHECK_EQUAL(GetWindowTextA(window, text, sizeof(text)), 5);
    CHECK(!lstrcmpA(text, "title"), "%s", text);
    CHECK(SetWindowTextA(window, "other"), "SetWindowTextA");
    CHECK_EQUAL(GetWindowTextA(window, text, 4), 3);
    CHECK(!lstrcmpA(text, "oth"), "%s", text);
    CHECK(FindWindowExW(HWND_MESSAGE, NULL, L"test", L"other") == window, "found by name");
    CHECK(!FindWindowW(L"test", NULL), "message-only windows are not top-level");
    // A procedure seen from the other alphabet is a value that leads back to it.
    WNDPROC shown = (WNDPROC)GetWindowLongA(window, GWL_WNDPROC);
    CHECK(shown != procedure, "shown to ANSI");
    CHECK_EQUAL(CallWindowProcA(shown, window, WM_USER, 1, 2), 3);
    CHECK(DestroyWindow(window), "DestroyWindow");
    CHECK_EQUAL(destroyed, 1);
    CHECK(!IsWindow(window), "gone");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_WINDOW_HANDLE);

    HWND top =
        CreateWindowExW(0, L"test", NULL, WS_OVERLAPPEDWINDOW, 10, 20, 300, 200, NULL, NULL, NULL, NULL);
    HWND child = CreateWindowExW(0, L"test", NULL, WS_CHILD, 1, 2, 30, 40, top, (HMENU)7, NULL, NULL);
    CHECK(GetParent(child) == top && IsChild(top, child), "child");
    CHECK_EQUAL(GetWindowLongW(child, GWL_ID), 7);
    CHECK(GetWindowRect(top, &rect) && rect.right - rect.left == 300, "rectangle");
    CHECK(GetClientRect(child, &rect) && rect.right == 30 && rect.bottom == 40, "client area");
    CHECK(!UnregisterClassW(L"test", NULL), "a class in use");
    CHECK_EQUAL(GetLastError(), ERROR_CLASS_HAS_WINDOWS);
    CHECK(DestroyWindow(top) && !IsWindow(child), "children go too");
}

static void test_queue(void)
{
    MSG message;

    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE), "nothing there");
    HWND window = message_window(L"test");
    PostMessageW(window, WM_USER, 1, 0);
    PostThreadMessageW(GetCurrentThreadId(), WM_USER + 9, 2, 0);
    CHECK_EQUAL(GetQueueStatus(QS_ALLINPUT), MAKELONG(QS_POSTMESSAGE, QS_POSTMESSAGE));
    CHECK_EQUAL(GetQueueStatus(QS_ALLINPUT), MAKELONG(0, QS_POSTMESSAGE));
    CHECK(PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE) && message.wParam == 1, "in order");
    CHECK(PeekMessageW(&message, (HWND)-1, 0, 0, PM_REMOVE) && message.wParam == 2, "of the thread");
    CHECK(!PeekMessageW(&message, NULL, WM_USER + 5, WM_USER + 6, PM_REMOVE), "out of range");
    CHECK(GetMessageW(&message, window, 0, 0) && message.hwnd == window, "of the window");
    PostMessageW(window, WM_USER, 3, 0);
    PostQuitMessage(9);
    CHECK(GetMessageW(&message, NULL, 0, 0) && message.message == WM_USER, "messages before the end");
    CHECK(!GetMessageW(&message, NULL, 0, 0) && message.wParam == 9, "WM_QUIT");
    CHECK(!PostMessageW((HWND)0x1234, WM_USER, 0, 0), "no window");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_WINDOW_HANDLE);
    CHECK(!PostThreadMessageW(2, WM_USER, 0, 0), "no thread");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_THREAD_ID);
    // What was posted to a window goes with it.
    PostMessageW(window, WM_USER, 1, 0);
    DestroyWindow(window);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE), "gone with the window");
    UINT registered = RegisterWindowMessageW(L"a message");
    CHECK(registered >= 0xC000 && registered == RegisterWindowMessageA("A Message"), "registered message");
}

static unsigned timer_calls;

static void CALLBACK on_timer(HWND window, UINT message, UINT_PTR id, DWORD time)
{
    CHECK(!window && message == WM_TIMER, "timer's arguments");
    (void)id, (void)time;
    timer_calls++;
}

static void test_timers(void)
{
    MSG message;
    UINT_PTR id = SetTimer(NULL, 0, 10, NULL), second = SetTimer(NULL, 0, 10, on_timer);

    CHECK(id && second && id != second, "two timers");
    CHECK(GetMessageW(&message, NULL, WM_TIMER, WM_TIMER), "a timer's message");
    CHECK(message.wParam == id || message.wParam == second, "its number");
    while (!timer_calls && GetMessageW(&message, NULL, 0, 0)) DispatchMessageW(&message);
    CHECK_EQUAL(MsgWaitForMultipleObjects(0, NULL, FALSE, INFINITE, QS_TIMER), WAIT_OBJECT_0);
    CHECK(KillTimer(NULL, id) && KillTimer(NULL, second), "KillTimer");
    CHECK(!KillTimer(NULL, id), "twice");
    CHECK(!PeekMessageW(&message, NULL, WM_TIMER, WM_TIMER, PM_REMOVE), "no more of it");
}

struct shared {
    HANDLE ready;
    HWND window;
    DWORD thread;
};

static DWORD WINAPI other_thread(void *argument)
{
    struct shared *shared = argument;
    MSG message;

    shared->window = message_window(L"test");
    shared->thread = GetCurrentThreadId();
    SetEvent(shared->ready);
    while (GetMessageW(&message, NULL, 0, 0)) DispatchMessageW(&message);
    return (DWORD)message.wParam;
}

static void CALLBACK answered(HWND window, UINT message, ULONG_PTR data, LRESULT result)
{
    (void)window, (void)message;
    *(LRESULT *)data = result;
}

static void test_two_threads(void)
{
    struct shared shared = {CreateEventW(NULL, FALSE, FALSE, NULL), NULL, 0};
    HANDLE thread = CreateThread(NULL, 0, other_thread, &shared, 0, NULL);
    DWORD_PTR answer = 0;
    LRESULT result = 0;
    DWORD code;
    MSG message;

    CHECK_EQUAL(WaitForSingleObject(shared.ready, 20000), 0);
    CHECK_EQUAL(SendMessageW(shared.window, WM_USER, 1, 2), 3);
    CHECK_EQUAL(handling_thread, shared.thread);
    CHECK_EQUAL(SendMessageW(shared.window, WM_USER + 1, 0, 0), TRUE);
    CHECK_EQUAL(SendMessageW(shared.window, WM_USER + 2, 0, 0), 77);
    CHECK(SendMessageTimeoutW(shared.window, WM_USER, 5, 6, SMTO_BLOCK, 20000, &answer) && answer == 11,
          "answer");
    CHECK(SendMessageCallbackW(shared.window, WM_USER, 7, 8, answered, (ULONG_PTR)&result), "callback");
    while (!result && MsgWaitForMultipleObjects(0, NULL, FALSE, 20000, QS_ALLINPUT) == WAIT_OBJECT_0)
        PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE);
    CHECK_EQUAL(result, 15);
    CHECK(!DestroyWindow(shared.window), "another thread's window");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(PostMessageW(shared.window, WM_USER + 3, 5, 0), "post");
    CHECK_EQUAL(MsgWaitForMultipleObjects(1, &thread, FALSE, 20000, QS_ALLINPUT), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 5, "exit code");
    CHECK(!IsWindow(shared.window), "gone with its thread");
    CloseHandle(thread);
    CloseHandle(shared.ready);
}

int main(void)
{
    register_class(L"test");
    test_windows();
    test_queue();
    test_timers();
    test_two_threads();
    CHECK(UnregisterClassW(L"test", GetModuleHandleW(NULL)), "UnregisterClass");
    return check_summary();
}
