more_SUFFIX = com
