/** What program.mjs returns when all of it worked. */
export const expected = 'example.com www.example.com valid DIGI_ISSUED example.com 1 404';
