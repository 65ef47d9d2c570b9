// What NtPowerInformation tells: the batteries and the line power of /sys/class/power_supply.
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/guest.h"
#include "ntdll_host.h"
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUPPLIES "/sys/class/power_supply"

// Reads a supply's property without its line end. False when it has none.
static bool read_property(const char *supply, const char *property, char *text, int size)
{
    char path[512];
    snprintf(path, sizeof path, SUPPLIES "/%s/%s", supply, property);
    FILE *file = fopen(path, "re");
    if (!file) return false;
    bool good = fgets(text, size, file) != NULL;
    fclose(file);
    if (good) text[strcspn(text, "\n")] = '\0';
    return good;
}

// A property in millionths (µWh, µAh, µW, µA, µV); 0 when there is none.
static int64_t read_micro(const char *supply, const char *property)
{
    char text[64];
    return read_property(supply, property, text, sizeof text) ? strtoll(text, NULL, 10) : 0;
}

// Energy in mWh, also of a battery that counts charge.
static uint32_t read_energy(const char *supply, const char *energy, const char *charge)
{
    int64_t micro = read_micro(supply, energy);
    if (micro > 0) return micro / 1000;
    return read_micro(supply, charge) / 1000 * (read_micro(supply, "voltage_now") / 1000) / 1000;
}

// Power in mW, as Windows counts it: negative while discharging.
static int32_t read_rate(const char *supply, bool discharging)
{
    int64_t milli = read_micro(supply, "power_now") / 1000;
    if (milli <= 0)
        milli = read_micro(supply, "current_now") / 1000 * (read_micro(supply, "voltage_now") / 1000) / 1000;
    return discharging ? -(int32_t)llabs(milli) : (int32_t)llabs(milli);
}

static void add_battery(SYSTEM_BATTERY_STATE32 *state, const char *supply)
{
    char text[64] = "";
    // A mouse's or a headset's battery is not the system's.
    if (read_property(supply, "scope", text, sizeof text) && strcmp(text, "Device") == 0) return;
    if (read_property(supply, "present", text, sizeof text) && strcmp(text, "0") == 0) return;
    state->BatteryPresent = 1;
    if (!read_property(supply, "status", text, sizeof text)) text[0] = '\0';
    bool charging = strcmp(text, "Charging") == 0, discharging = strcmp(text, "Discharging") == 0;
    state->Charging |= charging;
    state->Discharging |= discharging;
    state->MaxCapacity += read_energy(supply, "energy_full", "charge_full");
    state->RemainingCapacity += read_energy(supply, "energy_now", "charge_now");
    state->Rate = (int32_t)state->Rate + read_rate(supply, discharging);
}

// The seconds that are left; unknown unless energy is drawn.
static uint32_t estimate(const SYSTEM_BATTERY_STATE32 *state)
{
    int32_t rate = state->Rate;
    if (!state->Discharging || rate >= 0) return UINT32_MAX;
    return (uint64_t)state->RemainingCapacity * 3600 / -(int64_t)rate;
}

static void get_battery_state(SYSTEM_BATTERY_STATE32 *state)
{
    bool line = false, any_line = false;
    char text[64];
    DIR *directory = opendir(SUPPLIES);
    struct dirent *entry;
    *state = (SYSTEM_BATTERY_STATE32){0};
    while (directory && (entry = readdir(directory)) != NULL) {
        const char *supply = entry->d_name;
        if (supply[0] == '.' || !read_property(supply, "type", text, sizeof text)) continue;
        if (strcmp(text, "Battery") == 0) {
            add_battery(state, supply);
        } else if (strcmp(text, "Mains") == 0 || strcmp(text, "USB") == 0) {
            any_line = true;
            line |= read_property(supply, "online", text, sizeof text) && strcmp(text, "1") == 0;
        }
    }
    if (directory) closedir(directory);
    // Without a battery something else must feed the machine, and where no line is told the battery says it.
    state->AcOnLine = !state->BatteryPresent || line || (!any_line && !state->Discharging);
    state->EstimatedTime = estimate(state);
}

// STATUS_NOT_IMPLEMENTED for all levels but the battery's; STATUS_BUFFER_TOO_SMALL.
NTSTATUS NtPowerInformation(uint32_t level, gptr in, uint32_t in_length, gptr buffer, uint32_t length)
{
    SYSTEM_BATTERY_STATE32 state;
    if (level != SystemBatteryState) return STATUS_NOT_IMPLEMENTED;
    if (in || in_length) return STATUS_INVALID_PARAMETER;
    if (length < sizeof state) return STATUS_BUFFER_TOO_SMALL;
    get_battery_state(&state);
    return guest_write(buffer, &state, sizeof state) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
