// Bringing paths into canonical form and combining them (pathcch.h): texts only, nothing is looked up.
#include "path_cch.h"
#define PATHCCH_NO_DEPRECATE
#include <pathcch.h>
#include <strsafe.h>

#ifndef PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS
#define PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS 0x2
#endif
#ifndef PATHCCH_FORCE_DISABLE_LONG_NAME_PROCESS
#define PATHCCH_FORCE_DISABLE_LONG_NAME_PROCESS 0x4
#endif
#ifndef PATHCCH_DO_NOT_NORMALIZE_SEGMENTS
#define PATHCCH_DO_NOT_NORMALIZE_SEGMENTS 0x8
#endif
#ifndef PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH
#define PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH 0x10
#endif
#ifndef PATHCCH_ENSURE_TRAILING_SLASH
#define PATHCCH_ENSURE_TRAILING_SLASH 0x20
#endif

#define FORCE_FLAGS  (PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS | PATHCCH_FORCE_DISABLE_LONG_NAME_PROCESS)
#define EXTRA_LENGTH 16 // what prefixes and backslashes add at most

static bool are_flags_valid(DWORD flags)
{
    if ((flags & FORCE_FLAGS) == FORCE_FLAGS) return false;
    if ((flags & PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH) && (flags & FORCE_FLAGS)) return false;
    return !(flags & FORCE_FLAGS) || (flags & PATHCCH_ALLOW_LONG_PATHS);
}

// The parts of a path that a step over its segments needs.
struct canonical {
    WCHAR *root_end;     // nothing before this is taken away by ..
    bool has_rooted_end; // the root has a backslash at its end
    WCHAR *end;
};

// Takes the last segment off, with the backslash before it.
static void drop_segment(struct canonical *out)
{
    while (out->end > out->root_end && *--out->end != '\\') continue;
}

// Copies segments, leaving . and .. out. The backslash before a segment is copied with it.
static void copy_segments(struct canonical *out, const WCHAR *in)
{
    while (*in) {
        const WCHAR *segment = *in == '\\' ? in + 1 : in, *end = segment;

        while (*end && *end != '\\') end++;
        if (end - segment == 2 && segment[0] == '.' && segment[1] == '.') {
            drop_segment(out);
            // After the root or at the very beginning the next backslash would be one too many.
            if (out->end == out->root_end && (segment == in || out->has_rooted_end) && *end) end++;
        } else if (end - segment == 1 && *segment == '.') {
            if (segment == in && *end) end++;
        } else {
            memcpy(out->end, in, (SIZE_T)(end - in) * sizeof(WCHAR));
            out->end += end - in;
        }
        in = end;
    }
}

// Dots at the end of a name count for nothing.
static void drop_last_dots(struct canonical *out)
{
    WCHAR *end = out->end;

    while (end > out->root_end && end[-1] == '.') end--;
    if (end > out->root_end && end[-1] != '\\' && end[-1] != '*') out->end = end;
}

// The canonical form of a path in memory from the process heap, NULL without any.
static WCHAR *canonical_of(const WCHAR *path, DWORD flags)
{
    SIZE_T length = wide_length(path);
    const WCHAR *root = path_root_end(path);
    SIZE_T rooted = root ? (SIZE_T)(root - path) : 0;
    WCHAR *text = heap_alloc((length + EXTRA_LENGTH) * sizeof(WCHAR));

    if (!text) return NULL;
    struct canonical out = {text + rooted, rooted && root[-1] == '\\', text + rooted};
    memcpy(text, path, rooted * sizeof(WCHAR));
    copy_segments(&out, path + rooted);
    if (!(flags & PATHCCH_DO_NOT_NORMALIZE_SEGMENTS)) drop_last_dots(&out);
    *out.end = 0;
    if (out.end == text || (out.end == text + 2 && is_drive(text))) {
        *out.end++ = '\\';
        *out.end = 0;
    }
    return text;
}

// Takes \\?\ off a path that is short enough without, and puts it before one that is too long or has to have
// it.
static void adjust_prefix(WCHAR *text, DWORD flags)
{
    bool extended = flags & PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH;
    enum path_prefix prefix = path_prefix_of(text);
    SIZE_T length = wide_length(text);

    if (prefix == PATH_PREFIX_DRIVE || prefix == PATH_PREFIX_UNC) {
        SIZE_T saved = prefix == PATH_PREFIX_DRIVE ? 4 : 6;
        if (!extended && length - saved < MAX_PATH) PathCchStripPrefix(text, length + 1);
        return;
    }
    if (length >= MAX_PATH && (flags & PATHCCH_ALLOW_LONG_PATHS) &&
        !(flags & PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS))
        extended = true;
    if (!extended || prefix != PATH_PREFIX_NONE) return;
    if (is_drive(text) && text[2] == '\\') {
        memmove(text + 4, text, (length + 1) * sizeof(WCHAR));
        memcpy(text, L"\\\\?\\", 4 * sizeof(WCHAR));
    } else if (text[0] == '\\' && text[1] == '\\') {
        memmove(text + 8, text + 2, (length - 1) * sizeof(WCHAR));
        memcpy(text, L"\\\\?\\UNC\\", 8 * sizeof(WCHAR));
    }
}

// The canonical form in *result, from the process heap, if that is no longer than the flags allow.
static HRESULT canonicalize(const WCHAR *path, DWORD flags, WCHAR **result)
{
    SIZE_T length;

    if (!are_flags_valid(flags)) return E_INVALIDARG;
    if (path && wide_length(path) + 1 > PATHCCH_MAX_CCH)
        return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    *result = canonical_of(path ? path : L"", flags);
    if (!*result) return E_OUTOFMEMORY;
    adjust_prefix(*result, flags);
    length = wide_length(*result);
    if ((flags & PATHCCH_ENSURE_TRAILING_SLASH) && (*result)[length - 1] != '\\') {
        (*result)[length++] = '\\';
        (*result)[length] = 0;
    }
    if (length < ((flags & PATHCCH_ALLOW_LONG_PATHS) ? PATHCCH_MAX_CCH : MAX_PATH)) return S_OK;
    heap_free(*result);
    return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
}

// Both parts of a path as one, from the process heap; NULL without memory.
static WCHAR *join(const WCHAR *first, SIZE_T first_length, const WCHAR *second)
{
    SIZE_T length = wide_length(second);
    WCHAR *text = heap_alloc((first_length + 1 + length + 1) * sizeof(WCHAR)), *at = text;

    if (!text) return NULL;
    memcpy(at, first, first_length * sizeof(WCHAR));
    at += first_length;
    if (first_length && at[-1] != '\\' && *second != '\\') *at++ = '\\';
    memcpy(at, second, (length + 1) * sizeof(WCHAR));
    return text;
}

// What follows a directory: an absolute path replaces it, one from a root keeps the directory's root.
static HRESULT combine(const WCHAR *directory, const WCHAR *path, DWORD flags, WCHAR **result)
{
    AUTO_FREE WCHAR *joined = NULL;
    const WCHAR *root;
    SIZE_T kept;

    if (!directory && !path) return E_INVALIDARG;
    if (!path || !*path) return canonicalize(directory, flags, result);
    if (!directory || !*directory || (path[0] == '\\' && path[1] == '\\') || is_drive(path))
        return canonicalize(path, flags, result);
    kept = wide_length(directory);
    if (*path == '\\') {
        root = path_root_end(directory);
        kept = root ? (SIZE_T)(root - directory) : 0;
        if (kept && directory[kept - 1] == '\\') kept--;
    }
    joined = join(directory, kept, path);
    return joined ? canonicalize(joined, flags, result) : E_OUTOFMEMORY;
}

// Puts a result into the caller's buffer and frees it. An error leaves the buffer empty.
static HRESULT deliver(HRESULT status, WCHAR *text, WCHAR *out, size_t size)
{
    *out = 0;
    if (FAILED(status)) return status;
    SIZE_T length = wide_length(text);
    if (length < size)
        memcpy(out, text, (length + 1) * sizeof(WCHAR));
    else
        status = STRSAFE_E_INSUFFICIENT_BUFFER;
    heap_free(text);
    return status;
}

// The same in memory that the caller gives to LocalFree.
static HRESULT deliver_allocated(HRESULT status, WCHAR *text, WCHAR **out)
{
    *out = NULL;
    if (FAILED(status)) return status;
    SIZE_T size = (wide_length(text) + 1) * sizeof(WCHAR);
    *out = LocalAlloc(LMEM_ZEROINIT, size);
    if (*out)
        memcpy(*out, text, size);
    else
        status = E_OUTOFMEMORY;
    heap_free(text);
    return status;
}

static bool is_buffer_valid(const WCHAR *out, size_t size)
{
    return out && size && size <= PATHCCH_MAX_CCH;
}

HOTPATCH HRESULT WINAPI PathCchCanonicalizeEx(WCHAR *out, size_t size, const WCHAR *path, DWORD flags)
{
    WCHAR *text = NULL;

    if (!is_buffer_valid(out, size)) return E_INVALIDARG;
    HRESULT result = canonicalize(path, flags, &text);
    return deliver(result, text, out, size);
}

HOTPATCH HRESULT WINAPI PathCchCanonicalize(WCHAR *out, size_t size, const WCHAR *path)
{
    return PathCchCanonicalizeEx(out, size, path, 0);
}

HOTPATCH HRESULT WINAPI PathCchCombineEx(WCHAR *out, size_t size, const WCHAR *directory, const WCHAR *path,
                                         DWORD flags)
{
    WCHAR *text = NULL;

    if (!is_buffer_valid(out, size)) return E_INVALIDARG;
    HRESULT result = combine(directory, path, flags, &text);
    return deliver(result, text, out, size);
}

HOTPATCH HRESULT WINAPI PathCchCombine(WCHAR *out, size_t size, const WCHAR *directory, const WCHAR *path)
{
    return PathCchCombineEx(out, size, directory, path, 0);
}

// A backslash that `more` begins with only separates, unless it is a network path.
HOTPATCH HRESULT WINAPI PathCchAppendEx(WCHAR *path, size_t size, const WCHAR *more, DWORD flags)
{
    WCHAR *text = NULL;
    HRESULT result;

    if (!is_buffer_valid(path, size)) return E_INVALIDARG;
    if (more && more[0] == '\\' && more[1] != '\\') more++;
    result = combine(path, more, flags, &text);
    if (SUCCEEDED(result) && wide_length(text) >= size) {
        heap_free(text);
        return STRSAFE_E_INSUFFICIENT_BUFFER; // the path stays as it is
    }
    return deliver(result, text, path, size);
}

HOTPATCH HRESULT WINAPI PathCchAppend(WCHAR *path, size_t size, const WCHAR *more)
{
    return PathCchAppendEx(path, size, more, 0);
}

HOTPATCH HRESULT WINAPI PathAllocCanonicalize(const WCHAR *path, DWORD flags, WCHAR **out)
{
    WCHAR *text = NULL;

    if (!path || !out) return E_INVALIDARG;
    HRESULT result = canonicalize(path, flags, &text);
    return deliver_allocated(result, text, out);
}

HOTPATCH HRESULT WINAPI PathAllocCombine(const WCHAR *directory, const WCHAR *path, DWORD flags, WCHAR **out)
{
    WCHAR *text = NULL;

    if (!out) return E_INVALIDARG;
    HRESULT result = combine(directory, path, flags, &text);
    return deliver_allocated(result, text, out);
}
