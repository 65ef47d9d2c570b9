// The host's locale in Windows' numbers, and the calls that tell the guest. LCIDs and code pages: [MS-LCID]
// and Microsoft's list of locales with their ANSI and OEM code pages.
#include "dlls/ntdll/unix/locale.h"
#include "guest_constants.h"
#include "guest_types.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

// Territories before the language that stands for the others.
static const struct host_locale locales[] = {
    {"en_GB", 0x0809, 1252, 850}, {"en_AU", 0x0C09, 1252, 850}, {"en_CA", 0x1009, 1252, 850},
    {"en_NZ", 0x1409, 1252, 850}, {"en_IE", 0x1809, 1252, 850}, {"en_ZA", 0x1C09, 1252, 437},
    {"en_IN", 0x4009, 1252, 437}, {"en", 0x0409, 1252, 437},    {"de_AT", 0x0C07, 1252, 850},
    {"de_CH", 0x0807, 1252, 850}, {"de", 0x0407, 1252, 850},    {"fr_CA", 0x0C0C, 1252, 850},
    {"fr_BE", 0x080C, 1252, 850}, {"fr_CH", 0x100C, 1252, 850}, {"fr", 0x040C, 1252, 850},
    {"es_MX", 0x080A, 1252, 850}, {"es_AR", 0x2C0A, 1252, 850}, {"es", 0x0C0A, 1252, 850},
    {"pt_BR", 0x0416, 1252, 850}, {"pt", 0x0816, 1252, 850},    {"it_CH", 0x0810, 1252, 850},
    {"it", 0x0410, 1252, 850},    {"nl_BE", 0x0813, 1252, 850}, {"nl", 0x0413, 1252, 850},
    {"da", 0x0406, 1252, 850},    {"sv_FI", 0x081D, 1252, 850}, {"sv", 0x041D, 1252, 850},
    {"nb", 0x0414, 1252, 850},    {"no", 0x0414, 1252, 850},    {"nn", 0x0814, 1252, 850},
    {"fi", 0x040B, 1252, 850},    {"is", 0x040F, 1252, 850},    {"fo", 0x0438, 1252, 850},
    {"ga", 0x083C, 1252, 850},    {"gl", 0x0456, 1252, 850},    {"ca", 0x0403, 1252, 850},
    {"eu", 0x042D, 1252, 850},    {"af", 0x0436, 1252, 850},    {"id", 0x0421, 1252, 850},
    {"ms", 0x043E, 1252, 850},    {"sw", 0x0441, 1252, 437},    {"cs", 0x0405, 1250, 852},
    {"sk", 0x041B, 1250, 852},    {"hu", 0x040E, 1250, 852},    {"pl", 0x0415, 1250, 852},
    {"ro", 0x0418, 1250, 852},    {"hr", 0x041A, 1250, 852},    {"sl", 0x0424, 1250, 852},
    {"sq", 0x041C, 1250, 852},    {"bs", 0x141A, 1250, 852},    {"sr_RS@latin", 0x241A, 1250, 852},
    {"sr", 0x281A, 1251, 855},    {"ru", 0x0419, 1251, 866},    {"uk", 0x0422, 1251, 866},
    {"be", 0x0423, 1251, 866},    {"bg", 0x0402, 1251, 866},    {"mk", 0x042F, 1251, 866},
    {"kk", 0x043F, 1251, 866},    {"ky", 0x0440, 1251, 866},    {"tt", 0x0444, 1251, 866},
    {"mn", 0x0450, 1251, 866},    {"el", 0x0408, 1253, 737},    {"tr", 0x041F, 1254, 857},
    {"az", 0x042C, 1254, 857},    {"uz", 0x0443, 1254, 857},    {"he", 0x040D, 1255, 862},
    {"iw", 0x040D, 1255, 862},    {"ar", 0x0401, 1256, 720},    {"fa", 0x0429, 1256, 720},
    {"ur", 0x0420, 1256, 720},    {"et", 0x0425, 1257, 775},    {"lt", 0x0427, 1257, 775},
    {"lv", 0x0426, 1257, 775},    {"vi", 0x042A, 1258, 1258},   {"th", 0x041E, 874, 874},
    {"ja", 0x0411, 932, 932},     {"ko", 0x0412, 949, 949},     {"zh_TW", 0x0404, 950, 950},
    {"zh_HK", 0x0C04, 950, 950},  {"zh_MO", 0x1404, 950, 950},  {"zh_SG", 0x1004, 936, 936},
    {"zh", 0x0804, 936, 936},
};

static const struct host_locale american = {"en_US", 0x0409, 1252, 437};

const struct host_locale *host_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;

    for (size_t i = 0; i < sizeof variables / sizeof *variables && (!value || !*value); i++) {
        value = getenv(variables[i]);
    }
    if (!value || strncmp(value, "en_US", 5) == 0) return &american;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        size_t n = strlen(locales[i].name);
        // "de" is "de_DE.UTF-8" too, but not "der"
        if (strncmp(value, locales[i].name, n) == 0 && (!value[n] || strchr("_.@", value[n])))
            return &locales[i];
    }
    return &american;
}

NTSTATUS NtQueryDefaultLocale(uint8_t user, uint32_t *lcid)
{
    (void)user; // the system has no other locale than the user
    *lcid = host_locale()->lcid;
    return STATUS_SUCCESS;
}

NTSTATUS NtQueryDefaultUILanguage(uint16_t *language)
{
    *language = host_locale()->lcid;
    return STATUS_SUCCESS;
}

NTSTATUS NtQueryInstallUILanguage(uint16_t *language)
{
    *language = 0x0409; // our own messages and resources are English
    return STATUS_SUCCESS;
}
