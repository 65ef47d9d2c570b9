// The predefined keys of performance data. Their values are made when they are asked for: the names and the
// explanations of counters, and for any other name a block of data, which holds no objects as none are
// counted.
#include "reg_performance.h"
#include <winperf.h>

static const char *const counters[][2] = {
    {"1", "1847"},          {"2", "System"},   {"4", "Memory"},      {"6", "% Processor Time"},
    {"230", "Process"},     {"232", "Thread"}, {"238", "Processor"}, {"784", "ID Process"},
    {"1846", "End Marker"},
};

static const char *const explanations[][2] = {
    {"3", "The System performance object consists of counters that apply to the whole computer."},
    {"5", "The Memory performance object consists of counters that describe physical and virtual memory."},
    {"7", "% Processor Time is the part of the elapsed time that was spent on running instructions."},
    {"231", "The Process performance object consists of counters that watch running programs."},
    {"233", "The Thread performance object consists of counters that measure threads."},
    {"239", "The Processor performance object consists of counters that measure processors."},
    {"785", "ID Process is the number that tells a process from others."},
    {"1847", "End Marker"},
};

// Text after text, each with its NUL, and one NUL more: UTF-16 on the process heap.
static LSTATUS join(const char *const (*pairs)[2], size_t count, struct reg_value *value)
{
    size_t units = 1;
    for (size_t i = 0; i < count; i++) units += strlen(pairs[i][0]) + strlen(pairs[i][1]) + 2;
    value->block = heap_alloc(offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + units * sizeof(WCHAR));
    if (!value->block) return ERROR_NOT_ENOUGH_MEMORY;
    value->type = REG_MULTI_SZ;
    value->data = value->block->Data;
    value->size = (DWORD)(units * sizeof(WCHAR));
    WCHAR *at = (WCHAR *)value->data;
    for (size_t i = 0; i < 2 * count; i++) {
        const char *text = pairs[i / 2][i % 2];
        do *at++ = (BYTE)*text;
        while (*text++);
    }
    *at = 0;
    return ERROR_SUCCESS;
}

static LSTATUS make_block(struct reg_value *value)
{
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD length = ARRAY_LENGTH(name);
    if (!GetComputerNameW(name, &length)) return (LSTATUS)GetLastError();
    DWORD name_size = (length + 1) * sizeof(WCHAR), size = (sizeof(PERF_DATA_BLOCK) + name_size + 7) & ~7u;
    value->block = heap_alloc(offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + size);
    if (!value->block) return ERROR_NOT_ENOUGH_MEMORY;
    value->type = REG_BINARY;
    value->data = value->block->Data;
    value->size = size;
    PERF_DATA_BLOCK block = {.Signature = {'P', 'E', 'R', 'F'},
                             .LittleEndian = 1,
                             .Version = PERF_DATA_VERSION,
                             .Revision = PERF_DATA_REVISION,
                             .TotalByteLength = size,
                             .HeaderLength = size,
                             .DefaultObject = 238,
                             .SystemNameLength = name_size,
                             .SystemNameOffset = sizeof(block)};
    GetSystemTime(&block.SystemTime);
    QueryPerformanceCounter(&block.PerfTime);
    QueryPerformanceFrequency(&block.PerfFreq);
    NtQuerySystemTime(&block.PerfTime100nSec);
    memset(value->data, 0, size);
    memcpy(value->data, &block, sizeof(block));
    memcpy(value->data + sizeof(block), name, name_size);
    return ERROR_SUCCESS;
}

// Names of values may have anything behind them.
static bool begins_with(const WCHAR *name, const WCHAR *beginning)
{
    for (; *beginning; name++, beginning++)
        if (RtlUpcaseUnicodeChar(*name) != *beginning) return false;
    return true;
}

// A value of theirs, whatever it is called; free with reg_value_free.
static LSTATUS reg_performance_read(const WCHAR *name, struct reg_value *value)
{
    if (name && begins_with(name, L"COUNTER")) return join(counters, ARRAY_LENGTH(counters), value);
    if (name && (begins_with(name, L"HELP") || begins_with(name, L"EXPLAIN")))
        return join(explanations, ARRAY_LENGTH(explanations), value);
    return make_block(value);
}

LSTATUS reg_performance_query(const WCHAR *name, DWORD *type, BYTE *data, DWORD *size, bool ansi)
{
    struct reg_value value AUTO_VALUE;
    value.block = NULL;
    LSTATUS error = reg_performance_read(name, &value);
    if (error) return error;
    if (type) *type = value.type;
    if (!size) return ERROR_SUCCESS;
    if (value.type == REG_MULTI_SZ && ansi)
        return reg_text_to_ansi((WCHAR *)value.data, value.size, data, size);
    // How large a block will be nobody can say before it is made: its size is not told.
    if (value.type == REG_BINARY && (!data || *size < value.size)) return ERROR_MORE_DATA;
    DWORD room = *size;
    *size = value.size;
    if (!data) return ERROR_SUCCESS;
    if (room < value.size) return ERROR_MORE_DATA;
    memcpy(data, value.data, value.size);
    return ERROR_SUCCESS;
}

// ---- by way of Perflib ----

static bool ends_with(const WCHAR *text, SIZE_T length, const WCHAR *end)
{
    SIZE_T n = wide_length(end);
    return length >= n && begins_with(text + length - n, end) &&
           (length == n || text[length - n - 1] == '\\');
}

// Whether a key below root, at the first length characters of path, is Perflib.
static bool is_perflib(HANDLE root, const WCHAR *path, SIZE_T length)
{
    union {
        KEY_NAME_INFORMATION name;
        BYTE bytes[1024];
    } info;
    ULONG needed;
    HANDLE key AUTO_CLOSE = NULL;
    WCHAR *parent AUTO_FREE = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!parent) return false;
    memcpy(parent, path, length * sizeof(WCHAR));
    parent[length] = 0;
    if (!NT_SUCCESS(reg_open(root, parent, 0, KEY_READ, &key))) return false;
    return NT_SUCCESS(NtQueryKey(key, KeyNameInformation, &info, sizeof(info), &needed)) &&
           ends_with(info.name.Name, info.name.NameLength / sizeof(WCHAR), L"PERFLIB");
}

HKEY reg_performance_alias(HANDLE root, const WCHAR *path)
{
    SIZE_T length = path ? wide_length(path) : 0;
    bool english = ends_with(path, length, L"009"), current = ends_with(path, length, L"CURRENTLANGUAGE");
    if (!english && !current) return NULL;
    while (length && path[length - 1] != '\\') length--;
    if (!is_perflib(root, path, length ? length - 1 : 0)) return NULL;
    return english ? HKEY_PERFORMANCE_TEXT : HKEY_PERFORMANCE_NLSTEXT;
}
