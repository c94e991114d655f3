/** Checks requests and replies against docs/openapi.yaml, with openapi-backend and Ajv, which share no code with the project. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import openapi from 'openapi-backend';
import refparser from 'openapi-backend/refparser.js';
import { path } from '../../../tools/lib/project.mjs';

/** Ajv as OpenAPI 3.1 wants it: JSON Schema 2020-12, with every mismatch listed. The format `csr` is a word of our own. */
function ajv(_, options) {
  const validator = new Ajv2020({ ...options, allErrors: true });
  addFormats(validator);
  return validator.addFormat('csr', /-----BEGIN (NEW )?CERTIFICATE REQUEST-----/);
}

/**
 * The description without references. Nothing in it is shared: where two uses of a schema share a list, openapi-backend
 * takes the second one for a circle, and puts a reference in the place of the list.
 */
async function loadDescription() {
  return JSON.parse(JSON.stringify(await refparser.dereference(path('docs', 'openapi.yaml'))));
}

/** Opens the description. What it says of a request or a reply is a list of mismatches, empty when there are none. */
export async function openContract() {
  // `quick`: it would hold the description itself to OpenAPI 3.0. That one is redocly's, in a check of its own.
  const definition = await loadDescription();
  const judge = new openapi.OpenAPIBackend({ definition, customizeAjv: ajv, quick: true });
  await judge.init();

  return {
    /** All calls, by their operationId. */
    operations: judge.getOperations().map(({ operationId }) => operationId),

    /** Which call a request is, if it is one. */
    operationOf: ({ method, path }) => judge.matchOperation({ method, path, headers: {} }),

    mismatchesOfRequest(operation, { method, path, query, headers, body }) {
      const request = { method, path, query, headers, body: body || undefined };
      const { errors } = judge.validateRequest(request, operation);
      return [
        ...credentialsMissingIn(headers, operation.security),
        ...bodyOutOfPlace(headers['content-type'], body, operation.requestBody),
        ...inWords(errors),
      ];
    },

    mismatchesOfReply(operation, { status, headers, body }) {
      const described = operation.responses[status] ?? operation.responses[`${Math.floor(status / 100)}XX`];
      if (!described) return ['this status is not described'];
      const type = mediaType(headers['content-type']);
      if (!(type in described.content)) return [`the type ${type} is not described`];
      if (type !== 'application/json') return [];
      try {
        return inWords(judge.validateResponse(JSON.parse(body), operation, status).errors);
      } catch (error) {
        if (error instanceof SyntaxError) return ['the body is not JSON'];
        throw error;
      }
    },
  };
}

const mediaType = (header = '') => header.split(';')[0].trim().toLowerCase();

/** What openapi-backend leaves to the one who uses it. Each requirement is one way in, and names all that it takes. */
function credentialsMissingIn(headers, requirements) {
  const given = { apiKey: 'x-api-key' in headers, token: /^Bearer \S+$/.test(headers.authorization) };
  const isIn = requirements.some((schemes) => Object.keys(schemes).every((scheme) => given[scheme]));
  return isIn ? [] : [`wants ${requirements.map((schemes) => Object.keys(schemes).join(' and ')).join(' or ')}`];
}

/** openapi-backend takes a body of any type, and one where none is described. */
function bodyOutOfPlace(header, body, described) {
  if (!body) return [];
  if (!described) return ['has a body'];
  const type = mediaType(header);
  return type in described.content ? [] : [`the type ${type} is not described`];
}

const inWords = (errors) =>
  (errors ?? []).map(({ instancePath, message, params: { additionalProperty } }) =>
    [instancePath, message, additionalProperty].filter(Boolean).join(' '),
  );
