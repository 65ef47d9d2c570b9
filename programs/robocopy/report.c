// The report.
#include "report.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static HANDLE log_file = INVALID_HANDLE_VALUE;
static bool log_wide, to_output = true;
static ULONGLONG started;

#define RULE L"------------------------------------------------------------------------------"

// ---- where it goes ----

bool report_open(const struct options *o)
{
    DWORD written;
    started = GetTickCount64();
    if (!o->log) return true;
    log_wide = o->log_wide;
    log_file = CreateFileW(o->log, GENERIC_WRITE, FILE_SHARE_READ, NULL,
                           o->log_append ? OPEN_ALWAYS : CREATE_ALWAYS, 0, NULL);
    if (log_file == INVALID_HANDLE_VALUE) {
        report_error(GetLastError(), L"Opening Log File", o->log);
        return false;
    }
    bool fresh = !SetFilePointer(log_file, 0, NULL, FILE_END);
    if (log_wide && fresh) WriteFile(log_file, L"\xfeff", sizeof(WCHAR), &written, NULL);
    if (!o->tee) print(L"\r\n Log File : %s\r\n", o->log);
    to_output = o->tee;
    return true;
}

void report_close(void)
{
    if (log_file != INVALID_HANDLE_VALUE) CloseHandle(log_file);
}

static void write_log(const WCHAR *text, int length)
{
    DWORD written;
    if (log_wide) {
        WriteFile(log_file, text, (DWORD)(length * sizeof(WCHAR)), &written, NULL);
        return;
    }
    char *bytes = take_memory((size_t)length * 4 + 1);
    int size = WideCharToMultiByte(CP_OEMCP, 0, text, length, bytes, length * 4, NULL, NULL);
    WriteFile(log_file, bytes, (DWORD)size, &written, NULL);
    free(bytes);
}

void report(const WCHAR *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = _vscwprintf(format, again);
    va_end(again);
    WCHAR *text = take_memory(((size_t)length + 1) * sizeof(WCHAR));
    _vsnwprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    if (to_output) print_text(text, (size_t)length);
    if (log_file != INVALID_HANDLE_VALUE) write_log(text, length);
    free(text);
}

void report_error(DWORD error, const WCHAR *what, const WCHAR *path)
{
    SYSTEMTIME now;
    GetLocalTime(&now);
    report(L"%04u/%02u/%02u %02u:%02u:%02u ERROR %lu (0x%08lX) %s %s\r\n%s\r\n", now.wYear, now.wMonth,
           now.wDay, now.wHour, now.wMinute, now.wSecond, error, error, what, path, error_text(error));
}

// ---- head and summary ----

static void report_time(const WCHAR *what)
{
    WCHAR date[80] = L"", clock[80] = L"";
    GetDateFormatW(LOCALE_USER_DEFAULT, DATE_LONGDATE, NULL, NULL, date, ARRAYSIZE(date));
    GetTimeFormatW(LOCALE_USER_DEFAULT, 0, NULL, NULL, clock, ARRAYSIZE(clock));
    report(L"%s : %s %s\r\n", what, date, clock);
}

static void report_names(const WCHAR *what, const struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        report(L"%11s%s%s\r\n", i ? L"" : what, i ? L"   " : L" : ", names->names[i]);
    if (names->count) report(L"\t    \r\n");
}

// A directory as the report names it, with a backslash at its end.
static const WCHAR *slash(const WCHAR *path)
{
    size_t length = wcslen(path);
    return length && path[length - 1] == '\\' ? L"" : L"\\";
}

static void copy_letters(const struct options *o, WCHAR *letters)
{
    if (o->copy_data) *letters++ = 'D';
    if (o->copy_attributes) *letters++ = 'A';
    if (o->copy_times) *letters++ = 'T';
    if (o->copy_security) *letters++ = 'S';
    if (o->copy_owner) *letters++ = 'O';
    *letters = 0;
}

void report_head(const struct options *o)
{
    WCHAR letters[8];
    if (o->no_head) return;
    copy_letters(o, letters);
    report(L"\r\n-" RULE L"\r\n   ROBOCOPY     ::     Robust File Copy for Windows                           "
           L"   \r\n-" RULE L"\r\n\r\n");
    report_time(L"  Started");
    report(L"   Source : %s%s\r\n     Dest : %s%s\r\n\r\n", o->source, slash(o->source), o->target,
           slash(o->target));
    report_names(L"    Files", &o->files);
    report_names(L"Exc Files", &o->excluded_files);
    report_names(L" Exc Dirs", &o->excluded_directories);
    report(L"  Options : %s%s/DCOPY:%s%s /COPY:%s %s/R:%lu /W:%lu \r\n\r\n" RULE L"\r\n\r\n",
           wcscmp(o->files.names[0], L"*.*") == 0 ? L"*.* " : L"",
           o->empty            ? L"/S /E "
           : o->subdirectories ? L"/S "
                               : L"",
           o->directory_attributes ? L"DA" : L"D", o->directory_times ? L"T" : L"", letters, o->shown,
           o->retries, o->wait);
}

// A number of bytes as the summary shortens it.
static const WCHAR *short_size(const struct options *o, ULONGLONG bytes, WCHAR text[24])
{
    static const WCHAR units[] = L"kmgt";
    double value = (double)bytes;
    int unit = -1;
    if (!o->bytes)
        while (value >= 1024 && unit < 3) value /= 1024, unit++;
    if (unit < 0)
        _snwprintf(text, 24, L"%I64u", bytes);
    else
        _snwprintf(text, 24, L"%.*f %c", value < 10 ? 3 : value < 100 ? 2 : 1, value, units[unit]);
    return text;
}

static void report_counts(const WCHAR *what, const struct counts *c)
{
    report(L"%s%10I64u%10I64u%10I64u%10I64u%10I64u%10I64u\r\n", what, c->total, c->copied, c->skipped,
           c->mismatched, c->failed, c->extra);
}

static void report_bytes(const struct options *o, const struct counts *c)
{
    const ULONGLONG *all[] = {&c->total, &c->copied, &c->skipped, &c->mismatched, &c->failed, &c->extra};
    WCHAR text[24];
    report(L"   Bytes :");
    for (size_t i = 0; i < ARRAYSIZE(all); i++) report(L"%10s", short_size(o, *all[i], text));
    report(L"\r\n");
}

void report_summary(const struct options *o, const struct totals *t)
{
    if (o->no_summary) return;
    unsigned seconds = (unsigned)((GetTickCount64() - started) / 1000);
    report(
        L"\r\n" RULE L"\r\n\r\n               Total    Copied   Skipped  Mismatch    FAILED    Extras\r\n");
    report_counts(L"    Dirs :", &t->directories);
    report_counts(L"   Files :", &t->files);
    report_bytes(o, &t->bytes);
    report(L"   Times :%4u:%02u:%02u%4u:%02u:%02u%20u:%02u:%02u%4u:%02u:%02u\r\n", seconds / 3600,
           seconds / 60 % 60, seconds % 60, seconds / 3600, seconds / 60 % 60, seconds % 60, 0, 0, 0, 0, 0,
           0);
    report_time(L"   Ended");
    report(L"\r\n");
}

// ---- files and directories ----

void report_file(const struct options *o, const WCHAR *class, const WIN32_FIND_DATAW *data, const WCHAR *path)
{
    ULONGLONG size = (ULONGLONG)data->nFileSizeHigh << 32 | data->nFileSizeLow;
    SYSTEMTIME t;
    WCHAR text[24];
    if (o->no_files) return;
    report(L"\t%s\t", o->no_class ? L"" : class);
    if (!o->no_size && size >= 1024 * 1024)
        report(L"\t%8s", short_size(o, size, text));
    else if (!o->no_size)
        report(L"\t%8I64u", size);
    if (o->time_stamps && FileTimeToSystemTime(&data->ftLastWriteTime, &t))
        report(L" %04u/%02u/%02u %02u:%02u:%02u", t.wYear, t.wMonth, t.wDay, t.wHour, t.wMinute, t.wSecond);
    report(L"\t%s", o->full_paths ? path : data->cFileName);
}

void report_file_end(const struct options *o, bool copied)
{
    if (copied && !o->no_progress) report(o->no_files ? L"\r  0%%  \r100%%  " : L"\r\n  0%%  \r100%%  ");
    if (!o->no_files || (copied && !o->no_progress)) report(L"\r\n");
}

void report_directory(const struct options *o, const WCHAR *class, long count, const WCHAR *path)
{
    if (o->no_directories) return;
    report(L"\t%-12s%8ld\t%s%s\r\n", o->no_class ? L"" : class, count, path, slash(path));
}
