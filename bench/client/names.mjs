/** What ours is compared with. */
export const own = 'markmonitor-certs';
export const bare = 'fetch + JSON.parse';
