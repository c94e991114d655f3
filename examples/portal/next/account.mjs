/** What all these portals have in common: the client of the key, and the people who may log in. That of Next has a copy. */
import { timingSafeEqual } from 'node:crypto';
import { CertsClient } from 'markmonitor-certs';
import { reading } from 'markmonitor-certs/proxy';

/**
 * One for the whole process: its limit, its token and what it remembers are those of every page. Key, user, password and
 * address come from the environment.
 */
export const client = new CertsClient();

/** What is allowed beside reading. */
const changes = ['orders.create', 'orders.cancel', 'contacts.delete'];

/** In place of your directory. Here each has a password in the environment; who has none cannot log in. */
const people = {
  ada: { password: process.env.ADA_PASSWORD, allow: { operations: [...reading, ...changes] } },
  rita: { password: process.env.RITA_PASSWORD, allow: {} },
};

if (!Object.values(people).some(({ password }) => password)) {
  throw new Error('Set ADA_PASSWORD or RITA_PASSWORD: without a password nobody can log in.');
}

/** Whether somebody is who they say. */
export function isPerson(name, password) {
  const known = Object.hasOwn(people, name) ? people[name].password : undefined;
  if (!known || typeof password !== 'string') return false;
  const [given, wanted] = [password, known].map((text) => Buffer.from(text.padEnd(64).slice(0, 64)));
  return timingSafeEqual(given, wanted) && password === known;
}

/** What `authorize` says of a name that a session holds. */
export const personOf = (name) =>
  name && Object.hasOwn(people, name) ? { user: name, allow: people[name].allow } : null;

/** Under which names pages reach this server. */
export const hosts = (process.env.PORTAL_HOSTS ?? 'localhost:*').split(',');

/** What makes sessions that nobody else can make: the same in each process, and after a restart. */
export const secret = process.env.SESSION_SECRET ?? '';
if (secret.length < 32) {
  throw new Error('Set SESSION_SECRET to 32 random characters or more, such as `openssl rand -hex 32` prints.');
}

/** How the session's cookie is kept: no other site sends it, and no script reads it. */
export const cookie = { httpOnly: true, sameSite: 'strict', secure: process.env.NODE_ENV === 'production' };
