import { newClient } from './clients.mjs';

/** Makes a call that fails: what the error is. */
export async function failure(loaded, { options, path = '/order', method = 'GET', body }) {
  const { api } = loaded;
  const { client } = await newClient(loaded, options, { maxRetries: 0 });
  const error = await client.request({ method, path, body }).then(
    () => undefined,
    (reason) => reason,
  );
  return {
    isError: error instanceof Error && error instanceof api.CertsError && error instanceof api.ApiError,
    classes: Object.keys(api).filter((name) => /Error$/.test(name) && error instanceof api[name]),
    stack: error?.stack,
    json: error?.toJSON(),
    body: error?.body,
    header: error?.headers.get('retry-after'),
  };
}
