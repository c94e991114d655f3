import type * as generated from '../generated/models.js';
import type { Model } from './open.js';

// Their fields stand in Rust (src/api), once; here they become models: optional, and with unknown fields kept.

export type {
  CertType,
  ContactType,
  ContactTypeName,
  DcvEmail,
  DcvMethod,
  OrderAction,
  OrderStatus,
  Problem,
  ProviderId,
  ValidationType,
} from '../generated/models.js';

/** A legal entity that certificates are issued to (guide 7.1). */
export type Organization = Model<generated.Organization>;

/** How far the validation of an organization is; it holds 13 months (guide 7.1). */
export type Validation = Model<generated.Validation>;

/** A person of an organization (guide 7.2). */
export type Contact = Model<generated.Contact>;

/** One change, and who made it (guide 7.1.4, 7.2.6, 7.4.6). */
export type History = Model<generated.History>;

/** An order, with its certificate once there is one (guide 7.4). */
export type Order = Model<generated.Order>;

/** The certificate inside an order. It covers `commonName` and `dnsNames`; names in the CSR alone are not honoured. */
export type Cert = Model<generated.Cert>;

/** What a certificate type costs (guide 7.4.4). */
export type Price = Model<generated.Price>;

/** A CSR as the service reads it (guide 7.3.1); the names of the fields are *inferred*. */
export type ServerCsr = Model<generated.ServerCsr>;
