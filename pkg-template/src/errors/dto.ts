import * as errors from './classes.js';

/** What the core says of a failure: `type` names the class. */
type ErrorDto = errors.ErrorFields & { readonly type: string; readonly causedBy?: string };

type ErrorClass = new (fields: never) => errors.CertsError;

/** What to throw for what the core failed with: the signal's own reason, an error of its class, or else the same. */
export function errorOf(reason: unknown, signal?: AbortSignal): unknown {
  if (!isDto(reason)) return reason;
  if (reason.type === 'Aborted') return signal?.reason;
  const classes = errors as unknown as Record<string, ErrorClass | undefined>;
  const errorClass = classes[reason.type] ?? (errors.CertsError as ErrorClass);
  const { causedBy, ...fields } = reason;
  // The words of what failed, without any secret: the thing itself may hold one.
  return new errorClass((causedBy === undefined ? fields : { ...fields, cause: new Error(causedBy) }) as never);
}

function isDto(reason: unknown): reason is ErrorDto {
  return typeof reason === 'object' && reason !== null && !(reason instanceof Error) && 'type' in reason;
}
