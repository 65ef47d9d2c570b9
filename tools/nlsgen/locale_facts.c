// What Windows says of its locales and ICU doesn't know: identifiers, three-letter names and code pages as
// published in [MS-LCID] and the "Code Page Identifiers" and "National Language Support (NLS) API Reference"
// of Microsoft's documentation, GeoIDs from its "Table of Geographical Locations", telephone codes from ITU-T
// E.164.
#include "locale.h"

const struct locale_facts locale_facts[] = {
    {"en-US", 0x0409, "ENU", 1252, 437, 1, 244},   {"en-GB", 0x0809, "ENG", 1252, 850, 44, 242},
    {"en-CA", 0x1009, "ENC", 1252, 850, 1, 39},    {"en-AU", 0x0C09, "ENA", 1252, 850, 61, 12},
    {"de-DE", 0x0407, "DEU", 1252, 850, 49, 94},   {"de-AT", 0x0C07, "DEA", 1252, 850, 43, 14},
    {"de-CH", 0x0807, "DES", 1252, 850, 41, 223},  {"fr-FR", 0x040C, "FRA", 1252, 850, 33, 84},
    {"fr-CA", 0x0C0C, "FRC", 1252, 850, 1, 39},    {"fr-BE", 0x080C, "FRB", 1252, 850, 32, 21},
    {"fr-CH", 0x100C, "FRS", 1252, 850, 41, 223},  {"es-ES", 0x0C0A, "ESN", 1252, 850, 34, 217},
    {"es-MX", 0x080A, "ESM", 1252, 850, 52, 166},  {"es-AR", 0x2C0A, "ESS", 1252, 850, 54, 11},
    {"it-IT", 0x0410, "ITA", 1252, 850, 39, 118},  {"pt-BR", 0x0416, "PTB", 1252, 850, 55, 32},
    {"pt-PT", 0x0816, "PTG", 1252, 850, 351, 193}, {"nl-NL", 0x0413, "NLD", 1252, 850, 31, 176},
    {"nl-BE", 0x0813, "NLB", 1252, 850, 32, 21},   {"sv-SE", 0x041D, "SVE", 1252, 850, 46, 221},
    {"da-DK", 0x0406, "DAN", 1252, 850, 45, 61},   {"nb-NO", 0x0414, "NOR", 1252, 850, 47, 177},
    {"fi-FI", 0x040B, "FIN", 1252, 850, 358, 77},  {"is-IS", 0x040F, "ISL", 1252, 850, 354, 110},
    {"pl-PL", 0x0415, "PLK", 1250, 852, 48, 191},  {"cs-CZ", 0x0405, "CSY", 1250, 852, 420, 75},
    {"sk-SK", 0x041B, "SKY", 1250, 852, 421, 143}, {"hu-HU", 0x040E, "HUN", 1250, 852, 36, 109},
    {"ro-RO", 0x0418, "ROM", 1250, 852, 40, 200},  {"hr-HR", 0x041A, "HRV", 1250, 852, 385, 108},
    {"sl-SI", 0x0424, "SLV", 1250, 852, 386, 212}, {"bg-BG", 0x0402, "BGR", 1251, 866, 359, 35},
    {"ru-RU", 0x0419, "RUS", 1251, 866, 7, 203},   {"uk-UA", 0x0422, "UKR", 1251, 866, 380, 241},
    {"el-GR", 0x0408, "ELL", 1253, 737, 30, 98},   {"tr-TR", 0x041F, "TRK", 1254, 857, 90, 235},
    {"he-IL", 0x040D, "HEB", 1255, 862, 972, 117}, {"ar-SA", 0x0401, "ARA", 1256, 720, 966, 205},
    {"et-EE", 0x0425, "ETI", 1257, 775, 372, 70},  {"lv-LV", 0x0426, "LVI", 1257, 775, 371, 140},
    {"lt-LT", 0x0427, "LTH", 1257, 775, 370, 141}, {"vi-VN", 0x042A, "VIT", 1258, 1258, 84, 251},
    {"th-TH", 0x041E, "THA", 874, 874, 66, 227},   {"ja-JP", 0x0411, "JPN", 932, 932, 81, 122},
    {"zh-CN", 0x0804, "CHS", 936, 936, 86, 45},    {"ko-KR", 0x0412, "KOR", 949, 949, 82, 134},
    {"zh-TW", 0x0404, "CHT", 950, 950, 886, 237},  {"zh-HK", 0x0C04, "ZHH", 950, 950, 852, 104},
    {"ca-ES", 0x0403, "CAT", 1252, 850, 34, 217},  {"id-ID", 0x0421, "IND", 1252, 850, 62, 111},
    {"hi-IN", 0x0439, "HIN", 0, 1, 91, 113},
};
const unsigned locale_facts_n = sizeof locale_facts / sizeof *locale_facts;
