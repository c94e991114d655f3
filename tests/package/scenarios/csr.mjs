/** Reads a CSR. */
export const parse = ({ api }, csr) => api.parseCsr(csr);

/** The error for an input that is not a CSR. */
export async function failure({ api }, input) {
  const error = await api.parseCsr(input).catch((reason) => reason);
  return { ...error.toJSON(), isParseError: error instanceof api.ParseError && error instanceof Error };
}

/** Makes a CSR, and inspects it. */
export async function create({ api }, request) {
  const { csr, privateKeyPem } = await api.createCsr(request);
  const { signature } = await api.inspectCsr(csr);
  return { csr, privateKeyPem, signature };
}
