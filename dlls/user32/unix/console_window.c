// The windows of consoles as other windows' calls see them: what is told of one lies in its console's memory.
#include "dlls/kernelbase/unix/console_window.h"
#include "dlls/kernelbase/unix/console_memory.h"
#include "loader/control_events.h"
#include "loader/guest.h"
#include "user32_host.h"
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WINDOWS_MAX = 1024, PROCESS_ID = 4 }; // the guest's id of a process is so many times the host's

// The console of a window, retained and locked. NULL with a status.
static struct console_share *begin(HANDLE32 window, struct console_window_owner *owner, NTSTATUS *status)
{
    struct console_share *share = NULL;
    *status = console_window_open(window, owner, &share);
    if (NT_SUCCESS(*status)) region_lock_take(&share->shared->lock);
    return share;
}

static void end(struct console_share *share)
{
    region_lock_give(&share->shared->lock);
    console_share_release(share);
}

// The characters that are seen at once.
static COORD32 visible(const struct console_shared *shared, int terminal)
{
    struct winsize size = {0};
    uint32_t active = shared->active;
    if (!shared->terminal && active && active <= CONSOLE_BUFFERS) {
        SMALL_RECT32 window = shared->buffers[active - 1].window;
        return (COORD32){window.Right - window.Left + 1, window.Bottom - window.Top + 1};
    }
    if (terminal < 0 || ioctl(terminal, TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row)
        return (COORD32){80, 25};
    return (COORD32){(int16_t)size.ws_col, (int16_t)size.ws_row};
}

NTSTATUS UserConsoleWindow(HANDLE32 window, uint32_t *process, uint32_t *thread, uint32_t *style,
                           RECT32 *client)
{
    struct console_window_owner owner;
    NTSTATUS status;
    pthread_mutex_lock(&console.lock);
    int terminal = console.terminal;
    pthread_mutex_unlock(&console.lock);
    struct console_share *share = begin(window, &owner, &status);
    if (!NT_SUCCESS(status)) return status;
    const struct console_shared *shared = share->shared;
    COORD32 cells = visible(shared, terminal), font = shared->font.dwFontSize;
    *process = owner.pid * PROCESS_ID;
    *thread = owner.thread;
    *style = shared->window_style;
    // Any process may have written any numbers there: they wrap.
    uint32_t x = (uint32_t)shared->window_x, y = (uint32_t)shared->window_y;
    *client = (RECT32){(int32_t)x, (int32_t)y, (int32_t)(x + (uint32_t)(cells.X * font.X)),
                       (int32_t)(y + (uint32_t)(cells.Y * font.Y))};
    end(share);
    return STATUS_SUCCESS;
}

NTSTATUS UserSetConsoleWindow(HANDLE32 window, uint32_t style, int32_t x, int32_t y)
{
    struct console_window_owner owner;
    NTSTATUS status;
    struct console_share *share = begin(window, &owner, &status);
    if (!NT_SUCCESS(status)) return status;
    share->shared->window_style = style;
    share->shared->window_x = x;
    share->shared->window_y = y;
    end(share);
    return STATUS_SUCCESS;
}

NTSTATUS UserConsoleTitle(HANDLE32 window, gptr title, uint32_t length, uint32_t *units)
{
    struct console_window_owner owner;
    NTSTATUS status;
    uint16_t text[TITLE_MAX];
    struct console_share *share = begin(window, &owner, &status);
    if (!NT_SUCCESS(status)) return status;
    uint32_t n = share->shared->title_length;
    if (n > TITLE_MAX) n = 0;
    memcpy(text, share->shared->title, n * 2);
    end(share);
    *units = n;
    if (n > length / 2) n = length / 2;
    return guest_write(title, text, n * 2) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS UserCloseConsole(HANDLE32 window)
{
    struct console_window_owner owner;
    struct console_share *share = NULL;
    struct console_target targets[CONSOLE_MEMBERS];
    NTSTATUS status = console_window_open(window, &owner, &share);
    if (!NT_SUCCESS(status)) return status;
    uint32_t n = console_share_list(share, targets);
    console_share_release(share);
    for (uint32_t i = 0; i < n; i++) {
        if (targets[i].pid == (uint32_t)getpid())
            control_event_deliver(CTRL_CLOSE_EVENT);
        else
            console_send_event(targets[i].pid, CTRL_CLOSE_EVENT);
    }
    return STATUS_SUCCESS;
}

NTSTATUS UserConsoleWindows(gptr list, uint32_t max, uint32_t *count)
{
    uint32_t windows[WINDOWS_MAX];
    *count = console_window_list(windows, max < WINDOWS_MAX ? max : WINDOWS_MAX);
    return guest_write(list, windows, *count * sizeof *windows) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
