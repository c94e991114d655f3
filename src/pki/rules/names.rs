//! What is wrong with a DNS name: of a request, as its common name, of an order.

use core::fmt;

use der::find;
use finding::{
    FindingCode,
    Severity::{Error, Warning},
};

use crate::{
    platform,
    rules::{
        dns_name::{DnsName, is_ldh},
        rule::{Report, Rule, title},
        shown::shown,
    },
    text::is_control,
    x509::{
        address::Address,
        punycode::{self, Flaw},
    },
};

/// Top-level names for tests and documentation (RFC 2606). They are used to try something, in a sandbox or a test.
const FOR_TESTS: &[&str] = &["test", "example", "invalid"];

/// Top-level names that no public DNS serves: RFC 6761, ICANN's decisions on home, corp, mail and internal, and what
/// routers and directories use.
const INTERNAL: &[&str] = &[
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "mail",
    "private",
    "alt",
    "domain",
    "workgroup",
    "intra",
    "localnet",
    "priv",
    "server",
    "home.arpa",
];

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<DnsName<'a>>] {
    &[
        Rule {
            code: FindingCode::DnsNotAscii,
            severity: Error,
            title: title!("A DNS name has characters beyond ASCII"),
            source: "BR 7.1.4.2.1, RFC 5890 2.3.2.1",
            check: not_ascii,
        },
        Rule {
            code: FindingCode::DnsNotLdh,
            severity: Error,
            title: title!("A DNS name has a character that host names lack: a space, a scheme, a port, a path"),
            source: "BR 7.1.4.2.1, RFC 1034 3.5",
            check: not_ldh,
        },
        Rule {
            code: FindingCode::DnsUnderscore,
            severity: Error,
            title: title!("A DNS name has an underscore"),
            source: "BR 7.1.4.2.1",
            check: underscore,
        },
        Rule {
            code: FindingCode::DnsTooLong,
            severity: Error,
            title: title!("A DNS name is longer than 253 characters"),
            source: "RFC 1035 2.3.4",
            check: too_long,
        },
        Rule {
            code: FindingCode::DnsLabelTooLong,
            severity: Error,
            title: title!("A label is longer than 63 characters"),
            source: "RFC 1035 2.3.4",
            check: label_too_long,
        },
        Rule {
            code: FindingCode::DnsEmptyLabel,
            severity: Error,
            title: title!("A DNS name is empty or has an empty label"),
            source: "RFC 1034 3.1",
            check: empty_label,
        },
        Rule {
            code: FindingCode::DnsTrailingDot,
            severity: Error,
            title: title!("A DNS name ends with a dot"),
            source: "RFC 5280 4.2.1.6, RFC 1034 3.5",
            check: trailing_dot,
        },
        Rule {
            code: FindingCode::DnsHyphen,
            severity: Error,
            title: title!("A label, or what an xn-- label stands for, begins or ends with a hyphen"),
            source: "RFC 1034 3.5, RFC 5891 4.2.3.1",
            check: hyphen,
        },
        Rule {
            code: FindingCode::DnsReservedLabel,
            severity: Error,
            title: title!(
                "A label has hyphens in its third and fourth place and is not xn--, or an xn-- label stands for one that has"
            ),
            source: "BR 7.1.4.2.1, RFC 5890 2.3.1, RFC 5891 4.2.3.1",
            check: reserved_label,
        },
        Rule {
            code: FindingCode::DnsPunycodeInvalid,
            severity: Error,
            title: title!("An xn-- label cannot be decoded"),
            source: "BR 7.1.4.2.1, RFC 3492",
            check: punycode_invalid,
        },
        Rule {
            code: FindingCode::DnsNotNfc,
            severity: Error,
            title: title!("An xn-- label stands for text that is not in Unicode's normal form C"),
            source: "RFC 5890 2.3.2.1, BR 7.1.4.2.1",
            check: not_nfc,
        },
        Rule {
            code: FindingCode::DnsDeceptive,
            severity: Error,
            title: title!(
                "An xn-- label stands for text with a character that is not seen, turns the direction of text, has no meaning, \
                 looks like a dot or a slash, is a capital, or stands for others; begins with a mark; or mixes Latin, Greek and \
                 Cyrillic"
            ),
            source: "RFC 5892 2, RFC 5891 5.4",
            check: deceptive,
        },
        Rule {
            code: FindingCode::DnsJoiner,
            severity: Warning,
            title: title!("An xn-- label stands for text with a zero-width joiner or non-joiner"),
            source: "RFC 5892 A.1, RFC 5892 A.2",
            check: joiner,
        },
        Rule {
            code: FindingCode::WildcardBare,
            severity: Error,
            title: title!("A name is nothing but a wildcard"),
            source: "BR 3.2.2.6",
            check: wildcard_bare,
        },
        Rule {
            code: FindingCode::WildcardPartial,
            severity: Error,
            title: title!("A wildcard is not the whole of the leftmost label"),
            source: "BR 1.6.1 (Wildcard Domain Name), RFC 6125 6.4.3",
            check: wildcard_partial,
        },
        Rule {
            code: FindingCode::WildcardSeveral,
            severity: Error,
            title: title!("A name has more than one wildcard"),
            source: "BR 1.6.1 (Wildcard Domain Name)",
            check: wildcard_several,
        },
        Rule {
            code: FindingCode::WildcardOnTld,
            severity: Error,
            title: title!("A wildcard is directly under a top-level domain"),
            source: "BR 3.2.2.6",
            check: wildcard_on_tld,
        },
        Rule {
            code: FindingCode::WildcardOnSuffix,
            severity: Error,
            title: title!("A wildcard is directly under a public suffix, such as co.uk"),
            source: "BR 3.2.2.6",
            check: wildcard_on_suffix,
        },
        Rule {
            code: FindingCode::DnsPublicSuffix,
            severity: Error,
            title: title!("A name is a public suffix, such as co.uk"),
            source: "BR 1.6.1 (Base Domain Name)",
            check: public_suffix,
        },
        Rule {
            code: FindingCode::DnsUnknownTld,
            severity: Error,
            title: title!("A name ends in a top-level domain that does not exist"),
            source: "BR 4.2.2, 1.6.1 (Internal Name)",
            check: unknown_tld,
        },
        Rule {
            code: FindingCode::DnsSingleLabel,
            severity: Error,
            title: title!("A name has one label only"),
            source: "BR 4.2.2, 1.6.1 (Internal Name)",
            check: single_label,
        },
        Rule {
            code: FindingCode::DnsInternal,
            severity: Error,
            title: title!("A name ends in a domain that is not in the public DNS"),
            source: "BR 4.2.2, 1.6.1 (Internal Name)",
            check: internal,
        },
        Rule {
            code: FindingCode::DnsForTests,
            severity: Warning,
            title: title!("A name ends in a domain for tests and documentation"),
            source: "RFC 2606 2, BR 4.2.2",
            check: for_tests,
        },
        Rule {
            code: FindingCode::DnsReverseZone,
            severity: Error,
            title: title!("A name is in a reverse zone, .arpa"),
            source: "BR 4.2.2",
            check: reverse_zone,
        },
        Rule {
            code: FindingCode::DnsOnion,
            severity: Warning,
            title: title!("A name is an onion service"),
            source: "BR appendix B",
            check: onion,
        },
        Rule {
            code: FindingCode::DnsOnionInvalid,
            severity: Error,
            title: title!(
                "The name of an onion service is not of version 3, which has 56 characters of base32 before .onion"
            ),
            source: "BR appendix B",
            check: onion_invalid,
        },
        Rule {
            code: FindingCode::DnsIsIp,
            severity: Error,
            title: title!("A DNS name is the text of an IP address, or ends in a number as one does"),
            source: "BR 7.1.2.7.12, RFC 5280 4.2.1.6",
            check: is_ip,
        },
    ]
}

fn not_ascii(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let name = shown(dns.name);
    let is_unseen = |c: char| !c.is_ascii() && (c.is_whitespace() || is_control(c));
    if let Some(c) = dns.name.chars().find(|c| is_unseen(*c)) {
        let sentence = format_args!(
            "{name} has the character U+{:04X}, which is not seen: leave it out.",
            u32::from(c)
        );
        report.add(&dns.field, sentence);
    } else if !dns.name.is_ascii() {
        let sentence =
            format_args!("{name} has characters beyond ASCII: write international labels in their xn-- form.");
        report.add(&dns.field, sentence);
    }
}

fn not_ldh(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let stray = dns
        .name
        .chars()
        .find(|&c| c.is_ascii() && !(is_ldh(c as u8) || matches!(c, '.' | '*' | '_')));
    let Some(stray) = stray.filter(|_| dns.ip().is_none()) else {
        return;
    };
    let name = shown(dns.name);
    let mut say = |what: fmt::Arguments<'_>| report.add(&dns.field, format_args!("{name} {what}"));
    if find::contains(dns.name, "://") {
        return say(format_args!("is a URL: leave the scheme and the path out."));
    }
    match stray {
        ' ' => say(format_args!("has a space in it.")),
        ',' | ';' | '\t' | '\r' | '\n' => say(format_args!(
            "has a mark in it that separates names: give each name on its own."
        )),
        ':' => after_colon(dns.name, &mut say),
        '/' => say(format_args!("has a path: leave it out.")),
        '@' => say(format_args!("is an email address, not a host name.")),
        _ => say(format_args!(
            "has a character in it that no host name has: {}",
            shown(stray.encode_utf8(&mut [0; 4]))
        )),
    }
}

/// What is wrong with a name with a colon in it.
fn after_colon(text: &str, say: &mut dyn FnMut(fmt::Arguments<'_>)) {
    let (before, after) = text.split_once(':').unwrap_or_default();
    let address = text.split('%').next().unwrap_or_default();
    let is_port = after.starts_with(|c: char| c.is_ascii_digit()) && !find::has(after, '.');
    if Address::parse(address).is_some() {
        say(format_args!(
            "is an IP address with a zone, which no certificate has: leave the % and the zone out."
        ));
    } else if find::has(after, ':') {
        say(format_args!("has colons in it, as IP addresses do, and is none."));
    } else if !is_port && before.bytes().all(|octet| octet.is_ascii_alphabetic()) {
        say(format_args!("has {}: before the name: leave it out.", shown(before)));
    } else {
        say(format_args!("has a port: leave it out."));
    }
}

fn underscore(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if find::has(dns.name, '_') {
        report.add(
            &dns.field,
            format_args!(
                "{} has an underscore, which certificate authorities may not certify.",
                shown(dns.name)
            ),
        );
    }
}

fn too_long(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let length = dns.name.strip_suffix('.').unwrap_or(dns.name).len();
    if length > 253 {
        report.add(
            &dns.field,
            format_args!("The name has {length} characters; 253 is the limit of the DNS."),
        );
    }
}

fn label_too_long(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if let Some(label) = dns.labels().find(|label| label.len() > 63) {
        let length = label.len();
        report.add(
            &dns.field,
            format_args!("A label of the name has {length} characters; 63 is the limit of the DNS."),
        );
    }
}

fn empty_label(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if dns.name.is_empty() {
        report.add(&dns.field, format_args!("The name is empty."));
    } else if dns.labels().any(str::is_empty) {
        report.add(
            &dns.field,
            format_args!(
                "{} has an empty label: two dots in a row, or one at its beginning.",
                shown(dns.name)
            ),
        );
    }
}

fn trailing_dot(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if dns.name.len() > 1 && dns.name.ends_with('.') {
        report.add(
            &dns.field,
            format_args!(
                "{} ends with a dot, which names in certificates do not.",
                shown(dns.name)
            ),
        );
    }
}

fn hyphen(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_bad = dns.has_bad_label(|label| {
        let decoded = punycode::decoded(label);
        let mut texts = core::iter::once(label).chain(decoded.as_deref());
        texts.any(|text| text.starts_with('-') || text.ends_with('-'))
    });
    if is_bad {
        report.add(
            &dns.field,
            format_args!(
                "{} has a label with a hyphen at its beginning or end, be it in what an xn-- label stands for.",
                shown(dns.name)
            ),
        );
    }
}

fn reserved_label(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_bad = dns.has_bad_label(|label| match punycode::decoded(label) {
        Some(text) => text.chars().skip(2).take(2).eq("--".chars()),
        None => label.get(2..4) == Some("--") && !punycode::is_encoded(label),
    });
    if is_bad {
        report.add(&dns.field, format_args!(
            "{} has a label with two hyphens in its third and fourth place, which only xn-- labels may have, and not in what they \
             stand for.",
            shown(dns.name)
        ));
    }
}

fn punycode_invalid(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_bad = dns.has_bad_label(|label| punycode::is_encoded(label) && punycode::decoded(label).is_none());
    if is_bad {
        report.add(
            &dns.field,
            format_args!("{} has an xn-- label that cannot be decoded.", shown(dns.name)),
        );
    }
}

/// What is wrong with the text that one of the labels stands for.
fn flaw(dns: &DnsName<'_>) -> Option<Flaw> {
    let mut texts = dns.labels().filter_map(punycode::decoded);
    texts.find_map(|text| Flaw::of(&text))
}

fn not_nfc(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if flaw(dns) == Some(Flaw::NotNormal) {
        report.add(
            &dns.field,
            format_args!(
                "{} has an xn-- label that another one looks the same as: its text is not in normal form C.",
                shown(dns.name)
            ),
        );
    }
}

fn deceptive(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let flaw = flaw(dns);
    if let Some(Flaw::Deceptive(c)) = flaw {
        report.add(&dns.field, format_args!(
                "{} has an xn-- label with the character U+{:04X}, which is not seen, turns text around, is a capital, belongs \
                 elsewhere or looks like others.",
                shown(dns.name),
                u32::from(c)
            ));
    } else if flaw == Some(Flaw::Mixed) {
        report.add(
            &dns.field,
            format_args!(
                "{} has an xn-- label of letters from scripts that look alike, such as Latin and Cyrillic.",
                shown(dns.name)
            ),
        );
    }
}

fn joiner(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if let Some(Flaw::Joiner(c)) = flaw(dns) {
        report.add(&dns.field, format_args!(
                "{} has an xn-- label with the character U+{:04X}, which is not seen, and which only some scripts need.",
                shown(dns.name),
                u32::from(c)
            ));
    }
}

fn wildcards(dns: &DnsName<'_>) -> usize {
    dns.name.matches('*').count()
}

fn wildcard_bare(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if matches!(dns.name, "*" | "*.") {
        report.add(&dns.field, format_args!("The name is nothing but a wildcard."));
    }
}

fn wildcard_partial(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_partial = wildcards(dns) == 1 && !matches!(dns.name, "*" | "*.") && !dns.name.starts_with("*.");
    if is_partial {
        report.add(
            &dns.field,
            format_args!(
                "{} has its wildcard in the wrong place: it must be the whole leftmost label.",
                shown(dns.name)
            ),
        );
    }
}

fn wildcard_several(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if wildcards(dns) > 1 {
        report.add(
            &dns.field,
            format_args!("{} has more than one wildcard.", shown(dns.name)),
        );
    }
}

fn wildcard_on_tld(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_on_tld = wildcards(dns) == 1 && dns.name.starts_with("*.") && dns.labels().count() == 1;
    if is_on_tld && !dns.host().is_empty() {
        report.add(
            &dns.field,
            format_args!("{} would cover a whole top-level domain.", shown(dns.name)),
        );
    }
}

fn wildcard_on_suffix(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let Some(suffixes) = platform::suffixes() else { return };
    let is_wildcard = wildcards(dns) == 1 && dns.name.starts_with("*.");
    let is_on_suffix = is_wildcard && suffixes.is_above_public(&dns.host().to_ascii_lowercase());
    if is_on_suffix {
        report.add(
            &dns.field,
            format_args!(
                "{} would cover a public suffix, under which anyone can have names.",
                shown(dns.name)
            ),
        );
    }
}

fn public_suffix(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let Some(suffixes) = platform::suffixes() else { return };
    let is_suffix = wildcards(dns) == 0 && suffixes.is_public(&dns.host().to_ascii_lowercase());
    if is_suffix {
        report.add(
            &dns.field,
            format_args!(
                "{} is a public suffix, under which anyone can have names: a certificate is for a name below it.",
                shown(dns.name)
            ),
        );
    }
}

fn unknown_tld(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let Some(suffixes) = platform::suffixes() else { return };
    let tld = dns.last_label().to_ascii_lowercase();
    let is_elsewhere = || {
        let known = INTERNAL.iter().chain(FOR_TESTS).chain(&["onion"]);
        known.copied().any(|suffix| dns.is_under(suffix)) || ends_in_number(dns)
    };
    let is_judged = dns.is_plain() && dns.labels().count() > 1 && !tld.is_empty();
    if is_judged && !suffixes.has_tld(&tld) && !is_elsewhere() {
        report.add(
            &dns.field,
            format_args!(
                "{} ends in .{}, which is not a top-level domain (as of {}).",
                shown(dns.name),
                shown(&tld),
                suffixes.date
            ),
        );
    }
}

fn single_label(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_single = dns.is_plain() && wildcards(dns) == 0 && dns.labels().count() == 1 && !dns.host().is_empty();
    if is_single {
        report.add(
            &dns.field,
            format_args!(
                "{} is not a full name: a public certificate needs the domain as well.",
                shown(dns.name)
            ),
        );
    }
}

fn internal(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let suffix = INTERNAL.iter().find(|suffix| dns.is_under(suffix));
    if let Some(suffix) = suffix.filter(|_| dns.labels().count() > 1) {
        report.add(
            &dns.field,
            format_args!("{} ends in .{suffix}, which is not in the public DNS.", shown(dns.name)),
        );
    }
}

fn for_tests(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_for_tests = dns.labels().count() > 1 && FOR_TESTS.iter().any(|suffix| dns.is_under(suffix));
    if is_for_tests {
        report.add(
            &dns.field,
            format_args!(
                "{} ends in .{}, which is for tests: no public authority issues for it.",
                shown(dns.name),
                dns.last_label()
            ),
        );
    }
}

fn reverse_zone(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_reverse = dns.is_under("in-addr.arpa") || dns.is_under("ip6.arpa");
    if is_reverse {
        report.add(&dns.field, format_args!("{} is a reverse zone.", shown(dns.name)));
    }
}

fn onion(dns: &DnsName<'_>, report: &mut Report<'_>) {
    if dns.labels().count() > 1 && dns.is_under("onion") {
        report.add(
            &dns.field,
            format_args!(
                "{} is an onion service, which has validation methods of its own.",
                shown(dns.name)
            ),
        );
    }
}

/// A public key, a checksum and the version, 35 octets in all, of which the last is 3 (Tor's rend-spec-v3, 6).
fn onion_invalid(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let is_version_3 = |label: &str| {
        let label = label.to_ascii_lowercase();
        label.len() == 56
            && label.ends_with('d')
            && label.bytes().all(|octet| matches!(octet, b'a'..=b'z' | b'2'..=b'7'))
    };
    let service = dns.host().rsplit('.').nth(1);
    let is_bad = dns.is_under("onion") && service.is_some_and(|service| !is_version_3(service));
    if is_bad {
        report.add(
            &dns.field,
            format_args!(
                "{} is not the name of an onion service of version 3, the only one that certificates are issued for.",
                shown(dns.name)
            ),
        );
    }
}

fn ends_in_number(dns: &DnsName<'_>) -> bool {
    let last = dns.last_label();
    dns.labels().count() > 1 && !last.is_empty() && last.bytes().all(|octet| octet.is_ascii_digit())
}

fn is_ip(dns: &DnsName<'_>, report: &mut Report<'_>) {
    let name = shown(dns.name);
    if dns.ip().is_none() {
        if ends_in_number(dns) {
            // To every browser it is an address (URL Standard, 3.5, ends in a number), if a wrong one.
            let sentence = format_args!("{name} ends in a number, as IP addresses do and DNS names do not.");
            report.add(&dns.field, sentence);
        }
    } else if dns.field.starts_with("cert.") {
        report.add(
            &dns.field,
            format_args!(
                "{name} is an IP address, for which an order has no field: order a DNS name that leads to it."
            ),
        );
    } else {
        report.add(
            &dns.field,
            format_args!("{name} is an IP address; a certificate for it needs it as an iPAddress, not as a DNS name."),
        );
    }
}
