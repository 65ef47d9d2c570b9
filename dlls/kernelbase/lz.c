// Files that COMPRESS.EXE made: reading them unpacks. The format: "SZDD" and four bytes more, 'A', the last
// letter of the name, the size; then bits that tell, from the lowest on, a byte as it is (1) from a piece of
// the last 4,096 bytes (0): twelve bits say where in a ring of them, four how many.
#include "base.h"
#include <lzexpand.h>

#define WINDOW       4096
#define WINDOW_START (WINDOW - 16) // where the first byte lands; the rest is blanks
#define HANDLE_FIRST 0x401         // odd, unlike handles of files, which may be as high
#define HANDLES      16
#define INPUT        2048

// A packed file that is being read.
struct lz_file {
    HANDLE file;
    char letter;     // the name's last
    LONG size;       // unpacked
    LONG at, wanted; // the next byte unpacked; where reading goes on
    BYTE window[WINDOW];
    BYTE input[INPUT];
    DWORD input_at, input_n;
    unsigned bits;                // of which bit 8 on says how many are left
    unsigned piece_from, piece_n; // what is left of a piece
};

static const BYTE signature[] = {'S', 'Z', 'D', 'D', 0x88, 0xF0, 0x27, 0x33, 'A'};
enum { HEADER = 14 };

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct lz_file *files[HANDLES]; // under the lock

static INT index_of(INT handle)
{
    return (handle - HANDLE_FIRST) / 4;
}

// NULL: the number is none of ours, but a file's handle.
static struct lz_file *file_of(INT handle)
{
    INT index = index_of(handle);
    if (handle < HANDLE_FIRST || handle % 4 != HANDLE_FIRST % 4 || index >= HANDLES) return NULL;
    RtlAcquireSRWLockShared(&lock);
    struct lz_file *file = files[index];
    RtlReleaseSRWLockShared(&lock);
    return file;
}

static HANDLE host_handle(INT handle)
{
    return (HANDLE)(LONG_PTR)handle;
}

// ---- unpacking ----

static void rewind_file(struct lz_file *file)
{
    SetFilePointer(file->file, HEADER, NULL, FILE_BEGIN);
    file->at = 0;
    file->bits = file->input_at = file->input_n = file->piece_n = 0;
    memset(file->window, ' ', sizeof(file->window));
}

static int next_input(struct lz_file *file)
{
    if (file->input_at == file->input_n) {
        file->input_at = 0;
        if (!ReadFile(file->file, file->input, sizeof(file->input), &file->input_n, NULL)) file->input_n = 0;
        if (!file->input_n) return -1;
    }
    return file->input[file->input_at++];
}

// The next byte unpacked, -1 at the end.
static int next_byte(struct lz_file *file)
{
    int byte;
    unsigned to = (unsigned)(file->at + WINDOW_START) % WINDOW;
    if (!file->piece_n) {
        if (file->bits < 2) {
            if ((byte = next_input(file)) < 0) return -1;
            file->bits = (unsigned)byte | 0x100; // the uppermost bit ends them
        }
        bool plain = file->bits & 1;
        file->bits >>= 1;
        if (plain) {
            if ((byte = next_input(file)) < 0) return -1;
            file->window[to] = (BYTE)byte;
            file->at++;
            return byte;
        }
        int low = next_input(file), high = low < 0 ? -1 : next_input(file);
        if (high < 0) return -1;
        file->piece_from = (unsigned)low | (unsigned)(high & 0xF0) << 4;
        file->piece_n = (unsigned)(high & 0x0F) + 3;
    }
    byte = file->window[file->piece_from++ % WINDOW];
    file->piece_n--;
    file->window[to] = (BYTE)byte;
    file->at++;
    return byte;
}

static INT read_unpacked(struct lz_file *file, BYTE *buffer, INT count)
{
    INT done = 0;
    if (file->wanted < file->at) rewind_file(file);
    while (file->at < file->wanted)
        if (file->at >= file->size || next_byte(file) < 0) return 0;
    while (done < count && file->at < file->size) {
        int byte = next_byte(file);
        if (byte < 0) break; // cut off
        buffer[done++] = (BYTE)byte;
    }
    file->wanted = file->at;
    return done || !count || file->at >= file->size ? done : LZERROR_READ;
}

// ---- handles ----

HOTPATCH INT WINAPI LZStart(void)
{
    return TRUE;
}

HOTPATCH void WINAPI LZDone(void) {}

// The header of a packed file. False: it is none.
static bool read_header(HANDLE handle, BYTE header[HEADER])
{
    DWORD read = 0;
    SetFilePointer(handle, 0, NULL, FILE_BEGIN);
    return ReadFile(handle, header, HEADER, &read, NULL) && read == HEADER &&
           !memcmp(header, signature, sizeof(signature) - 1);
}

// A file that isn't packed keeps its own handle.
HOTPATCH INT WINAPI LZInit(INT source)
{
    BYTE header[HEADER];
    if (GetFileType(host_handle(source)) == FILE_TYPE_UNKNOWN) return LZERROR_BADINHANDLE;
    if (!read_header(host_handle(source), header)) {
        SetFilePointer(host_handle(source), 0, NULL, FILE_BEGIN);
        return source;
    }
    if (header[8] != 'A') return LZERROR_UNKNOWNALG;
    struct lz_file *file = heap_alloc(sizeof(*file));
    if (!file) return LZERROR_GLOBALLOC;
    LONG size;
    memcpy(&size, header + 10, sizeof(size));
    *file = (struct lz_file){.file = host_handle(source), .letter = (char)header[9], .size = size};
    rewind_file(file);
    INT result = LZERROR_GLOBALLOC;
    RtlAcquireSRWLockExclusive(&lock);
    for (INT i = 0; i < HANDLES && result < 0; i++) {
        if (files[i]) continue;
        files[i] = file;
        result = HANDLE_FIRST + 4 * i;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (result < 0) heap_free(file);
    return result;
}

HOTPATCH void WINAPI LZClose(INT handle)
{
    struct lz_file *file = file_of(handle);
    if (file) {
        RtlAcquireSRWLockExclusive(&lock);
        files[index_of(handle)] = NULL;
        RtlReleaseSRWLockExclusive(&lock);
    }
    CloseHandle(file ? file->file : host_handle(handle));
    if (file) heap_free(file);
}

HOTPATCH INT WINAPI LZRead(INT handle, char *buffer, INT count)
{
    struct lz_file *file = file_of(handle);
    DWORD read;
    if (count < 0) return LZERROR_BADVALUE;
    if (file) return read_unpacked(file, (BYTE *)buffer, count);
    return ReadFile(host_handle(handle), buffer, (DWORD)count, &read, NULL) ? (INT)read : LZERROR_READ;
}

HOTPATCH LONG WINAPI LZSeek(INT handle, LONG offset, INT origin)
{
    struct lz_file *file = file_of(handle);
    if (!file) {
        DWORD at = SetFilePointer(host_handle(handle), offset, NULL, (DWORD)origin);
        return at == INVALID_SET_FILE_POINTER ? LZERROR_BADVALUE : (LONG)at;
    }
    LONGLONG to = origin == FILE_CURRENT ? file->wanted : origin == FILE_END ? file->size : 0;
    to += offset;
    if (origin < FILE_BEGIN || origin > FILE_END || to < 0 || to > file->size) return LZERROR_BADVALUE;
    return file->wanted = (LONG)to;
}

// All of it; the copy gets the time of the last write.
HOTPATCH LONG WINAPI LZCopy(INT source, INT target)
{
    char buffer[4096];
    LONG total = 0;
    FILETIME written;
    struct lz_file *file = file_of(source);
    bool opened = !file; // unpacked for this call only
    if (opened) source = LZInit(source);
    if (source < 0) return source;
    LZSeek(source, 0, FILE_BEGIN);
    INT read;
    while ((read = LZRead(source, buffer, sizeof(buffer))) > 0) {
        DWORD done;
        if (!WriteFile(host_handle(target), buffer, (DWORD)read, &done, NULL) || done != (DWORD)read) {
            read = LZERROR_WRITE;
            break;
        }
        total += read;
    }
    file = file_of(source);
    if (GetFileTime(file ? file->file : host_handle(source), NULL, NULL, &written))
        SetFileTime(host_handle(target), NULL, NULL, &written);
    if (opened && file) { // the file stays open
        RtlAcquireSRWLockExclusive(&lock);
        files[index_of(source)] = NULL;
        RtlReleaseSRWLockExclusive(&lock);
        heap_free(file);
    }
    return read < 0 ? read : total;
}

HOTPATCH LONG WINAPI CopyLZFile(INT source, INT target)
{
    return LZCopy(source, target);
}

// ---- names ----

// A packed file's name has an underscore in the place of its last letter, or as an extension of its own.
static bool packed_name(const WCHAR *name, WCHAR packed[MAX_PATH])
{
    SIZE_T length = wide_length(name), dot = length;
    while (dot > 0 && name[dot - 1] != '.' && name[dot - 1] != '\\' && name[dot - 1] != '/') dot--;
    bool extension = dot > 0 && name[dot - 1] == '.';
    if (length + 3 > MAX_PATH) return false;
    lstrcpyW(packed, name);
    if (!extension)
        lstrcpyW(packed + length, L"._");
    else if (length - dot < 3)
        lstrcpyW(packed + length, L"_");
    else
        lstrcpyW(packed + length - 1, L"_");
    return true;
}

// As OpenFile, for a name that may be too long for it.
static HFILE open_file(const WCHAR *name, OFSTRUCT *result, WORD style)
{
    char ansi[MAX_PATH * 2];
    if (file_ansi_from_wide(ansi, sizeof(ansi), name, wide_length(name)) >= sizeof(ansi)) return HFILE_ERROR;
    return OpenFile(ansi, result, style);
}

HOTPATCH INT WINAPI LZOpenFileW(WCHAR *name, OFSTRUCT *result, WORD style)
{
    WCHAR packed[MAX_PATH];
    HFILE handle = open_file(name, result, style);
    if (handle == HFILE_ERROR && !(style & OF_CREATE) && packed_name(name, packed))
        handle = open_file(packed, result, style);
    if (handle == HFILE_ERROR) return LZERROR_BADINHANDLE;
    bool reads = (style & ~0x70) == OF_READ; // however it is shared
    INT opened = reads ? LZInit(handle) : handle;
    if (opened < 0) CloseHandle(host_handle(handle));
    return opened;
}

HOTPATCH INT WINAPI LZOpenFileA(char *name, OFSTRUCT *result, WORD style)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(name);
    return wide ? LZOpenFileW(wide, result, style) : LZERROR_GLOBALLOC;
}

// The name that a packed file had before, as far as its name and header tell.
HOTPATCH INT WINAPI GetExpandedNameW(WCHAR *source, WCHAR *expanded)
{
    BYTE header[HEADER];
    HANDLE file = CreateFileW(source, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return LZERROR_BADINHANDLE;
    bool packed = read_header(file, header);
    NtClose(file);
    SIZE_T length = wide_length(source);
    memcpy(expanded, source, (length + 1) * sizeof(WCHAR));
    if (!packed || !length || expanded[length - 1] != '_') return TRUE;
    WCHAR letter = header[9];
    if (letter >= 'A' && letter <= 'Z') letter += 'a' - 'A';
    if (letter)
        expanded[length - 1] = letter;
    else
        expanded[length - 1 - (length > 1 && expanded[length - 2] == '.')] = 0;
    return TRUE;
}

HOTPATCH INT WINAPI GetExpandedNameA(char *source, char *expanded)
{
    WCHAR name[MAX_PATH + 1];
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(source);
    if (!wide || wide_length(wide) > MAX_PATH) return LZERROR_BADVALUE;
    INT result = GetExpandedNameW(wide, name);
    if (result > 0) file_ansi_from_wide(expanded, MAX_PATH, name, wide_length(name));
    return result;
}
