/* Locales: names, what each holds, the one in force, setlocale and its relatives. */
#include "msvcrt.h"

int __setlc_active;
int __mb_cur_max = 1;
int __unguarded_readlc_active;
unsigned __lc_codepage, __lc_collate_cp;
int __lc_clike = 1;
LCID __lc_handle[LC_COUNT];
extern unsigned short _ctype[257];
static struct crt_locale *c_locale;
struct crt_locale *global_locale;

/* A _locale_t points at two pointers on Windows, of which programs use the first: a description in the layout
 * of their headers. */
struct locale_handle {
    const void *public;
    void *multibyte;
    struct crt_locale *locale;
};

const struct crt_locale *locale_current(void)
{
    struct thread_data *data;

    if (!__setlc_active) return global_locale;
    data = thread_data();
    return data->locale ? data->locale : global_locale;
}

const struct crt_locale *locale_of(crt_locale_t locale)
{
    return locale ? ((struct locale_handle *)locale)->locale : locale_current();
}

/* ---- building ---- */

static wchar_t *info_wide(LCID lcid, LCTYPE type)
{
    wchar_t buffer[256];

    if (!GetLocaleInfoW(lcid, type | LOCALE_NOUSEROVERRIDE, buffer, ARRAY_SIZE(buffer))) *buffer = 0;
    return _wcsdup(buffer);
}

/* In UTF-8 where CODEPAGE is that, else as the system has it for LCID. */
static char *info_text(LCID lcid, LCTYPE type, UINT codepage)
{
    char buffer[256];
    wchar_t *wide;
    char *text;
    int size;

    if (codepage != CP_UTF8) {
        if (!GetLocaleInfoA(lcid, type | LOCALE_NOUSEROVERRIDE, buffer, sizeof(buffer))) *buffer = 0;
        return _strdup(buffer);
    }
    wide = info_wide(lcid, type);
    if (!wide) return NULL;
    size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    text = malloc(size);
    if (text) WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL);
    free(wide);
    return text;
}

static char info_number(LCID lcid, LCTYPE type)
{
    DWORD value = 127;
    GetLocaleInfoW(lcid, type | LOCALE_RETURN_NUMBER | LOCALE_NOUSEROVERRIDE, (wchar_t *)&value, 2);
    return value;
}

/* "3;2;0" of the system → the bytes of lconv's grouping. */
static char *grouping(LCID lcid, LCTYPE type)
{
    char *text = info_text(lcid, type, 0), *in = text, *out = text;

    if (!text) return NULL;
    for (; *in; in++)
        if (*in >= '0' && *in <= '9') {
            if (*in == '0' && !in[1]) break;
            *out++ = *in - '0';
        }
    *out = 0;
    return text;
}

static void build_ctype(struct crt_locale *locale)
{
    UINT codepage = locale->codepage;
    LCID lcid = locale->lcid[LC_CTYPE];
    CPINFO info;

    locale->mb_cur_max = 1;
    if (!codepage) {
        memcpy(locale->ctype, _ctype, sizeof(locale->ctype));
        for (int i = 0; i < 256; i++) {
            locale->lower[i] = i >= 'A' && i <= 'Z' ? i + 32 : i;
            locale->upper[i] = i >= 'a' && i <= 'z' ? i - 32 : i;
        }
        return;
    }
    if (!GetCPInfo(codepage, &info)) memset(&info, 0, sizeof(info));
    locale->mb_cur_max = info.MaxCharSize ? info.MaxCharSize : 1;
    locale->ctype[0] = 0;
    for (int i = 0; i < 256; i++) {
        char byte = i, back;
        wchar_t wide, mapped;
        WORD type = 0;
        BOOL lossy = FALSE, *tell = codepage == CP_UTF8 ? NULL : &lossy; /* UTF-8 has no losses to tell of */
        DWORD flags = codepage == CP_UTF8 ? 0 : WC_NO_BEST_FIT_CHARS;

        locale->lower[i] = locale->upper[i] = i;
        if (i >= 0x80 && info.MaxCharSize > 1) {
            bool lead = false;
            for (BYTE *range = info.LeadByte; range[0]; range += 2) lead |= i >= range[0] && i <= range[1];
            if (lead) {
                locale->ctype[i + 1] = CT_LEADBYTE;
                continue;
            }
        }
        if (MultiByteToWideChar(codepage, MB_ERR_INVALID_CHARS, &byte, 1, &wide, 1) == 1) {
            GetStringTypeW(CT_CTYPE1, &wide, 1, &type);
            if (LCMapStringW(lcid, LCMAP_LOWERCASE, &wide, 1, &mapped, 1) == 1 &&
                WideCharToMultiByte(codepage, flags, &mapped, 1, &back, 1, NULL, tell) == 1 && !lossy)
                locale->lower[i] = back;
            if (LCMapStringW(lcid, LCMAP_UPPERCASE, &wide, 1, &mapped, 1) == 1 &&
                WideCharToMultiByte(codepage, flags, &mapped, 1, &back, 1, NULL, tell) == 1 && !lossy)
                locale->upper[i] = back;
        }
        locale->ctype[i + 1] = type & ~C1_DEFINED;
    }
    locale->ctype['\t' + 1] &= ~CT_BLANK; /* the system calls it blank, the runtime doesn't */
}

/* In the order of the headers, without the groupings. */
static void build_wide_lconv(struct lconv *c, LCID numeric, LCID money)
{
    static const LCTYPE types[] = {LOCALE_SDECIMAL,      LOCALE_STHOUSAND,      LOCALE_SINTLSYMBOL,
                                   LOCALE_SCURRENCY,     LOCALE_SMONDECIMALSEP, LOCALE_SMONTHOUSANDSEP,
                                   LOCALE_SPOSITIVESIGN, LOCALE_SNEGATIVESIGN};

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        LCID lcid = i < 2 ? numeric : money;
        c->wide[i] = lcid ? info_wide(lcid, types[i]) : _wcsdup(i ? L"" : L".");
    }
}

static void build_lconv(struct crt_locale *locale)
{
    struct lconv *c = &locale->lconv;
    LCID money = locale->lcid[LC_MONETARY], numeric = locale->lcid[LC_NUMERIC];
    UINT codepage = locale->codepages[LC_MONETARY];
    bool m = money != 0;

    /* One byte: printf and strtod know no longer one. */
    c->decimal_point = numeric ? info_text(numeric, LOCALE_SDECIMAL, 0) : _strdup(".");
    c->thousands_sep =
        numeric ? info_text(numeric, LOCALE_STHOUSAND, locale->codepages[LC_NUMERIC]) : _strdup("");
    c->grouping = numeric ? grouping(numeric, LOCALE_SGROUPING) : _strdup("");
    c->int_curr_symbol = m ? info_text(money, LOCALE_SINTLSYMBOL, codepage) : _strdup("");
    c->currency_symbol = m ? info_text(money, LOCALE_SCURRENCY, codepage) : _strdup("");
    c->mon_decimal_point = m ? info_text(money, LOCALE_SMONDECIMALSEP, codepage) : _strdup("");
    c->mon_thousands_sep = m ? info_text(money, LOCALE_SMONTHOUSANDSEP, codepage) : _strdup("");
    c->mon_grouping = m ? grouping(money, LOCALE_SMONGROUPING) : _strdup("");
    c->positive_sign = m ? info_text(money, LOCALE_SPOSITIVESIGN, codepage) : _strdup("");
    c->negative_sign = m ? info_text(money, LOCALE_SNEGATIVESIGN, codepage) : _strdup("");
    build_wide_lconv(c, numeric, money);
    c->int_frac_digits = m ? info_number(money, LOCALE_IINTLCURRDIGITS) : CHAR_MAX;
    c->frac_digits = m ? info_number(money, LOCALE_ICURRDIGITS) : CHAR_MAX;
    c->p_cs_precedes = m ? info_number(money, LOCALE_IPOSSYMPRECEDES) : CHAR_MAX;
    c->p_sep_by_space = m ? info_number(money, LOCALE_IPOSSEPBYSPACE) : CHAR_MAX;
    c->n_cs_precedes = m ? info_number(money, LOCALE_INEGSYMPRECEDES) : CHAR_MAX;
    c->n_sep_by_space = m ? info_number(money, LOCALE_INEGSEPBYSPACE) : CHAR_MAX;
    c->p_sign_posn = m ? info_number(money, LOCALE_IPOSSIGNPOSN) : CHAR_MAX;
    c->n_sign_posn = m ? info_number(money, LOCALE_INEGSIGNPOSN) : CHAR_MAX;
}

static const char *const c_names[43] = {
    "Sun",     "Mon",      "Tue",      "Wed",       "Thu",      "Fri",      "Sat",
    "Sunday",  "Monday",   "Tuesday",  "Wednesday", "Thursday", "Friday",   "Saturday",
    "Jan",     "Feb",      "Mar",      "Apr",       "May",      "Jun",      "Jul",
    "Aug",     "Sep",      "Oct",      "Nov",       "Dec",      "January",  "February",
    "March",   "April",    "May",      "June",      "July",     "August",   "September",
    "October", "November", "December", "AM",        "PM",       "MM/dd/yy", "dddd, MMMM dd, yyyy",
    "HH:mm:ss"};

static void build_time(struct crt_locale *locale)
{
    LCID lcid = locale->lcid[LC_TIME];

    locale->time.lcid = lcid;
    for (int i = 0; i < 43; i++) {
        LCTYPE type;
        if (!lcid) {
            locale->time.text[i] = c_names[i];
            locale->time.wide[i] = wide_copy(c_names[i]);
            continue;
        }
        /* The runtime's weeks begin on Sunday, the system's on Monday. */
        type = i < NAME_DAY           ? (LCTYPE)(LOCALE_SABBREVDAYNAME1 + (i + 6) % 7)
               : i < NAME_SHORT_MONTH ? (LCTYPE)(LOCALE_SDAYNAME1 + (i - NAME_DAY + 6) % 7)
               : i < NAME_MONTH       ? (LCTYPE)(LOCALE_SABBREVMONTHNAME1 + i - NAME_SHORT_MONTH)
               : i < NAME_AM          ? (LCTYPE)(LOCALE_SMONTHNAME1 + i - NAME_MONTH)
               : i == NAME_AM         ? LOCALE_S1159
               : i == NAME_PM         ? LOCALE_S2359
               : i == NAME_DATE       ? LOCALE_SSHORTDATE
               : i == NAME_LONG_DATE  ? LOCALE_SLONGDATE
                                      : LOCALE_STIMEFORMAT;
        locale->time.text[i] = info_text(lcid, type, locale->codepages[LC_TIME]);
        locale->time.wide[i] = info_wide(lcid, type);
    }
}

/* What a _locale_t's first pointer points at: the headers of the Universal CRT know less. */
static const void *public_view(const struct crt_locale *locale)
{
    return crt_profile.version >= 140 ? (const void *)&locale->view : &locale->public;
}

/* The descriptions in the layout of Windows' headers. */
static void build_public(struct crt_locale *locale)
{
    threadlocinfo *public = &locale->public;
    int *count = (int *)&locale->references;

    public->refcount = 1;
    public->lc_codepage = locale->codepage;
    public->lc_collate_cp = locale->codepages[LC_COLLATE];
    for (int i = 1; i < LC_COUNT; i++) {
        wchar_t name[LOCALE_NAME_MAX_LENGTH];
        if (locale->lcid[i] && LCIDToLocaleName(locale->lcid[i], name, ARRAY_SIZE(name), 0))
            locale->system_name[i] = _wcsdup(name);
        public->lc_handle[i] = locale->lcid[i];
        public->lc_id[i].wLanguage = public->lc_id[i].wCountry = LANGIDFROMLCID(locale->lcid[i]);
        public->lc_id[i].wCodePage = locale->codepages[i];
        public->lc_category[i].locale = locale->name[i];
        public->lc_category[i].refcount = count;
    }
    public->lc_clike = !locale->lcid[LC_CTYPE];
    public->mb_cur_max = locale->mb_cur_max;
    public->lconv_intl_refcount = public->lconv_num_refcount = public->lconv_mon_refcount = count;
    public->lconv = &locale->lconv;
    public->ctype1_refcount = locale->codepage ? count : NULL;
    public->ctype1 = locale->ctype;
    public->pctype = locale->ctype + 1;
    public->pclmap = locale->lower;
    public->pcumap = locale->upper;
    public->lc_time_curr = (void *)&locale->time;
    locale->view.pctype = locale->ctype + 1;
    locale->view.mb_cur_max = locale->mb_cur_max;
    locale->view.codepage = locale->codepage;
}

void locale_release(struct crt_locale *locale)
{
    char **strings;

    if (!locale || locale == c_locale || InterlockedDecrement(&locale->references)) return;
    for (int i = 0; i < LC_COUNT; i++) {
        free(locale->name[i]);
        free(locale->system_name[i]);
    }
    strings = (char **)&locale->lconv;
    for (int i = 0; i < 10; i++) free(strings[i]);
    for (size_t i = 0; i < ARRAY_SIZE(locale->lconv.wide); i++) free(locale->lconv.wide[i]);
    for (int i = 0; i < 43; i++) {
        if (locale->lcid[LC_TIME]) free((void *)locale->time.text[i]);
        free((void *)locale->time.wide[i]);
    }
    free(locale);
}

/* A new locale: that of OLD with CATEGORY changed to NAME. NULL if NAME is no locale. */
static struct crt_locale *locale_make(const struct crt_locale *old, int category, const char *name)
{
    struct crt_locale *locale;
    const char *part[LC_COUNT] = {0};
    char *copy = NULL;
    static const char *const labels[] = {"LC_ALL",      "LC_COLLATE", "LC_CTYPE",
                                         "LC_MONETARY", "LC_NUMERIC", "LC_TIME"};
    bool bad = false;

    if (!strncmp(name, "LC_", 3)) { /* "LC_COLLATE=C;LC_CTYPE=…", as setlocale itself gives it */
        char *item, *state = NULL;
        copy = _strdup(name);
        if (!copy) return NULL;
        for (item = copy; item && *item; item = state) {
            char *equals = strchr(item, '=');
            int i;
            state = strchr(item, ';');
            if (state) *state++ = 0;
            if (!equals) {
                bad = true;
                break;
            }
            *equals = 0;
            for (i = 1; i < LC_COUNT && strcmp(labels[i], item); i++) {
            }
            if (i == LC_COUNT) {
                bad = true;
                break;
            }
            if (category == LC_ALL || category == i) part[i] = equals + 1;
        }
    } else {
        for (int i = 1; i < LC_COUNT; i++)
            if (category == LC_ALL || category == i) part[i] = name;
    }
    locale = bad ? NULL : calloc(1, sizeof(*locale));
    if (!locale) {
        free(copy);
        return NULL;
    }
    locale->references = 1;
    for (int i = 1; i < LC_COUNT; i++) {
        if (!part[i] && old) {
            locale->lcid[i] = old->lcid[i];
            locale->codepages[i] = old->codepages[i];
            locale->name[i] = _strdup(old->name[i]);
        } else if (!part[i] || !strcmp(part[i], "C")) {
            locale->name[i] = _strdup("C");
        } else if (i > 1 && part[i - 1] && part[i] == part[i - 1]) {
            locale->lcid[i] = locale->lcid[i - 1];
            locale->codepages[i] = locale->codepages[i - 1];
            locale->name[i] = _strdup(locale->name[i - 1]);
        } else {
            if (locale_parse_name(part[i], &locale->lcid[i], &locale->codepages[i]))
                locale->name[i] = locale_make_name(part[i], locale->lcid[i], locale->codepages[i]);
        }
        if (!locale->name[i]) {
            locale->lcid[LC_TIME] = 0;
            locale_release(locale);
            free(copy);
            return NULL;
        }
    }
    free(copy);
    locale->codepage = locale->codepages[LC_CTYPE];
    build_ctype(locale);
    build_lconv(locale);
    build_time(locale);
    build_public(locale);
    return locale;
}

void locale_init(void)
{
    c_locale = locale_make(NULL, LC_ALL, "C");
    if (!c_locale) _amsg_exit(2);
    global_locale = c_locale;
}

/* ---- interface ---- */

/* What setlocale returns for LC_ALL when the categories differ. */
static char *combined_name(struct crt_locale *locale)
{
    static const char *const labels[] = {
        "", "LC_COLLATE=", ";LC_CTYPE=", ";LC_MONETARY=", ";LC_NUMERIC=", ";LC_TIME="};
    bool same = true;
    size_t size = 1;

    for (int i = 1; i < LC_COUNT; i++) {
        size += strlen(labels[i]) + strlen(locale->name[i]);
        if (strcmp(locale->name[i], locale->name[1])) same = false;
    }
    if (same) return locale->name[1];
    if (!locale->name[0]) {
        locale->name[0] = malloc(size);
        if (!locale->name[0]) return NULL;
        *locale->name[0] = 0;
        for (int i = 1; i < LC_COUNT; i++) strcat(strcat(locale->name[0], labels[i]), locale->name[i]);
    }
    return locale->name[0];
}

static void publish(struct crt_locale *locale)
{
    __mb_cur_max = locale->mb_cur_max;
    _pctype = locale->ctype + 1;
    __lc_codepage = locale->codepage;
    __lc_collate_cp = locale->codepages[LC_COLLATE];
    memcpy(__lc_handle, locale->lcid, sizeof(__lc_handle));
    __lc_clike = !locale->lcid[LC_CTYPE];
}

char *EXPORT setlocale(int category, const char *name)
{
    struct thread_data *data = thread_data();
    struct crt_locale *old, *made;
    char *result;

    if (category < LC_ALL || category > LC_TIME) return NULL;
    _lock(LOCK_LOCALE);
    old = data->locale ? data->locale : global_locale;
    if (name && strlen(name) < 256) {
        made = locale_make(old, category, name);
        if (!made) {
            _unlock(LOCK_LOCALE);
            return NULL;
        }
        if (!__setlc_active && !strcmp(made->name[1], "C") && !strcmp(combined_name(made), "C")) {
            locale_release(made); /* from C to C: nothing becomes active */
            made = old;
        } else if (__setlc_active = 1, data->owns_locale) {
            data->locale = made;
            locale_release(old);
        } else {
            global_locale = made;
            /* The old one is kept: other threads may be reading it, or hold pointers from localeconv. */
            publish(made);
        }
        old = made;
    } else if (name) {
        _unlock(LOCK_LOCALE);
        return NULL;
    }
    result = category == LC_ALL ? combined_name(old) : old->name[category];
    _unlock(LOCK_LOCALE);
    return result;
}

wchar_t *EXPORT _wsetlocale(int category, const wchar_t *name)
{
    static wchar_t result[512];
    char *narrow = NULL, *got;
    size_t i;

    if (name && !(narrow = narrow_copy(name))) return NULL;
    got = setlocale(category, narrow);
    free(narrow);
    if (!got) return NULL;
    for (i = 0; got[i] && i < 511; i++) result[i] = (unsigned char)got[i];
    result[i] = 0;
    return result;
}

struct lconv *EXPORT localeconv(void)
{
    return (struct lconv *)&locale_current()->lconv;
}
int EXPORT __lconv_init(void)
{
    return 0;
}

crt_locale_t EXPORT _create_locale(int category, const char *name)
{
    struct locale_handle *handle;
    struct crt_locale *locale;

    if (category < LC_ALL || category > LC_TIME || !name) return NULL;
    _lock(LOCK_LOCALE);
    locale = locale_make(c_locale, category, name);
    _unlock(LOCK_LOCALE);
    if (!locale) return NULL;
    handle = calloc(1, sizeof(*handle));
    if (!handle) {
        locale_release(locale);
        return NULL;
    }
    handle->locale = locale;
    handle->public = public_view(locale);
    __setlc_active = 1;
    return (crt_locale_t)handle;
}

void EXPORT _free_locale(crt_locale_t locale)
{
    struct locale_handle *handle = (struct locale_handle *)locale;

    if (!handle) return;
    locale_release(handle->locale);
    free(handle);
}

crt_locale_t EXPORT _get_current_locale(void)
{
    struct locale_handle *handle = calloc(1, sizeof(*handle));

    if (!handle) return NULL;
    _lock(LOCK_LOCALE);
    handle->locale = (struct crt_locale *)locale_current();
    handle->public = public_view(handle->locale);
    InterlockedIncrement(&handle->locale->references);
    _unlock(LOCK_LOCALE);
    return (crt_locale_t)handle;
}

enum { PER_THREAD_ENABLE = 1, PER_THREAD_DISABLE = 2 };

int EXPORT _configthreadlocale(int mode)
{
    struct thread_data *data = thread_data();
    int old = data->owns_locale ? PER_THREAD_ENABLE : PER_THREAD_DISABLE;

    if (mode == PER_THREAD_ENABLE && !data->owns_locale) {
        _lock(LOCK_LOCALE);
        data->locale = global_locale;
        InterlockedIncrement(&global_locale->references);
        data->owns_locale = true;
        _unlock(LOCK_LOCALE);
    } else if (mode == PER_THREAD_DISABLE && data->owns_locale) {
        locale_release(data->locale);
        data->locale = NULL;
        data->owns_locale = false;
    } else if (mode != 0 && mode != PER_THREAD_ENABLE && mode != PER_THREAD_DISABLE) {
        return -1;
    }
    return old;
}

int EXPORT ___mb_cur_max_func(void)
{
    return locale_current()->mb_cur_max;
}
int EXPORT ___mb_cur_max_l_func(crt_locale_t l)
{
    return locale_of(l)->mb_cur_max;
}
int *EXPORT __p___mb_cur_max(void)
{
    return &__mb_cur_max;
}
unsigned EXPORT ___lc_codepage_func(void)
{
    return locale_current()->codepage;
}
unsigned EXPORT ___lc_collate_cp_func(void)
{
    return locale_current()->codepages[LC_COLLATE];
}
/* By category; NULL in the C locale. */
wchar_t **EXPORT ___lc_locale_name_func(void)
{
    return (wchar_t **)locale_current()->system_name;
}
LCID *EXPORT ___lc_handle_func(void)
{
    return (LCID *)locale_current()->lcid;
}
int EXPORT ___setlc_active_func(void)
{
    return __setlc_active;
}
int *EXPORT ___unguarded_readlc_active_add_func(void)
{
    return &__unguarded_readlc_active;
}

int EXPORT __crtGetStringTypeW(DWORD unused, DWORD type, const wchar_t *text, int count, WORD *out)
{
    (void)unused;
    return GetStringTypeW(type, text, count, out);
}

int EXPORT __crtLCMapStringA(LCID lcid, DWORD map, const char *src, int count, char *dst, int size,
                             unsigned codepage, int error)
{
    (void)codepage, (void)error;
    return LCMapStringA(lcid, map, src, count, dst, size);
}

int EXPORT __crtLCMapStringW(LCID lcid, DWORD map, const wchar_t *src, int count, wchar_t *dst, int size,
                             unsigned codepage, int error)
{
    (void)codepage, (void)error;
    return LCMapStringW(lcid, map, src, count, dst, size);
}

int EXPORT __crtCompareStringA(LCID lcid, DWORD flags, const char *a, int na, const char *b, int nb)
{
    return CompareStringA(lcid, flags, a, na, b, nb);
}

int EXPORT __crtCompareStringW(LCID lcid, DWORD flags, const wchar_t *a, int na, const wchar_t *b, int nb)
{
    return CompareStringW(lcid, flags, a, na, b, nb);
}

int EXPORT __crtGetLocaleInfoW(LCID lcid, LCTYPE type, wchar_t *out, int size)
{
    return GetLocaleInfoW(lcid, type, out, size);
}
