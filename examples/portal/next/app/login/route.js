import { isPerson } from '../../account.mjs';
import { sessionOf } from '../../session.js';

/** Where a page leads whose session has ended: the form is at the root. */
export const GET = () => new Response(null, { status: 303, headers: { location: '/' } });

export async function POST(request) {
  const form = await request.formData();
  if (!isPerson(form.get('name'), form.get('password')))
    return new Response('Wrong name or password.', { status: 401 });
  const session = await sessionOf();
  session.name = form.get('name');
  await session.save();
  return new Response(null, { status: 303, headers: { location: '/' } });
}
