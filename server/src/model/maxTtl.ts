/** Four weeks: the longest TTL that every push service takes (RFC 8030 section 5.2 leaves the bound open, FCM answers 400 beyond it). */
export const maxTtlSeconds = 2_419_200;
