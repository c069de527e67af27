/** From so many deaths on, a dispatch is a suspect: it is sent with nothing else under way in its worker. */
export const deathsOfSuspect = 3;

/**
 * Assignment of an UPDATE that ends or takes over a lease whose holder has vanished. A suspect that shared its worker
 * with others is not blamed further. Must come before the assignment of `leaseUntil`: MySQL assigns from left to right.
 */
export const countDeath = `deaths = deaths + (leaseUntil IS NOT NULL AND (deaths < ${deathsOfSuspect} OR isAlone = 1))`;
