// VarFormat for texts: characters are placed as @ and & say.
#include "format.h"

static bool is_place(const struct piece *piece)
{
    return !piece->literal && (piece->c == '@' || piece->c == '&');
}

// How many places a section has, whether it fills them from the left, and the case it asks for: > or <.
static int count_places(struct section section, bool *from_left, WCHAR *letter_case)
{
    struct piece piece;
    int places = 0;
    *from_left = false;
    *letter_case = 0;
    while (next_piece(&section, &piece)) {
        places += is_place(&piece);
        if (piece.literal) continue;
        *from_left |= piece.c == '!';
        if (!*letter_case && (piece.c == '<' || piece.c == '>')) *letter_case = piece.c;
    }
    return places;
}

static void put_places(struct output *out, struct section section, const WCHAR *text, int length)
{
    struct piece piece;
    bool from_left;
    WCHAR letter_case;
    int places = count_places(section, &from_left, &letter_case), place = 0, taken = 0;
    const int blank = places > length ? places - length : 0;
    while (next_piece(&section, &piece)) {
        if (piece.literal) {
            put_text(out, piece.literal, piece.length);
        } else if (is_place(&piece)) {
            bool filled = from_left ? taken < length : place >= blank;
            place++;
            if (filled)
                put_character(out, text[taken++]);
            else if (piece.c == '@')
                put_character(out, ' ');
        } else if (piece.c != '<' && piece.c != '>' && piece.c != '!') {
            put_character(out, piece.c);
        }
    }
    put_text(out, text + taken, (ULONG)(length - taken));
}

HRESULT format_text(struct output *out, const struct format *format, VARIANT *value)
{
    bool from_left;
    WCHAR letter_case;
    VARIANT text;
    VariantInit(&text);
    HRESULT status = VariantChangeTypeEx(&text, value, out->lcid, VARIANT_LOCALBOOL, VT_BSTR);
    if (FAILED(status)) return status;
    int length = (int)SysStringLen(V_BSTR(&text)), chosen = !length && format->sections > 1;
    count_places(format->section[chosen], &from_left, &letter_case);
    if (letter_case && length)
        LCMapStringW(out->lcid, letter_case == '<' ? LCMAP_LOWERCASE : LCMAP_UPPERCASE, V_BSTR(&text), length,
                     V_BSTR(&text), length);
    put_places(out, format->section[chosen], V_BSTR(&text), length);
    VariantClear(&text);
    return S_OK;
}
