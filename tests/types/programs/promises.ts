// The promises of the public API, as types: each line compiles only if the promise is kept.
import type {
  CallOptions,
  CertsClient,
  CertsError,
  Contact,
  Csr,
  ErrorCode,
  Events,
  FindingCode,
  Group,
  History,
  Operation,
  Order,
  Organization,
  Page,
  PagePromise,
  ParseError,
  Price,
  ServerCsr,
  TimeoutError,
  TokenInfo,
  ValidationError,
} from 'markmonitor-certs';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const kept = <T extends true>(..._: T[]): void => {};
type Result<F extends (...args: never[]) => unknown> = ReturnType<F>;
type Clients = Pick<CertsClient, 'tokens' | 'groups' | 'organizations' | 'contacts' | 'certs' | 'orders' | 'rateLimit'>;

kept<Equal<Result<Clients['tokens']['authenticate']>, Promise<TokenInfo>>>();
kept<Equal<TokenInfo['expiresAt'], Date>>();
kept<Equal<Result<Clients['groups']['list']>, PagePromise<Group>>>();
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
kept<Equal<TimeoutError['phase'], 'queue' | 'token' | 'response' | 'body' | 'backoff' | 'turn'>>();
kept<Equal<NonNullable<Clients['rateLimit']['state']>['pausedForMs'], number>>();
kept<undefined extends Clients['rateLimit']['state'] ? true : false>();
kept<undefined extends CallOptions['signal'] ? true : false>();
// Known values complete, and any other is welcome.
kept<'DIGI_ISSUED' extends Order['status'] ? true : false>();
kept<string extends Order['status'] ? true : false>();
// What everything of the service has, and what it shows as null.
kept<Equal<Order['id'] | Organization['id'] | Contact['id'] | History['id'] | Group['id'], string>>();
kept<null extends Order['cert'] ? true : false>();
kept<null extends NonNullable<Order['cert']>['endEntityCert'] ? true : false>();
// Codes and operations are closed: what is not there cannot come.
kept<Equal<CertsError['code'], ErrorCode>>();
kept<string extends ErrorCode | FindingCode | Operation ? false : true>();
kept<Equal<ValidationError['findings'][number]['code'], FindingCode>>();
kept<Equal<Events['request' | 'response' | 'retry']['operation'], Operation | 'request'>>();
