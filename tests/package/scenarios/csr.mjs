/** Reads a CSR. */
export const parse = ({ api }, csr) => api.parseCsr(csr);

/** The error that comes of what is no CSR. */
export async function failure({ api }, input) {
  const error = await api.parseCsr(input).catch((reason) => reason);
  return { ...error.toJSON(), isParseError: error instanceof api.ParseError && error instanceof Error };
}
