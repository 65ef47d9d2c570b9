chcp_SUFFIX = com
