// Arithmetic of VARIANTs, by Visual Basic's rules: which type a result has, and to which larger one it goes
// on overflow.
#include "automation.h"
#include <math.h>

// Kinds of operands, the wider one decides. A text counts as a double.
enum kind {
    KIND_NULL = -1,
    KIND_UI1,
    KIND_I2,
    KIND_I4,
    KIND_I8,
    KIND_R4,
    KIND_R8,
    KIND_CY,
    KIND_DATE,
    KIND_DECIMAL
};

static const VARTYPE kind_types[] = {VT_UI1, VT_I2, VT_I4, VT_I8, VT_R4, VT_R8, VT_CY, VT_DATE, VT_DECIMAL};

static HRESULT kind_of(VARTYPE type, enum kind *kind)
{
    switch (type) {
    case VT_NULL: *kind = KIND_NULL; return S_OK;
    case VT_UI1: *kind = KIND_UI1; return S_OK;
    case VT_EMPTY:
    case VT_BOOL:
    case VT_I2: *kind = KIND_I2; return S_OK;
    case VT_I1:
    case VT_UI2:
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_UI8: *kind = KIND_I4; return S_OK;
    case VT_I8: *kind = KIND_I8; return S_OK;
    case VT_R4: *kind = KIND_R4; return S_OK;
    case VT_BSTR:
    case VT_R8: *kind = KIND_R8; return S_OK;
    case VT_CY: *kind = KIND_CY; return S_OK;
    case VT_DATE: *kind = KIND_DATE; return S_OK;
    case VT_DECIMAL: *kind = KIND_DECIMAL; return S_OK;
    case VT_ERROR:
    case VT_DISPATCH:
    case VT_UNKNOWN:
    case VT_RECORD:
    case VT_VARIANT: return DISP_E_TYPEMISMATCH;
    }
    return DISP_E_BADVARTYPE;
}

// The types that Basic has: Windows adds, multiplies and compares no others, though it divides them.
static HRESULT check_basic_type(VARTYPE type)
{
    enum kind kind;
    switch (type) {
    case VT_I1:
    case VT_UI2:
    case VT_UI4:
    case VT_UI8:
    case VT_INT:
    case VT_UINT:
    case VT_UNKNOWN:
    case VT_VARIANT: return DISP_E_BADVARTYPE;
    case VT_DISPATCH:
    case VT_ERROR: return S_OK; // refused later, unless the other operand is null
    }
    return kind_of(type, &kind);
}

// Of references only those to VARIANTs are followed.
static VARTYPE operand_type(const VARIANT *value)
{
    if (V_VT(value) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(value)) return V_VT(V_VARIANTREF(value));
    return V_VT(value);
}

static HRESULT check_basic_types(const VARIANT *left_value, const VARIANT *right_value)
{
    VARTYPE left = operand_type(left_value), right = operand_type(right_value);
    if ((left | right) & VT_ARRAY) return DISP_E_TYPEMISMATCH;
    if ((left | right) & ~VT_TYPEMASK) return DISP_E_BADVARTYPE;
    if (right == VT_RECORD) return DISP_E_TYPEMISMATCH;
    HRESULT left_status = check_basic_type(left), right_status = check_basic_type(right);
    if (left == VT_RECORD && right > VT_UI1 && FAILED(right_status)) return right_status;
    return FAILED(left_status) ? left_status : right_status;
}

enum text_use { AS_TEXT, AS_NUMBER };

// Objects give their value, references what they refer to; no object stays one. A text that is to be a number
// needs no length. The caller clears *value.
static HRESULT load(VARIANT *source, enum text_use use, VARIANT *value)
{
    VariantInit(value);
    if (V_VT(source) & VT_ARRAY) return DISP_E_TYPEMISMATCH;
    if (V_VT(source) & ~(VT_TYPEMASK | VT_BYREF)) return DISP_E_BADVARTYPE;
    if (V_VT(source) & VT_BYREF && !V_BYREF(source)) return DISP_E_BADVARTYPE;
    if (V_VT(source) == VT_UNKNOWN || V_VT(source) == VT_RECORD) return DISP_E_TYPEMISMATCH;
    if (use == AS_NUMBER && V_VT(source) == VT_BSTR) {
        V_VT(value) = VT_BSTR;
        V_BSTR(value) = SysAllocString(V_BSTR(source));
        return V_BSTR(source) && !V_BSTR(value) ? E_OUTOFMEMORY : S_OK;
    }
    HRESULT status = VariantCopyInd(value, source);
    if (FAILED(status) || V_VT(value) != VT_DISPATCH || !V_DISPATCH(value)) return status;
    VARIANT object = *value;
    status = dispatch_property(V_DISPATCH(&object), LOCALE_USER_DEFAULT, value);
    VariantClear(&object);
    return status;
}

struct operands {
    VARIANT left, right;
    enum kind left_kind, right_kind, kind; // kind: the wider
};

static HRESULT load_operands(VARIANT *left, VARIANT *right, enum text_use use, struct operands *o)
{
    VariantInit(&o->right);
    HRESULT status = load(left, use, &o->left);
    if (SUCCEEDED(status)) status = load(right, use, &o->right);
    if (SUCCEEDED(status) && ((V_VT(&o->left) == VT_NULL && V_VT(&o->right) == VT_DISPATCH) ||
                              (V_VT(&o->left) == VT_DISPATCH && V_VT(&o->right) == VT_NULL))) {
        o->left_kind = o->right_kind = o->kind = KIND_NULL;
        return S_OK;
    }
    if (SUCCEEDED(status)) status = kind_of(V_VT(&o->left), &o->left_kind);
    if (SUCCEEDED(status)) status = kind_of(V_VT(&o->right), &o->right_kind);
    if (FAILED(status)) return status;
    o->kind = o->left_kind > o->right_kind ? o->left_kind : o->right_kind;
    if (o->left_kind == KIND_NULL || o->right_kind == KIND_NULL) o->kind = KIND_NULL;
    // A float has not enough digits for the larger integers.
    bool large = o->left_kind == KIND_I4 || o->right_kind == KIND_I4 || o->left_kind == KIND_I8 ||
                 o->right_kind == KIND_I8;
    if (o->kind == KIND_R4 && large) o->kind = KIND_R8;
    return S_OK;
}

static void clear_operands(struct operands *o)
{
    VariantClear(&o->left);
    VariantClear(&o->right);
}

static HRESULT set_null(VARIANT *result)
{
    V_VT(result) = VT_NULL;
    return S_OK;
}

static HRESULT change(VARIANT *value, VARTYPE type)
{
    return VariantChangeTypeEx(value, value, LOCALE_USER_DEFAULT, 0, type);
}

static HRESULT set_real(double value, VARTYPE type, VARIANT *result)
{
    V_VT(result) = type;
    if (type == VT_R4 && SUCCEEDED(VarR4FromR8(value, &V_R4(result)))) return S_OK;
    if (type == VT_DATE && SUCCEEDED(VarDateFromR8(value, &V_DATE(result)))) return S_OK;
    if (!isfinite(value)) return DISP_E_OVERFLOW;
    V_VT(result) = VT_R8;
    V_R8(result) = value;
    return S_OK;
}

// In the narrowest type from `kind` on that holds it, a double beyond the last.
static HRESULT set_integer(int64_t value, enum kind kind, VARIANT *result)
{
    if (kind == KIND_UI1 && (value < 0 || value > UINT8_MAX)) kind = KIND_I2;
    if (kind == KIND_I2 && value != (SHORT)value) kind = KIND_I4;
    V_I8(result) = value;
    V_VT(result) = kind_types[kind];
    return kind == KIND_I4 && value != (LONG)value ? set_real((double)value, VT_R8, result) : S_OK;
}

enum operation { ADD, SUBTRACT, MULTIPLY };

static HRESULT integers(struct operands *o, enum operation operation, VARIANT *result)
{
    HRESULT status = change(&o->left, VT_I8);
    if (SUCCEEDED(status)) status = change(&o->right, VT_I8);
    if (FAILED(status)) return status;
    int64_t left = V_I8(&o->left), right = V_I8(&o->right), value = 0;
    bool overflow = operation == ADD        ? __builtin_add_overflow(left, right, &value)
                    : operation == SUBTRACT ? __builtin_sub_overflow(left, right, &value)
                                            : __builtin_mul_overflow(left, right, &value);
    if (!overflow) return set_integer(value, o->kind, result);
    double l = (double)left, r = (double)right;
    return set_real(operation == ADD ? l + r : operation == SUBTRACT ? l - r : l * r, VT_R8, result);
}

static HRESULT reals(struct operands *o, enum operation operation, VARTYPE type, VARIANT *result)
{
    HRESULT status = change(&o->left, VT_R8);
    if (SUCCEEDED(status)) status = change(&o->right, VT_R8);
    if (FAILED(status)) return status;
    double l = V_R8(&o->left), r = V_R8(&o->right);
    return set_real(operation == ADD ? l + r : operation == SUBTRACT ? l - r : l * r, type, result);
}

static HRESULT exact(struct operands *o, enum operation operation, VARTYPE type, VARIANT *result)
{
    HRESULT status = change(&o->left, type);
    if (SUCCEEDED(status)) status = change(&o->right, type);
    // An operand that has no room stays what it was: a double holds what is too large.
    if (status == DISP_E_OVERFLOW) return reals(o, operation, VT_R8, result);
    if (FAILED(status)) return status;
    if (type == VT_CY) {
        CY l = V_CY(&o->left), r = V_CY(&o->right), *to = &V_CY(result);
        status = operation == ADD        ? VarCyAdd(l, r, to)
                 : operation == SUBTRACT ? VarCySub(l, r, to)
                                         : VarCyMul(l, r, to);
    } else {
        DECIMAL *l = &V_DECIMAL(&o->left), *r = &V_DECIMAL(&o->right), *to = &V_DECIMAL(result);
        status = operation == ADD        ? VarDecAdd(l, r, to)
                 : operation == SUBTRACT ? VarDecSub(l, r, to)
                                         : VarDecMul(l, r, to);
    }
    V_VT(result) = type;
    return status == DISP_E_OVERFLOW ? reals(o, operation, VT_R8, result) : status;
}

static HRESULT calculate(struct operands *o, enum operation operation, VARIANT *result)
{
    bool dates = o->left_kind == KIND_DATE && o->right_kind == KIND_DATE;
    bool fraction = o->left_kind == KIND_R4 || o->left_kind == KIND_R8 || o->right_kind == KIND_R4 ||
                    o->right_kind == KIND_R8;
    // A price times a factor is no price.
    if (o->kind == KIND_CY && operation == MULTIPLY && fraction) return reals(o, operation, VT_R8, result);
    switch (o->kind) {
    case KIND_NULL: return set_null(result);
    case KIND_R4: return reals(o, operation, VT_R4, result);
    case KIND_R8: return reals(o, operation, VT_R8, result);
    case KIND_DATE:
        return reals(o, operation,
                     operation == MULTIPLY || (operation == SUBTRACT && dates) ? VT_R8 : VT_DATE, result);
    case KIND_CY:
    case KIND_DECIMAL: return exact(o, operation, kind_types[o->kind], result);
    default: return integers(o, operation, result);
    }
}

// The whole text, with what follows a NUL in it.
static BSTR whole_text(const VARIANT *source, const VARIANT *loaded)
{
    if (V_VT(loaded) != VT_BSTR) return NULL;
    return V_VT(source) == VT_BSTR ? V_BSTR(source) : V_BSTR(loaded);
}

static HRESULT concatenate(VARIANT *left, VARIANT *right, const struct operands *o, VARIANT *result)
{
    BSTR text = NULL;
    HRESULT status = VarBstrCat(whole_text(left, &o->left), whole_text(right, &o->right), &text);
    V_VT(result) = VT_BSTR;
    V_BSTR(result) = text;
    return status;
}

static bool is_text_or_empty(const VARIANT *value)
{
    return V_VT(value) == VT_BSTR || V_VT(value) == VT_EMPTY;
}

static HRESULT operate(VARIANT *left, VARIANT *right, enum operation operation, VARIANT *result)
{
    struct operands o;
    HRESULT status = check_basic_types(left, right);
    if (FAILED(status)) {
        VariantInit(result);
        return status;
    }
    status = load_operands(left, right, AS_NUMBER, &o);
    // Nothing is as narrow as a byte.
    if (SUCCEEDED(status) && ((V_VT(&o.left) == VT_EMPTY && o.right_kind == KIND_UI1) ||
                              (V_VT(&o.right) == VT_EMPTY && o.left_kind == KIND_UI1)))
        o.kind = KIND_UI1;
    VARIANT value = {0}; // the result may be one of the operands
    if (SUCCEEDED(status)) {
        bool texts = V_VT(&o.left) == VT_BSTR || V_VT(&o.right) == VT_BSTR;
        if (operation == ADD && texts && is_text_or_empty(&o.left) && is_text_or_empty(&o.right)) {
            status = concatenate(left, right, &o, &value);
        } else {
            status = calculate(&o, operation, &value);
        }
    }
    clear_operands(&o);
    if (FAILED(status)) VariantInit(&value);
    *result = value;
    return status;
}

HOTPATCH HRESULT WINAPI VarAdd(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return operate(left, right, ADD, result);
}

HOTPATCH HRESULT WINAPI VarSub(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return operate(left, right, SUBTRACT, result);
}

HOTPATCH HRESULT WINAPI VarMul(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return operate(left, right, MULTIPLY, result);
}

static HRESULT divide(struct operands *o, VARIANT *result)
{
    if (o->kind == KIND_NULL) return set_null(result);
    VARTYPE type = o->kind == KIND_DECIMAL ? VT_DECIMAL : VT_R8;
    bool single = o->kind == KIND_R4;
    HRESULT status = change(&o->left, type);
    if (SUCCEEDED(status)) status = change(&o->right, type);
    if (FAILED(status)) return status;
    if (type == VT_DECIMAL) {
        status = VarDecDiv(&V_DECIMAL(&o->left), &V_DECIMAL(&o->right), &V_DECIMAL(result));
        V_VT(result) = VT_DECIMAL;
        return status;
    }
    double l = V_R8(&o->left), r = V_R8(&o->right);
    if (r == 0) return l == 0 ? DISP_E_OVERFLOW : DISP_E_DIVBYZERO;
    return set_real(l / r, single ? VT_R4 : VT_R8, result);
}

// Texts and fractions are rounded first.
static HRESULT divide_integers(struct operands *o, bool remainder, VARIANT *result)
{
    if (o->kind == KIND_NULL) return set_null(result);
    bool wide = o->left_kind == KIND_I8 || o->right_kind == KIND_I8;
    enum kind kind = wide ? KIND_I8 : o->kind > KIND_I8 ? KIND_I4 : o->kind;
    HRESULT status = change(&o->left, VT_I8);
    if (SUCCEEDED(status)) status = change(&o->right, VT_I8);
    if (FAILED(status)) return status;
    int64_t l = V_I8(&o->left), r = V_I8(&o->right);
    if (!r) return DISP_E_DIVBYZERO;
    if (r == -1 && l == INT64_MIN && !remainder) return DISP_E_OVERFLOW;
    if (r == -1) return set_integer(remainder ? 0 : -l, kind, result);
    return set_integer(remainder ? l % r : l / r, kind, result);
}

static HRESULT power(struct operands *o, VARIANT *result)
{
    if (o->kind == KIND_NULL) return set_null(result);
    HRESULT status = change(&o->left, VT_R8);
    if (SUCCEEDED(status)) status = change(&o->right, VT_R8);
    return FAILED(status) ? status : set_real(pow(V_R8(&o->left), V_R8(&o->right)), VT_R8, result);
}

enum division { QUOTIENT, INTEGER_QUOTIENT, REMAINDER, POWER };

static HRESULT divide_by(VARIANT *left, VARIANT *right, enum division division, VARIANT *result)
{
    struct operands o;
    HRESULT status = load_operands(left, right, AS_NUMBER, &o);
    VariantInit(result);
    if (SUCCEEDED(status)) {
        if (division == QUOTIENT)
            status = divide(&o, result);
        else if (division == POWER)
            status = power(&o, result);
        else
            status = divide_integers(&o, division == REMAINDER, result);
    }
    clear_operands(&o);
    if (FAILED(status)) VariantInit(result);
    return status;
}

HOTPATCH HRESULT WINAPI VarDiv(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return divide_by(left, right, QUOTIENT, result);
}

HOTPATCH HRESULT WINAPI VarIdiv(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return divide_by(left, right, INTEGER_QUOTIENT, result);
}

HOTPATCH HRESULT WINAPI VarMod(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return divide_by(left, right, REMAINDER, result);
}

HOTPATCH HRESULT WINAPI VarPow(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return divide_by(left, right, POWER, result);
}

HOTPATCH HRESULT WINAPI VarR8Pow(double base, double exponent, double *result)
{
    *result = pow(base, exponent);
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarR8Round(double value, int digits, double *result)
{
    if (digits < 0) return E_INVALIDARG;
    double scale = pow(10, digits), scaled = value * scale;
    *result = isfinite(scaled) ? round_to_even(scaled) / scale : value;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarCat(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    struct operands o;
    HRESULT status = load_operands(left, right, AS_TEXT, &o);
    VariantInit(result);
    if (SUCCEEDED(status)) {
        bool left_null = o.left_kind == KIND_NULL, right_null = o.right_kind == KIND_NULL;
        if (left_null && right_null) {
            status = set_null(result);
        } else {
            if (left_null) V_VT(&o.left) = VT_EMPTY;
            if (right_null) V_VT(&o.right) = VT_EMPTY;
            status = VariantChangeTypeEx(&o.left, &o.left, LOCALE_USER_DEFAULT, VARIANT_LOCALBOOL, VT_BSTR);
            if (SUCCEEDED(status))
                status =
                    VariantChangeTypeEx(&o.right, &o.right, LOCALE_USER_DEFAULT, VARIANT_LOCALBOOL, VT_BSTR);
            if (SUCCEEDED(status)) status = VarBstrCat(V_BSTR(&o.left), V_BSTR(&o.right), &V_BSTR(result));
            if (SUCCEEDED(status)) V_VT(result) = VT_BSTR;
        }
    }
    clear_operands(&o);
    return status;
}

HOTPATCH HRESULT WINAPI VarCmp(LPVARIANT left, LPVARIANT right, LCID lcid, ULONG flags)
{
    struct operands o;
    VARIANT first = *left; // Windows knows a VT_INT on the left side only
    if (V_VT(&first) == VT_INT) V_VT(&first) = VT_I4;
    HRESULT status = check_basic_types(&first, right);
    if (FAILED(status)) return status;
    status = load_operands(left, right, AS_TEXT, &o);
    if (SUCCEEDED(status)) {
        bool left_text = V_VT(&o.left) == VT_BSTR, right_text = V_VT(&o.right) == VT_BSTR;
        if (o.kind == KIND_NULL) {
            status = VARCMP_NULL;
        } else if ((left_text || V_VT(&o.left) == VT_EMPTY) && (right_text || V_VT(&o.right) == VT_EMPTY) &&
                   (left_text || right_text)) {
            status = VarBstrCmp(left_text ? V_BSTR(&o.left) : NULL, right_text ? V_BSTR(&o.right) : NULL,
                                lcid, flags);
        } else if (left_text != right_text) {
            status = left_text ? VARCMP_GT : VARCMP_LT; // a number is less than any text
        } else {
            VARTYPE type = kind_types[o.kind < KIND_R4                              ? KIND_I8
                                      : o.kind == KIND_CY || o.kind == KIND_DECIMAL ? o.kind
                                                                                    : KIND_R8];
            status = change(&o.left, type);
            if (SUCCEEDED(status)) status = change(&o.right, type);
            if (FAILED(status)) goto out;
            if (type == VT_CY)
                status = VarCyCmp(V_CY(&o.left), V_CY(&o.right));
            else if (type == VT_DECIMAL)
                status = VarDecCmp(&V_DECIMAL(&o.left), &V_DECIMAL(&o.right));
            else if (type == VT_I8)
                status = VARCMP_EQ + (V_I8(&o.left) > V_I8(&o.right)) - (V_I8(&o.left) < V_I8(&o.right));
            else
                status = VARCMP_EQ + (V_R8(&o.left) > V_R8(&o.right)) - (V_R8(&o.left) < V_R8(&o.right));
        }
    }
out:
    clear_operands(&o);
    return status;
}
