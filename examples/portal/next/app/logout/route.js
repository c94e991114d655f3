import { sessionOf } from '../../session.js';

export async function POST() {
  const session = await sessionOf();
  session.destroy();
  return new Response(null, { status: 303, headers: { location: '/' } });
}
