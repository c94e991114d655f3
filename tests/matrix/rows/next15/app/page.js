import { program } from '../program.mjs';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <main id="result">{await program()}</main>;
}
