/** The version of this package. The build puts it in, from the one place that declares it. */
export const version: string = PACKAGE_VERSION;

declare const PACKAGE_VERSION: string;
