//! The table of readings: from it come the options of the sandbox, the help of its server, the types of the package and
//! the table in docs/contract.md.
//!
//! A row is a fact in a sentence, the section of docs/contract.md, the field, the name, the type and the values, the
//! default first.

use super::reading::{Reading, ReadingValue};

/// Declares the readings: for each an enum, a field of [`Readings`] and a row of [`READINGS`].
macro_rules! readings {
    ($(
        #[doc = $fact:literal]
        $section:literal $field:ident $name:literal $Kind:ident {
            #[doc = $default_meaning:literal]
            $Default:ident = $default:literal,
            $(#[doc = $meaning:literal] $Variant:ident = $value:literal,)+
        }
    )+) => {
        $(
            #[doc = $fact]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub(crate) enum $Kind {
                #[doc = $default_meaning]
                #[default]
                $Default,
                $(#[doc = $meaning] $Variant,)+
            }

            impl $Kind {
                fn of(value: &str) -> Option<Self> {
                    match value {
                        $default => Some(Self::$Default),
                        $($value => Some(Self::$Variant),)+
                        _ => None,
                    }
                }
            }
        )+

        /// How each open fact is taken; the default is what the sandbox does when nobody says otherwise.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Readings {
            $(pub(crate) $field: $Kind,)+
        }

        impl Readings {
            /// Takes a value of a reading. Says whether there is such a one.
            pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
                match name {
                    $($name => $Kind::of(value).map(|value| self.$field = value).is_some(),)+
                    _ => false,
                }
            }
        }

        /// Every reading, in the order of docs/contract.md.
        pub const READINGS: &[Reading] = &[$(
            Reading {
                name: $name,
                section: $section,
                fact: $fact.trim_ascii(),
                values: &[
                    ReadingValue { name: $default, meaning: $default_meaning.trim_ascii() },
                    $(ReadingValue { name: $value, meaning: $meaning.trim_ascii() },)+
                ],
            },
        )+];
    };
}

readings! {
    /// What the reply to a refresh is.
    "Tokens" refresh "refresh" Refresh {
        /// As that of authenticate.
        AsAuthenticate = "as-authenticate",
        /// The token as plain text.
        Text = "text",
        /// The token as a JSON string.
        JsonText = "json-text",
        /// `{"jwt"}`.
        Jwt = "jwt",
        /// `{"accessToken","expiresIn"}`.
        AccessToken = "access-token",
        /// `{"access_token","expires_in"}`.
        SnakeCase = "snake-case",
        /// Refused with 401, every time.
        Refused = "refused",
        /// 403, every time.
        Forbidden = "forbidden",
        /// 404, every time.
        Missing = "missing",
        /// 500, every time.
        Error = "error",
        /// 200 with a page of HTML.
        Html = "html",
        /// 204 with nothing.
        Empty = "empty",
    }

    /// How a token's reply says when it ends.
    "Tokens" token_expiry "tokenExpiry" TokenExpiry {
        /// `expiresIn` in seconds.
        Seconds = "seconds",
        /// The seconds as text.
        Text = "text",
        /// `expiresIn` in milliseconds.
        Milliseconds = "milliseconds",
        /// `expiresIn` is a date.
        Date = "date",
        /// Not said; the token's own claims tell.
        Absent = "absent",
    }

    /// What becomes of a token once it was refreshed.
    "Tokens" refreshed_token "refreshedToken" RefreshedToken {
        /// It stays valid.
        Valid = "valid",
        /// It is refused from then on.
        Revoked = "revoked",
        /// It stays valid, and cannot be refreshed a second time.
        Once = "once",
    }

    /// What an expired, revoked or unknown token is refused with.
    "Tokens" refused_token "refusedToken" RefusedToken {
        /// 401.
        Unauthorized = "401",
        /// 403.
        Forbidden = "403",
    }

    /// What an API key that nobody has is refused with.
    "Tokens" refused_key "refusedKey" RefusedKey {
        /// 403.
        Forbidden = "403",
        /// 401.
        Unauthorized = "401",
    }

    /// When a fresh order shows its `cert`.
    "Orders" fresh_cert "freshCert" FreshCert {
        /// Null for some seconds, until the provider has the order.
        Later = "later",
        /// There at once.
        AtOnce = "at-once",
        /// Null until the certificate is issued.
        UntilIssued = "until-issued",
    }

    /// How a fresh order is found in lists.
    "Orders" fresh_order "freshOrder" FreshOrder {
        /// At once, by every filter.
        Found = "found",
        /// Not by `commonNames` while its `cert` is null.
        NotByName = "not-by-name",
        /// Not in any list for half a minute.
        NotListed = "not-listed",
    }

    /// What the reply to a new order is.
    "Orders" create_reply "createReply" CreateReply {
        /// 202 with the order.
        Accepted = "202",
        /// 201 with the order.
        Created = "201",
        /// 200 with the order.
        Ok = "200",
        /// 202 with the order's id and nothing else.
        Id = "id",
        /// 201 with an empty body; the header `Location` has the order's address.
        Location = "location",
    }

    /// What a second order of the same names is, while the first is not issued.
    "Orders" duplicate_order "duplicateOrder" DuplicateOrder {
        /// Accepted as another order.
        Accepted = "accepted",
        /// Refused with 409.
        Refused = "refused",
    }

    /// What an order in a list shows.
    "Orders" list_items "listItems" ListItems {
        /// All of it.
        Whole = "whole",
        /// All but its `cert`.
        WithoutCert = "without-cert",
        /// All but the names, the CSR and the end of its certificate.
        WithoutDetails = "without-details",
    }

    /// How the names of a certificate come back.
    "Orders" names "names" Names {
        /// As they were sent.
        AsSent = "as-sent",
        /// In lower case.
        LowerCase = "lower-case",
        /// In upper case.
        UpperCase = "upper-case",
        /// `dnsNames` has the common name as well, and is sorted.
        WithCommonName = "with-common-name",
    }

    /// What the `contacts` of an order are.
    "Orders" order_contacts "orderContacts" OrderContacts {
        /// Their ids.
        Ids = "ids",
        /// Objects of an id and the types.
        Objects = "objects",
    }

    /// Where the token of a domain's validation is.
    "Orders" dcv_token "dcvToken" DcvToken {
        /// In no reply.
        Nowhere = "nowhere",
        /// In `cert`, under a name of its own.
        InCert = "in-cert",
        /// In the order's history.
        InHistory = "in-history",
    }

    /// What an order shows once its certificate has ended.
    "Orders" ended_order "endedOrder" EndedOrder {
        /// `DIGI_EXPIRED`.
        Expired = "expired",
        /// `DIGI_ISSUED`, as before.
        Issued = "issued",
    }

    /// What a revoked order shows.
    "Orders" revoked_order "revokedOrder" RevokedOrder {
        /// `DIGI_REVOKED`, a minute or two after the revocation was asked for.
        Revoked = "revoked",
        /// `DIGI_REVOKED` in the reply to the revocation.
        AtOnce = "at-once",
        /// `DIGI_ISSUED`, as before; `revokeStatus` alone tells.
        Issued = "issued",
    }

    /// How a certificate is downloaded.
    "Orders" download "download" Download {
        /// PEM, the leaf first.
        Pem = "pem",
        /// PEM with the lines of Windows.
        Crlf = "crlf",
        /// PEM, the root first, where the format has an order.
        RootFirst = "root-first",
        /// `p7b` is DER.
        Der = "der",
    }

    /// What the reply to an action that succeeded is.
    "Actions" action_reply "actionReply" ActionReply {
        /// The order.
        Order = "order",
        /// `{}`.
        Object = "object",
        /// 200 with an empty body.
        Empty = "empty",
        /// 204.
        NoContent = "204",
    }

    /// What the reply to a deletion is.
    "Actions" delete_reply "deleteReply" DeleteReply {
        /// `{}`.
        Object = "object",
        /// 200 with an empty body.
        Empty = "empty",
        /// 204.
        NoContent = "204",
        /// The contact as it was.
        Contact = "contact",
    }

    /// When an order shows what an action did.
    "Actions" action_effect "actionEffect" ActionEffect {
        /// In the reply.
        AtOnce = "at-once",
        /// Some seconds later: the reply and all else show the order as before.
        Later = "later",
    }

    /// When domains are sent to validation and additional emails are changed.
    "Actions" unsaid_actions "unsaidActions" UnsaidActions {
        /// In every status.
        Always = "always",
        /// While the order is pending.
        Pending = "pending",
        /// Once it is issued.
        Issued = "issued",
    }

    /// What the body of an action is that has one, and of the parser of CSRs.
    "Actions" list_bodies "listBodies" ListBodies {
        /// An object: `{"domains"}`, `{"additionalEmails"}`, `{"csrs"}`.
        Object = "object",
        /// The bare list.
        List = "list",
    }

    /// What a page looks like.
    "Pages" page_form "pageForm" PageForm {
        /// The items in `content`, the counts in `page`.
        Nested = "nested",
        /// The counts beside the items.
        Flat = "flat",
        /// A list, page by page, with no counts.
        Bare = "bare",
        /// The items in `content`, with no counts.
        NoCounts = "no-counts",
    }

    /// What the first page is.
    "Pages" first_page "firstPage" FirstPage {
        /// 0.
        Zero = "0",
        /// 1; 0 is the first too.
        One = "1",
    }

    /// What becomes of `page`.
    "Pages" page "page" PageNumber {
        /// Honoured.
        Honoured = "honoured",
        /// Ignored: every page is the first one.
        First = "first",
        /// Ignored: every page is the whole list.
        All = "all",
    }

    /// What becomes of `size`.
    "Pages" page_size "pageSize" PageSize {
        /// Honoured, up to 200.
        Honoured = "honoured",
        /// Honoured, up to 20.
        Capped = "capped",
        /// Ignored: a page has 20.
        Ignored = "ignored",
        /// A page has fewer items than its `size` says, and more follow.
        Fewer = "fewer",
        /// More than 50 are refused with 400.
        Refused = "refused",
    }

    /// Whether every page but the last has items.
    "Pages" empty_page "emptyPage" EmptyPage {
        /// Every one has.
        None = "none",
        /// The one before the last has none.
        BeforeTheLast = "before-the-last",
    }

    /// What is past the last page.
    "Pages" past_last_page "pastLastPage" PastLastPage {
        /// A page without items.
        Empty = "empty",
        /// The last page once more.
        Last = "last",
        /// 404.
        Missing = "404",
        /// 400.
        Refused = "400",
    }

    /// What a list is in which nothing is.
    "Pages" empty_list "emptyList" EmptyList {
        /// A page without items.
        Page = "page",
        /// 200 with an empty body.
        Empty = "empty",
        /// 204.
        NoContent = "204",
        /// 404.
        Missing = "404",
    }

    /// What becomes of `sort`.
    "Pages" sort "sort" SortReading {
        /// Honoured.
        Honoured = "honoured",
        /// Ignored.
        Ignored = "ignored",
        /// Refused with 400.
        Refused = "refused",
        /// Refused with 422.
        Unprocessable = "422",
    }

    /// What becomes of filters.
    "Pages" filters "filters" Filters {
        /// Honoured.
        Honoured = "honoured",
        /// Ignored, all of them.
        Ignored = "ignored",
        /// Honoured but for `statuses`, which is refused with 400.
        WithoutStatuses = "without-statuses",
    }

    /// What becomes of the filters whose names are a guess: `email`, `userId`, `text`.
    "Pages" inferred_filters "inferredFilters" InferredFilters {
        /// Honoured.
        Honoured = "honoured",
        /// Ignored: they have other names.
        Ignored = "ignored",
        /// Refused with 400.
        Refused = "refused",
    }

    /// What becomes of the filter `validUntil`.
    "Pages" valid_until "validUntil" ValidUntil {
        /// It finds what ends by then.
        EndsBy = "ends-by",
        /// It finds what is still valid then.
        ValidThen = "valid-then",
        /// Ignored: it has another name.
        Ignored = "ignored",
        /// Refused with 400.
        Refused = "refused",
    }

    /// How dates are written.
    "Values" dates "dates" Dates {
        /// `2026-03-15T12:00:00.000Z`.
        Utc = "utc",
        /// `2026-03-15T05:00:00.000-0700`.
        Offset = "offset",
        /// `2026-03-15T12:00:00`.
        WithoutZone = "without-zone",
        /// `2026-03-15`.
        Day = "day",
        /// Milliseconds since 1970.
        EpochMs = "epoch-ms",
        /// Seconds since 1970.
        EpochSeconds = "epoch-s",
        /// `[2026,3,15,12,0,0]`.
        List = "list",
    }

    /// How a value is written that there is not.
    "Values" absent "absent" Absent {
        /// Null.
        Null = "null",
        /// Its field is left out.
        LeftOut = "left-out",
        /// Empty text.
        EmptyText = "empty-text",
    }

    /// Which statuses orders show, and the filter of lists takes.
    "Values" statuses "statuses" Statuses {
        /// Those of the guide.
        Known = "known",
        /// `DIGI_VETTING`, which nobody has seen, in place of `DIGI_PROCESSING`.
        Unseen = "unseen",
        /// In lower case, as is `revokeStatus`.
        LowerCase = "lower-case",
        /// `DIGI_CANCELLED`, spelt as in Britain.
        British = "british",
    }

    /// Which certificate types orders show.
    "Values" types "types" Types {
        /// Those of the guide.
        Known = "known",
        /// With `_2` at their end, which nobody has seen.
        Unseen = "unseen",
        /// In lower case.
        LowerCase = "lower-case",
    }

    /// What a validation that is done says.
    "Values" validated "validated" DoneValidation {
        /// `ACTIVE`.
        Active = "active",
        /// `VALID`.
        Valid = "valid",
        /// `COMPLETED`.
        Completed = "completed",
        /// `VALIDATED`.
        Validated = "validated",
        /// No status: `dateValidatedUntil` alone tells.
        OnlyDate = "only-date",
    }

    /// What the locality of a parsed CSR is called.
    "Values" csr_locality "csrLocality" CsrLocality {
        /// `locale`.
        Locale = "locale",
        /// `locality`.
        Locality = "locality",
    }

    /// What the body of an error is.
    "Errors" error_body "errorBody" ErrorBody {
        /// `{"errors":[{"code","message"}]}`.
        Errors = "errors",
        /// A problem of RFC 9457.
        Problem = "problem",
        /// `{"message"}`, as gateways have it.
        Message = "message",
        /// `{"fault":{"faultstring"}}`, as other gateways have it.
        Fault = "fault",
        /// `{"error":{"code","message"}}`.
        Error = "error",
        /// `{"error","error_description"}`, as OAuth has it.
        OAuth = "oauth",
        /// A page of HTML.
        Html = "html",
        /// Plain text.
        Text = "text",
        /// Empty.
        Empty = "empty",
    }

    /// What the `validations` of a 400 are.
    "Errors" validations "validations" ValidationsReading {
        /// A list.
        List = "list",
        /// A map of fields and messages.
        Map = "map",
        /// A map of fields and lists of messages.
        MapOfLists = "map-of-lists",
    }

    /// What is said when the state of things forbids a call.
    "Errors" conflict "conflict" ConflictStatus {
        /// 409.
        Conflict = "409",
        /// 400.
        BadRequest = "400",
        /// 422.
        Unprocessable = "422",
    }

    /// How requests are counted, where `rateLimit` does not say it.
    "Limit" limit_window "limitWindow" LimitWindow {
        /// The exact times of the last window's.
        Sliding = "sliding",
        /// A count that starts again at each full window of the clock.
        Fixed = "fixed",
        /// This window's count, and the last one's in part.
        Counter = "counter",
        /// A bucket that fills evenly.
        Bucket = "bucket",
    }

    /// Whose requests are counted together.
    "Limit" limit_scope "limitScope" LimitScope {
        /// Those of an API key.
        Key = "key",
        /// Those of a user.
        User = "user",
        /// All: they come from one address.
        Address = "address",
    }

    /// Whether authenticating and refreshing count.
    "Limit" limit_tokens "limitTokens" LimitTokens {
        /// They do.
        Counted = "counted",
        /// They do not.
        Free = "free",
    }

    /// Whether requests count that were refused with 401.
    "Limit" limit_unauthorized "limitUnauthorized" LimitUnauthorized {
        /// They do.
        Counted = "counted",
        /// They do not.
        Free = "free",
    }

    /// Whether requests count that were refused with 429.
    "Limit" limit_refused "limitRefused" LimitRefused {
        /// They do not.
        Free = "free",
        /// They do: who does not wait is refused for ever.
        Counted = "counted",
    }

    /// What a 429 says of the wait, where `rateLimit` does not say it.
    "Limit" retry_after "retryAfter" RetryAfter {
        /// Nothing.
        Absent = "absent",
        /// `Retry-After` in seconds.
        Seconds = "seconds",
        /// `Retry-After` as a date.
        Date = "date",
        /// `Retry-After: 0`.
        Zero = "zero",
        /// `Retry-After` as a date that has passed.
        Past = "past",
        /// `Retry-After` of a century.
        Century = "century",
        /// `Retry-After: soon`.
        Words = "words",
    }

    /// Whether replies have the header `Date`.
    "Limit" date_header "dateHeader" DateHeader {
        /// They have, by the sandbox's clock.
        Sent = "sent",
        /// They have not.
        Absent = "absent",
    }
}
