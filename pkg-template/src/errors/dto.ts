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
  // The words of what failed, without any secret: the thing itself may hold one.
  const said = causedBy === undefined ? errorOf(cause, signal) : new Error(causedBy);
  return new errorClass({ ...fields, cause: said } as never);
}

/** The core says what failed in JSON. */
const unsaid =
  'A call failed, and what for is lost, because `JSON.parse` threw: look for what has replaced it in this environment.';

function isDto(reason: unknown): reason is ErrorDto {
  return typeof reason === 'object' && reason !== null && !(reason instanceof Error) && 'type' in reason;
}
