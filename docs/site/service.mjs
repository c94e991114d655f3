/** docs/openapi.yaml as pages: the calls of each tag, and the shapes of what is sent and received. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const description = parse(readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8'));
const methods = ['get', 'post', 'put', 'patch', 'delete'];

const operations = Object.entries(description.paths).flatMap(([url, item]) =>
  methods
    .filter((method) => item[method])
    .map((method) => ({ url, method, parameters: item.parameters ?? [], ...item[method] })),
);

const resolved = (part) => {
  if (!part?.$ref) return part ?? {};
  const names = part.$ref.slice('#/'.length).split('/');
  return names.reduce((at, name) => at[name], description);
};
const nameOf = ({ $ref }) => $ref?.split('/').at(-1);
const slug = (tag) => tag.toLowerCase();

/** In a cell of a table, outside of code. */
const cell = (text = '') =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\|/g, '\\|')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 ? part : part.replace(/</g, '&lt;').replace(/\{\{/g, '&#123;&#123;')))
    .join('');

const inferred = (part) => (part['x-inferred'] ? '*Inferred.* ' : '');

function typeOf(schema) {
  const name = nameOf(schema);
  if (name) return `[${name}](./shapes.md#${name.toLowerCase()})`;
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' or ');
  const types = [schema.type ?? 'any'].flat().filter((type) => type !== 'null');
  return `${types.join(' or ')}${schema.format ? ` (${schema.format})` : ''}`;
}

const table = (head, rows) =>
  rows.length === 0
    ? ''
    : `| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n`;

function operationText(operation) {
  const { url, method, operationId, summary, requestBody, responses } = operation;
  const parameters = [...operation.parameters, ...(operation.parameters === undefined ? [] : [])].map(resolved);
  const own = (description.paths[url][method].parameters ?? []).map(resolved);
  const all = [...new Map([...parameters, ...own].map((parameter) => [parameter.name, parameter])).values()];
  const [content] = Object.values(resolved(requestBody).content ?? {});
  const body = content ? `The body: ${typeOf(content.schema)}.\n\n` : '';
  const replies = Object.entries(responses).map(([status, response]) => {
    const { description: text, content = {} } = resolved(response);
    const kinds = Object.entries(content).map(([type, { schema }]) =>
      type === 'application/json' ? typeOf(schema ?? {}) : `\`${type}\``,
    );
    return [status, cell(text), kinds.join(' or ')];
  });
  return [
    `## ${summary} {#${operationId.toLowerCase().replace(/\./g, '-')}}\n\n`,
    `\`${method.toUpperCase()} ${url}\`, in the package \`client.${operationId}\`.\n\n`,
    operation.description || operation['x-inferred']
      ? `${inferred(operation)}${cell(operation.description ?? '')}\n\n`
      : '',
    table(
      ['parameter', 'in', 'type', 'what it is'],
      all.map((parameter) => [
        `\`${parameter.name}\``,
        parameter.in,
        typeOf(parameter.schema ?? {}),
        `${inferred(parameter)}${cell(parameter.description)}`,
      ]),
    ),
    body,
    table(['status', 'what it says', 'body'], replies),
  ].join('');
}

function shapeText([name, schema]) {
  const values = schema.enum?.filter((value) => value !== null).map((value) => `\`${value}\``);
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([field, type]) => [
    `\`${field}\`${required.has(field) ? ' (required)' : ''}`,
    typeOf(type),
    `${inferred(type)}${cell(type.description ?? '')}`,
  ]);
  return [
    `## ${name}\n\n`,
    schema.description ? `${inferred(schema)}${cell(schema.description)}\n\n` : '',
    values ? `One of ${values.join(', ')}; there may be others.\n\n` : '',
    rows.length === 0 && !values ? `Type: ${typeOf(schema)}.\n\n` : '',
    table(['field', 'type', 'what it is'], rows),
  ].join('');
}

/** The pages, by their place in the site. */
export function servicePages() {
  const { info, tags, components } = description;
  const list = operations.map(({ url, method, operationId, summary, tags: [tag] }) => [
    `[${summary}](./${slug(tag)}.md#${operationId.toLowerCase().replace(/\./g, '-')})`,
    `\`${method.toUpperCase()} ${url}\`<br>\`client.${operationId}\``,
  ]);
  const start = `# The service\n\n${info.description.replace(/`x-[^`]*`/g, (code) => code)}\n## Every call\n\n`;
  return {
    'service/index.md': `${start}${table(['what it does', 'request, and in the package'], list)}`,
    ...Object.fromEntries(
      tags.map(({ name, description: what }) => [
        `service/${slug(name)}.md`,
        `# ${name}\n\n${what}\n\n${operations
          .filter(({ tags: [tag] }) => tag === name)
          .map(operationText)
          .join('')}`,
      ]),
    ),
    'service/shapes.md': `# Shapes\n\nWhat is sent and received, as JSON.\n\n${Object.entries(components.schemas).map(shapeText).join('')}`,
  };
}

export const serviceSidebar = () => [
  {
    text: 'The service',
    items: [
      { text: 'Every call', link: '/service/' },
      ...description.tags.map(({ name }) => ({ text: name, link: `/service/${slug(name)}` })),
      { text: 'Shapes', link: '/service/shapes' },
      { text: 'How sure each fact is', link: '/contract' },
    ],
  },
];
