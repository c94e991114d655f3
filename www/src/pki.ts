/**
 * What the page takes from the package before it needs the service: readers, rules and errors. It comes from here
 * alone, so that the first view loads no more than that.
 */
export * from 'markmonitor-certs/pki';
