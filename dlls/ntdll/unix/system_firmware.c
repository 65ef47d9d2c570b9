// The machine's firmware: how it was booted, and the tables that it left: ACPI's, and SMBIOS' in the form
// that Windows gives it (RawSMBIOSData). The host shows most of them to root only. Sources: Microsoft's
// documentation of GetSystemFirmwareTable, the SMBIOS reference specification (DSP0134).
#include "system_answer.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRMWARE "/sys/firmware"
#define DMI      "/sys/class/dmi/id"

enum {
    PROVIDER_ACPI = 0x41435049,     // 'ACPI'
    PROVIDER_FIRMWARE = 0x4649524D, // 'FIRM'
    PROVIDER_SMBIOS = 0x52534D42,   // 'RSMB'
    TABLE_MAX = 1 << 20,
};
enum { BY_BIOS = 1, BY_UEFI = 2 }; // FIRMWARE_TYPE

static bool booted_by_uefi(void)
{
    return access(FIRMWARE "/efi", F_OK) == 0;
}

void answer_boot_environment(struct system_answer *answer)
{
    SYSTEM_BOOT_ENVIRONMENT_INFORMATION32 info = {.FirmwareType = booted_by_uefi() ? BY_UEFI : BY_BIOS};
    answer_append(answer, &info, sizeof info);
}

// The host's loader may have checked the host's kernel; nothing was checked of what runs here.
void answer_secure_boot(struct system_answer *answer)
{
    const SYSTEM_SECUREBOOT_INFORMATION32 info = {.SecureBootCapable = booted_by_uefi()};
    answer_append(answer, &info, sizeof info);
}

// Appends a file. False when it can't be read.
static bool append_file(struct system_answer *table, const char *path)
{
    uint8_t bytes[4096];
    size_t n;
    FILE *file = fopen(path, "re");
    if (!file) return false;
    while ((n = fread(bytes, 1, sizeof bytes, file)) && table->size < TABLE_MAX)
        answer_append(table, bytes, (uint32_t)n);
    fclose(file);
    return table->size != 0;
}

// ---- SMBIOS ----

// One string of a structure made here: appended with its NUL; its number, 0 for one that the host does not
// tell.
static uint8_t append_string(struct system_answer *table, const char *name, uint8_t *strings)
{
    char path[96], text[128];
    snprintf(path, sizeof path, DMI "/%s", name);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    bool good = fgets(text, sizeof text, file) != NULL;
    fclose(file);
    if (!good) return 0;
    text[strcspn(text, "\n")] = 0;
    if (!text[0]) return 0;
    answer_append(table, text, (uint32_t)strlen(text) + 1);
    return ++*strings;
}

// A structure's fixed part is followed by its strings and one more NUL, two where there are none.
static void end_structure(struct system_answer *table, uint8_t strings)
{
    answer_append(table, NULL, strings ? 1 : 2);
}

struct smbios_string {
    uint8_t at; // where its number stands
    const char *name;
};

static void append_structure(struct system_answer *table, uint8_t type, uint8_t size, uint16_t handle,
                             const struct smbios_string *strings, unsigned n)
{
    const uint8_t head[4] = {type, size, (uint8_t)handle, (uint8_t)(handle >> 8)};
    uint8_t count = 0;
    uint32_t at = answer_append(table, NULL, size);
    if (table->failed) return;
    memcpy(table->bytes + at, head, sizeof head);
    for (unsigned i = 0; i < n; i++) {
        uint8_t number = append_string(table, strings[i].name, &count);
        if (table->failed) return;
        table->bytes[at + strings[i].at] = number;
    }
    end_structure(table, count);
}

// What everybody may read of the tables, as the structures that it came from: types 0 to 3, and the end.
static void append_readable_smbios(struct system_answer *table)
{
    static const struct smbios_string bios[] = {{4, "bios_vendor"}, {5, "bios_version"}, {8, "bios_date"}};
    static const struct smbios_string system[] = {{4, "sys_vendor"},      {5, "product_name"},
                                                  {6, "product_version"}, {7, "product_serial"},
                                                  {0x19, "product_sku"},  {0x1A, "product_family"}};
    static const struct smbios_string board[] = {{4, "board_vendor"},
                                                 {5, "board_name"},
                                                 {6, "board_version"},
                                                 {7, "board_serial"},
                                                 {8, "board_asset_tag"}};
    static const struct smbios_string chassis[] = {
        {4, "chassis_vendor"}, {6, "chassis_version"}, {7, "chassis_serial"}, {8, "chassis_asset_tag"}};
    append_structure(table, 0, 0x18, 0, bios, 3);
    append_structure(table, 1, 0x1B, 1, system, 6);
    append_structure(table, 2, 0x0F, 2, board, 5);
    append_structure(table, 3, 0x16, 3, chassis, 4);
    append_structure(table, 127, 4, 4, NULL, 0);
}

// RawSMBIOSData: the calling method, the version and the length precede the structures.
static NTSTATUS get_smbios(struct system_answer *table)
{
    struct {
        uint8_t method, major, minor, revision;
        uint32_t length;
    } head = {.major = 2, .minor = 8};
    uint8_t entry[32] = {0};
    uint32_t at = answer_append(table, &head, sizeof head);
    if (append_file(table, FIRMWARE "/dmi/tables/DMI") && table->size > sizeof head) {
        FILE *file = fopen(FIRMWARE "/dmi/tables/smbios_entry_point", "re");
        size_t n = file ? fread(entry, 1, sizeof entry, file) : 0;
        if (file) fclose(file);
        bool three = n > 9 && memcmp(entry, "_SM3_", 5) == 0;
        if (n > 9) {
            head.major = entry[three ? 7 : 6];
            head.minor = entry[three ? 8 : 7];
        }
    } else {
        append_readable_smbios(table);
    }
    if (table->failed) return STATUS_NO_MEMORY;
    head.length = table->size - (uint32_t)sizeof head;
    memcpy(table->bytes + at, &head, sizeof head);
    return STATUS_SUCCESS;
}

// ---- ACPI ----

static bool is_signature(const char *name)
{
    return strlen(name) >= 4 && name[0] != '.' && strcmp(name, "data") != 0 && strcmp(name, "dynamic") != 0;
}

static NTSTATUS list_acpi(struct system_answer *table)
{
    DIR *directory = opendir(FIRMWARE "/acpi/tables");
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (is_signature(entry->d_name)) answer_append(table, entry->d_name, 4);
    if (directory) closedir(directory);
    return table->failed ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

static NTSTATUS get_acpi(struct system_answer *table, uint32_t id)
{
    char path[64];
    const char *name = (const char *)&id; // the signature as a little-endian number
    for (int i = 0; i < 4; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '/' || name[i] == '.') return STATUS_NOT_FOUND;
    snprintf(path, sizeof path, FIRMWARE "/acpi/tables/%.4s", name);
    if (!append_file(table, path)) {
        snprintf(path, sizeof path, FIRMWARE "/acpi/tables/%.4s1", name); // the first of several
        if (!append_file(table, path)) return STATUS_NOT_FOUND;
    }
    return table->failed ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

// ---- the call ----

static NTSTATUS enumerate(uint32_t provider, struct system_answer *table)
{
    const uint32_t only = 0;
    switch (provider) {
    case PROVIDER_ACPI: return list_acpi(table);
    case PROVIDER_SMBIOS: answer_append(table, &only, sizeof only); return STATUS_SUCCESS;
    case PROVIDER_FIRMWARE: return STATUS_SUCCESS;
    default: return STATUS_NOT_IMPLEMENTED;
    }
}

static NTSTATUS get(uint32_t provider, uint32_t id, struct system_answer *table)
{
    switch (provider) {
    case PROVIDER_ACPI: return get_acpi(table, id);
    case PROVIDER_SMBIOS: return get_smbios(table); // whatever the id
    case PROVIDER_FIRMWARE: return STATUS_NOT_FOUND;
    default: return STATUS_NOT_IMPLEMENTED;
    }
}

NTSTATUS firmware_table_query(gptr buffer, uint32_t length, uint32_t *result_length)
{
    enum { HEAD = offsetof(SYSTEM_FIRMWARE_TABLE_INFORMATION32, TableBuffer) };
    enum { LENGTH = offsetof(SYSTEM_FIRMWARE_TABLE_INFORMATION32, TableBufferLength) };
    SYSTEM_FIRMWARE_TABLE_INFORMATION32 info;
    struct system_answer table = {0};
    NTSTATUS status;
    if (length < HEAD) {
        if (result_length) *result_length = HEAD;
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    if (!guest_read(&info, buffer, HEAD)) return STATUS_ACCESS_VIOLATION;
    if (info.Action == SYSTEM_FIRMWARE_TABLE_ENUMERATE)
        status = enumerate(info.ProviderSignature, &table);
    else if (info.Action == SYSTEM_FIRMWARE_TABLE_GET)
        status = get(info.ProviderSignature, info.TableID, &table);
    else
        status = STATUS_INVALID_PARAMETER;
    if (status == STATUS_SUCCESS) {
        uint32_t room = length - HEAD < info.TableBufferLength ? length - HEAD : info.TableBufferLength;
        bool fits = room >= table.size;
        if (!guest_write32(buffer + LENGTH, table.size) ||
            (fits && table.size && !guest_write(buffer + HEAD, table.bytes, table.size)))
            status = STATUS_ACCESS_VIOLATION;
        else if (!fits)
            status = STATUS_BUFFER_TOO_SMALL;
        if (result_length) *result_length = HEAD + table.size;
    }
    free(table.bytes);
    return status;
}
