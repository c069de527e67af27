/*
 * Behind `push_subscription`, where MySQL and MariaDB would choose another index than the one that was made for the
 * question: nearly everybody is live, so to look through all who have not retired is never a good plan. Comments to SQLite.
 */

/**
 * An application's live ones in the order of their ids. Without it MariaDB takes the index for its first two columns
 * only, and goes through all ids below the range, too.
 */
export const inOrderOfIds = '/*! USE INDEX (push_subscription_reachable) */';

/** Those of some users. */
export const byUser = '/*! USE INDEX (push_subscription_user) */';

/** Those that were made with an application server key. */
export const byVapidKey = '/*! USE INDEX (push_subscription_vapid_key) */';
