// The handwritten interface of what the wasm modules export, compared with the declarations that the build made from Rust.
import type * as core from '../../build/core/core.js';
import type * as pki from '../../build/pki/pki.js';
import type * as renewals from '../../build/renewals/renewals.js';
import type * as sandbox from '../../build/sandbox/sandbox.js';
import type {
  Core,
  CoreClient,
  Cursor,
  Draft,
  Judgement,
  Reader,
  RenewalMachine,
  RenewalsWasm,
  SandboxService,
} from '../../pkg-template/src/wasm/exports.js';

/** What wasm-bindgen adds to the exports and to each class, and what it calls by itself. */
type Added = 'default' | 'initSync' | 'start' | 'free' | typeof Symbol.dispose;
type Names<T> = Exclude<keyof T, Added>;
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const kept = <T extends true>(..._: T[]): void => {};

/** The names of functions that take another number of arguments. */
type Miscounted<Built, Written> = {
  [Name in keyof Built & keyof Written]: Built[Name] extends (...args: infer A) => unknown
    ? Written[Name] extends (...args: infer B) => unknown
      ? Equal<Required<A>['length'], Required<B>['length']> extends true
        ? never
        : Name
      : never
    : never;
}[keyof Built & keyof Written];

// Nothing is missing, and nothing is exported that nobody calls.
kept<Equal<Exclude<Names<typeof core>, 'Cursor'>, Names<Core>>>();
kept<Equal<Exclude<Names<typeof pki>, 'Draft' | 'Judgement'>, Names<Reader>>>();
kept<Equal<Names<pki.Draft>, Exclude<keyof Draft, 'free'>>>();
kept<Equal<Names<pki.Judgement>, keyof Judgement<unknown>>>();
kept<Equal<Names<core.Client>, Exclude<keyof CoreClient, 'free'>>>();
kept<Equal<Names<core.Cursor>, 'next'>>();
kept<Equal<Names<typeof renewals>, Names<RenewalsWasm>>>();
kept<Equal<Names<renewals.Renewals>, Exclude<keyof RenewalMachine, 'free'>>>();
kept<Equal<Names<sandbox.Sandbox>, keyof SandboxService>>();

// Each function takes as many arguments as it is given.
kept<Equal<Miscounted<typeof core, Core>, never>>();
kept<Equal<Miscounted<typeof pki, Reader>, never>>();
kept<Equal<Miscounted<pki.Draft, Draft>, never>>();
kept<Equal<Miscounted<pki.Judgement, Judgement<unknown>>, never>>();
kept<Equal<Miscounted<core.Client, CoreClient>, never>>();
kept<Equal<Miscounted<core.Cursor, Cursor<unknown>>, never>>();
kept<Equal<Miscounted<renewals.Renewals, RenewalMachine>, never>>();
kept<Equal<Miscounted<sandbox.Sandbox, SandboxService>, never>>();

// And what each returns can be used as what is written. No function of theirs returns a promise.
declare const client: core.Client;
export const written: CoreClient = client;
declare const functions: Omit<typeof core, Added | 'Client' | 'Cursor'>;
export const calling: Omit<Core, 'default' | 'Client'> = functions;
declare const reader: Omit<typeof pki, Added | 'Draft' | 'Judgement'>;
export const reading: Omit<Reader, 'default'> = reader;
declare const renewing: typeof renewals;
export const planning: Omit<RenewalsWasm, 'default'> = renewing;
