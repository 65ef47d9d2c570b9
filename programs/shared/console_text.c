// Writing text, and reading answers.
#include "console_text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { BUFFER = 16384, FORMATTED = 2048 };

static char buffer[BUFFER];
static size_t buffered;

static bool is_console(HANDLE handle)
{
    DWORD mode;
    return GetConsoleMode(handle, &mode) != 0;
}

static void write_all(HANDLE handle, const char *bytes, size_t size)
{
    DWORD written;
    for (; size; bytes += written, size -= written)
        if (!WriteFile(handle, bytes, (DWORD)size, &written, NULL) || !written) return;
}

void print_flush(void)
{
    write_all(GetStdHandle(STD_OUTPUT_HANDLE), buffer, buffered);
    buffered = 0;
}

void print_bytes(const void *bytes, size_t size)
{
    static bool registered;
    if (!registered) registered = atexit(print_flush) == 0;
    if (size > sizeof buffer - buffered) print_flush();
    if (size > sizeof buffer) {
        write_all(GetStdHandle(STD_OUTPUT_HANDLE), bytes, size);
        return;
    }
    memcpy(buffer + buffered, bytes, size);
    buffered += size;
}

// Text in the console's code page. The caller frees it.
static char *encode(const WCHAR *text, size_t length, size_t *size)
{
    UINT page = GetConsoleOutputCP();
    char *bytes = take_memory(length * 4 + 1);
    *size = (size_t)WideCharToMultiByte(page ? page : GetOEMCP(), 0, text, (int)length, bytes,
                                        (int)length * 4, NULL, NULL);
    return bytes;
}

static void write_text(DWORD which, const WCHAR *text, size_t length)
{
    HANDLE handle = GetStdHandle(which);
    DWORD written;
    size_t size;
    if (!length) return;
    if (is_console(handle)) {
        print_flush();
        WriteConsoleW(handle, text, (DWORD)length, &written, NULL);
        return;
    }
    char *bytes = encode(text, length, &size);
    if (which == STD_OUTPUT_HANDLE) {
        print_bytes(bytes, size);
    } else {
        print_flush();
        write_all(handle, bytes, size);
    }
    free(bytes);
}

void print_text(const WCHAR *text, size_t length)
{
    write_text(STD_OUTPUT_HANDLE, text, length);
}

static void write_format(DWORD which, const WCHAR *format, va_list arguments)
{
    WCHAR room[FORMATTED], *text = room;
    va_list again;
    va_copy(again, arguments);
    int length = _vscwprintf(format, again);
    va_end(again);
    if (length < 0) return;
    if (length >= FORMATTED) text = take_memory(((size_t)length + 1) * sizeof(WCHAR));
    _vsnwprintf(text, (size_t)length + 1, format, arguments);
    write_text(which, text, (size_t)length);
    if (text != room) free(text);
}

void print(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(STD_OUTPUT_HANDLE, format, arguments);
    va_end(arguments);
}

void complain(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(STD_ERROR_HANDLE, format, arguments);
    va_end(arguments);
}

const WCHAR *error_text(DWORD error)
{
    static WCHAR text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0,
                                  text, ARRAYSIZE(text), NULL);
    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r')) length--;
    text[length] = 0;
    if (!length) swprintf(text, ARRAYSIZE(text), L"Error %lu.", error);
    return text;
}

// Byte by byte, so that nothing is taken which another program reads.
bool read_answer(WCHAR *line, size_t room)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    char bytes[512], byte;
    size_t count = 0;
    DWORD got = 0;
    bool any = false;
    print_flush();
    while (ReadFile(input, &byte, 1, &got, NULL) && got) {
        any = true;
        if (byte == '\n') break;
        if (byte != '\r' && count < sizeof bytes) bytes[count++] = byte;
    }
    int length = MultiByteToWideChar(GetConsoleCP() ? GetConsoleCP() : GetOEMCP(), 0, bytes, (int)count, line,
                                     (int)room - 1);
    line[length] = 0;
    return any;
}

void *take_memory(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (memory) return memory;
    complain(L"ERROR: %s\r\n", error_text(ERROR_NOT_ENOUGH_MEMORY));
    exit(1);
}

void make_room(void *memory, size_t *capacity, size_t count, size_t width)
{
    void **place = memory;
    if (count <= *capacity) return;
    size_t larger = count + count / 2 + 16;
    void *moved = realloc(*place, larger * width);
    if (!moved) {
        complain(L"ERROR: %s\r\n", error_text(ERROR_NOT_ENOUGH_MEMORY));
        exit(1);
    }
    *place = moved;
    *capacity = larger;
}

WCHAR *copy_text(const WCHAR *text)
{
    size_t size = (wcslen(text) + 1) * sizeof(WCHAR);
    return memcpy(take_memory(size), text, size);
}
