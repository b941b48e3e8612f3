"""Who sees and changes what, proved by enumeration: the matrix, the canaries, the mutations."""
