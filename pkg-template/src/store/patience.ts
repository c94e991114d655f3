/** How long a store may be silent. The core waits as long (`PATIENCE` in src/client/store.rs). */
export const storePatienceMs = 5000;
