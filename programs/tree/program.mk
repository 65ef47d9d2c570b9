tree_SUFFIX = com
