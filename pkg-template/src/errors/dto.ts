import { withoutStatus } from '../host/head.js';
import { reasonOf } from '../host/signal.js';
import * as errors from './classes.js';

/** What the core says of a failure: `type` names the class. */
type ErrorDto = errors.ErrorFields & { readonly type: string; readonly causedBy?: string };

type ErrorClass = new (fields: never) => errors.CertsError;

/** What to throw for what the core failed with: the signal's own reason, an error of its class, or else the same. */
export function errorOf(reason: unknown, signal?: AbortSignal): unknown {
  if (reason === null) return new errors.InternalError({ code: 'internal', message: unsaid });
  if (!isDto(reason)) return reason;
  if (reason.type === 'Aborted') return reasonOf(signal);
  const classes = errors as unknown as Record<string, ErrorClass | undefined>;
  const errorClass = classes[reason.type] ?? (errors.CertsError as ErrorClass);
  const { cause, causedBy, ...fields } = reason;
  if (reason.type === 'ConnectionError' && reason.message.includes(withoutStatus)) return notReply(fields);
  // The words of what failed, without any secret: the thing itself may hold one.
  const said = causedBy === undefined ? errorOf(cause, signal) : new Error(causedBy);
  return new errorClass({ ...fields, cause: said } as never);
}

/** The core says what failed in JSON. */
const unsaid = 'A call failed, and nobody knows why: `JSON.parse` threw. Look for what has replaced it.';

/** A mock that cannot be read is the caller's, and no fault of the network. */
function notReply({ mayHaveBeenApplied = false }: Pick<ErrorDto, 'mayHaveBeenApplied'>): errors.ValidationError {
  const message = `With the option \`fetch\`, ${withoutStatus}: give it the status that it stands for, such as 400.`;
  const finding = { severity: 'error', code: 'invalid_option', message, field: 'fetch' } as const;
  return new errors.ValidationError({ code: 'invalid', message, mayHaveBeenApplied, findings: [finding] });
}

function isDto(reason: unknown): reason is ErrorDto {
  return typeof reason === 'object' && reason !== null && !(reason instanceof Error) && 'type' in reason;
}
