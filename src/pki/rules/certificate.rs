//! Certificates for TLS servers, by what held when they were issued: what zlint and pkilint look at as well, as far as whoever
//! orders one can act on it.

use der::oid;
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    rules::{
        bundle::texts,
        dns_name::{DnsName, folded, one_way},
        extensions::unfit_usages,
        inspected::is_ip,
        inspected_bundle::{Spot, called, path},
        key::{self, JudgedKey},
        of_dns_name,
        rule::{Findings, Report, Rule, apply, title},
        san,
        shown::shown,
    },
    verify::chain::Chain,
    x509::{certificate::SignedCertificate, extension::Value, general_name::GeneralName},
};

/// A rule about the certificates that were issued in a certain time.
pub(crate) struct DatedRule<'a> {
    /// The first moment of issue for which it holds, in seconds since 1970, and the first for which it does not any more.
    pub issued: (i64, Option<i64>),
    pub rule: Rule<Chain<'a>>,
}

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [DatedRule<'a>] {
    &[
        DatedRule {
            issued: (FROM_2012_07_01, None),
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
            rule: Rule {
                code: FindingCode::CertificateKeyUnfit,
                severity: Error,
                title: title!(
                    "A rule about keys calls that of a server's certificate, or of an intermediate above it, an error (since 2014-01-01)"
                ),
                source: "BR 6.1.5, 6.1.6",
                check: key_unfit,
            },
        },
        DatedRule {
            issued: (FROM_2016_01_01, None),
            rule: Rule {
                code: FindingCode::CertificateHashBroken,
                severity: Error,
                title: title!(
                    "A server's certificate, or an intermediate above it, is signed with SHA-1 or MD5 (since 2016-01-01)"
                ),
                source: "BR 7.1.3.2, Mozilla Root Store Policy 5.1",
                check: hash_broken,
            },
        },
        DatedRule {
            issued: (FROM_2023_09_15, None),
            rule: Rule {
                code: FindingCode::KeyUsageUnfit,
                severity: Warning,
                title: title!("A server's certificate has a key usage that its kind of key may not have"),
                source: "BR 7.1.2.7.11",
                check: key_usage_unfit,
            },
        },
        DatedRule {
            issued: (FROM_2023_09_15, None),
            rule: Rule {
                code: FindingCode::CertificateWithoutPurposes,
                severity: Warning,
                title: title!("A server's certificate has no extended key usage (since 2023-09-15)"),
                source: "BR 7.1.2.7.6",
                check: without_purposes,
            },
        },
        DatedRule {
            issued: (FROM_2026_06_15, Some(FROM_2027_03_15)),
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
const FROM_2023_09_15: i64 = 1_694_736_000;
const FROM_2026_06_15: i64 = 1_781_481_600;
const FROM_2027_03_15: i64 = 1_805_068_800;

/// Applies every rule that held when the certificate was issued, and is about such as this.
pub(crate) fn apply_all(chain: &Chain<'_>, findings: &mut Findings) {
    let leaf = &chain.leaf;
    for dated in rules() {
        let (since, until) = dated.issued;
        let issued = leaf.not_before.unix;
        if issued >= since && until.is_none_or(|until| issued < until) && is_for_server(leaf) {
            apply(core::slice::from_ref(&dated.rule), chain, findings);
        }
    }
}

fn is_for_server(certificate: &SignedCertificate<'_>) -> bool {
    certificate.is_for_servers() && !certificate.is_authority()
}

fn without_names(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    let has_one = leaf
        .alternative_names()
        .any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    if !has_one {
        report.add(&"leaf.subjectAltNames", format_args!("The certificate has no DNS name and no IP address among its alternative names: no browser looks elsewhere."));
    }
}

fn cn_not_in_san(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    let names = texts(leaf.alternative_names());
    for attribute in leaf.subject.values(oid::COMMON_NAME) {
        let common_name = &attribute.value;
        // Without alternative names, that is what is wrong.
        let has_names = leaf.alternative_names().next().is_some();
        if has_names && !names.contains(&folded(common_name)) {
            let is_same = |name: &String| one_way(name) == one_way(common_name);
            let what = if names.iter().any(is_same) {
                "is not written as its alternative name is"
            } else {
                "is not among its alternative names"
            };
            report.add(
                &"leaf.subject.commonName",
                format_args!("The common name of the certificate, {}, {what}.", shown(common_name)),
            );
        }
    }
}

fn name_unfit(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    let (mut dns, mut ip) = (0_usize, 0_usize);
    for name in leaf.alternative_names() {
        match name {
            GeneralName::Dns(name) if !is_ip(name) => {
                let field = format!("leaf.subjectAltNames.dns[{dns}]");
                dns = dns.saturating_add(1);
                let found = of_dns_name(&DnsName {
                    name,
                    field: field.clone(),
                });
                if let Some(error) = found.into_iter().find(|found| found.severity == Error) {
                    report.add(&field, format_args!("{}", error.message));
                }
            }
            GeneralName::Dns(name) => {
                report.add(
                    &format_args!("leaf.subjectAltNames.dns[{dns}]"),
                    format_args!("{name} is an IP address that stands among the DNS names."),
                );
                dns = dns.saturating_add(1);
            }
            GeneralName::Ip(address) => {
                if san::is_reserved(address) {
                    report.add(
                        &format_args!("leaf.subjectAltNames.ip[{ip}]"),
                        format_args!("{address} is a private or reserved address."),
                    );
                }
                let is_none = !address.is_one();
                if is_none {
                    report.add(
                        &format_args!("leaf.subjectAltNames.ip[{ip}]"),
                        format_args!("{address} is no IP address: it has neither 4 nor 16 octets."),
                    );
                }
                ip = ip.saturating_add(1);
            }
            _ => {}
        }
    }
}

/// Those from the leaf upwards that are judged by their keys and signatures, with their fields: a root is not.
fn judged<'a>(chain: &'a Chain<'a>) -> impl Iterator<Item = (Spot, &'a SignedCertificate<'a>)> {
    let mut judged = Vec::new();
    for (spot, certificate) in path(chain) {
        if !certificate.is_root() {
            judged.push((spot, certificate));
        }
    }
    judged.into_iter()
}

/// Browsers build no longer ones, and a key may take a noticeable time.
const LONGEST_PATH: usize = 10;

fn key_unfit(chain: &Chain<'_>, report: &mut Report<'_>) {
    for (field, SignedCertificate { key, .. }) in judged(chain).take(LONGEST_PATH) {
        let mut findings = Findings::default();
        apply(key::rules(), &JudgedKey { key, weak_keys: &[] }, &mut findings);
        for found in findings.all().into_iter().filter(|found| found.severity == Error) {
            report.add(&format_args!("{field}.publicKey"), format_args!("{}", found.message));
        }
    }
}

fn hash_broken(chain: &Chain<'_>, report: &mut Report<'_>) {
    for (field, certificate) in judged(chain).filter(|(_, certificate)| !certificate.is_self_issued()) {
        if let Some(hash) = certificate.broken_hash() {
            report.add(
                &format_args!("{field}.signatureAlgorithm"),
                format_args!(
                    "{} is signed with {hash}, which browsers do not accept.",
                    called(certificate)
                ),
            );
        }
    }
}

fn key_usage_unfit(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    let algorithm = leaf.key.describe().algorithm;
    let usages = leaf.usages().unwrap_or_default();
    for usage in unfit_usages(&algorithm).iter().filter(|usage| usages.contains(usage)) {
        report.add(
            &"leaf.keyUsage",
            format_args!("The certificate has {usage}, which that of an {algorithm} key may not have."),
        );
    }
}

fn without_purposes(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    if leaf
        .extensions
        .iter()
        .all(|extension| extension.oid != oid::EXTENDED_KEY_USAGE)
    {
        report.add(
            &"leaf.extendedKeyUsage",
            format_args!(
                "The certificate does not say what it is for: a server's has serverAuth as extended key usage."
            ),
        );
    }
}

fn is_for_clients(certificate: &SignedCertificate<'_>) -> bool {
    certificate.extensions.iter().any(|extension| {
        matches!(&extension.value, Value::ExtendedKeyUsage(purposes)
            if purposes.iter().any(|purpose| purpose.as_str() == oid::CLIENT_AUTH))
    })
}

fn client_auth_ends(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    if is_for_clients(leaf) {
        report.add(
            &"leaf.extendedKeyUsage",
            format_args!(
                "The certificate is for clients as well (clientAuth); those that are issued from 2027-03-15 on cannot be: get \
                 one of a private authority for clients."
            ),
        );
    }
}

fn client_auth(Chain { leaf, .. }: &Chain<'_>, report: &mut Report<'_>) {
    if is_for_clients(leaf) {
        report.add(
            &"leaf.extendedKeyUsage",
            format_args!(
                "The certificate is for clients as well (clientAuth), which Chrome has not accepted since 2027-03-15."
            ),
        );
    }
}
