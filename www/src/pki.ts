/**
 * What the page takes from the package before it needs the service: readers, rules and errors. It comes from here
 * alone, so that the first view loads no more than that.
 */
import { init } from 'markmonitor-certs/pki';

export * from 'markmonitor-certs/pki';

/** Fetches the reader, most of what the page weighs, once it looks as if it were needed. The first use reports it if it fails. */
export const readerAhead = () => void init().catch(() => {});
