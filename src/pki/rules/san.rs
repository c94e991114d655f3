//! The names that a request asks for, taken together.

use der::find;
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    index::Index,
    rules::{
        inspected::{Inspected, Place, is_ip},
        rule::{Report, Rule, title},
        shown::shown,
    },
    x509::{address::Address, general_name::GeneralName},
};

const FIELD: &str = "subjectAltNames";

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::NoNames,
            severity: Error,
            title: title!(
                "There is no DNS name or IP address among the alternative names, and no common name that could stand in"
            ),
            source: "BR 7.1.2.7.12",
            check: no_names,
        },
        Rule {
            code: FindingCode::CnOnly,
            severity: Warning,
            title: title!("The name is in the common name only"),
            source: "BR 7.1.2.7.12, 7.1.4.3",
            check: cn_only,
        },
        Rule {
            code: FindingCode::CnNotInSan,
            severity: Warning,
            title: title!("The common name is not among the alternative names"),
            source: "BR 7.1.4.3",
            check: cn_not_in_san,
        },
        Rule {
            code: FindingCode::CnSeveral,
            severity: Warning,
            title: title!("There is more than one common name"),
            source: "BR 7.1.4.3",
            check: cn_several,
        },
        Rule {
            code: FindingCode::CnIsIp,
            severity: Warning,
            title: title!("The common name is an IP address"),
            source: "BR 7.1.4.3",
            check: cn_is_ip,
        },
        Rule {
            code: FindingCode::SanEmail,
            severity: Warning,
            title: title!("There is an email address among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: email,
        },
        Rule {
            code: FindingCode::SanUri,
            severity: Warning,
            title: title!("There is a URI among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: uri,
        },
        Rule {
            code: FindingCode::SanOtherName,
            severity: Warning,
            title: title!("There is an otherName among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: other_name,
        },
        Rule {
            code: FindingCode::SanDirectoryName,
            severity: Warning,
            title: title!("There is a directoryName among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: directory_name,
        },
        Rule {
            code: FindingCode::SanRegisteredId,
            severity: Warning,
            title: title!("There is a registeredID among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: registered_id,
        },
        Rule {
            code: FindingCode::SanUnusualKind,
            severity: Warning,
            title: title!("There is an x400Address or ediPartyName among the alternative names"),
            source: "BR 7.1.2.7.12",
            check: unusual_kind,
        },
        Rule {
            code: FindingCode::IpMalformed,
            severity: Error,
            title: title!("An IP address has neither 4 nor 16 octets"),
            source: "RFC 5280 4.2.1.6",
            check: ip_malformed,
        },
        Rule {
            code: FindingCode::SanDuplicate,
            severity: Info,
            title: title!("An alternative name is listed twice"),
            source: "BR 7.1.2.7.12",
            check: duplicate,
        },
        Rule {
            code: FindingCode::SanCovered,
            severity: Info,
            title: title!("A DNS name is covered by a wildcard of the same request"),
            source: "RFC 6125 6.4.3",
            check: covered,
        },
    ]
}

/// Whether a common name could be the certificate's only name.
fn could_stand_in(name: &str) -> bool {
    let is_host = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'*' | b'_');
    is_ip(name) || (find::has(name, '.') && name.bytes().all(is_host)) || !name.is_ascii() && find::has(name, '.')
}

fn usable_common_name(inspected: &Inspected<'_>) -> bool {
    inspected.common_names().any(|name| could_stand_in(&name.value))
}

fn no_names(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let has_none = !inspected.has_usable_alternative_name() && !usable_common_name(inspected);
    match inspected.common_names().next().filter(|_| has_none) {
        Some(name) => report.add(
            &FIELD,
            format_args!(
                "The request has no DNS name or IP address among its alternative names, and its common name, {}, is not a host \
                 name that could stand in.",
                shown(&name.value)
            ),
        ),
        None if has_none => report.add(
            &FIELD,
            format_args!("The request asks for no name: it has no DNS name, no IP address and no common name."),
        ),
        None => {}
    }
}

fn cn_only(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_only = !inspected.has_usable_alternative_name() && usable_common_name(inspected);
    if is_only {
        report.add(&FIELD, format_args!("The name is in the common name only; browsers look at the alternative names, which the order has to list."));
    }
}

fn cn_not_in_san(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if !inspected.has_usable_alternative_name() {
        return;
    }
    for name in inspected
        .common_names()
        .filter(|name| !name.value.trim().is_empty() && !inspected.is_alternative(&name.value))
    {
        report.add(
            &"subject.commonName",
            format_args!(
                "The common name, {}, is not among the alternative names.",
                shown(&name.value)
            ),
        );
    }
}

fn cn_several(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let count = inspected.common_names().count();
    if count > 1 {
        report.add(
            &"subject.commonName",
            format_args!("There are {count} common names; a certificate has one."),
        );
    }
}

fn cn_is_ip(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for name in inspected.common_names().filter(|name| is_ip(&name.value)) {
        report.add(
            &"subject.commonName",
            format_args!("The common name, {}, is an IP address.", name.value),
        );
    }
}

/// Reports each alternative name of a kind that TLS certificates do not have.
fn forbid(inspected: &Inspected<'_>, report: &mut Report<'_>, kind: &str, is_such: fn(&GeneralName) -> bool) {
    for (place, name) in inspected.placed_names().filter(|(_, name)| is_such(name)) {
        report.add(
            &place,
            format_args!(
                "{} is {kind}; a TLS certificate has DNS names and IP addresses only.",
                shown(&name.to_string())
            ),
        );
    }
}

fn email(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "an email address", |name| {
        matches!(name, GeneralName::Email(_))
    });
}

fn uri(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "a URI", |name| matches!(name, GeneralName::Uri(_)));
}

fn other_name(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "an otherName", |name| {
        matches!(name, GeneralName::OtherName { .. })
    });
}

fn directory_name(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "a directoryName", |name| {
        matches!(name, GeneralName::DirectoryName(_))
    });
}

fn registered_id(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "a registeredID", |name| {
        matches!(name, GeneralName::RegisteredId(_))
    });
}

fn unusual_kind(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    forbid(inspected, report, "of an unused kind", |name| {
        matches!(name, GeneralName::X400Address(_) | GeneralName::EdiPartyName(_))
    });
}

fn addresses<'a>(inspected: &'a Inspected<'a>) -> impl Iterator<Item = (Place, &'a Address)> {
    inspected.placed_names().filter_map(|(place, name)| match name {
        GeneralName::Ip(address) => Some((place, address)),
        _ => None,
    })
}

fn ip_malformed(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (place, address) in addresses(inspected) {
        let length = address.octets().len();
        if !address.is_one() {
            report.add(
                &place,
                format_args!("An iPAddress has {length} octets; IPv4 has 4, IPv6 has 16."),
            );
        }
    }
}

/// Whether an address is private, reserved or for many: a block of IANA's registries of special-purpose addresses, each of which
/// the Baseline Requirements call reserved (1.6.1, Reserved IP Address), whether or not it can be reached; multicast; and of IPv6
/// what is outside `2000::/3`, where none have been assigned.
pub(super) fn is_reserved(address: &Address) -> bool {
    if !address.is_one() {
        return false;
    }
    match *address.octets() {
        [first, second, third, _] => matches!(
            [first, second, third],
            [0 | 10 | 127 | 224..=255, ..]
                | [100, 64..=127, _]
                | [169, 254, _]
                | [172, 16..=31, _]
                | [192, 0, 0 | 2]
                | [192, 31, 196]
                | [192, 52, 193]
                | [192, 88, 99]
                | [192, 168, _]
                | [192, 175, 48]
                | [198, 18 | 19, _]
                | [198, 51, 100]
                | [203, 0, 113]
        ),
        // Protocol assignments, among them Teredo and ORCHID; and documentation.
        [0x20, 0x01, third, fourth, ..] => third <= 0x01 || [third, fourth] == [0x0d, 0xb8],
        // 6to4, AS112, and more documentation.
        [0x20, 0x02, ..] | [0x26, 0x20, 0x00, 0x4f, 0x80, 0x00, ..] | [0x3f, 0xff, 0x00..=0x0f, ..] => true,
        [first, ..] => first >> 5 != 1,
        [] => false,
    }
}

fn duplicate(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let mut seen = Index::default();
    let mut repeated = inspected
        .placed_names()
        .filter(|(_, name)| !seen.insert(&name.to_string().to_ascii_lowercase()));
    let Some((place, name)) = repeated.next() else { return };
    let name = name.to_string();
    let name = shown(&name);
    match repeated.count() {
        0 => report.add(&place, format_args!("{name} is listed more than once.")),
        more => report.add(
            &place,
            format_args!("{name} is listed more than once, and {more} more names are listed again."),
        ),
    }
}

fn covered(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let names: Vec<(String, String)> = inspected
        .dns_names()
        .into_iter()
        .map(|dns| (dns.name.to_ascii_lowercase(), dns.field))
        .collect();
    let mut wildcards = Index::default();
    for (name, _) in &names {
        if let Some(parent) = name.strip_prefix("*.") {
            wildcards.insert(parent);
        }
    }
    for (name, field) in &names {
        let parent = name
            .split_once('.')
            .filter(|(label, _)| *label != "*")
            .map(|(_, parent)| parent);
        if let Some(parent) = parent.filter(|parent| wildcards.has(parent)) {
            report.add(
                &field,
                format_args!("{} is covered by *.{} already.", shown(name), shown(parent)),
            );
        }
    }
}
