import * as errors from './errors.js';

/** What the core says of a failure: `type` names the class. */
type ErrorDto = errors.ErrorFields & { readonly type: string };

type ErrorClass = new (fields: never) => errors.CertsError;

/** The error that the core means; whatever is not a DTO stays as it is. */
export function errorOfDto(reason: unknown): unknown {
  if (!isDto(reason)) return reason;
  const classes = errors as unknown as Record<string, ErrorClass | undefined>;
  const errorClass = classes[reason.type] ?? (errors.CertsError as ErrorClass);
  return new errorClass(reason as never);
}

function isDto(reason: unknown): reason is ErrorDto {
  return typeof reason === 'object' && reason !== null && !(reason instanceof Error) && 'type' in reason;
}
