/** What the programs of the documentation use of other packages, as the types of those have it. */
declare module 'fastify' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Request {
    raw: IncomingMessage;
    body: unknown;
  }
  interface Reply {
    raw: ServerResponse;
    hijack(): void;
  }
  export default function fastify(): { all(path: string, handler: (request: Request, reply: Reply) => unknown): void };
}

declare module 'redis' {
  interface Client {
    connect(): Promise<unknown>;
    on(event: string, listener: (error: Error) => void): unknown;
    sendCommand(parts: string[]): Promise<unknown>;
  }
  export function createClient(options: { url?: string; disableOfflineQueue?: boolean }): Client;
}

declare module 'undici' {
  export class EnvHttpProxyAgent {
    close(): Promise<void>;
  }
  export function setGlobalDispatcher(dispatcher: EnvHttpProxyAgent): void;
}
