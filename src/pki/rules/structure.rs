//! The encoding: PEM, DER, versions, duplicates.

use der::{
    Reader, StringType, Text,
    oid::{self, Oid},
    strictness::Breach,
    tag,
};
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    index::Index,
    rules::{
        inspected::Inspected,
        rule::{Report, Rule, title},
    },
    x509::{
        csr::Attribute,
        encoding::{REQUEST, irregularity, unexpected_element},
    },
};

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::VersionNotZero,
            severity: Warning,
            title: title!("The version is not 0, the only one defined"),
            source: "RFC 2986 4.1",
            check: version_not_zero,
        },
        Rule {
            code: FindingCode::AttributesAbsent,
            severity: Warning,
            title: title!("The attributes are missing, where even an empty set has to be encoded"),
            source: "RFC 2986 4.1",
            check: attributes_absent,
        },
        Rule {
            code: FindingCode::TrailingData,
            severity: Warning,
            title: title!("Bytes follow the request"),
            source: "RFC 2986 4.2",
            check: trailing_data,
        },
        Rule {
            code: FindingCode::NotDer,
            severity: Warning,
            title: title!(
                "The encoding, be it a certificate's, is BER but not DER: a length in more octets than it takes, an indefinite \
                 length, a default"
            ),
            source: "X.690 10, 11",
            check: not_der,
        },
        Rule {
            code: FindingCode::NotBer,
            severity: Error,
            title: title!(
                "The encoding is not even BER: a number in more octets than it takes, a NULL that is not empty, an element \
                 that does not end in the one around it"
            ),
            source: "X.690 8",
            check: not_ber,
        },
        Rule {
            code: FindingCode::ElementsUnexpected,
            severity: Error,
            title: title!(
                "A structure of the request has more elements than its definition, an RDN is empty, or a value of the subject \
                 is no text"
            ),
            source: "RFC 2986 4, RFC 5280 A.1",
            check: unexpected,
        },
        Rule {
            code: FindingCode::DuplicateExtension,
            severity: Error,
            title: title!("An extension is requested twice"),
            source: "RFC 5280 4.2",
            check: duplicate_extension,
        },
        Rule {
            code: FindingCode::DuplicateAttribute,
            severity: Warning,
            title: title!("An attribute is in the request twice"),
            source: "RFC 2986 4.1",
            check: duplicate_attribute,
        },
        Rule {
            code: FindingCode::ExtensionMalformed,
            severity: Error,
            title: title!("A requested extension cannot be read, is empty, or has more in it than it should"),
            source: "RFC 5280 4.2",
            check: extension_malformed,
        },
        Rule {
            code: FindingCode::ExtensionRequestEmpty,
            severity: Info,
            title: title!("The list of requested extensions is empty"),
            source: "RFC 2985 5.4.2",
            check: extension_request_empty,
        },
        Rule {
            code: FindingCode::AttributeMalformed,
            severity: Warning,
            title: title!("An attribute has no value, several where one is allowed, or one of another type"),
            source: "RFC 2985 5.4, RFC 2986 4.1",
            check: attribute_malformed,
        },
        Rule {
            code: FindingCode::PemLabel,
            severity: Warning,
            title: title!("The PEM label is not that of a request"),
            source: "RFC 7468 7",
            check: pem_label,
        },
        Rule {
            code: FindingCode::PemFrame,
            severity: Warning,
            title: title!("The PEM has no END line, or one with another label, or the base64 has no frame"),
            source: "RFC 7468 2",
            check: pem_frame,
        },
        Rule {
            code: FindingCode::PemLines,
            severity: Warning,
            title: title!(
                "The PEM is quoted, indented, without its line ends, with headers, with other dashes, in another notation, or \
                 with a second BEGIN line"
            ),
            source: "RFC 7468 2, 3",
            check: pem_lines,
        },
        Rule {
            code: FindingCode::TextAroundPem,
            severity: Info,
            title: title!("There is text around the PEM"),
            source: "RFC 7468 2",
            check: text_around,
        },
        Rule {
            code: FindingCode::SeveralBlocks,
            severity: Warning,
            title: title!("The input has more than the request in it"),
            source: "RFC 7468 2",
            check: several_blocks,
        },
    ]
}

fn version_not_zero(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let version = inspected.request.version;
    if version.small() != Some(0) {
        report.add(
            &"version",
            format_args!("The version is {}; 0 is the only one defined.", version.to_decimal()),
        );
    }
}

fn attributes_absent(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if inspected.request.attributes.is_none() {
        report.add(
            &"attributes",
            format_args!("The attributes are missing; even a request without any has to have an empty set."),
        );
    }
}

fn trailing_data(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let trailing = inspected.request.trailing;
    if trailing > 0 {
        report.add(
            &"csr",
            format_args!("The request is followed by {trailing} bytes that are not part of it."),
        );
    }
}

fn not_der(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    irregular(inspected, Breach::Der, "not DER", report);
}

fn not_ber(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    irregular(inspected, Breach::Ber, "neither DER nor BER as others read it", report);
}

fn irregular(inspected: &Inspected<'_>, breach: Breach, verdict: &str, report: &mut Report<'_>) {
    let request = &inspected.request;
    if let Some((offset, what)) = irregularity(request.der, &request.key, &request.extensions, breach) {
        report.add(
            &"csr",
            format_args!("The encoding is {verdict}: it has {what} at byte {offset}."),
        );
    }
}

fn unexpected(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if let Some(offset) = unexpected_element(inspected.request.der, &REQUEST) {
        report.add(
            &"csr",
            format_args!("The request has an unexpected element at byte {offset}."),
        );
    }
}

/// Those that occur a second time, each once.
pub(super) fn repeated<'a>(oids: impl Iterator<Item = &'a Oid>) -> Index {
    let (mut seen, mut repeated) = (Index::default(), Index::default());
    for oid in oids.map(Oid::words) {
        if !seen.insert(oid) {
            repeated.insert(oid);
        }
    }
    repeated
}

fn duplicate_extension(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let extensions = inspected.request.extensions.iter();
    for name in repeated(extensions.map(|extension| &extension.oid)).texts() {
        report.add(
            &"extensions",
            format_args!("The extension {name} is requested more than once."),
        );
    }
}

fn duplicate_attribute(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let attributes = inspected.request.attributes();
    for name in repeated(attributes.map(|attribute| &attribute.oid)).texts() {
        report.add(
            &"attributes",
            format_args!("The attribute {name} is in the request more than once."),
        );
    }
}

fn extension_malformed(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for extension in inspected
        .request
        .extensions
        .iter()
        .filter(|extension| !extension.well_formed)
    {
        report.add(
            &"extensions",
            format_args!(
                "The extension {} is not what its definition says.",
                extension.oid.words()
            ),
        );
    }
    if inspected.request.extensions_malformed {
        report.add(
            &"extensions",
            format_args!("Something in the list of requested extensions cannot be read."),
        );
    }
}

/// Whether an attribute has a value as its definition has it; of those that are not known here, any.
fn is_well_formed(attribute: &Attribute<'_>) -> bool {
    let mut values = attribute.values.inside();
    let Ok(first) = values.any("") else {
        return false;
    };
    let is_text = || Text::read(&first).well_formed && StringType::of(first.tag) != StringType::Other;
    match attribute.oid.as_str() {
        oid::EXTENSION_REQUEST | oid::MS_EXTENSION_REQUEST => first.constructed_tag() == tag::SEQUENCE,
        oid::CHALLENGE_PASSWORD | oid::UNSTRUCTURED_NAME | oid::UNSTRUCTURED_ADDRESS => is_text(),
        _ => true,
    }
}

/// Whether an attribute has more values than the one that it may have (RFC 2985, 5.4).
fn has_several_values(attribute: &Attribute<'_>) -> bool {
    let mut values = attribute.values.inside();
    let is_one = attribute.asks_for_extensions() || attribute.oid == oid::CHALLENGE_PASSWORD;
    is_one && values.any("").is_ok() && !values.is_empty()
}

fn attribute_malformed(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for attribute in inspected.request.attributes() {
        let what = if !is_well_formed(attribute) {
            "does not have a value of its kind"
        } else if has_several_values(attribute) {
            "has more than one value, and may have one"
        } else {
            continue;
        };
        report.add(
            &"attributes",
            format_args!("The attribute {} {what}.", attribute.oid.words()),
        );
    }
}

fn extension_request_empty(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let mut requests = inspected
        .request
        .attributes()
        .filter(|attribute| attribute.asks_for_extensions());
    let is_empty = requests.any(|attribute| {
        let list = attribute.values.inside().optional(tag::SEQUENCE).ok().flatten();
        list.is_none_or(|list| Reader::is_empty(&list.inside()))
    });
    if is_empty {
        report.add(
            &"extensions",
            format_args!("The list of requested extensions is empty."),
        );
    }
}

fn pem_label(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let label = inspected.block.label.as_str();
    if !matches!(label, "" | "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") {
        report.add(
            &"csr",
            format_args!("The PEM label is not CERTIFICATE REQUEST, although the PEM holds a request."),
        );
    }
}

fn pem_lines(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if inspected.block.closed && !inspected.block.is_plain {
        report.add(&"csr", format_args!("The PEM is quoted, indented, in another notation, not in lines of its own, or has blank lines, wrong padding, a BEGIN \
         line twice or white space around its label, which many programs refuse."));
    }
}

fn pem_frame(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if !inspected.block.closed {
        report.add(
            &"csr",
            format_args!("The PEM lacks its BEGIN or its END line, or the two have different labels."),
        );
    } else if inspected.block.is_bare {
        report.add(
            &"csr",
            format_args!("The base64 has no BEGIN and END lines, without which many programs refuse it."),
        );
    }
}

fn text_around(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if inspected.document.text_around {
        report.add(
            &"csr",
            format_args!("There is text before or after the PEM, which some programs refuse."),
        );
    }
}

fn several_blocks(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let blocks = inspected.document.blocks.len();
    if blocks > 1 {
        report.add(
            &"csr",
            format_args!("The input has {blocks} blocks; only the first request was read."),
        );
    }
}
