//! Certificates for TLS servers, by what held when they were issued: what zlint and pkilint look at as well, as far as whoever
//! orders one can act on it.

use der::oid;

use crate::{
    finding::{
        FindingCode,
        Severity::{Error, Info},
    },
    rules::{
        inspected::is_ip,
        names::{DnsName, folded, shown},
        of_dns_name,
        rule::{Findings, Report, Rule, apply, title},
        san,
    },
    x509::{certificate::SignedCertificate, extension::Value, general_name::GeneralName},
};

/// A rule about the certificates that were issued in a certain time.
pub(crate) struct DatedRule<'a> {
    /// The first moment of issue for which it holds, in seconds since 1970, and the first for which it does not any more.
    pub issued: (i64, Option<i64>),
    /// Which certificates it is about, apart from what it checks.
    pub applies: fn(&SignedCertificate<'a>) -> bool,
    pub rule: Rule<SignedCertificate<'a>>,
}

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [DatedRule<'a>] {
    &[
        DatedRule {
            issued: (FROM_2012_07_01, None),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateWithoutNames,
                severity: Error,
                title: title!(
                    "A server's certificate has no DNS name and no IP address among its alternative names (since 2012-07-01)"
                ),
                source: "BR 7.1.2.7.12",
                check: without_names,
            },
        },
        DatedRule {
            issued: (FROM_2012_07_01, None),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateCnNotInSan,
                severity: Error,
                title: title!(
                    "The common name of a server's certificate is not among its alternative names (since 2012-07-01)"
                ),
                source: "BR 7.1.4.3",
                check: cn_not_in_san,
            },
        },
        DatedRule {
            issued: (FROM_2019_04_01, None),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateNameUnfit,
                severity: Error,
                title: title!(
                    "A server's certificate has a name that no public certificate can have (since 2019-04-01)"
                ),
                source: "BR 7.1.2.7.12, 4.2.2",
                check: name_unfit,
            },
        },
        DatedRule {
            issued: (FROM_2014_01_01, None),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateKeyUnfit,
                severity: Error,
                title: title!(
                    "The key of a server's certificate is not RSA with 2048 bits or more, or on P-256, P-384 or P-521 (since 2014-01-01)"
                ),
                source: "BR 6.1.5",
                check: key_unfit,
            },
        },
        DatedRule {
            issued: (FROM_2016_01_01, None),
            applies: is_for_server_and_issued_by_another,
            rule: Rule {
                code: FindingCode::CertificateHashBroken,
                severity: Error,
                title: title!("A server's certificate is signed with SHA-1 or MD5 (since 2016-01-01)"),
                source: "BR 7.1.3.2, Mozilla Root Store Policy 5.1",
                check: hash_broken,
            },
        },
        DatedRule {
            issued: (FROM_2026_06_15, Some(FROM_2027_03_15)),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateClientAuthEnds,
                severity: Info,
                title: title!("A server's certificate is for clients as well, as none is any more from 2027-03-15 on"),
                source: "Chrome Root Program Policy 1.8",
                check: client_auth_ends,
            },
        },
        DatedRule {
            issued: (FROM_2027_03_15, None),
            applies: is_for_server,
            rule: Rule {
                code: FindingCode::CertificateClientAuth,
                severity: Error,
                title: title!("A server's certificate is for clients as well (since 2027-03-15)"),
                source: "Chrome Root Program Policy 1.8",
                check: client_auth,
            },
        },
    ]
}

const FROM_2012_07_01: i64 = 1_341_100_800;
const FROM_2014_01_01: i64 = 1_388_534_400;
const FROM_2016_01_01: i64 = 1_451_606_400;
const FROM_2019_04_01: i64 = 1_554_076_800;
const FROM_2026_06_15: i64 = 1_781_481_600;
const FROM_2027_03_15: i64 = 1_805_068_800;

/// Applies every rule that held when the certificate was issued, and is about such as this.
pub(crate) fn apply_all(certificate: &SignedCertificate<'_>, findings: &mut Findings) {
    for dated in rules() {
        let (since, until) = dated.issued;
        let issued = certificate.not_before.unix;
        if issued >= since && until.is_none_or(|until| issued < until) && (dated.applies)(certificate) {
            apply(core::slice::from_ref(&dated.rule), certificate, findings);
        }
    }
}

fn is_for_server(certificate: &SignedCertificate<'_>) -> bool {
    certificate.is_for_servers() && !certificate.is_authority()
}

fn is_for_server_and_issued_by_another(certificate: &SignedCertificate<'_>) -> bool {
    is_for_server(certificate) && !certificate.is_self_issued()
}

fn without_names(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    let has_one = certificate
        .alternative_names()
        .any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    report.add_if(!has_one, "leaf.subjectAltNames", || {
        "The certificate has no DNS name and no IP address among its alternative names: no browser looks elsewhere."
            .to_owned()
    });
}

fn cn_not_in_san(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    let is_same = |text: &str, common_name: &str| folded(text) == folded(common_name);
    for attribute in certificate.subject.values(oid::COMMON_NAME) {
        let common_name = &attribute.value;
        let is_there = certificate.alternative_names().any(|name| match name {
            GeneralName::Dns(dns) => is_same(dns, common_name),
            GeneralName::Ip(address) => is_same(&address.to_string(), common_name),
            _ => false,
        });
        // Without alternative names, that is what is wrong.
        let has_names = certificate.alternative_names().next().is_some();
        report.add_if(has_names && !is_there, "leaf.subject.commonName", || {
            format!(
                "The common name of the certificate, {}, is not among its alternative names.",
                shown(common_name)
            )
        });
    }
}

fn name_unfit(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    let (mut dns, mut ip) = (0_usize, 0_usize);
    for name in certificate.alternative_names() {
        match name {
            GeneralName::Dns(name) if !is_ip(name) => {
                let field = format!("leaf.subjectAltNames.dns[{dns}]");
                dns = dns.saturating_add(1);
                let found = of_dns_name(&DnsName {
                    name,
                    field: field.clone(),
                });
                if let Some(error) = found.into_iter().find(|found| found.severity == Error) {
                    report.add(field, error.message);
                }
            }
            GeneralName::Dns(name) => {
                report.add(
                    format!("leaf.subjectAltNames.dns[{dns}]"),
                    format!("{name} is an IP address that stands among the DNS names."),
                );
                dns = dns.saturating_add(1);
            }
            GeneralName::Ip(address) => {
                report.add_if(
                    san::is_reserved(address),
                    format!("leaf.subjectAltNames.ip[{ip}]"),
                    || format!("{address} is a private or reserved address."),
                );
                ip = ip.saturating_add(1);
            }
            _ => {}
        }
    }
}

fn key_unfit(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    let key = certificate.key.describe();
    let is_fit = match key.algorithm.as_str() {
        "RSA" => key.bits.is_some_and(|bits| bits >= 2048),
        "EC" => matches!(key.curve.as_deref(), Some("P-256" | "P-384" | "P-521")),
        _ => false,
    };
    report.add_if(!is_fit, "leaf.publicKey", || {
        let size = key.curve.or_else(|| key.bits.map(|bits| bits.to_string()));
        format!(
            "The key of the certificate is {} {}, which browsers do not accept.",
            key.algorithm,
            size.unwrap_or_default()
        )
    });
}

fn hash_broken(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    let algorithm = crate::key::algorithm::SignatureAlgorithm::of(&certificate.signed.algorithm);
    if let Some(hash @ ("SHA-1" | "MD2" | "MD4" | "MD5")) = algorithm.hash {
        report.add(
            "leaf.signatureAlgorithm",
            format!("The certificate is signed with {hash}, which browsers do not accept."),
        );
    }
}

fn is_for_clients(certificate: &SignedCertificate<'_>) -> bool {
    certificate.extensions.iter().any(|extension| {
        matches!(&extension.value, Value::ExtendedKeyUsage(purposes)
            if purposes.iter().any(|purpose| purpose.as_str() == oid::CLIENT_AUTH))
    })
}

fn client_auth_ends(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    report.add_if(is_for_clients(certificate), "leaf.extendedKeyUsage", || {
        "The certificate is for clients as well (clientAuth); those that are issued from 2027-03-15 on cannot be: get one of \
         a private authority for clients."
            .to_owned()
    });
}

fn client_auth(certificate: &SignedCertificate<'_>, report: &mut Report<'_>) {
    report.add_if(is_for_clients(certificate), "leaf.extendedKeyUsage", || {
        "The certificate is for clients as well (clientAuth), which Chrome has not accepted since 2027-03-15."
            .to_owned()
    });
}
