import { readable } from '../errors/refuse.js';

/** The id of something that is given as such or by its id. What is neither is left to the core, which says so. */
export function idOf(given: string | { id: string }): string {
  return typeof given === 'object' && given !== null ? readable('id', () => given.id) : given;
}
