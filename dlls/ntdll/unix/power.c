// What NtPowerInformation tells: the batteries and the line power of /sys/class/power_supply, the processors' clocks;
// and threads' wish that the machine stay awake.
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/guest.h"
#include "loader/host_cpu.h"
#include "ntdll_host.h"
#include "thread_object.h"
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

// ---- processors ----

// A number of kHz from a processor's cpufreq folder, in MHz; 0 where the host does not tell.
static uint32_t read_frequency(uint32_t processor, const char *name)
{
    char path[96];
    unsigned long khz = 0;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/%s", processor, name);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    if (fscanf(file, "%lu", &khz) != 1) khz = 0;
    fclose(file);
    return (uint32_t)(khz / 1000);
}

// What /proc/cpuinfo says of the first one: there the frequency of now stands for all.
static uint32_t read_common_frequency(void)
{
    char line[256];
    double mhz = 0;
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "cpu MHz : %lf", &mhz) == 1) break;
    if (file) fclose(file);
    return (uint32_t)mhz;
}

static NTSTATUS query_processors(gptr buffer, uint32_t length)
{
    const uint32_t count = host_cpu_count(), common = read_common_frequency();
    if (length < count * sizeof(PROCESSOR_POWER_INFORMATION32)) return STATUS_BUFFER_TOO_SMALL;
    for (uint32_t i = 0; i < count; i++) {
        PROCESSOR_POWER_INFORMATION32 info = {.Number = i, .MaxIdleState = 1, .CurrentIdleState = 1};
        info.MaxMhz = read_frequency(i, "cpuinfo_max_freq");
        info.CurrentMhz = read_frequency(i, "scaling_cur_freq");
        info.MhzLimit = read_frequency(i, "scaling_max_freq");
        if (!info.CurrentMhz) info.CurrentMhz = common;
        if (!info.MaxMhz) info.MaxMhz = info.CurrentMhz;
        if (!info.MhzLimit) info.MhzLimit = info.MaxMhz;
        if (!guest_write(buffer + i * (uint32_t)sizeof info, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

// ---- the machine ----

// Sleeping is the host's business: as far as programs are concerned there is neither button nor lid nor sleep.
static void get_capabilities(SYSTEM_POWER_CAPABILITIES32 *capabilities)
{
    SYSTEM_BATTERY_STATE32 battery;
    get_battery_state(&battery);
    *capabilities = (SYSTEM_POWER_CAPABILITIES32){.SystemBatteriesPresent = battery.BatteryPresent};
    capabilities->RtcWake = capabilities->AcOnLineWake = PowerSystemUnspecified;
    capabilities->MinDeviceWakeState = PowerSystemUnspecified;
}

static NTSTATUS answer(gptr buffer, uint32_t length, const void *info, uint32_t size)
{
    if (length < size) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(buffer, info, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// STATUS_NOT_IMPLEMENTED for levels that set something, and for those that nobody asks.
NTSTATUS NtPowerInformation(uint32_t level, gptr in, uint32_t in_length, gptr buffer, uint32_t length)
{
    SYSTEM_BATTERY_STATE32 battery;
    SYSTEM_POWER_CAPABILITIES32 capabilities;
    const uint64_t never = 0;
    const uint32_t execution = 0;
    switch (level) {
    case SystemBatteryState:
    case SystemPowerCapabilities:
    case ProcessorInformation:
    case LastWakeTime:
    case LastSleepTime:
    case SystemExecutionState: break;
    default: return STATUS_NOT_IMPLEMENTED;
    }
    if (in || in_length) return STATUS_INVALID_PARAMETER;
    switch (level) {
    case SystemBatteryState:
        if (length < sizeof battery) return STATUS_BUFFER_TOO_SMALL;
        get_battery_state(&battery);
        return answer(buffer, length, &battery, sizeof battery);
    case SystemPowerCapabilities:
        get_capabilities(&capabilities);
        return answer(buffer, length, &capabilities, sizeof capabilities);
    case ProcessorInformation: return query_processors(buffer, length);
    case SystemExecutionState: return answer(buffer, length, &execution, sizeof execution);
    default: return answer(buffer, length, &never, sizeof never);
    }
}

// The host decides when it sleeps: the request is kept and answered, and has no effect.
NTSTATUS NtSetThreadExecutionState(uint32_t flags, uint32_t *previous)
{
    // ES_SYSTEM_REQUIRED, ES_DISPLAY_REQUIRED, ES_USER_PRESENT, ES_AWAYMODE_REQUIRED, ES_CONTINUOUS
    enum { KNOWN = 0x47 };
    const uint32_t continuous = 0x80000000;
    struct thread_object *thread = thread_self()->object;
    if (flags & ~(KNOWN | continuous)) return STATUS_INVALID_PARAMETER;
    *previous = thread->execution_state | continuous;
    if (flags & continuous) thread->execution_state = flags;
    return STATUS_SUCCESS;
}
