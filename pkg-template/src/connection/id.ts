import { readable } from '../errors/refuse.js';

/** The id of something that is given as such or by its id. What is neither is left to the core, which says so. */
export function idOf(given: string | { id: string }): string {
  return typeof given === 'object' && given !== null ? readable('id', () => given.id) : given;
}

/** The id of anything at the service: a UUID (guide 8.7.1). */
export const isUuid = (given: unknown): given is string =>
  typeof given === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(given);
