// The window of a console: one for all processes attached, found by those that are not, gone with the last.
// link: -luser32
#include <stdio.h>
#include <windows.h>
#include "tests/check.h"
#include "tests/child.h"

static PROCESS_INFORMATION start(const char *what, HWND window, DWORD flags)
{
    char arguments[64];
    sprintf(arguments, "%s %p", what, (void *)window);
    return child_start(arguments, flags);
}

static DWORD run(const char *what, HWND window, DWORD flags)
{
    return child_end(start(what, window, flags));
}

// ---- the children ----

static DWORD owner_of(HWND window)
{
    DWORD process = 0;
    GetWindowThreadProcessId(window, &process);
    return process;
}

static int child(const char *what, HWND parents)
{
    HWND window = GetConsoleWindow();
    char title[64] = "";
    if (!strcmp(what, "shares")) {
        if (window != parents || !IsWindow(window)) return 1;
        if (owner_of(window) == GetCurrentProcessId()) return 2;
        return GetWindowTextA(window, title, sizeof(title)) && !strcmp(title, "the title") ? 0 : 3;
    }
    if (!strcmp(what, "own")) {
        if (!IsWindow(window) || window == parents || owner_of(window) != GetCurrentProcessId()) return 1;
        SetConsoleTitleA("own title");
        if (FindWindowA("ConsoleWindowClass", "own title") != window) return 2;
        if (!IsWindow(parents) || owner_of(parents) == GetCurrentProcessId()) return 3;
        if (!GetWindowTextA(parents, title, sizeof(title)) || strcmp(title, "the title")) return 4;
        return FindWindowA(NULL, "the title") == parents ? 0 : 5;
    }
    if (!strcmp(what, "closed")) {
        HANDLE ready = OpenEventA(EVENT_ALL_ACCESS, FALSE, "console_window.ready");
        SetConsoleTitleA("to close");
        SetEvent(ready);
        Sleep(INFINITE);
    }
    return window ? 1 : 0; // "none"
}

// ---- the parent ----

static void test_what_is_told(HWND window)
{
    char text[64] = "";
    DWORD process = 0;
    CHECK(IsWindow(window), "no window");
    CHECK_EQUAL(GetClassNameA(window, text, sizeof(text)), 18);
    CHECK(!strcmp(text, "ConsoleWindowClass"), "class %s", text);
    CHECK_EQUAL(GetWindowThreadProcessId(window, &process), GetCurrentThreadId());
    CHECK_EQUAL(process, GetCurrentProcessId());
    CHECK_EQUAL(GetParent(window), NULL);
    CHECK_EQUAL(GetAncestor(window, GA_PARENT), GetDesktopWindow());

    SetConsoleTitleA("the title");
    CHECK_EQUAL(GetWindowTextLengthA(window), 9);
    CHECK_EQUAL(GetWindowTextA(window, text, sizeof(text)), 9);
    CHECK(!strcmp(text, "the title"), "title %s", text);
    CHECK_EQUAL(FindWindowA(NULL, "the title"), window);
    CHECK_EQUAL(FindWindowA("ConsoleWindowClass", "the title"), window);
    CHECK(SetWindowTextA(window, "changed"), "%lu", GetLastError());
    CHECK_EQUAL(GetConsoleTitleA(text, sizeof(text)), 7);
    SetConsoleTitleA("the title");

    SetLastError(0);
    CHECK_EQUAL(DestroyWindow(window), FALSE);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(IsWindow(window), "destroyed");
}

static BOOL CALLBACK find(HWND window, LPARAM found)
{
    HWND *wanted = (HWND *)found;
    if (window != *wanted) return TRUE;
    *wanted = NULL;
    return FALSE;
}

static void test_place_and_state(HWND window)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    RECT client, whole;
    HANDLE output = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    COORD font = GetConsoleFontSize(output, 0);
    CHECK(GetConsoleScreenBufferInfo(output, &info), "%lu", GetLastError());
    CHECK(GetClientRect(window, &client), "%lu", GetLastError());
    CHECK_EQUAL(client.right, font.X * (info.srWindow.Right - info.srWindow.Left + 1));
    CHECK_EQUAL(client.bottom, font.Y * (info.srWindow.Bottom - info.srWindow.Top + 1));
    CHECK(GetWindowRect(window, &whole), "%lu", GetLastError());
    CHECK(whole.right - whole.left > client.right, "no frame");
    CHECK(SetWindowPos(window, NULL, 30, 40, 0, 0, SWP_NOSIZE | SWP_NOZORDER), "%lu", GetLastError());
    CHECK(GetWindowRect(window, &whole), "%lu", GetLastError());
    CHECK_EQUAL(whole.left, 30);
    CHECK_EQUAL(whole.top, 40);
    CloseHandle(output);

    CHECK(IsWindowVisible(window), "hidden");
    CHECK(ShowWindow(window, SW_HIDE), "hidden");
    CHECK(!IsWindowVisible(window), "visible");
    CHECK(!ShowWindow(window, SW_SHOW), "visible");

    HWND wanted = window;
    EnumWindows(find, (LPARAM)&wanted);
    CHECK_EQUAL(wanted, NULL);
}

static void test_closing(void)
{
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "console_window.ready");
    PROCESS_INFORMATION other = start("closed", NULL, CREATE_NEW_CONSOLE);
    CHECK_EQUAL(WaitForSingleObject(ready, 60000), WAIT_OBJECT_0);
    HWND window = FindWindowA(NULL, "to close");
    CHECK(window, "not found");
    CHECK_EQUAL(owner_of(window), other.dwProcessId);
    CHECK(PostMessageA(window, WM_CLOSE, 0, 0), "%lu", GetLastError());
    CHECK_EQUAL(child_end(other), (DWORD)STATUS_CONTROL_C_EXIT);
    CHECK(!IsWindow(window), "outlives its console");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_WINDOW_HANDLE);
    CHECK(!FindWindowA(NULL, "to close"), "outlives its console");
}

int main(int argc, char **argv)
{
    void *parents = NULL;
    if (argc > 2) sscanf(argv[2], "%p", &parents);
    if (argc > 1) return child(argv[1], parents);
    FreeConsole();
    CHECK_EQUAL(GetConsoleWindow(), NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(AllocConsole(), "%lu", GetLastError());
    HWND window = GetConsoleWindow();
    test_what_is_told(window);
    test_place_and_state(window);
    CHECK_EQUAL(run("shares", window, 0), 0);
    CHECK_EQUAL(run("own", window, CREATE_NEW_CONSOLE), 0);
    CHECK_EQUAL(run("none", window, CREATE_NO_WINDOW), 0);
    CHECK_EQUAL(run("none", window, DETACHED_PROCESS), 0);
    test_closing();
    FreeConsole();
    CHECK(!IsWindow(window), "outlives the console");
    return check_summary();
}
