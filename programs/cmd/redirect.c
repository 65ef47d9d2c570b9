// Redirection.
#include "redirect.h"
#include "expand.h"
#include "output.h"

void handles_init(void)
{
    static const DWORD standard[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    for (int i = 0; i < HANDLE_COUNT; i++)
        shell.handles[i] = i < 3 ? GetStdHandle(standard[i]) : INVALID_HANDLE_VALUE;
}

static HANDLE open_target(const struct redirection *r)
{
    WCHAR *name = whole_name(expand_late(r->target));
    HANDLE file;
    if (r->kind == REDIRECT_INPUT)
        return CreateFileW(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    file = CreateFileW(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                       r->kind == REDIRECT_APPEND ? OPEN_ALWAYS : CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE && r->kind == REDIRECT_APPEND) SetFilePointer(file, 0, NULL, FILE_END);
    return file;
}

static HANDLE duplicate(HANDLE handle)
{
    HANDLE copy = INVALID_HANDLE_VALUE;
    if (!DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
        return INVALID_HANDLE_VALUE;
    return copy;
}

bool redirect(const struct redirection *list, struct saved_handles *saved)
{
    *saved = (struct saved_handles){};
    for (const struct redirection *r = list; r; r = r->next) {
        struct mark mark = region_mark();
        HANDLE opened =
            r->kind == REDIRECT_DUPLICATE ? duplicate(shell.handles[*r->target - '0']) : open_target(r);
        DWORD error = GetLastError();
        region_release(mark);
        if (opened == INVALID_HANDLE_VALUE) {
            redirect_undo(saved);
            complain_error(error);
            return false;
        }
        // The parser leaves one redirection for a handle.
        saved->old[r->handle] = shell.handles[r->handle];
        saved->replaced[r->handle] = true;
        shell.handles[r->handle] = opened;
    }
    return true;
}

void redirect_undo(struct saved_handles *saved)
{
    for (int i = 0; i < HANDLE_COUNT; i++) {
        if (!saved->replaced[i]) continue;
        CloseHandle(shell.handles[i]);
        shell.handles[i] = saved->old[i];
        saved->replaced[i] = false;
    }
}
