#!/usr/bin/env python3
"""Writes dlls/kernelbase/locale_data.c: the texts of the common locales, from Unicode's CLDR.

Numbers that CLDR lacks (LCIDs, code pages, three-letter Windows abbreviations) are Microsoft's published ones
([MS-LCID], [MS-NLS]). en-US and the invariant locale are Windows' own documented values. The result is checked in.
Usage: locales.py CLDR-COMMON-DIRECTORY > dlls/kernelbase/locale_data.c   (Debian: unicode-cldr-core)
"""
import re
import sys
import xml.etree.ElementTree as ET

# name, LCID, Windows' abbreviation, ISO 639-2, country abbreviation, ANSI and OEM code page, telephone code, GeoID
LOCALES = """en-US 0409 ENU eng USA 1252 437 1 244
en-GB 0809 ENG eng GBR 1252 850 44 242
en-CA 1009 ENC eng CAN 1252 850 1 39
en-AU 0C09 ENA eng AUS 1252 850 61 12
de-DE 0407 DEU deu DEU 1252 850 49 94
de-AT 0C07 DEA deu AUT 1252 850 43 14
de-CH 0807 DES deu CHE 1252 850 41 223
fr-FR 040C FRA fra FRA 1252 850 33 84
fr-CA 0C0C FRC fra CAN 1252 850 1 39
fr-BE 080C FRB fra BEL 1252 850 32 21
fr-CH 100C FRS fra CHE 1252 850 41 223
es-ES 0C0A ESN spa ESP 1252 850 34 217
es-MX 080A ESM spa MEX 1252 850 52 166
es-AR 2C0A ESS spa ARG 1252 850 54 11
it-IT 0410 ITA ita ITA 1252 850 39 118
pt-BR 0416 PTB por BRA 1252 850 55 32
pt-PT 0816 PTG por PRT 1252 850 351 193
nl-NL 0413 NLD nld NLD 1252 850 31 176
nl-BE 0813 NLB nld BEL 1252 850 32 21
sv-SE 041D SVE swe SWE 1252 850 46 221
da-DK 0406 DAN dan DNK 1252 850 45 61
nb-NO 0414 NOR nob NOR 1252 850 47 177
fi-FI 040B FIN fin FIN 1252 850 358 77
is-IS 040F ISL isl ISL 1252 850 354 110
pl-PL 0415 PLK pol POL 1250 852 48 191
cs-CZ 0405 CSY ces CZE 1250 852 420 75
sk-SK 041B SKY slk SVK 1250 852 421 143
hu-HU 040E HUN hun HUN 1250 852 36 109
ro-RO 0418 ROM ron ROU 1250 852 40 200
hr-HR 041A HRV hrv HRV 1250 852 385 108
sl-SI 0424 SLV slv SVN 1250 852 386 212
bg-BG 0402 BGR bul BGR 1251 866 359 35
ru-RU 0419 RUS rus RUS 1251 866 7 203
uk-UA 0422 UKR ukr UKR 1251 866 380 241
el-GR 0408 ELL ell GRC 1253 737 30 98
tr-TR 041F TRK tur TUR 1254 857 90 235
he-IL 040D HEB heb ISR 1255 862 972 117
ar-SA 0401 ARA ara SAU 1256 720 966 205
et-EE 0425 ETI est EST 1257 775 372 70
lv-LV 0426 LVI lav LVA 1257 775 371 140
lt-LT 0427 LTH lit LTU 1257 775 370 141
vi-VN 042A VIT vie VNM 1258 1258 84 251
th-TH 041E THA tha THA 874 874 66 227
ja-JP 0411 JPN jpn JPN 932 932 81 122
zh-CN 0804 CHS zho CHN 936 936 86 45
ko-KR 0412 KOR kor KOR 949 949 82 134
zh-TW 0404 CHT zho TWN 950 950 886 237
zh-HK 0C04 ZHH zho HKG 950 950 852 104
ca-ES 0403 CAT cat ESP 1252 850 34 217
id-ID 0421 IND ind IDN 1252 850 62 111
hi-IN 0439 HIN hin IND 0 1 91 113"""

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Cldr:
    def __init__(self, directory, name):
        language, region = name.split("-")
        script = {"CN": "Hans", "TW": "Hant", "HK": "Hant"}.get(region) if language == "zh" else None
        if language == "nb":
            chain = ["nb", "no", "root"]
        elif script:
            chain = [f"zh_{script}_{region}", f"zh_{script}"] + (["zh"] if script == "Hans" else []) + ["root"]
        else:
            chain = [f"{language}_{region}", language, "root"]
            if language == "es" and region in ("MX", "AR"):
                chain.insert(1, "es_419")
            if language == "en" and region in ("GB", "AU"):
                chain.insert(1, "en_001")
            if language == "pt" and region == "PT":
                chain.insert(0, "pt_PT")
        self.trees = []
        for c in chain:
            try:
                self.trees.append(ET.parse(f"{directory}/main/{c}.xml").getroot())
            except FileNotFoundError:
                pass

    def get(self, path, default=None):
        for tree in self.trees:
            e = tree.find(path)
            if e is not None and e.text and e.text != "↑↑↑":
                return e.text
        return default


def pattern(p, short=False):
    """A CLDR date pattern in Windows' letters."""
    out, i = "", 0
    while i < len(p):
        c = p[i]
        if c == "'":
            j = p.index("'", i + 1)
            out += p[i:j + 1]
            i = j + 1
            continue
        j = i
        while j < len(p) and p[j] == c:
            j += 1
        n = j - i
        if c == "y":
            out += "yyyy" if n != 2 or short else "yy"
        elif c == "E":
            out += "dddd" if n == 4 else "ddd"
        elif c in "ML":
            out += "M" * min(n, 4)
        elif c in "aB":
            out += "tt"
        elif c == "G":
            pass
        else:
            out += {"\u202f": " ", "\u200f": ""}.get(c, c) * n
        i = j
    return out.strip()


def lit(s):
    out = 'L"'
    for ch in s:
        o = ord(ch)
        if ch in '"\\':
            out += "\\" + ch
        elif 32 <= o < 127:
            out += ch
        else:
            out += "\\x%04X\" L\"" % o
    return (out + '"').replace(' L""', "")


def record(directory, line, weeks, currencies, english):
    name, lcid, abbreviation, iso3, country3, acp, oem, phone, geo = line.split()
    language, region = name.split("-")
    c = Cldr(directory, name)
    greg = "dates/calendars/calendar[@type='gregorian']/"

    def width(kind, item, key, w, attr="type"):
        for context in ("format", "stand-alone"):
            v = c.get(greg + f"{kind}s/{kind}Context[@type='{context}']/{kind}Width[@type='{w}']/{item}[@{attr}='{key}']")
            if v:
                return v
        return None

    months = [width("month", "month", str(m), "wide") or f"M{m}" for m in range(1, 13)]
    short_months = [width("month", "month", str(m), "abbreviated") or months[m - 1] for m in range(1, 13)]
    days = [width("day", "day", d, "wide") or d for d in DAYS]
    short_days = [width("day", "day", d, "abbreviated") or days[i] for i, d in enumerate(DAYS)]
    am = width("dayPeriod", "dayPeriod", "am", "abbreviated") or width("dayPeriod", "dayPeriod", "am", "wide") or "AM"
    pm = width("dayPeriod", "dayPeriod", "pm", "abbreviated") or width("dayPeriod", "dayPeriod", "pm", "wide") or "PM"

    def date(w):
        return c.get(greg + f"dateFormats/dateFormatLength[@type='{w}']/dateFormat/pattern", "y-MM-dd")

    def time(w):
        return c.get(greg + f"timeFormats/timeFormatLength[@type='{w}']/timeFormat/pattern", "HH:mm:ss")

    def skeleton(s, default):
        return c.get(greg + f"dateTimeFormats/availableFormats/dateFormatItem[@id='{s}']", default)

    short_date, long_date = pattern(date("short"), True), pattern(date("full"))
    time_format, short_time = pattern(time("medium")), pattern(time("short"))
    symbols = "numbers/symbols[@numberSystem='latn']/"
    decimal, group = c.get(symbols + "decimal", "."), c.get(symbols + "group", ",")
    currency = currencies[region]
    symbol = c.get(f"numbers/currencies/currency[@type='{currency}']/symbol", currency)
    currency_name = c.get(f"numbers/currencies/currency[@type='{currency}']/displayName", currency)
    p = c.get("numbers/currencyFormats[@numberSystem='latn']/currencyFormatLength/"
              "currencyFormat[@type='standard']/pattern", "¤#,##0.00")
    first = p.split(";")[0]
    before, space = first.find("¤") < first.find("#"), "\u00a0" in first or " " in first
    positive = (2 if space else 0) if before else (3 if space else 1)
    negative = {0: 1, 1: 5, 2: 9, 3: 8}[positive]
    weekday = DAYS.index(weeks.get(region, weeks["001"]))
    values = dict(id=int(lcid, 16), name=name, abbreviated_language=abbreviation, abbreviated_country=country3,
                  iso_language=language, iso_language3=iso3, iso_country=region, country_code=int(phone),
                  geo_id=int(geo), ansi_code_page=int(acp), oem_code_page=int(oem))
    values.update(
        language=english.get(f"localeDisplayNames/languages/language[@type='{language}']"),
        native_language=c.get(f"localeDisplayNames/languages/language[@type='{language}']", name),
        country=english.get(f"localeDisplayNames/territories/territory[@type='{region}']"),
        native_country=c.get(f"localeDisplayNames/territories/territory[@type='{region}']", region),
        measure=1 if region == "US" else 0, first_day=weekday, first_week=0 if region in ("US", "CA", "MX", "BR", "JP", "KR", "CN", "TW", "HK", "IL", "SA", "TH", "IN", "AU", "PT") else 2,
        list_separator=";" if decimal == "," else ",", decimal=decimal, thousand=group.replace("\u202f", "\u00a0"),
        grouping="3;2;0" if region == "IN" else "3;0", currency=symbol.replace("\u200f", ""), iso_currency=currency,
        currency_name=currency_name, positive_currency=positive, negative_currency=negative, short_date=short_date,
        long_date=long_date, year_month=pattern(skeleton("yMMMM", "MMMM y")),
        month_day=pattern(skeleton("MMMMd", skeleton("MMMd", "MMMM d"))), time_format=time_format,
        short_time=short_time, am=am, pm=pm, days="|".join(days), short_days="|".join(short_days),
        months="|".join(months), short_months="|".join(short_months), paper=1 if region in ("US", "CA", "MX") else 9)
    if name == "en-US":
        values.update(short_date="M/d/yyyy", long_date="dddd, MMMM d, yyyy", time_format="h:mm:ss tt",
                      short_time="h:mm tt", year_month="MMMM yyyy", month_day="MMMM d", first_day=6, first_week=0,
                      currency="$", positive_currency=0, negative_currency=0, currency_name="US Dollar")
    return values


INVARIANT = dict(
    id=0x7F, name="", language="Invariant Language", native_language="Invariant Language", country="Invariant Country",
    native_country="Invariant Country", abbreviated_language="IVL", abbreviated_country="IVC", iso_language="iv",
    iso_language3="ivl", iso_country="IV", country_code=1, geo_id=244, ansi_code_page=1252, oem_code_page=437,
    measure=0, first_day=6, first_week=0, list_separator=",", decimal=".", thousand=",", grouping="3;0",
    currency="\u00a4", iso_currency="XDR", currency_name="International Monetary Fund", positive_currency=0,
    negative_currency=0, short_date="MM/dd/yyyy", long_date="dddd, dd MMMM yyyy", year_month="yyyy MMMM",
    month_day="MMMM dd", time_format="HH:mm:ss", short_time="HH:mm", am="AM", pm="PM",
    days="Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday", short_days="Mon|Tue|Wed|Thu|Fri|Sat|Sun",
    months="January|February|March|April|May|June|July|August|September|October|November|December",
    short_months="Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", paper=9)


def main():
    directory = sys.argv[1]
    supplemental = ET.parse(directory + "/supplemental/supplementalData.xml").getroot()
    weeks, currencies = {}, {}
    for e in supplemental.findall("weekData/firstDay"):
        if e.get("alt") is None:
            for t in e.get("territories").split():
                weeks[t] = e.get("day")
    for r in supplemental.findall("currencyData/region"):
        for e in r.findall("currency"):
            if e.get("to") is None and e.get("tender") != "false":
                currencies.setdefault(r.get("iso3166"), e.get("iso4217"))
    english = Cldr(directory, "en-US")
    print("// The texts of locales. Generated by tools/localegen/locales.py from Unicode's CLDR and Microsoft's published")
    print("// identifiers: do not edit.")
    print('#include "locale.h"\n\n// clang-format off\nconst struct locale locales[] = {')
    for values in [INVARIANT] + [record(directory, l, weeks, currencies, english) for l in LOCALES.split("\n")]:
        print("{")
        for key, v in values.items():
            print(f"    .{key} = {hex(v) if key == 'id' else v if isinstance(v, int) else lit(v)},")
        print("},")
    print("};\nconst unsigned locale_count = sizeof(locales) / sizeof(locales[0]);")


main()
