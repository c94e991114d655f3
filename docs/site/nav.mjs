/** What is in the sidebar, and in which order. */
const page = (text, link) => ({ text, link });
const section = (text, items, more = {}) => ({ text, items: items.map((item) => page(...item)), ...more });

export const guides = [
  section('Start', [
    ['A script', '/guides/script'],
    ['A portal', '/portal'],
    ['A page that only reads', '/guides/page'],
    ['At a prompt', '/cli'],
    ['From curl', '/guides/curl'],
  ]),
  section('Certificates', [
    ['Accounts and keys', '/guides/accounts'],
    ['An order, step by step', '/guides/orders'],
    ['OV, EV and approvers', '/guides/validation'],
    ['Control of a domain', '/guides/dcv'],
    ['Reissue, renew, revoke', '/guides/changes'],
    ['Renew everything, unattended', '/renewals'],
    ['Install a certificate', '/guides/install'],
  ]),
  section('In operation', [
    ['Rate limit and polling', '/guides/limits'],
    ['When a call fails', '/guides/failures'],
    ['Testing', '/guides/testing'],
    ['Corporate proxies and CAs', '/guides/networks'],
    ['Content Security Policy', '/guides/csp'],
    ['Recipes', '/guides/recipes'],
    ['Troubleshooting', '/guides/troubleshooting'],
    ['Security', '/security'],
  ]),
  section('Facts', [
    ['Where it runs', '/runtimes'],
    ['Errors', '/errors'],
    ['Findings', '/findings'],
    ['Options and events', '/options'],
    ['The service, as far as known', '/contract'],
    ["The vendor's guide", '/guides/vendor-guide'],
    ['Versions', '/guides/versions'],
    ['Changes', '/changelog'],
  ]),
];

export const examples = (names) => [
  section(
    'Examples',
    names.map((name) => [name, `/examples/${name}`]),
  ),
];

export const contributors = [
  section('Work on it', [
    ['Contributing', '/contributing'],
    ['Architecture', '/architecture'],
    ['What is read', '/pki'],
    ['Performance', '/performance'],
    ['Report a weakness', '/weaknesses'],
  ]),
];
