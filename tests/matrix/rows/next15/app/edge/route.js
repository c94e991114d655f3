import { program } from '../../program.mjs';

export const runtime = 'edge';
export const dynamic = 'force-dynamic';

export async function GET() {
  return new Response(await program());
}
