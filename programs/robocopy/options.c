// Reading the command line.
#include "options.h"
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

enum { DEFAULT_RETRIES = 1000000, DEFAULT_WAIT = 30 };

static const struct {
    const WCHAR *name;
    size_t member;
} flags[] = {
#define FLAG(name, member)                                                                                   \
    {                                                                                                        \
        name, offsetof(struct options, member)                                                               \
    }
    FLAG(L"S", subdirectories),   FLAG(L"E", empty),
    FLAG(L"PURGE", purge),        FLAG(L"MOV", move_files),
    FLAG(L"MOVE", move_all),      FLAG(L"CREATE", create_only),
    FLAG(L"XJ", no_junctions),    FLAG(L"XJD", no_junctions),
    FLAG(L"A", archive),          FLAG(L"M", reset_archive),
    FLAG(L"XC", exclude_changed), FLAG(L"XN", exclude_newer),
    FLAG(L"XO", exclude_older),   FLAG(L"XX", exclude_extra),
    FLAG(L"XL", exclude_lonely),  FLAG(L"IS", include_same),
    FLAG(L"IT", include_tweaked), FLAG(L"FFT", coarse_times),
    FLAG(L"L", list_only),        FLAG(L"NP", no_progress),
    FLAG(L"NFL", no_files),       FLAG(L"NDL", no_directories),
    FLAG(L"NJH", no_head),        FLAG(L"NJS", no_summary),
    FLAG(L"NC", no_class),        FLAG(L"NS", no_size),
    FLAG(L"FP", full_paths),      FLAG(L"BYTES", bytes),
    FLAG(L"TS", time_stamps),     FLAG(L"V", verbose),
    FLAG(L"X", report_extra),     FLAG(L"TEE", tee),
    FLAG(L"QUIT", quit),          FLAG(L"SEC", copy_security),
};

// Ways of copying that come to the same here, and so change nothing.
static const WCHAR *const without_effect[] = {
    L"Z",       L"B",   L"ZB",  L"J",   L"EFSRAW",    L"ETA",      L"256",
    L"UNICODE", L"TBD", L"XJF", L"DST", L"NOOFFLOAD", L"COMPRESS", L"DEBUG",
};

static void add_name(struct names *names, const WCHAR *name)
{
    make_room(&names->names, &names->capacity, names->count + 1, sizeof(*names->names));
    names->names[names->count++] = name;
}

static bool attributes_of(const WCHAR *letters, DWORD *attributes)
{
    static const struct {
        WCHAR letter;
        DWORD bit;
    } known[] = {
        {'R', FILE_ATTRIBUTE_READONLY},   {'A', FILE_ATTRIBUTE_ARCHIVE},
        {'S', FILE_ATTRIBUTE_SYSTEM},     {'H', FILE_ATTRIBUTE_HIDDEN},
        {'C', FILE_ATTRIBUTE_COMPRESSED}, {'N', FILE_ATTRIBUTE_NOT_CONTENT_INDEXED},
        {'E', FILE_ATTRIBUTE_ENCRYPTED},  {'T', FILE_ATTRIBUTE_TEMPORARY},
        {'O', FILE_ATTRIBUTE_OFFLINE},
    };
    *attributes = 0;
    for (; *letters; letters++) {
        size_t i = 0;
        while (i < ARRAYSIZE(known) && known[i].letter != towupper(*letters)) i++;
        if (i == ARRAYSIZE(known)) return false;
        *attributes |= known[i].bit;
    }
    return true;
}

// /COPY: and /DCOPY: take letters of DATSOUX; which of them are there.
static bool read_copy(struct options *o, const WCHAR *letters)
{
    if (wcsspn(letters, L"DATSOUXdatsoux") != wcslen(letters)) return false;
    o->copy_data = wcspbrk(letters, L"Dd") != NULL;
    o->copy_attributes = wcspbrk(letters, L"Aa") != NULL;
    o->copy_times = wcspbrk(letters, L"Tt") != NULL;
    o->copy_security = wcspbrk(letters, L"Ss") != NULL;
    o->copy_owner = wcspbrk(letters, L"Oo") != NULL;
    return true;
}

static bool read_directory_copy(struct options *o, const WCHAR *letters)
{
    if (wcsspn(letters, L"DATEXdatex") != wcslen(letters)) return false;
    o->directory_attributes = wcspbrk(letters, L"Aa") != NULL;
    o->directory_times = wcspbrk(letters, L"Tt") != NULL;
    return true;
}

// A date, YYYYMMDD, or a number of days before now (below 1900).
static bool read_age(const WCHAR *text, FILETIME *time)
{
    const ULONGLONG day = 864000000000ULL;
    WCHAR *end;
    unsigned long number = wcstoul(text, &end, 10);
    if (end == text || *end) return false;
    if (number < 1900) {
        ULARGE_INTEGER now;
        GetSystemTimeAsFileTime(time);
        now.LowPart = time->dwLowDateTime, now.HighPart = time->dwHighDateTime;
        now.QuadPart -= number * day;
        *time = (FILETIME){now.LowPart, now.HighPart};
        return true;
    }
    SYSTEMTIME date = {
        .wYear = (WORD)(number / 10000), .wMonth = (WORD)(number / 100 % 100), .wDay = (WORD)(number % 100)};
    FILETIME local;
    return SystemTimeToFileTime(&date, &local) && LocalFileTimeToFileTime(&local, time);
}

static bool read_number(const WCHAR *text, ULONGLONG *number)
{
    WCHAR *end;
    *number = _wcstoui64(text, &end, 10);
    return end != text && !*end;
}

static bool read_long(const WCHAR *text, unsigned long *number)
{
    ULONGLONG wide;
    bool read = read_number(text, &wide) && wide <= LONG_MAX;
    if (read) *number = (unsigned long)wide;
    return read;
}

static bool set_log(struct options *o, const WCHAR *path, bool append, bool wide)
{
    o->log = full_file(path);
    o->log_append = append;
    o->log_wide = wide;
    return *path != 0;
}

// What stands before a switch's colon, and the value behind it.
static bool read_value(struct options *o, const WCHAR *name, size_t length, const WCHAR *value)
{
    unsigned long number = 0;
#define IS(word) (length == ARRAYSIZE(word) - 1 && _wcsnicmp(name, word, length) == 0)
    if (IS(L"R")) return read_long(value, &o->retries);
    if (IS(L"W")) return read_long(value, &o->wait);
    if (IS(L"MAX")) return read_number(value, &o->size_max);
    if (IS(L"MIN")) return read_number(value, &o->size_min);
    if (IS(L"MAXAGE")) return read_age(value, &o->written_min);
    if (IS(L"MINAGE")) return read_age(value, &o->written_max);
    if (IS(L"COPY")) return read_copy(o, value);
    if (IS(L"DCOPY")) return read_directory_copy(o, value);
    if (IS(L"IA")) return attributes_of(value, &o->include_attributes);
    if (IS(L"XA")) return attributes_of(value, &o->exclude_attributes);
    if (IS(L"A+")) return attributes_of(value, &o->add_attributes);
    if (IS(L"A-")) return attributes_of(value, &o->remove_attributes);
    if (IS(L"LOG")) return set_log(o, value, false, false);
    if (IS(L"LOG+")) return set_log(o, value, true, false);
    if (IS(L"UNILOG")) return set_log(o, value, false, true);
    if (IS(L"UNILOG+")) return set_log(o, value, true, true);
    if (IS(L"LEV")) {
        bool read = read_long(value, &number);
        o->levels = (long)number;
        return read;
    }
    // One thread copies, without gaps; files are never locked by another system.
    if (IS(L"MT") || IS(L"IPG") || IS(L"IORATE")) return read_long(value, &number);
#undef IS
    return false;
}

static bool read_flag(struct options *o, const WCHAR *name)
{
    for (size_t i = 0; i < ARRAYSIZE(flags); i++)
        if (_wcsicmp(name, flags[i].name) == 0) return *(bool *)((char *)o + flags[i].member) = true;
    for (size_t i = 0; i < ARRAYSIZE(without_effect); i++)
        if (_wcsicmp(name, without_effect[i]) == 0) return true;
    if (_wcsicmp(name, L"MIR") == 0) return o->empty = o->purge = true;
    if (_wcsicmp(name, L"COPYALL") == 0) return read_copy(o, L"DATSO");
    if (_wcsicmp(name, L"NOCOPY") == 0) return read_copy(o, L"");
    if (_wcsicmp(name, L"NODCOPY") == 0) return read_directory_copy(o, L"");
    return _wcsicmp(name, L"MT") == 0;
}

static bool read_switch(struct options *o, const WCHAR *word)
{
    const WCHAR *name = word + 1, *colon = wcschr(name, ':');
    return colon ? read_value(o, name, colon - name, colon + 1) : read_flag(o, name);
}

// /XF, /XD and /IF take all words up to the next switch.
static struct names *list_of(struct options *o, const WCHAR *word)
{
    if (_wcsicmp(word, L"/XF") == 0) return &o->excluded_files;
    if (_wcsicmp(word, L"/XD") == 0) return &o->excluded_directories;
    return _wcsicmp(word, L"/IF") == 0 ? &o->files : NULL;
}

static bool complain_of(int number, const WCHAR *word)
{
    print(L"\r\nERROR : Invalid Parameter #%d : \"%s\"\r\n", number, word);
    return false;
}

static bool is_shown_elsewhere(const WCHAR *word)
{
    static const WCHAR *const elsewhere[] = {L"/S", L"/E"}, *const begins[] = {L"/LOG",  L"/UNILOG",
                                                                               L"/R:",   L"/W:",
                                                                               L"/COPY", L"/DCOPY:"};
    for (size_t i = 0; i < ARRAYSIZE(elsewhere); i++)
        if (_wcsicmp(word, elsewhere[i]) == 0) return true;
    for (size_t i = 0; i < ARRAYSIZE(begins); i++)
        if (_wcsnicmp(word, begins[i], wcslen(begins[i])) == 0) return true;
    return false;
}

// The switches that the head shows, beside those that have a place of their own or are only about the log.
static void show_options(struct options *o, int count, WCHAR **words)
{
    size_t length = 1;
    for (int i = 1; i < count; i++) length += wcslen(words[i]) + 1;
    o->shown = take_memory((length + 1) * sizeof(WCHAR));
    o->shown[0] = 0;
    for (int i = 1; i < count; i++) {
        if (words[i][0] != '/' || list_of(o, words[i]) || is_shown_elsewhere(words[i])) continue;
        wcscat(o->shown, _wcsupr(words[i]));
        wcscat(o->shown, L" ");
    }
}

// Two directories come first; a name in a drive's root may be written with a blank for its backslash's sake.
static WCHAR *directory_name(const WCHAR *word)
{
    WCHAR *full = full_file(word);
    size_t length = wcslen(full);
    while (length > 3 && wcschr(L"\\/\" ", full[length - 1])) full[--length] = 0;
    return full;
}

static void set_defaults(struct options *o)
{
    *o = (struct options){.retries = DEFAULT_RETRIES,
                          .wait = DEFAULT_WAIT,
                          .size_max = ULLONG_MAX,
                          .written_max = {MAXDWORD, MAXDWORD},
                          .copy_data = true,
                          .copy_attributes = true,
                          .copy_times = true,
                          .directory_attributes = true};
}

bool options_read(struct options *o, int count, WCHAR **words)
{
    struct names *list = NULL;
    set_defaults(o);
    for (int i = 1; i < count; i++) {
        WCHAR *word = words[i];
        if (word[0] == '/') {
            list = list_of(o, word);
            if (!list && !read_switch(o, word)) return complain_of(i, word);
        } else if (list) {
            add_name(list, word);
        } else if (!o->source) {
            o->source = directory_name(word);
        } else if (!o->target) {
            o->target = directory_name(word);
        } else {
            add_name(&o->files, word);
        }
    }
    if (!o->source || !o->target) {
        print(L"\r\nERROR : No %s Directory Specified.\r\n", o->source ? L"Destination" : L"Source");
        return false;
    }
    if (!o->files.count) add_name(&o->files, L"*.*");
    if (o->move_all) o->move_files = true;
    o->subdirectories |= o->empty;
    show_options(o, count, words);
    return true;
}
