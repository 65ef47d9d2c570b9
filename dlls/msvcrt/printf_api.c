/* The printf families as msvcrt.dll exports them. */
#include "formatted.h"

#include "printf_api_template.h"
#define WIDE
#include "printf_api_template.h"
