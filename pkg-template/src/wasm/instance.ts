import { InternalError } from '../errors/classes.js';
import type { Within } from '../host/context.js';
import { type Codecs, codecs } from '../host/natives.js';

/** Called once, when what was started has ended: with what it failed for, or with its value. */
export interface Done<T> {
  (failure: unknown, value: T): void;
  /** Runs something in the context of the caller, where there is such a thing. */
  within?: Within | undefined;
}

/** The functions that wasm-bindgen generates around one instance. */
export interface Glue {
  default(init: { module_or_path: WebAssembly.Module }): Promise<unknown>;
}

/** Makes the functions around one instance. They see its exports only as `guard` returns them. */
export type MakeGlue<T> = (guard: (exports: WebAssembly.Exports) => WebAssembly.Exports, codecs: Codecs) => T;

/** What the glue gets in place of a result: it takes results apart by their index, and finds nothing here. */
const nothing: readonly never[] = [];

/**
 * One instance of a wasm module, and the calls under way in it.
 *
 * Every way in leads through a guard: calls of this package, and what the runtime calls by itself (microtasks, timers,
 * replies, abort listeners, finalizers). Whatever is thrown through wasm breaks the instance: a panic ends as a trap, and
 * an exception of JavaScript leaves Rust's frames without unwinding them. Then every call under way is rejected, and
 * nothing gets in any more. An error that Rust returns breaks nothing: the glue throws it after wasm returned.
 */
export class Instance<T> {
  /** The functions that the module exports. */
  readonly exports: T;

  /** What ends what is under way outside, for this instance: requests, timers, listeners. */
  readonly underWay = new Set<() => void>();

  readonly #pending = new Set<(reason: InternalError) => void>();
  readonly #onBreak: () => void;
  readonly #sends: boolean;
  #memory: WebAssembly.Memory | undefined;
  #depth = 0;
  #broken: { readonly cause: unknown } | undefined;

  /** @param sends Whether a call under way may have sent something. */
  constructor(makeGlue: MakeGlue<T>, onBreak: () => void, sends = false) {
    this.#onBreak = onBreak;
    this.#sends = sends;
    this.exports = makeGlue((exports) => this.#guardAll(exports), codecs());
  }

  /** Whether nothing gets in any more. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** How many bytes of memory it holds with no call under way; 0 during calls. wasm memory grows, and never shrinks. */
  get idleBytes(): number {
    return this.#pending.size === 0 ? (this.#memory?.buffer.byteLength ?? 0) : 0;
  }

  /**
   * Does something with the instance, now.
   *
   * @throws InternalError The instance is broken, or breaks meanwhile.
   */
  enter<R>(work: (exports: T) => R): R {
    this.#assertWhole();
    let result: R;
    try {
      result = work(this.exports);
    } catch (reason) {
      // What the glue made of the nothing that the guard returned is of no interest.
      this.#assertWhole();
      throw reason;
    }
    // A break shows nowhere else, for the guard throws nothing.
    this.#assertWhole();
    return result;
  }

  /** Starts something that calls `done` when it has ended. It ends with an InternalError if the instance breaks before. */
  call<R>(start: (exports: T, done: Done<R>) => void): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      const done: Done<R> = (failure, value) => {
        if (!this.#pending.delete(reject)) return;
        if (failure === undefined) resolve(value);
        else reject(failure);
      };
      try {
        this.enter((exports) => start(exports, done));
      } catch (reason) {
        this.#pending.delete(reject);
        reject(reason);
      }
    });
  }

  #assertWhole(): void {
    if (this.#broken) throw internalError(this.#broken.cause);
  }

  #guardAll(exports: WebAssembly.Exports): WebAssembly.Exports {
    this.#memory = exports.memory as WebAssembly.Memory | undefined;
    const guarded = Object.entries(exports).map(([name, value]): [string, WebAssembly.ExportValue] => {
      return [name, typeof value === 'function' ? this.#guard(value as WasmFunction) : value];
    });
    return Object.fromEntries(guarded);
  }

  #guard(work: WasmFunction): WasmFunction {
    return (...args) => {
      if (this.#broken) return this.#refuse(this.#broken.cause);
      this.#depth += 1;
      try {
        return work(...args);
      } catch (cause) {
        this.#break(cause);
        return this.#refuse(cause, 1);
      } finally {
        this.#depth -= 1;
      }
    };
  }

  /**
   * From the outside the way in leads to nothing: a microtask or a timer has nobody who could catch. Called by wasm that
   * is still running, it throws, so that no more of that runs.
   */
  #refuse(cause: unknown, outermost = 0): readonly never[] {
    if (this.#depth > outermost) throw cause;
    return nothing;
  }

  #break(cause: unknown): void {
    if (this.#broken) return;
    this.#broken = { cause };
    this.#onBreak();
    // They would come to nothing, and keep a process alive until then.
    for (const cancel of this.underWay) cancel();
    this.underWay.clear();
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(internalError(cause, this.#sends));
  }
}

type WasmFunction = (...args: unknown[]) => unknown;

function internalError(cause: unknown, mayHaveBeenApplied = false): InternalError {
  const message =
    'The WebAssembly broke, which is a bug in this package: please report it. The next call runs on a fresh instance.';
  return new InternalError({ code: 'internal', message, cause, mayHaveBeenApplied });
}
