// Numbers, amounts of money, percentages and dates in the locale's form.
#include "format.h"

enum { AS_LOCALE = -2, ALL_DIGITS = -1 }; // what callers leave to the locale

static UINT locale_number(LCTYPE type)
{
    DWORD number = 0;
    GetLocaleInfoW(LOCALE_USER_DEFAULT, type | LOCALE_RETURN_NUMBER, (WCHAR *)&number,
                   sizeof(number) / sizeof(WCHAR));
    return number;
}

// "3;0" as NUMBERFMT has it: 3.
static UINT locale_grouping(LCTYPE type)
{
    WCHAR text[16];
    UINT grouping = 0;
    GetLocaleInfoW(LOCALE_USER_DEFAULT, type, text, ARRAY_LENGTH(text));
    for (const WCHAR *at = text; *at; at++)
        if (*at >= '1' && *at <= '9') grouping = grouping * 10 + *at - '0';
    return grouping;
}

// What a caller asks for, or the locale's for what it leaves to that.
struct amount {
    NUMBERFMTW number;
    UINT positive; // CURRENCYFMT's order
    WCHAR decimal[8], thousand[8], symbol[16];
};

static HRESULT describe(struct amount *amount, int digits, int lead, int parentheses, int group, bool money)
{
    // The orders of negative amounts with and without parentheses, by LOCALE_INEGCURR.
    static const UINT plain[] = {1, 1, 2, 3, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 9, 8};
    static const UINT enclosed[] = {0, 0, 0, 0, 4, 4, 4, 4, 15, 14, 15, 14, 14, 15, 14, 15};
    const LCTYPE decimal = money ? LOCALE_SMONDECIMALSEP : LOCALE_SDECIMAL;
    const LCTYPE thousand = money ? LOCALE_SMONTHOUSANDSEP : LOCALE_STHOUSAND;
    if (digits < ALL_DIGITS || digits > 99 || lead < AS_LOCALE || lead > 0 || parentheses < AS_LOCALE ||
        parentheses > 0 || group < AS_LOCALE || group > 0)
        return E_INVALIDARG;
    GetLocaleInfoW(LOCALE_USER_DEFAULT, decimal, amount->decimal, ARRAY_LENGTH(amount->decimal));
    GetLocaleInfoW(LOCALE_USER_DEFAULT, thousand, amount->thousand, ARRAY_LENGTH(amount->thousand));
    UINT order = locale_number(money ? LOCALE_INEGCURR : LOCALE_INEGNUMBER);
    if (parentheses != AS_LOCALE) {
        if (money && order < ARRAY_LENGTH(plain))
            order = parentheses ? enclosed[order] : plain[order];
        else if (!money && (parentheses || !order))
            order = parentheses ? 0 : 1;
    }
    amount->number = (NUMBERFMTW){
        .NumDigits = digits >= 0 ? (UINT)digits : locale_number(money ? LOCALE_ICURRDIGITS : LOCALE_IDIGITS),
        .LeadingZero = lead == AS_LOCALE ? locale_number(LOCALE_ILZERO) : lead != 0,
        .Grouping = group == 0 ? 0 : locale_grouping(money ? LOCALE_SMONGROUPING : LOCALE_SGROUPING),
        .lpDecimalSep = amount->decimal,
        .lpThousandSep = amount->thousand,
        .NegativeOrder = order,
    };
    return S_OK;
}

// The number as GetNumberFormat and GetCurrencyFormat take it. The caller frees *text.
static HRESULT plain_text(VARIANT *value, VARTYPE type, double factor, BSTR *text)
{
    const LCID english = MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
    VARIANT number;
    VariantInit(&number);
    HRESULT status = VariantChangeTypeEx(&number, value, LOCALE_USER_DEFAULT, 0, type);
    if (SUCCEEDED(status) && type == VT_R8) {
        V_R8(&number) *= factor;
        // A DECIMAL's text has no exponent.
        status = VariantChangeTypeEx(&number, &number, english, 0, VT_DECIMAL);
    }
    if (SUCCEEDED(status))
        status = VariantChangeTypeEx(&number, &number, english, VARIANT_NOUSEROVERRIDE, VT_BSTR);
    if (SUCCEEDED(status))
        *text = V_BSTR(&number);
    else
        VariantClear(&number);
    return status;
}

// Makes the text of a number, or of an amount of money, `suffix` behind it.
static HRESULT make_amount(const WCHAR *plain, const struct amount *amount, bool money, const WCHAR *suffix,
                           BSTR *result)
{
    WCHAR text[256];
    int size;
    if (money) {
        const CURRENCYFMTW form = {.NumDigits = amount->number.NumDigits,
                                   .LeadingZero = amount->number.LeadingZero,
                                   .Grouping = amount->number.Grouping,
                                   .lpDecimalSep = amount->number.lpDecimalSep,
                                   .lpThousandSep = amount->number.lpThousandSep,
                                   .NegativeOrder = amount->number.NegativeOrder,
                                   .PositiveOrder = amount->positive,
                                   .lpCurrencySymbol = (WCHAR *)amount->symbol};
        size = GetCurrencyFormatW(LOCALE_USER_DEFAULT, 0, plain, &form, text, ARRAY_LENGTH(text) - 1);
    } else {
        size = GetNumberFormatW(LOCALE_USER_DEFAULT, 0, plain, &amount->number, text, ARRAY_LENGTH(text) - 1);
    }
    if (!size) return DISP_E_TYPEMISMATCH;
    // Behind the digits, but within parentheses.
    WCHAR *end = text + size - 1;
    bool closes = *suffix && end > text && end[-1] == ')'; // without leading zeros 0 is no text at all
    if (closes) *--end = 0;
    lstrcpyW(end, suffix);
    if (closes) lstrcatW(end, L")");
    *result = SysAllocString(text);
    return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT format_amount(VARIANT *value, int digits, int lead, int parentheses, int group, bool money,
                             double factor, BSTR *result)
{
    struct amount amount;
    BSTR plain;
    if (!value || !result) return E_INVALIDARG;
    HRESULT status = describe(&amount, digits, lead, parentheses, group, money);
    if (FAILED(status)) return status;
    *result = NULL;
    if (V_VT(value) == VT_NULL) return S_OK;
    if (money) {
        amount.positive = locale_number(LOCALE_ICURRENCY);
        GetLocaleInfoW(LOCALE_USER_DEFAULT, LOCALE_SCURRENCY, amount.symbol, ARRAY_LENGTH(amount.symbol));
    }
    status = plain_text(value, money ? VT_CY : VT_R8, factor, &plain);
    if (FAILED(status)) return status;
    status = make_amount(plain, &amount, money, factor == 100 ? L"%" : L"", result);
    SysFreeString(plain);
    return status;
}

HOTPATCH HRESULT WINAPI VarFormatNumber(LPVARIANT value, int digits, int lead, int parentheses, int group,
                                        ULONG flags, BSTR *result)
{
    (void)flags;
    return format_amount(value, digits, lead, parentheses, group, false, 1, result);
}

HOTPATCH HRESULT WINAPI VarFormatPercent(LPVARIANT value, int digits, int lead, int parentheses, int group,
                                         ULONG flags, BSTR *result)
{
    (void)flags;
    return format_amount(value, digits, lead, parentheses, group, false, 100, result);
}

HOTPATCH HRESULT WINAPI VarFormatCurrency(LPVARIANT value, int digits, int lead, int parentheses, int group,
                                          ULONG flags, BSTR *result)
{
    (void)flags;
    return format_amount(value, digits, lead, parentheses, group, true, 1, result);
}

HOTPATCH HRESULT WINAPI VarFormatDateTime(LPVARIANT value, int form, ULONG flags, BSTR *result)
{
    static const WCHAR *const forms[] = {L"General Date", L"Long Date", L"Short Date", L"Long Time",
                                         L"Short Time"};
    if (!value || !result || form < 0 || form >= (int)ARRAY_LENGTH(forms)) return E_INVALIDARG;
    return VarFormat(value, (WCHAR *)forms[form], 0, 0, flags, result);
}
