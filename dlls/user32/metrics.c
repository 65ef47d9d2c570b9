// The system's metrics, and window frames by them. There is no display: they are those that Windows gives to
// processes without one, a screen of 1024 by 768 at 96 dots per inch.
#include "nonclient.h"

enum { SCREEN_WIDTH = 1024, SCREEN_HEIGHT = 768, BORDER = 1, FRAME = 4, PADDING = 4, CAPTION = 22 };

HOTPATCH int WINAPI GetSystemMetrics(int index)
{
    static const struct {
        int index, value;
    } metrics[] = {
        {SM_CXSCREEN, SCREEN_WIDTH},
        {SM_CYSCREEN, SCREEN_HEIGHT},
        {SM_CXVIRTUALSCREEN, SCREEN_WIDTH},
        {SM_CYVIRTUALSCREEN, SCREEN_HEIGHT},
        {SM_CMONITORS, 1},
        {SM_SAMEDISPLAYFORMAT, 1},
        {SM_CXFULLSCREEN, SCREEN_WIDTH},
        {SM_CYFULLSCREEN, SCREEN_HEIGHT - CAPTION - BORDER},
        {SM_CXMAXIMIZED, SCREEN_WIDTH + 2 * (FRAME + PADDING)},
        {SM_CYMAXIMIZED, SCREEN_HEIGHT + 2 * (FRAME + PADDING)},
        {SM_CXMAXTRACK, SCREEN_WIDTH + 12},
        {SM_CYMAXTRACK, SCREEN_HEIGHT + 12},
        {SM_CXMIN, 136},
        {SM_CYMIN, 39},
        {SM_CXMINTRACK, 136},
        {SM_CYMINTRACK, 39},
        {SM_CXMINIMIZED, 160},
        {SM_CYMINIMIZED, 28},
        {SM_CXBORDER, BORDER},
        {SM_CYBORDER, BORDER},
        {SM_CXEDGE, 2},
        {SM_CYEDGE, 2},
        {SM_CXDLGFRAME, 3},
        {SM_CYDLGFRAME, 3},
        {SM_CXFRAME, FRAME},
        {SM_CYFRAME, FRAME},
        {SM_CXPADDEDBORDER, PADDING},
        {SM_CYCAPTION, CAPTION + BORDER},
        {SM_CYSMCAPTION, CAPTION + BORDER},
        {SM_CYMENU, 20},
        {SM_CXSIZE, 36},
        {SM_CYSIZE, CAPTION},
        {SM_CXVSCROLL, 17},
        {SM_CYVSCROLL, 17},
        {SM_CXHSCROLL, 17},
        {SM_CYHSCROLL, 17},
        {SM_CXVSCROLL, 17},
        {SM_CYVTHUMB, 17},
        {SM_CXHTHUMB, 17},
        {SM_CXICON, 32},
        {SM_CYICON, 32},
        {SM_CXSMICON, 16},
        {SM_CYSMICON, 16},
        {SM_CXCURSOR, 32},
        {SM_CYCURSOR, 32},
        {SM_CXICONSPACING, 75},
        {SM_CYICONSPACING, 75},
        {SM_CXDOUBLECLK, 4},
        {SM_CYDOUBLECLK, 4},
        {SM_CXDRAG, 4},
        {SM_CYDRAG, 4},
        {SM_CXFOCUSBORDER, 1},
        {SM_CYFOCUSBORDER, 1},
        {SM_NETWORK, 3},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(metrics); i++)
        if (metrics[i].index == index) return metrics[i].value;
    return 0;
}

HOTPATCH BOOL WINAPI SystemParametersInfoW(UINT action, UINT parameter, void *data, UINT update)
{
    (void)parameter, (void)update;
    switch (action) {
    case SPI_GETWORKAREA: *(RECT *)data = (RECT){0, 0, SCREEN_WIDTH, SCREEN_HEIGHT}; return TRUE;
    case SPI_GETBORDER: *(UINT *)data = BORDER; return TRUE;
    case SPI_GETKEYBOARDSPEED: *(DWORD *)data = 31; return TRUE;
    case SPI_GETKEYBOARDDELAY: *(UINT *)data = 1; return TRUE;
    case SPI_GETWHEELSCROLLLINES: *(UINT *)data = 3; return TRUE;
    case SPI_GETMOUSEHOVERTIME: *(UINT *)data = 400; return TRUE;
    case SPI_GETMOUSEHOVERWIDTH:
    case SPI_GETMOUSEHOVERHEIGHT: *(UINT *)data = 4; return TRUE;
    case SPI_GETMENUSHOWDELAY: *(DWORD *)data = 400; return TRUE;
    case SPI_GETSCREENREADER:
    case SPI_GETSCREENSAVEACTIVE:
    case SPI_GETSCREENSAVERRUNNING: *(BOOL *)data = FALSE; return TRUE;
    default: return user_fail(ERROR_CALL_NOT_IMPLEMENTED);
    }
}

// None of these has a text.
HOTPATCH BOOL WINAPI SystemParametersInfoA(UINT action, UINT parameter, void *data, UINT update)
{
    return SystemParametersInfoW(action, parameter, data, update);
}

// ---- frames ----

RECT nonclient_margins(DWORD style, DWORD ex_style, BOOL menu)
{
    LONG width = 0, top = 0;
    bool caption = (style & WS_CAPTION) == WS_CAPTION;
    if (style & WS_THICKFRAME)
        width = FRAME + PADDING;
    else if (style & WS_DLGFRAME || ex_style & WS_EX_DLGMODALFRAME)
        width = 3;
    else if (style & WS_BORDER)
        width = BORDER;
    if (ex_style & WS_EX_CLIENTEDGE) width += 2;
    if (ex_style & WS_EX_STATICEDGE) width += 1;
    if (caption) top += CAPTION + BORDER;
    if (menu) top += 20;
    return (RECT){width, width + top, width, width};
}

void nonclient_min_max(MINMAXINFO *info)
{
    *info = (MINMAXINFO){
        .ptMaxSize = {SCREEN_WIDTH + 2 * (FRAME + PADDING), SCREEN_HEIGHT + 2 * (FRAME + PADDING)},
        .ptMaxPosition = {-(FRAME + PADDING), -(FRAME + PADDING)},
        .ptMinTrackSize = {136, 39},
        .ptMaxTrackSize = {SCREEN_WIDTH + 12, SCREEN_HEIGHT + 12},
    };
}

HOTPATCH BOOL WINAPI AdjustWindowRectEx(RECT *rect, DWORD style, BOOL menu, DWORD ex_style)
{
    RECT margins = nonclient_margins(style, ex_style, menu);
    rect->left -= margins.left;
    rect->top -= margins.top;
    rect->right += margins.right;
    rect->bottom += margins.bottom;
    return TRUE;
}

HOTPATCH BOOL WINAPI AdjustWindowRect(RECT *rect, DWORD style, BOOL menu)
{
    return AdjustWindowRectEx(rect, style, menu, 0);
}
