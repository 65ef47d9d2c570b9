// A console's font. Nothing is drawn with it here: what a program sets is kept and told.
#include "console_memory.h"
#include "kernelbase_host.h"

// The console of an output handle, locked. *file is retained.
static NTSTATUS begin(HANDLE32 handle, struct file **file, struct console_shared **shared)
{
    NTSTATUS status = console_resolve(handle, true, file);
    if (!NT_SUCCESS(status)) return status;
    *shared = console_lock();
    if (*shared != NULL && !console_end_is_gone(*shared, console_end_of(*file))) return STATUS_SUCCESS;
    if (*shared != NULL) console_unlock();
    file_release(*file);
    return *shared != NULL ? STATUS_INVALID_HANDLE : STATUS_NO_MEMORY;
}

static void end(struct file *file)
{
    console_unlock();
    file_release(file);
}

NTSTATUS ConsoleGetFont(HANDLE32 handle, CONSOLE_FONT_INFOEX32 *font)
{
    struct file *file;
    struct console_shared *shared;
    NTSTATUS status = begin(handle, &file, &shared);
    if (!NT_SUCCESS(status)) return status;
    *font = shared->font;
    end(file);
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleSetFont(HANDLE32 handle, const CONSOLE_FONT_INFOEX32 *font)
{
    struct file *file;
    struct console_shared *shared;
    NTSTATUS status = begin(handle, &file, &shared);
    if (!NT_SUCCESS(status)) return status;
    shared->font = *font;
    shared->font.nFont = 0; // only the current font has a number
    shared->font.FaceName[sizeof shared->font.FaceName / sizeof *shared->font.FaceName - 1] = 0;
    end(file);
    return STATUS_SUCCESS;
}
