// What the initial registry says of this machine and user, and its symbolic links.
#include "registry_machine.h"
#include "guest_constants.h"
#include "locale.h"
#include "prefix.h"
#include "registry_edit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>

// ---- variables ----

enum { VALUE_SIZE = 256 };

// A line of the first processor's part of /proc/cpuinfo.
static void read_cpuinfo(const char *name, char value[VALUE_SIZE])
{
    char line[512];
    size_t n = strlen(name);
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(value, VALUE_SIZE, "0");
    while (file && fgets(line, sizeof line, file) && line[0] != '\n') {
        char *colon = strchr(line, ':');
        if (strncmp(line, name, n) != 0 || !colon || (line[n] != '\t' && line[n] != ':')) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(value, VALUE_SIZE, "%.200s", colon[1] == ' ' ? colon + 2 : colon + 1);
        break;
    }
    if (file) fclose(file);
}

static void put_user(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%s", prefix_user());
}

// As GetComputerName has it: the host's name up to its first dot, upper case, 15 characters.
static void put_computer(char value[VALUE_SIZE])
{
    char name[VALUE_SIZE] = "";
    gethostname(name, sizeof name - 1);
    name[strcspn(name, ".")] = 0;
    snprintf(value, VALUE_SIZE, "%.15s", name[0] ? name : "LOCALHOST");
    for (char *p = value; *p; p++)
        if (*p >= 'a' && *p <= 'z') *p -= 'a' - 'A';
}

static void put_processor(char value[VALUE_SIZE])
{
    read_cpuinfo("model name", value);
}

static void put_vendor(char value[VALUE_SIZE])
{
    read_cpuinfo("vendor_id", value);
}

static void put_identifier(char value[VALUE_SIZE])
{
    char family[VALUE_SIZE], model[VALUE_SIZE], stepping[VALUE_SIZE];
    read_cpuinfo("cpu family", family);
    read_cpuinfo("model", model);
    read_cpuinfo("stepping", stepping);
    snprintf(value, VALUE_SIZE, "x86 Family %d Model %d Stepping %d", atoi(family), atoi(model),
             atoi(stepping));
}

static void put_mhz(char value[VALUE_SIZE])
{
    char mhz[VALUE_SIZE];
    read_cpuinfo("cpu MHz", mhz);
    snprintf(value, VALUE_SIZE, "%08x", (unsigned)atoi(mhz));
}

static void put_processors(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
}

static void put_codepage(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%u", host_locale()->ansi);
}

static void put_oem_codepage(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%u", host_locale()->oem);
}

static void put_locale(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%08x", host_locale()->lcid);
}

static void put_language(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%04x", host_locale()->lcid & 0xFFFF);
}

// The GeoID of the locale's country; the United States' if the table of locales can't be read.
static void put_nation(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%u", locale_geo_id(host_locale()->lcid));
}

static void put_installed(char value[VALUE_SIZE])
{
    snprintf(value, VALUE_SIZE, "%08x", (unsigned)time(NULL));
}

static const struct variable {
    const char *name;
    void (*put)(char value[VALUE_SIZE]);
} variables[] = {
    {"USER", put_user},
    {"COMPUTER", put_computer},
    {"SID", registry_user_name},
    {"VENDOR", put_vendor},
    {"PROCESSOR", put_processor},
    {"IDENTIFIER", put_identifier},
    {"MHZ", put_mhz},
    {"PROCESSORS", put_processors},
    {"CODEPAGE", put_codepage},
    {"LOCALE", put_locale},
    {"LANGUAGE", put_language},
    {"NATION", put_nation},
    {"OEMCODEPAGE", put_oem_codepage},
    {"INSTALLED", put_installed},
};

// The value of the variable that text begins with ("NAME}"), and how long that is. False: none of ours.
static bool value_of(const char *text, size_t size, char value[VALUE_SIZE], size_t *length)
{
    for (unsigned i = 0; i < sizeof variables / sizeof *variables; i++) {
        size_t n = strlen(variables[i].name);
        if (n >= size || strncmp(text, variables[i].name, n) != 0 || text[n] != '}') continue;
        variables[i].put(value);
        *length = n + 1;
        return true;
    }
    return false;
}

char *registry_machine_expand(const char *text, size_t size, size_t *expanded)
{
    char value[VALUE_SIZE];
    char *out = NULL;
    FILE *stream = open_memstream(&out, expanded);
    if (!stream) return NULL;
    for (size_t at = 0, length; at < size;) {
        if (at + 2 < size && text[at] == '$' && text[at + 1] == '{' &&
            value_of(text + at + 2, size - at - 2, value, &length)) {
            fputs(value, stream);
            at += 2 + length;
        } else {
            putc_unlocked(text[at++], stream);
        }
    }
    if (fclose(stream) == 0) return out;
    free(out);
    return NULL;
}

// ---- links ----

#define SOFTWARE   u"\\REGISTRY\\MACHINE\\SOFTWARE\\"
#define WOW_NODE   SOFTWARE u"Wow6432Node\\"
#define NT_VERSION u"Microsoft\\Windows NT\\CurrentVersion\\"
#define SHARED(name)                                                                                         \
    {                                                                                                        \
        WOW_NODE name, SOFTWARE name                                                                         \
    }

// Where a key leads to. Most are keys that both views share.
static const struct link {
    const char16_t *path, *target;
} links[] = {
    {u"\\REGISTRY\\MACHINE\\SYSTEM\\CurrentControlSet", u"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001"},
    {u"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Hardware Profiles\\Current",
     u"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Hardware Profiles\\0001"},
    {WOW_NODE u"Classes", SOFTWARE u"Classes\\Wow6432Node"},
    SHARED(u"Clients"),
    SHARED(u"Policies"),
    SHARED(u"RegisteredApplications"),
    SHARED(u"Microsoft\\SystemCertificates"),
    SHARED(u"Microsoft\\Windows\\CurrentVersion\\App Paths"),
    SHARED(u"Microsoft\\Windows\\CurrentVersion\\Policies"),
    SHARED(u"Microsoft\\Windows\\CurrentVersion\\Setup"),
    SHARED(u"Microsoft\\Windows\\CurrentVersion\\Telephony\\Locations"),
    SHARED(NT_VERSION u"Console"),
    SHARED(NT_VERSION u"FontLink"),
    SHARED(NT_VERSION u"FontMapper"),
    SHARED(NT_VERSION u"Fonts"),
    SHARED(NT_VERSION u"FontSubstitutes"),
    SHARED(NT_VERSION u"Image File Execution Options"),
    SHARED(NT_VERSION u"NetworkCards"),
    SHARED(NT_VERSION u"Perflib"),
    SHARED(NT_VERSION u"Ports"),
    SHARED(NT_VERSION u"Print"),
    SHARED(NT_VERSION u"ProfileList"),
    SHARED(NT_VERSION u"Time Zones"),
};

static struct units units_of(const char16_t *text)
{
    uint32_t count = 0;
    while (text[count]) count++;
    return (struct units){text, count};
}

NTSTATUS registry_put_links(struct registry_view *view)
{
    struct registry_edit edit = {.view = view, .view64 = true, .only_missing = true};
    for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
        if (!edit_link(&edit, units_of(links[i].path), units_of(links[i].target))) return edit.status;
    return STATUS_SUCCESS;
}
