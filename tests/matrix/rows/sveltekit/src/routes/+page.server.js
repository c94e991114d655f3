import { program } from '../program.mjs';

export const load = async () => ({ result: await program() });
