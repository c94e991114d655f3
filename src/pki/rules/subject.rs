//! The subject: what is in it, and in what form.

use core::fmt;

use der::{StringType, oid};
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    index::Index,
    rules::{
        garbled::{is_decoded_wrong, is_escaped, is_to_be_filled_in},
        inspected::{Inspected, is_ip},
        rule::{Report, Rule, title},
        shown::shown,
    },
    text::{has_no_meaning, is_control},
    x509::name::NameAttribute,
};

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::CountryInvalid,
            severity: Error,
            title: title!("The country, or that of the jurisdiction, is not two upper-case letters of ISO 3166-1"),
            source: "BR 7.1.4.2, RFC 5280 A.1",
            check: country_invalid,
        },
        Rule {
            code: FindingCode::BusinessCategoryInvalid,
            severity: Warning,
            title: title!("The businessCategory is none of the four that EV certificates have"),
            source: "EV Guidelines 9.2.3",
            check: business_category,
        },
        Rule {
            code: FindingCode::CountryUk,
            severity: Error,
            title: title!("The country is UK, where the code is GB"),
            source: "BR 7.1.4.2, ISO 3166-1",
            check: country_uk,
        },
        Rule {
            code: FindingCode::CountrySeveral,
            severity: Warning,
            title: title!("There is more than one country"),
            source: "BR 7.1.4.2",
            check: country_several,
        },
        Rule {
            code: FindingCode::SubjectSeveral,
            severity: Warning,
            title: title!(
                "There is more than one organization, state, locality, or another attribute that a subject has once"
            ),
            source: "BR 7.1.4.2",
            check: several,
        },
        Rule {
            code: FindingCode::OrganizationalUnit,
            severity: Warning,
            title: title!("There is an organizational unit, which certificates no longer have"),
            source: "BR 7.1.2.7.4 (since 2022-09-01)",
            check: organizational_unit,
        },
        Rule {
            code: FindingCode::SubjectEmail,
            severity: Warning,
            title: title!("There is an email address in the subject"),
            source: "BR 7.1.2.7.2",
            check: email,
        },
        Rule {
            code: FindingCode::SubjectTooLong,
            severity: Error,
            title: title!("A value of the subject is longer than its kind allows"),
            source: "RFC 5280 A.1, BR 7.1.4.2",
            check: too_long,
        },
        Rule {
            code: FindingCode::SubjectWhiteSpace,
            severity: Warning,
            title: title!("A value begins or ends with white space"),
            source: "BR 7.1.4.2",
            check: white_space,
        },
        Rule {
            code: FindingCode::SubjectPlaceholder,
            severity: Warning,
            title: title!(
                "A value is a placeholder: marks without a letter or digit, n/a, undefined, a default of OpenSSL's, or what a \
                 template should have filled in, such as ${ORG}"
            ),
            source: "BR 7.1.4.2.2",
            check: placeholder,
        },
        Rule {
            code: FindingCode::SubjectHtml,
            severity: Warning,
            title: title!(
                "A value has what stands for a character elsewhere: an HTML entity such as &amp; or a tag, percent-encoding, a \
                 backslash, an encoded word of a mail"
            ),
            source: "BR 7.1.4.2",
            check: html,
        },
        Rule {
            code: FindingCode::SubjectMojibake,
            severity: Warning,
            title: title!(
                "A value was decoded with the wrong character set: UTF-8 or an older one read as Latin-1 or another, a question mark \
                 within a word, a replacement character, or one for private use"
            ),
            source: "BR 7.1.4.2, RFC 5280 4.1.2.4",
            check: mojibake,
        },
        Rule {
            code: FindingCode::SubjectEmptyValue,
            severity: Warning,
            title: title!("A value is empty"),
            source: "RFC 5280 A.1 (SIZE (1..MAX))",
            check: empty_value,
        },
        Rule {
            code: FindingCode::SubjectStringType,
            severity: Warning,
            title: title!("A value is in an obsolete string type, or in another than its kind needs"),
            source: "RFC 5280 4.1.2.4, BR 7.1.4.2",
            check: string_type,
        },
        Rule {
            code: FindingCode::SubjectMalformedText,
            severity: Error,
            title: title!("A value has octets that its string type does not allow"),
            source: "RFC 5280 4.1.2.4, X.680 41",
            check: malformed_text,
        },
        Rule {
            code: FindingCode::SubjectNotPrintable,
            severity: Warning,
            title: title!("A PrintableString has a character that is not one of its set, such as * or &"),
            source: "RFC 5280 4.1.2.4, X.680 41.4",
            check: not_printable,
        },
        Rule {
            code: FindingCode::SubjectControlCharacter,
            severity: Error,
            title: title!("A value has control characters, or ones that are not seen or turn the direction of text"),
            source: "BR 7.1.4.2",
            check: control_character,
        },
        Rule {
            code: FindingCode::SubjectMultiValued,
            severity: Warning,
            title: title!("Two attributes share one relative distinguished name"),
            source: "BR 7.1.4.2",
            check: multi_valued,
        },
        Rule {
            code: FindingCode::SubjectUnknownAttribute,
            severity: Info,
            title: title!("An attribute of the subject is unknown"),
            source: "BR 7.1.4.2",
            check: unknown_attribute,
        },
    ]
}

/// ISO 3166-1 alpha-2, one after the other, and XX, which the Baseline Requirements allow where there is no code.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCO\
    CRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRIS\
    ITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNR\
    NUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ\
    UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXXYEYTZAZMZW";

/// Every attribute with its place.
fn attributes<'a>(inspected: &'a Inspected<'a>) -> impl Iterator<Item = (usize, &'a NameAttribute)> {
    inspected.request.subject.attributes.iter().enumerate()
}

const fn field((index, attribute): (usize, &NameAttribute)) -> Field<'_> {
    Field { index, attribute }
}

/// `subject.country`, or `subject.attributes[3]` where the attribute has no field of its own.
struct Field<'a> {
    index: usize,
    attribute: &'a NameAttribute,
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = match &*self.attribute.oid {
            oid::COMMON_NAME => "commonName",
            oid::ORGANIZATION => "organizationName",
            oid::ORGANIZATIONAL_UNIT => "organizationalUnit",
            oid::LOCALITY => "locality",
            oid::STATE => "state",
            oid::COUNTRY => "country",
            oid::EMAIL => "email",
            _ => return write!(f, "subject.attributes[{}]", self.index),
        };
        write!(f, "subject.{own}")
    }
}

/// How a message calls an attribute.
fn called(attribute: &NameAttribute) -> &str {
    attribute.name.unwrap_or(&attribute.oid)
}

fn is_country(value: &str) -> bool {
    COUNTRIES.as_bytes().chunks(2).any(|code| code == value.as_bytes())
}

/// The countries, that of the jurisdiction among them, each with its field.
fn countries<'a>(inspected: &'a Inspected<'a>) -> impl Iterator<Item = (Field<'a>, &'a str)> {
    attributes(inspected)
        .filter(|(_, attribute)| matches!(&*attribute.oid, oid::COUNTRY | oid::JURISDICTION_COUNTRY))
        .map(|(index, attribute)| (field((index, attribute)), attribute.value.as_str()))
}

/// The jurisdiction has a code: what has none registers nobody.
fn country_of_no_jurisdiction(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_such = |attribute: &NameAttribute| attribute.oid == oid::JURISDICTION_COUNTRY && attribute.value == "XX";
    for place in attributes(inspected).filter(|(_, attribute)| is_such(attribute)) {
        report.add(
            &field(place),
            format_args!("The country of the jurisdiction is XX, which is no country."),
        );
    }
}

/// EV Guidelines, 9.2.3.
const CATEGORIES: [&str; 4] = [
    "Private Organization",
    "Government Entity",
    "Business Entity",
    "Non-Commercial Entity",
];

fn business_category(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_such = |attribute: &NameAttribute| {
        attribute.oid == oid::BUSINESS_CATEGORY && !CATEGORIES.contains(&attribute.value.as_str())
    };
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| is_such(attribute)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The businessCategory is \"{}\"; EV certificates have one of {}.",
                shown(&attribute.value),
                CATEGORIES.join(", ")
            ),
        );
    }
}

fn country_invalid(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (field, country) in countries(inspected).filter(|(_, country)| !is_country(country) && *country != "UK") {
        let value = shown(country);
        let upper = country.trim().to_ascii_uppercase();
        if is_country(&upper) {
            let sentence = format_args!("The country is \"{value}\"; it has to be written {upper}.");
            report.add(&field, sentence);
        } else {
            let sentence = format_args!("The country is \"{value}\", which is not a two-letter code of ISO 3166-1.");
            report.add(&field, sentence);
        }
    }
    country_of_no_jurisdiction(inspected, report);
}

fn country_uk(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (field, _) in countries(inspected).filter(|(_, country)| *country == "UK") {
        report.add(
            &field,
            format_args!("The country is UK; the code of the United Kingdom is GB."),
        );
    }
}

fn country_several(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let count = inspected.request.subject.values(oid::COUNTRY).count();
    if count > 1 {
        report.add(
            &"subject.country",
            format_args!("There are {count} countries in the subject; one is allowed."),
        );
    }
}

fn several(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    // Those of which there may be several, or about which there are rules of their own.
    let others = [
        oid::COMMON_NAME,
        oid::COUNTRY,
        oid::ORGANIZATIONAL_UNIT,
        oid::DOMAIN_COMPONENT,
        oid::STREET_ADDRESS,
        oid::EMAIL,
    ];
    let mut places = Index::default();
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| attribute.name.is_some()) {
        let oid = attribute.oid.as_bytes();
        places.add(oid, index);
        if places.places(oid).len() == 2 && !others.contains(&&*attribute.oid) {
            report.add(
                &field((index, attribute)),
                format_args!(
                    "There is more than one {} in the subject; one is allowed.",
                    called(attribute)
                ),
            );
        }
    }
}

fn organizational_unit(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let has_one = inspected.request.subject.organizational_unit.is_some();
    if has_one {
        report.add(&"subject.organizationalUnit", format_args!("The organizational unit will not be in the certificate: public ones have had none since September 2022."));
    }
}

fn email(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if inspected.request.subject.email.is_some() {
        report.add(
            &"subject.email",
            format_args!(
                "The email address will not be in the certificate: public TLS certificates have none in their subject."
            ),
        );
    }
}

/// The Baseline Requirements' table; for what is not in it, RFC 5280, appendix A.1. In characters.
fn limit(oid: &str) -> Option<usize> {
    Some(match oid {
        oid::ORGANIZATION
        | oid::ORGANIZATIONAL_UNIT
        | oid::SURNAME
        | oid::SERIAL_NUMBER
        | oid::TITLE
        | oid::GIVEN_NAME => 64,
        oid::DOMAIN_COMPONENT => 63,
        oid::LOCALITY
        | oid::STATE
        | oid::STREET_ADDRESS
        | oid::BUSINESS_CATEGORY
        | oid::PSEUDONYM
        | oid::JURISDICTION_LOCALITY
        | oid::JURISDICTION_STATE => 128,
        oid::POSTAL_CODE => 40,
        oid::EMAIL => 255,
        oid::NAME => 32_768,
        _ => return None,
    })
}

fn too_long(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected) {
        let length = attribute.value.chars().count();
        if let Some(limit) = limit(&attribute.oid).filter(|limit| length > *limit) {
            report.add(
                &field((index, attribute)),
                format_args!(
                    "The {} has {length} characters; {limit} is the limit.",
                    called(attribute)
                ),
            );
        }
    }
}

fn white_space(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected) {
        let is_padded = attribute.value.trim() != attribute.value && !attribute.value.trim().is_empty();
        if is_padded {
            report.add(
                &field((index, attribute)),
                format_args!("The {} begins or ends with white space.", called(attribute)),
            );
        }
    }
}

/// What a value that says nothing is, without its marks and white space: what the Baseline Requirements call absent, incomplete
/// or not applicable, and OpenSSL's defaults.
const NOTHING: &[&str] = &[
    "",
    "na",
    "none",
    "unknown",
    "nil",
    "null",
    "undefined",
    "unspecified",
    "notapplicable",
    "tbd",
    "somestate",
    "internetwidgitsptyltd",
    "defaultcompanyltd",
    "defaultcity",
    "replaceme",
    "changeme",
    "yourorganization",
    "notspecified",
];

/// What may be called so all the same, as long as no mark is beside it: NA is Naples and Namibia, there are places called None
/// and Unknown, and people called Na, Nil and Null.
fn may_be_called(attribute: &NameAttribute, word: &str) -> bool {
    match &*attribute.oid {
        oid::LOCALITY | oid::STATE | oid::STREET_ADDRESS | oid::JURISDICTION_LOCALITY | oid::JURISDICTION_STATE => {
            matches!(word, "na" | "none" | "unknown")
        }
        oid::SURNAME | oid::GIVEN_NAME => matches!(word, "na" | "nil" | "null"),
        oid::COUNTRY | oid::JURISDICTION_COUNTRY => word == "na",
        oid::DOMAIN_COMPONENT => true,
        _ => false,
    }
}

/// Whether a character is no letter and no digit: of ASCII, Latin-1 and the punctuation and symbols of Unicode.
const fn is_mark(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => !c.is_ascii_alphanumeric(),
        'ª' | 'µ' | 'º' => false,
        '\u{80}'..='¿' | '×' | '÷' | '\u{2000}'..='\u{206f}' | '\u{2190}'..='\u{245f}' | '\u{2500}'..='\u{2bff}' => {
            true
        }
        _ => matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3020}' | '\u{30fb}'),
    }
}

fn placeholder(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected) {
        let value = attribute.value.trim();
        let letters = value.chars().filter(|&c| !is_mark(c));
        let word = letters.collect::<String>().to_ascii_lowercase();
        let may_be_called = word.len() == value.len() && may_be_called(attribute, &word);
        // A common name of a star or of an address is what other rules are for, as is an empty value.
        let is_name = attribute.oid == oid::COMMON_NAME && (value.starts_with('*') || is_ip(value));
        let is_other = value.is_empty() || is_name;
        let is_nothing = NOTHING.contains(&word.as_str()) && !may_be_called;
        let is_placeholder = (is_nothing || is_to_be_filled_in(value)) && !is_other;
        if is_placeholder {
            report.add(
                &field((index, attribute)),
                format_args!(
                    "The {} is \"{}\", which is a placeholder: leave it out instead.",
                    called(attribute),
                    shown(value)
                ),
            );
        }
    }
}

fn html(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| is_escaped(&attribute.value)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The {} is \"{}\", with what stands for a character in HTML or elsewhere: write the character itself.",
                called(attribute),
                shown(&attribute.value)
            ),
        );
    }
}

fn mojibake(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    // A replacement character for octets that the type does not allow is the reader's own.
    let is_lost = |attribute: &NameAttribute| attribute.well_formed && attribute.value.contains(has_no_meaning);
    let is_such = |attribute: &NameAttribute| is_decoded_wrong(&attribute.value) || is_lost(attribute);
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| is_such(attribute)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The {} is \"{}\", which was decoded with the wrong character set on its way.",
                called(attribute),
                shown(&attribute.value)
            ),
        );
    }
}

fn empty_value(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| attribute.value.trim().is_empty()) {
        report.add(
            &field((index, attribute)),
            format_args!("The {} is empty: leave it out instead.", called(attribute)),
        );
    }
}

fn string_type(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    use StringType::{
        BmpString, Ia5String, NumericString, Other, PrintableString, T61String, UniversalString, Utf8String,
        VisibleString,
    };
    for (index, attribute) in attributes(inspected) {
        let (fits, wanted) = match (&*attribute.oid, attribute.string_type) {
            // RFC 5280, A.1: these are PrintableString and nothing else.
            (oid::COUNTRY | oid::SERIAL_NUMBER | oid::DN_QUALIFIER | oid::JURISDICTION_COUNTRY, string_type) => {
                (string_type == PrintableString, "PrintableString")
            }
            (oid::EMAIL | oid::DOMAIN_COMPONENT, string_type) => (string_type == Ia5String, "IA5String"),
            // What is no DirectoryString by its definition may be anything: an unknown attribute, those of PKCS #9,
            // userId and its like, postalAddress and x500UniqueIdentifier.
            (oid, _)
                if attribute.name.is_none()
                    || ["1.2.840.113549.1.9.", "0.9.2342."]
                        .iter()
                        .any(|arc| oid.starts_with(arc))
                    || matches!(oid, oid::POSTAL_ADDRESS | oid::X500_UNIQUE_IDENTIFIER) =>
            {
                continue;
            }
            (_, T61String | BmpString | UniversalString | NumericString | Ia5String | VisibleString | Other) => {
                (false, "UTF8String")
            }
            (_, Utf8String | PrintableString) => continue,
        };
        if !fits {
            report.add(
                &field((index, attribute)),
                format_args!(
                    "The {} is encoded as {}; use {wanted}.",
                    called(attribute),
                    type_name(attribute.string_type),
                ),
            );
        }
    }
}

const fn type_name(string_type: StringType) -> &'static str {
    match string_type {
        StringType::Utf8String => "UTF8String",
        StringType::NumericString => "NumericString",
        StringType::PrintableString => "PrintableString",
        StringType::T61String => "T61String",
        StringType::Ia5String => "IA5String",
        StringType::VisibleString => "VisibleString",
        StringType::UniversalString => "UniversalString",
        StringType::BmpString => "BMPString",
        StringType::Other => "value that is not text",
    }
}

/// Whether a text is ASCII in a type that has fewer characters: many libraries write `*` and `&` so, and every reader
/// accepts them.
fn is_nearly_printable(attribute: &NameAttribute) -> bool {
    attribute.string_type == StringType::PrintableString && attribute.value.is_ascii()
}

fn malformed_text(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_malformed = |attribute: &NameAttribute| !attribute.well_formed && !is_nearly_printable(attribute);
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| is_malformed(attribute)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The {} has octets that are not allowed in a {}.",
                called(attribute),
                type_name(attribute.string_type)
            ),
        );
    }
}

fn not_printable(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_such = |attribute: &NameAttribute| !attribute.well_formed && is_nearly_printable(attribute);
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| is_such(attribute)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The {} is a PrintableString with a character that this type does not allow; use UTF8String.",
                called(attribute)
            ),
        );
    }
}

fn control_character(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| attribute.value.contains(is_control)) {
        report.add(
            &field((index, attribute)),
            format_args!(
                "The {} has characters in it that are not seen, or that turn the direction of text.",
                called(attribute)
            ),
        );
    }
}

fn multi_valued(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let mut previous = None;
    for (index, attribute) in attributes(inspected) {
        if previous == Some(attribute.rdn) {
            report.add(
                &field((index, attribute)),
                format_args!(
                    "The {} shares a relative distinguished name with the attribute before it.",
                    called(attribute)
                ),
            );
        }
        previous = Some(attribute.rdn);
    }
}

fn unknown_attribute(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for (index, attribute) in attributes(inspected).filter(|(_, attribute)| attribute.name.is_none()) {
        report.add(
            &field((index, attribute)),
            format_args!("The attribute {} is unknown.", attribute.oid),
        );
    }
}
