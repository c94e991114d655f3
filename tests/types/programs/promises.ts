// The promises of the public API, as types: each line compiles only if the promise is kept.
import type {
  CallOptions,
  CertsClient,
  CertsError,
  Contact,
  Csr,
  History,
  Order,
  Organization,
  Page,
  PagePromise,
  ParseError,
  Price,
  ServerCsr,
  TimeoutError,
  TokenInfo,
} from 'markmonitor-certs';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const kept = <T extends true>(..._: T[]): void => {};
type Result<F extends (...args: never[]) => unknown> = ReturnType<F>;
type Clients = Pick<CertsClient, 'tokens' | 'organizations' | 'contacts' | 'certs' | 'orders' | 'rateLimit'>;

kept<Equal<Result<Clients['tokens']['authenticate']>, Promise<TokenInfo>>>();
kept<Equal<TokenInfo['expiresAt'], Date>>();
kept<Equal<Result<Clients['organizations']['get']>, Promise<Organization>>>();
kept<Equal<Result<Clients['organizations']['list']>, PagePromise<Organization>>>();
kept<Equal<Result<Clients['organizations']['history']['get']>, Promise<History>>>();
kept<Equal<Result<Clients['contacts']['update']>, Promise<Contact>>>();
kept<Equal<Result<Clients['contacts']['delete']>, Promise<void>>>();
kept<Equal<Result<Clients['certs']['parse']>, Promise<ServerCsr[]>>>();
kept<Equal<Result<Clients['orders']['prices']>, Promise<Price[]>>>();
kept<Equal<Result<Clients['orders']['download']>, Promise<Uint8Array>>>();
kept<Equal<Awaited<PagePromise<Order>>, Page<Order>>>();
kept<PagePromise<Order> extends AsyncIterable<Order> ? true : false>();
kept<Clients['orders']['watch'] extends (...args: never[]) => AsyncIterable<Order> ? true : false>();
kept<Equal<NonNullable<Order['contacts']>, string[]>>();
kept<Equal<NonNullable<NonNullable<Order['cert']>['dnsNames']>, string[]>>();
kept<Equal<Csr['subject']['commonName'], string | undefined>>();
kept<ParseError extends CertsError ? true : false>();
kept<Equal<TimeoutError['phase'], 'queue' | 'token' | 'response' | 'body' | 'backoff'>>();
kept<Equal<Clients['rateLimit']['state']['pausedForMs'], number>>();
kept<undefined extends CallOptions['signal'] ? true : false>();
// Known values complete, and any other is welcome.
kept<'DIGI_ISSUED' extends NonNullable<Order['status']> ? true : false>();
kept<string extends NonNullable<Order['status']> ? true : false>();
