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

/** How the session's cookie is kept: no other site sends it, and no script reads it. */
export const cookie = { httpOnly: true, sameSite: 'strict', secure: process.env.NODE_ENV === 'production' };
