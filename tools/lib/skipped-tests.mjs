/** A reporter for `node --test`: one line of JSON for each test that was skipped, with its reason. */
export default async function* skippedTests(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' || data.skip === undefined || data.skip === false) continue;
    const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
    yield `${JSON.stringify({ name: data.name, reason })}\n`;
  }
}
