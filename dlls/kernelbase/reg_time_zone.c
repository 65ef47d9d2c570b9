// The time zones that the registry knows.
#include "reg.h"

static HKEY open_zones(void)
{
    HKEY key = NULL;
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones", 0,
                  KEY_READ, &key);
    return key;
}

// A zone's name: in the user's language where a DLL has it, else as it stands.
static void read_name(HKEY zone, const WCHAR *localized, const WCHAR *plain, WCHAR name[32])
{
    WCHAR directory[MAX_PATH];
    DWORD size = 32 * sizeof(WCHAR);
    memset(name, 0, size);
    GetSystemDirectoryW(directory, ARRAY_LENGTH(directory));
    if (!RegLoadMUIStringW(zone, localized, name, size, NULL, 0, directory)) return;
    RegGetValueW(zone, NULL, plain, RRF_RT_REG_SZ, NULL, name, &size);
}

HOTPATCH DWORD WINAPI EnumDynamicTimeZoneInformation(DWORD index, DYNAMIC_TIME_ZONE_INFORMATION *zone)
{
    // The value TZI, as Windows keeps it.
    struct {
        LONG bias, standard_bias, daylight_bias;
        SYSTEMTIME standard, daylight;
    } rules;
    WCHAR name[128];
    HKEY child;
    DWORD size = ARRAY_LENGTH(name);
    if (!zone) return ERROR_INVALID_PARAMETER;
    HKEY zones = open_zones();
    if (!zones) return ERROR_NO_MORE_ITEMS;
    LSTATUS error = RegEnumKeyExW(zones, index, name, &size, NULL, NULL, NULL, NULL);
    if (!error) error = RegOpenKeyExW(zones, name, 0, KEY_READ, &child);
    RegCloseKey(zones);
    if (error) return (DWORD)error;
    size = sizeof(rules);
    error = RegGetValueW(child, NULL, L"TZI", RRF_RT_REG_BINARY, NULL, &rules, &size);
    if (!error) {
        memset(zone, 0, sizeof(*zone));
        memcpy(zone->TimeZoneKeyName, name, (wide_length(name) + 1) * sizeof(WCHAR));
        read_name(child, L"MUI_Std", L"Std", zone->StandardName);
        read_name(child, L"MUI_Dlt", L"Dlt", zone->DaylightName);
        zone->Bias = rules.bias;
        zone->StandardBias = rules.standard_bias;
        zone->DaylightBias = rules.daylight_bias;
        zone->StandardDate = rules.standard;
        zone->DaylightDate = rules.daylight;
        SetLastError(ERROR_SUCCESS);
    }
    RegCloseKey(child);
    return (DWORD)error;
}
