import type {
  CallOptions,
  DownloadFormat,
  NewContact,
  NewOrder,
  NewOrganization,
  Order,
  OrderAction,
  Organization,
  Page,
  PreparedRequest,
  RateLimitState,
  RequestOptions,
  WaitOptions,
} from './types/index.js';

/** What has a history. */
export type Subject = 'organization' | 'contact' | 'order';

/** A call of the service, as the core takes it. */
export type Operation =
  | { operation: 'createOrganization'; organization: NewOrganization }
  | { operation: 'getOrganization'; id: string }
  | { operation: 'listOrganizations'; filter: object }
  | { operation: 'createContact'; contact: NewContact }
  | { operation: 'getContact'; id: string }
  | { operation: 'listContacts'; filter: object }
  | { operation: 'updateContact'; id: string; changes: Partial<NewContact> }
  | { operation: 'deleteContact'; id: string }
  | { operation: 'parseCsrs'; csrs: string[]; body?: object }
  | { operation: 'createOrder'; order: NewOrder; check: boolean }
  | { operation: 'getOrder'; id: string }
  | { operation: 'listOrders'; filter: object }
  | { operation: 'listPrices' }
  | { operation: 'downloadCert'; id: string; format: DownloadFormat }
  | { operation: 'changeOrder'; order: string | Order; action: OrderAction; body: object; check: boolean }
  | { operation: 'listHistory'; subject: Subject; id: string; filter: object }
  | { operation: 'getHistory'; subject: Subject; id: string; historyId: string }
  | ({ operation: 'request' } & RequestOptions);

/** A value, and how it was answered. */
export interface Answer<T> {
  value: T;
  info: ResponseInfoDto;
}

/** How a call was answered, as the core says it. */
export interface ResponseInfoDto {
  status: number;
  headers: [string, string][];
  requestId?: string;
  method: string;
  url: string;
  attempts: number;
  queuedMs: number;
  durationMs: number;
}

/** When the token ends, as the core says it. */
export interface TokenInfoDto {
  /** Milliseconds since 1970. */
  expiresAt: number;
  remainingMs: number;
}

/** Something that gives one thing after the other, until there is none. */
export interface Cursor<T> {
  next(): Promise<T | undefined>;
  free(): void;
}

/** One order that was waited for. */
export interface SettledDto {
  id: string;
  order?: Order;
  error?: unknown;
}

/** A client of the core, as this package uses it. It makes the calls and all decisions about them. */
export interface CoreClient {
  withOptions(options: object): CoreClient;
  call(operation: Operation, options: CallOptions): Promise<Answer<unknown>>;
  prepare(operation: Operation): PreparedRequest;
  pages(operation: Operation, options: CallOptions): Cursor<Answer<Page<unknown>>>;
  createOnce(order: NewOrder, options: CallOptions & { check?: boolean | undefined }): Promise<Order>;
  expiring(options: CallOptions & { withinDays: number; filter?: object | undefined }): Promise<Order[]>;
  waitForOrder(order: string | Order, goal: unknown, options: WaitOptions<Order>): Promise<Order>;
  waitForOrders(ids: string[], goal: unknown, options: WaitOptions<Order>): Cursor<SettledDto>;
  watchOrder(id: string, options: WaitOptions<Order>): Cursor<Order>;
  waitForOrganization(id: string, type: string | undefined, options: WaitOptions<Organization>): Promise<Organization>;
  authenticate(options: CallOptions): Promise<TokenInfoDto>;
  refresh(options: CallOptions): Promise<TokenInfoDto>;
  token(options: CallOptions): Promise<string>;
  tokenInfo(): TokenInfoDto | undefined;
  clearToken(): void;
  rateLimit(): RateLimitState;
  pause(ms: number | undefined): void;
  resume(): void;
  close(): void;
}

/** Makes a client of the core. */
export type CoreClientConstructor = new (options: object) => CoreClient;
