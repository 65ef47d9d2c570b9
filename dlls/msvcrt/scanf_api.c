/* The scanf families as msvcrt.dll exports them. */
#include "formatted.h"

#include "scanf_api_template.h"
#define WIDE
#include "scanf_api_template.h"
