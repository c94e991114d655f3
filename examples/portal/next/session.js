import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';
import { cookie, secret } from './account.mjs';

/** The session of the request that is answered. */
export const sessionOf = async () =>
  getIronSession(await cookies(), {
    cookieName: 'portal',
    password: secret,
    cookieOptions: cookie,
  });
