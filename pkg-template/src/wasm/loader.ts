import { CertsError } from '../errors/classes.js';
import { errorOf } from '../errors/dto.js';
import { reasonOf } from '../errors/reason.js';
import { isPage } from '../host/environment.js';
import { throwIfAborted } from '../host/signal.js';
import type { WasmSource } from '../types/platform.js';
import { Flight } from './flight.js';
import { type Glue, Instance, type MakeGlue } from './instance.js';

/** Finds the wasm in one environment. */
export interface WasmProvider {
  /** Called when the wasm is first needed. */
  find(): WasmSource | Promise<WasmSource>;
}

/**
 * Loads one wasm module: when it is first needed, once for all callers, and again after a failure. A broken instance is
 * replaced by a fresh one for the next caller.
 */
export class WasmLoader<T extends Glue> {
  readonly #name: string;
  readonly #makeGlue: MakeGlue<T>;
  readonly #maxIdleBytes: number;
  #provider: WasmProvider | undefined;
  #source: WasmSource | undefined;
  #module: WebAssembly.Module | undefined;
  #loading: Flight<Instance<T>> | undefined;
  #instance: Instance<T> | undefined;

  /**
   * @param maxIdleBytes An idle instance with more memory than this is replaced for the next call. Only for modules that
   * keep nothing from one call to the next.
   */
  constructor(name: string, makeGlue: MakeGlue<T>, maxIdleBytes = Number.POSITIVE_INFINITY) {
    this.#name = name;
    this.#makeGlue = makeGlue;
    this.#maxIdleBytes = maxIdleBytes;
  }

  /** The instance, if there is one already. */
  get instance(): Instance<T> | undefined {
    return this.#instance;
  }

  /** The functions of the instance, if there is one already. */
  get loaded(): T | undefined {
    return this.#instance?.exports;
  }

  /** Says how this environment finds the wasm. */
  provide(provider: WasmProvider): void {
    this.#provider = provider;
  }

  /** The instance, unless the signal is aborted first. */
  async get(signal?: AbortSignal): Promise<Instance<T>> {
    if (this.#instance) return this.#instance;
    this.#loading ??= new Flight(
      this.#load().finally(() => {
        this.#loading = undefined;
      }),
    );
    return this.#loading.wait(signal);
  }

  /** Makes the instance from this source, unless there is one already. */
  async init(source?: WasmSource): Promise<void> {
    if (source !== undefined && !this.#instance && !this.#loading) this.#source = source;
    await this.get();
  }

  /** Does something with the instance, and turns what that throws into what this package throws. */
  async use<R>(work: (exports: T) => R, signal?: AbortSignal): Promise<R> {
    throwIfAborted(signal);
    const instance = this.#instance ?? (await this.get(signal));
    try {
      return instance.enter(work);
    } catch (reason) {
      throw errorOf(reason, signal);
    } finally {
      this.#giveBack(instance);
    }
  }

  /** The same for what takes several steps: all are of one instance. */
  async call<R>(work: (exports: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    throwIfAborted(signal);
    const instance = this.#instance ?? (await this.get(signal));
    try {
      return await instance.call<R>((exports, done) => {
        work(exports).then((value) => done(undefined, value), done as (reason: unknown) => void);
      });
    } catch (reason) {
      throw errorOf(reason, signal);
    } finally {
      this.#giveBack(instance);
    }
  }

  async #load(): Promise<Instance<T>> {
    try {
      this.#module ??= await this.#compile();
      const instance = new Instance(this.#makeGlue, () => this.#forget(instance), this.#name === 'core');
      await instance.exports.default({ module_or_path: this.#module }).catch((cause) => {
        throw loadError(
          this.#name,
          cause,
          'If it is of another version than the JavaScript, a cache may have kept it.',
        );
      });
      instance.enter(() => {});
      this.#instance = instance;
      return instance;
    } catch (cause) {
      this.#module = undefined;
      throw cause instanceof CertsError ? cause : loadError(this.#name, cause, howToProvide());
    }
  }

  /** Lets go of an instance that one large input has left with more memory than others need. */
  #giveBack(instance: Instance<T>): void {
    if (instance.idleBytes > this.#maxIdleBytes) this.#forget(instance);
  }

  #forget(instance: Instance<T>): void {
    if (this.#instance === instance) this.#instance = undefined;
  }

  async #compile(): Promise<WebAssembly.Module> {
    const source = this.#source ?? (await this.#provider?.find());
    if (source === undefined) throw notProvided(this.#name);
    // A reply can be read once only.
    if (is('Response', source)) this.#source = undefined;
    return compile(source);
  }
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (is('WebAssembly.Module', source)) return source as WebAssembly.Module;
  if (is('Response', source)) return compileReply(source as Response);
  if (!is('String', source) && !is('URL', source)) return WebAssembly.compile(source as BufferSource);
  const place = source as URL | string;
  const file = filesOf(place);
  if (!file) return compileReply(await fetch(place));
  // In a variable, for Turbopack's edge runtime understands no `await` inside the call.
  const bytes = await file.readFile(file.place);
  return WebAssembly.compile(bytes);
}

// By tag and not by instanceof: a test runner may have made the value in another realm.
function is(tag: 'WebAssembly.Module' | 'Response' | 'String' | 'URL', value: unknown): boolean {
  return Object.prototype.toString.call(value) === `[object ${tag}]`;
}

async function compileReply(reply: Response): Promise<WebAssembly.Module> {
  if (!reply.ok) throw new Error(`${reply.url} answered ${reply.status}`);
  // Streaming needs the media type, and not every server knows the one of wasm.
  if (reply.headers.get('content-type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(reply);
  const bytes = await reply.arrayBuffer();
  return WebAssembly.compile(bytes);
}

interface Files {
  readFile(place: URL | string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Node's files, for a path or a file address; undefined where there are none, and for an address of the network. */
function filesOf(place: URL | string): { place: URL | string; readFile: Files['readFile'] } | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Files | undefined } };
  // Asked for and not imported: a bundler for browsers has no such module.
  const files = isPage() ? undefined : process?.getBuiltinModule?.('node:fs/promises');
  const url = URL.canParse(`${place}`) ? new URL(place) : undefined;
  // One letter before the colon is a drive.
  const isPath = url === undefined || /^[a-z]:$/.test(url.protocol);
  if (!files || !(isPath || url.protocol === 'file:')) return undefined;
  return { place: isPath ? place : url, readFile: files.readFile };
}

/** The error where nobody says how the wasm is found. */
export function notProvided(name: string): CertsError {
  return new CertsError({
    code: 'wasm_not_provided',
    message:
      `This entry loads no wasm by itself: call init first with the package's ${name}.wasm (a WebAssembly.Module, its ` +
      `bytes, a Response or an address), such as init({ ${name}: source }), or import 'markmonitor-certs' instead.`,
  });
}

function howToProvide(): string {
  if (typeof WebAssembly === 'undefined') {
    return 'WebAssembly is off here, as in the Lockdown Mode of Apple or with `node --jitless`: turn it on.';
  }
  if (isPage()) {
    return (
      `A Content-Security-Policy has to allow 'wasm-unsafe-eval'. Unless you import 'markmonitor-certs/inline' (or ` +
      `'/pki/inline', '/sandbox/inline'), a .wasm file has to be served there.`
    );
  }
  return (
    `Pass its bytes to init(), or import 'markmonitor-certs/inline' (or '/pki/inline', '/sandbox/inline'), which ` +
    'needs no file.'
  );
}

function loadError(name: string, cause: unknown, advice: string): CertsError {
  const message = `${name}.wasm could not be loaded: ${reasonOf(cause)}. ${advice} The next use tries again.`;
  return new CertsError({ code: 'wasm_load_failed', message, cause });
}
