import { errorOfDto } from './error-dto.js';
import { CertsError, InternalError } from './errors.js';
import { shared } from './shared.js';
import type { WasmSource } from './types/index.js';

/** Finds the wasm in one environment. */
export interface WasmProvider {
  /** Called when the wasm is first needed. */
  find(): WasmSource | Promise<WasmSource>;
  /** Reads a file address, where there are files. */
  readFile?(path: URL): Promise<BufferSource>;
}

/** The functions that wasm-bindgen generates around one instance. */
export interface Glue {
  default(init: { module_or_path: WebAssembly.Module }): Promise<unknown>;
}

/**
 * Loads one wasm module: when it is first needed, once for all callers, and again after a failure.
 */
export class WasmLoader<T extends Glue> {
  readonly #name: string;
  readonly #makeGlue: () => T;
  #provider: WasmProvider | undefined;
  #source: WasmSource | undefined;
  #module: WebAssembly.Module | undefined;
  #loading: Promise<T> | undefined;
  #loaded: T | undefined;

  constructor(name: string, makeGlue: () => T) {
    this.#name = name;
    this.#makeGlue = makeGlue;
  }

  /** The instance, if it is there already. */
  get loaded(): T | undefined {
    return this.#loaded;
  }

  /** Says how this environment finds the wasm. */
  provide(provider: WasmProvider): void {
    this.#provider = provider;
  }

  /** The instance. */
  get(): Promise<T> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The instance, made from this source unless it is there already. */
  init(source?: WasmSource): Promise<T> {
    if (source !== undefined && this.#loading === undefined) this.#source = source;
    return this.get();
  }

  /** Does something with the instance, and turns what that throws into what this package throws. */
  async use<R>(work: (instance: T) => R | Promise<R>): Promise<R> {
    const instance = this.#loaded ?? (await this.get());
    try {
      return await work(instance);
    } catch (reason) {
      throw this.errorOf(reason, instance);
    }
  }

  /** The error to throw for what an instance threw. A broken instance is forgotten: whoever asks next gets a fresh one. */
  errorOf(reason: unknown, instance: T, signal?: AbortSignal): unknown {
    if (!isTrap(reason)) return isAbort(reason) ? signal?.reason : errorOfDto(reason);
    if (this.#loaded === instance) {
      this.#loaded = undefined;
      this.#loading = undefined;
    }
    const message = 'The core failed; this is a mistake of the package. Please report it.';
    return new InternalError({ code: 'internal', message, cause: reason });
  }

  async #load(): Promise<T> {
    try {
      this.#module ??= await this.#compile();
      const glue = this.#makeGlue();
      await glue.default({ module_or_path: this.#module });
      this.#loaded = glue;
      return glue;
    } catch (cause) {
      this.#loading = undefined;
      throw cause instanceof CertsError ? cause : loadError(this.#name, cause);
    }
  }

  async #compile(): Promise<WebAssembly.Module> {
    const source = this.#source ?? (await this.#provider?.find());
    if (source === undefined) throw notProvided(this.#name);
    // A reply can be read once only.
    if (is('Response', source)) this.#source = undefined;
    return compile(source, this.#provider?.readFile);
  }
}

/** The loader that all copies of this package in the process share. */
export function sharedLoader<T extends Glue>(name: string, makeGlue: () => T): WasmLoader<T> {
  const { loaders } = shared();
  const loader = (loaders.get(name) as WasmLoader<T> | undefined) ?? new WasmLoader(name, makeGlue);
  loaders.set(name, loader);
  return loader;
}

async function compile(source: WasmSource, readFile: WasmProvider['readFile']): Promise<WebAssembly.Module> {
  if (is('WebAssembly.Module', source)) return source as WebAssembly.Module;
  if (is('Response', source)) return compileReply(source as Response);
  if (is('String', source) || is('URL', source)) {
    const address = source as URL | string;
    const file = readFile && fileUrl(address);
    return file ? WebAssembly.compile(await readFile(file)) : compileReply(await fetch(address));
  }
  return WebAssembly.compile(source as BufferSource);
}

// By tag and not by instanceof: a test runner may have made the value in another realm.
function is(tag: 'WebAssembly.Module' | 'Response' | 'String' | 'URL', value: unknown): boolean {
  return Object.prototype.toString.call(value) === `[object ${tag}]`;
}

async function compileReply(reply: Response): Promise<WebAssembly.Module> {
  if (!reply.ok) throw new Error(`${reply.url} answered ${reply.status}`);
  // Streaming needs the media type, and not every server knows the one of wasm.
  const streams = reply.headers.get('content-type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(reply) : WebAssembly.compile(await reply.arrayBuffer());
}

// A Rust panic ends as a trap, and leaves the instance in no state to go on with.
function isTrap(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'RuntimeError';
}

function isAbort(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'type' in reason && reason.type === 'Aborted';
}

function fileUrl(source: URL | string): URL | undefined {
  const url = URL.canParse(`${source}`) ? new URL(source) : undefined;
  return url?.protocol === 'file:' ? url : undefined;
}

/** The error where nobody says how the wasm is found. */
export function notProvided(name: string): CertsError {
  return new CertsError({
    code: 'wasm_not_provided',
    message:
      `This entry loads no wasm by itself: call init(source) first with the package's ${name}.wasm ` +
      `(a WebAssembly.Module, its bytes, a Response or an address), or import 'markmonitor-certs' instead.`,
  });
}

function loadError(name: string, cause: unknown): CertsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CertsError({
    code: 'wasm_load_failed',
    message:
      `${name}.wasm could not be loaded: ${reason}. Check that it is served where the page looks for it, and that a ` +
      `Content-Security-Policy allows 'wasm-unsafe-eval'; init(source) says where it is. The next use tries again.`,
    cause,
  });
}
