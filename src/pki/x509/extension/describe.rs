//! The extensions that no rule looks at, as text.

use der::{
    BitString, DerError, Element, Integer, Reader, Text, Time, hex,
    oid::{self, Oid},
    tag,
};

use super::at_end;
use crate::x509::general_name::{GeneralName, listed};

const SEQUENCES: &[u8] = &[tag::SEQUENCE];

/// Text, or why there is none.
pub(super) type Described = Result<String, DerError>;

/// An extension's content as text; None when there is no way to read that extension here.
pub(super) fn describe(oid: &str, reader: &mut Reader<'_>) -> Option<Described> {
    Some(match oid {
        oid::ISSUER_ALT_NAME => issuer_alt_name(reader),
        oid::NAME_CONSTRAINTS => name_constraints(reader),
        oid::CRL_DISTRIBUTION_POINTS | oid::FRESHEST_CRL => distribution_points(reader),
        oid::CERTIFICATE_POLICIES | oid::APPLICATION_POLICIES => policies(reader),
        oid::POLICY_MAPPINGS => policy_mappings(reader),
        oid::POLICY_CONSTRAINTS => policy_constraints(reader),
        oid::PRIVATE_KEY_USAGE_PERIOD => usage_period(reader),
        oid::NETSCAPE_CERT_TYPE => netscape_type(reader),
        oid::QC_STATEMENTS => statements(reader),
        oid::AUTHORITY_INFO_ACCESS | oid::SUBJECT_INFO_ACCESS => access(reader),
        oid::TLS_FEATURE => features(reader),
        oid::SCT_LIST => timestamps(reader),
        oid::CT_POISON => null(reader, "precertificate"),
        oid::MS_TEMPLATE => template(reader),
        oid::MS_TEMPLATE_NAME | oid::NETSCAPE_COMMENT => text(reader),
        oid::INHIBIT_ANY_POLICY | oid::MS_CA_VERSION => number(reader),
        oid::OCSP_NO_CHECK => null(reader, "no check"),
        _ => return None,
    })
}

/// The members of a SEQUENCE, each as text from its own fields, of which none is left over. A function pointer, so that there is
/// one loop for all.
fn each(
    reader: &mut Reader<'_>,
    expected: &'static str,
    tags: &[u8],
    described: fn(&Element<'_>, &mut Reader<'_>) -> Described,
) -> Described {
    let mut members = reader.inner(tag::SEQUENCE, expected)?;
    let mut texts = Vec::new();
    while !members.is_empty() {
        let member = members.any(expected)?;
        if !tags.contains(&member.constructed_tag()) {
            return Err(DerError::new(expected, tag::describe(member.tag), member.offset));
        }
        let mut fields = member.inside();
        texts.push(described(&member, &mut fields)?);
        if member.tag & tag::CONSTRUCTED != 0 {
            at_end(&fields, expected)?;
        }
    }
    Ok(texts.join(", "))
}

/// RFC 5280, 4.2.1.7.
///
/// ```asn1
/// IssuerAltName ::= GeneralNames
/// ```
fn issuer_alt_name(reader: &mut Reader<'_>) -> Described {
    Ok(listed(&GeneralName::read_all(
        reader.inner(tag::SEQUENCE, "a list of names")?,
    )?))
}

/// RFC 6962, 3.1, and RFC 6960, 4.2.2.2.1: marks that hold nothing.
///
/// ```asn1
/// Mark ::= NULL
/// ```
fn null(reader: &mut Reader<'_>, meaning: &str) -> Described {
    reader.expect(tag::NULL, "NULL")?;
    Ok(meaning.to_owned())
}

/// Netscape's comment, and the name of Microsoft's template: a character string of whatever type.
fn text(reader: &mut Reader<'_>) -> Described {
    Ok(Text::read(&reader.any("a text")?).value)
}

/// RFC 5280, 4.2.1.14: how many more certificates may have any policy. Microsoft's version of an authority has the same form.
///
/// ```asn1
/// InhibitAnyPolicy ::= INTEGER
/// ```
fn number(reader: &mut Reader<'_>) -> Described {
    Ok(Integer::read(reader, "a number")?.to_decimal())
}

/// RFC 5280, 4.2.1.10.
///
/// ```asn1
/// NameConstraints ::= SEQUENCE {
///     permittedSubtrees  [0] IMPLICIT SEQUENCE OF GeneralSubtree OPTIONAL,
///     excludedSubtrees   [1] IMPLICIT SEQUENCE OF GeneralSubtree OPTIONAL
/// }
/// GeneralSubtree ::= SEQUENCE {
///     base     GeneralName,                      -- an iPAddress with its mask
///     minimum  [0] IMPLICIT INTEGER DEFAULT 0,
///     maximum  [1] IMPLICIT INTEGER OPTIONAL
/// }
/// ```
fn name_constraints(reader: &mut Reader<'_>) -> Described {
    let lists = [tag::context_constructed(0), tag::context_constructed(1)];
    each(reader, "name constraints", &lists, |list, subtrees| {
        let kind = if list.tag == tag::context_constructed(0) {
            "permitted"
        } else {
            "excluded"
        };
        let mut names = Vec::new();
        while !subtrees.is_empty() {
            let mut fields = subtrees.inner(tag::SEQUENCE, "a subtree")?;
            names.push(GeneralName::read(&fields.any("a name")?)?);
            // RFC 5280 has a minimum of 0 and no maximum.
            let minimum = fields.optional(tag::context(0))?;
            if minimum.is_some_and(|minimum| Integer::of(&minimum).bits() > 0) {
                return Err(DerError::new("a subtree", "one with a minimum", list.offset));
            }
            at_end(&fields, "a subtree")?;
        }
        Ok(format!("{kind}: {}", listed(&names)))
    })
}

/// RFC 5280, 4.2.1.13; the freshest CRL (4.2.1.15) has the same form.
///
/// ```asn1
/// CRLDistributionPoints ::= SEQUENCE OF SEQUENCE {
///     distributionPoint  [0] EXPLICIT CHOICE {
///         fullName                 [0] IMPLICIT GeneralNames,
///         nameRelativeToCRLIssuer  [1] IMPLICIT RelativeDistinguishedName
///     } OPTIONAL,
///     reasons            [1] IMPLICIT BIT STRING OPTIONAL,
///     cRLIssuer          [2] IMPLICIT GeneralNames OPTIONAL
/// }
/// ```
fn distribution_points(reader: &mut Reader<'_>) -> Described {
    each(reader, "distribution points", SEQUENCES, |_, fields| {
        let name = fields.optional(tag::context_constructed(0))?;
        fields.optional(tag::context(1))?;
        let issuer = fields.optional(tag::context_constructed(2))?;
        let Some(name) = name else {
            // One of the two has to be there (RFC 5280, 4.2.1.13).
            issuer.ok_or_else(|| DerError::new("a distribution point", "one without a name", fields.offset()))?;
            return Ok("a point without a name".to_owned());
        };
        let mut choice = name.inside();
        let full = choice.optional(tag::context_constructed(0))?;
        let text = if let Some(full) = full {
            listed(&GeneralName::read_all(full.inside())?)
        } else {
            choice.expect(tag::context_constructed(1), "a name of a distribution point")?;
            "a name relative to the issuer".to_owned()
        };
        at_end(&choice, "a name of a distribution point")?;
        Ok(text)
    })
}

/// RFC 5280, 4.2.1.4. Of the qualifiers, only the address of the practice statement is shown.
///
/// ```asn1
/// CertificatePolicies ::= SEQUENCE OF SEQUENCE {
///     policyIdentifier  OBJECT IDENTIFIER,
///     policyQualifiers  SEQUENCE OF SEQUENCE {
///         policyQualifierId  OBJECT IDENTIFIER,
///         qualifier          ANY                 -- an IA5String with the address, or a UserNotice
///     } OPTIONAL
/// }
/// ```
fn policies(reader: &mut Reader<'_>) -> Described {
    each(reader, "policies", SEQUENCES, |_, fields| {
        let oid = Oid::read(fields.content(tag::OID, "the OID of a policy")?);
        let mut words = vec![match oid.name {
            Some(name) => format!("{name} ({oid})"),
            None => oid.to_string(),
        }];
        if let Some(qualifiers) = fields.optional(tag::SEQUENCE)? {
            let mut qualifiers = qualifiers.inside();
            while !qualifiers.is_empty() {
                let mut fields = qualifiers.inner(tag::SEQUENCE, "a qualifier")?;
                fields.expect(tag::OID, "the OID of a qualifier")?;
                let value = fields.any("a qualifier")?;
                if value.tag & tag::CONSTRUCTED == 0 {
                    words.push(Text::read(&value).value);
                }
                at_end(&fields, "a qualifier")?;
            }
        }
        Ok(words.join(" "))
    })
}

/// RFC 5280, 4.2.1.5.
///
/// ```asn1
/// PolicyMappings ::= SEQUENCE OF SEQUENCE {
///     issuerDomainPolicy   OBJECT IDENTIFIER,
///     subjectDomainPolicy  OBJECT IDENTIFIER
/// }
/// ```
fn policy_mappings(reader: &mut Reader<'_>) -> Described {
    each(reader, "policy mappings", SEQUENCES, |_, fields| {
        let mut policy = || {
            fields
                .expect(tag::OID, "the OID of a policy")
                .map(|oid| Oid::read(oid.content))
        };
        Ok(format!("{} = {}", policy()?.words(), policy()?.words()))
    })
}

/// RFC 5280, 4.2.1.11.
///
/// ```asn1
/// PolicyConstraints ::= SEQUENCE {
///     requireExplicitPolicy  [0] IMPLICIT INTEGER OPTIONAL,
///     inhibitPolicyMapping   [1] IMPLICIT INTEGER OPTIONAL
/// }
/// ```
fn policy_constraints(reader: &mut Reader<'_>) -> Described {
    let tags = [tag::context(0), tag::context(1)];
    each(reader, "policy constraints", &tags, |constraint, _| {
        let what = if constraint.tag == tag::context(0) {
            "requireExplicitPolicy"
        } else {
            "inhibitPolicyMapping"
        };
        Ok(format!("{what}: {}", Integer::of(constraint).to_decimal()))
    })
}

/// RFC 3280, 4.2.1.4.
///
/// ```asn1
/// PrivateKeyUsagePeriod ::= SEQUENCE {
///     notBefore  [0] IMPLICIT GeneralizedTime OPTIONAL,
///     notAfter   [1] IMPLICIT GeneralizedTime OPTIONAL
/// }
/// ```
fn usage_period(reader: &mut Reader<'_>) -> Described {
    each(reader, "a period", &[tag::context(0), tag::context(1)], |end, _| {
        let what = if end.tag == tag::context(0) { "from" } else { "to" };
        Ok(format!("{what} {}", Time::generalized(end)?.to_iso()))
    })
}

/// The bits of Netscape's certificate type, from a time before key usages.
///
/// ```asn1
/// NetscapeCertType ::= BIT STRING
/// ```
const NETSCAPE_TYPES: [&str; 8] = [
    "sslClient",
    "sslServer",
    "smime",
    "objectSigning",
    "reserved",
    "sslCA",
    "smimeCA",
    "objectSigningCA",
];

fn netscape_type(reader: &mut Reader<'_>) -> Described {
    let bits = BitString::of(&reader.expect(tag::BIT_STRING, "a type")?)?;
    let set = NETSCAPE_TYPES.iter().enumerate().filter(|&(index, _)| bits.bit(index));
    Ok(set.map(|(_, name)| *name).collect::<Vec<_>>().join(", "))
}

/// RFC 3739, 3.2.6: the statements by name, without their details.
///
/// ```asn1
/// QCStatements ::= SEQUENCE OF SEQUENCE {
///     statementId    OBJECT IDENTIFIER,
///     statementInfo  ANY OPTIONAL
/// }
/// ```
fn statements(reader: &mut Reader<'_>) -> Described {
    each(reader, "statements", SEQUENCES, |_, fields| {
        let oid = fields.expect(tag::OID, "the OID of a statement")?;
        if !fields.is_empty() {
            fields.any("a statement")?;
        }
        Ok(Oid::read(oid.content).words().to_owned())
    })
}

/// RFC 5280, 4.2.2.1 and 4.2.2.2: of the authority, and of the subject.
///
/// ```asn1
/// AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE {
///     accessMethod    OBJECT IDENTIFIER,
///     accessLocation  GeneralName
/// }
/// ```
fn access(reader: &mut Reader<'_>) -> Described {
    each(reader, "access descriptions", SEQUENCES, |_, fields| {
        let method = Oid::read(fields.content(tag::OID, "an access method")?);
        let location = GeneralName::read(&fields.any("an access location")?)?;
        Ok(format!("{} {location}", method.words()))
    })
}

/// RFC 7633, 4; the numbers are those of TLS extensions.
///
/// ```asn1
/// Features ::= SEQUENCE OF INTEGER
/// ```
fn features(reader: &mut Reader<'_>) -> Described {
    each(reader, "TLS features", &[tag::INTEGER], |feature, _| {
        Ok(match Integer::of(feature).small() {
            Some(5) => "status_request (must-staple)".to_owned(),
            Some(17) => "status_request_v2".to_owned(),
            _ => Integer::of(feature).to_decimal(),
        })
    })
}

/// Microsoft's template (MS-WCCE, `szOID_CERTIFICATE_TEMPLATE`): its OID and its version.
///
/// ```asn1
/// CertificateTemplateOID ::= SEQUENCE {
///     templateID            OBJECT IDENTIFIER,
///     templateMajorVersion  INTEGER OPTIONAL,
///     templateMinorVersion  INTEGER OPTIONAL
/// }
/// ```
fn template(reader: &mut Reader<'_>) -> Described {
    let mut fields = reader.inner(tag::SEQUENCE, "a template")?;
    let mut words = vec![Oid::read(fields.content(tag::OID, "the OID of a template")?).to_string()];
    while !fields.is_empty() {
        words.push(Integer::read(&mut fields, "a version")?.to_decimal());
    }
    Ok(words.join(" "))
}

/// RFC 6962, 3.3: a list in TLS's own encoding, inside one more OCTET STRING.
///
/// ```text
/// SignedCertificateTimestampList: the length of what follows, 2 octets; then for each timestamp its length, 2 octets, and
///     version            1 octet                 -- 0, which means version 1
///     log id             32 octets               -- SHA-256 of the log's key
///     milliseconds       8 octets                -- since 1970
///     extensions         a length of 2 octets, and as many octets
///     signature          hash and algorithm, an octet each; a length of 2 octets, and as many octets
/// ```
fn timestamps(reader: &mut Reader<'_>) -> Described {
    let list = reader.expect(tag::OCTET_STRING, "a list of timestamps")?;
    let unreadable = || DerError::new("a list of timestamps", "one that is cut off", list.offset);
    let (mut rest, _) = with_length(list.content).ok_or_else(unreadable)?;
    let mut words = Vec::new();
    while !rest.is_empty() {
        let (timestamp, after) = with_length(rest).ok_or_else(unreadable)?;
        words.push(timestamp_text(timestamp).ok_or_else(unreadable)?);
        rest = after;
    }
    Ok(words.join(", "))
}

/// A vector with its length in two octets before it, and what comes after.
fn with_length(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// RFC 6962, 3.2: version, the log's id, milliseconds since 1970.
fn timestamp_text(bytes: &[u8]) -> Option<String> {
    let (version, rest) = bytes.split_first()?;
    let (log, rest) = rest.split_first_chunk::<32>()?;
    let (milliseconds, _) = rest.split_first_chunk::<8>()?;
    let unix = i64::from_be_bytes(*milliseconds).div_euclid(1000);
    Some(format!(
        "v{} {} by log {}",
        version.saturating_add(1),
        Time { unix }.to_iso(),
        hex(log)
    ))
}
