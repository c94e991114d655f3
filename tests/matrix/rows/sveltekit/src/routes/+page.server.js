import { program } from '$lib/program.mjs';

export const load = async () => ({ result: await program() });
