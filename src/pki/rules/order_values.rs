//! The values in an order that the service or the certificate authority refuses, or that do not do what they seem to.
//! Values that nobody knows pass: the service decides.

use der::find;
use finding::{
    FindingCode,
    Severity::{Error, Warning},
};

use crate::{
    key::public_key::Material,
    rules::{
        judged_order::JudgedOrder,
        rule::{Report, Rule, title},
        shown::shown,
    },
};

pub(crate) const fn rules<'a>() -> &'a [Rule<JudgedOrder<'a>>] {
    &[
        Rule {
            code: FindingCode::ContactTypeReserved,
            severity: Error,
            title: title!("A contact of a new order has the type TECHNICAL_CONTACT, which the service assigns itself"),
            source: "guide 7.2",
            check: contact_type_reserved,
        },
        Rule {
            code: FindingCode::OrganizationContactMissing,
            severity: Error,
            title: title!("An OV order has no contact of the type ORGANIZATION_CONTACT"),
            source: "guide 7.2",
            check: organization_contact_missing,
        },
        Rule {
            code: FindingCode::AlgorithmHashUnusable,
            severity: Error,
            title: title!("`algorithmHash` is DSA, with which no certificate is issued"),
            source: "guide 7.4.1, BR 7.1.3.2",
            check: algorithm_hash_unusable,
        },
        Rule {
            code: FindingCode::AlgorithmHashDiffers,
            severity: Warning,
            title: title!("`algorithmHash` names another kind of key than the request has"),
            source: "guide 7.4.1",
            check: algorithm_hash_differs,
        },
        Rule {
            code: FindingCode::RootHashSha1,
            severity: Warning,
            title: title!("`rootHash` is SHA_1, against the guide's advice"),
            source: "guide 7.4.1",
            check: root_hash_sha1,
        },
        Rule {
            code: FindingCode::ServerPlatformUnknown,
            severity: Warning,
            title: title!("`serverPlatform` is not one of those that are known"),
            source: "seen of the service: its own names of platforms",
            check: server_platform_unknown,
        },
        Rule {
            code: FindingCode::AdditionalEmailInvalid,
            severity: Error,
            title: title!("One of `additionalEmails` is not an email address"),
            source: "guide 7.4.1, RFC 5321 4.1.2",
            check: additional_email_invalid,
        },
        Rule {
            code: FindingCode::HttpTokenForWildcard,
            severity: Error,
            title: title!("`dcvMethod` is HTTP_TOKEN, and a name is a wildcard"),
            source: "BR 3.2.2.4.18",
            check: http_token_for_wildcard,
        },
    ]
}

fn contact_type_reserved(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    for (at, contact) in order.contacts().enumerate() {
        for (number, of) in contact.types().enumerate() {
            let is_reserved = of.name.as_deref() == Some("TECHNICAL_CONTACT");
            if is_reserved {
                report.add(
                    &format_args!("contacts[{at}].contactTypes[{number}].type"),
                    format_args!("The service assigns the TECHNICAL_CONTACT itself: leave that type out."),
                );
            }
        }
    }
}

fn organization_contact_missing(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let has_one = order.contacts().any(|contact| {
        let mut types = contact.types();
        types.any(|of| of.name.as_deref() == Some("ORGANIZATION_CONTACT"))
    });
    // Without any contact that is what is missing.
    let is_missing = order.is_of_level("OV") && !has_one && order.contacts().next().is_some();
    if is_missing {
        report.add(&"contacts", format_args!("An OV order needs a contact of the type ORGANIZATION_CONTACT, without whom the organization is not validated."));
    }
}

fn algorithm_hash_unusable(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let is_dsa = order.written.and_then(|cert| cert.algorithm_hash.as_deref()) == Some("DSA");
    if is_dsa {
        report.add(
            &"cert.algorithmHash",
            format_args!("No certificate is issued with DSA: write RSA or ECC, or leave `algorithmHash` out."),
        );
    }
}

fn algorithm_hash_differs(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let Some(request) = order.request else { return };
    let of_key = match &request.request.key.material {
        Material::Rsa(_) => "RSA",
        Material::Ec(_) => "ECC",
        _ => return,
    };
    let written = order.written.and_then(|cert| cert.algorithm_hash.as_deref());
    let differs = matches!(written, Some("RSA" | "ECC")) && written != Some(of_key);
    if differs {
        report.add(
            &"cert.algorithmHash",
            format_args!("The key of the CSR is for {of_key}: write that in `algorithmHash`, or leave it out."),
        );
    }
}

fn root_hash_sha1(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let is_sha1 = order.written.and_then(|cert| cert.root_hash.as_deref()) == Some("SHA_1");
    if is_sha1 {
        report.add(
            &"cert.rootHash",
            format_args!("The guide advises against SHA_1, which some programs do not accept: leave `rootHash` out."),
        );
    }
}

const PLATFORMS: [&str; 7] = [
    "APACHE",
    "NGINX",
    "DEFAULT",
    "MICROSOFT_IIS_10",
    "MICROSOFT_IIS_8",
    "MICROSOFT_IIS_7",
    "MICROSOFT_IIS_5_OR_6",
];

fn server_platform_unknown(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let platform = order.written.and_then(|cert| cert.server_platform.as_deref());
    let Some(platform) = platform.filter(|platform| !PLATFORMS.contains(platform)) else {
        return;
    };
    report.add(
        &"cert.serverPlatform",
        format_args!(
            "{} is not one of the platforms that are known: {}.",
            shown(platform),
            PLATFORMS.join(", ")
        ),
    );
}

fn additional_email_invalid(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let emails = order.additional_emails.and_then(|emails| emails.as_deref());
    for (at, email) in emails.unwrap_or_default().iter().enumerate() {
        if !is_address(email) {
            report.add(
                &format_args!("additionalEmails[{at}]"),
                format_args!("{} is not an email address.", shown(email)),
            );
        }
    }
}

/// Whether mail could be sent to it: one address, without a name beside it or a quoted part (RFC 5321, 4.1.2 and 4.5.3.1).
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_local = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || find::has("!#$%&'*+-/=?^_`{|}~.", c);
    let is_label = |label: &str| {
        let inner = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(is_local)
        && !local.chars().chain(domain.chars()).any(char::is_whitespace)
        && !local.split('.').any(str::is_empty)
        && domain.len() <= 255
        && find::has(domain, '.')
        && domain.split('.').all(is_label)
}

fn http_token_for_wildcard(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    if order.written.and_then(|cert| cert.dcv_method.as_deref()) != Some("HTTP_TOKEN") {
        return;
    }
    let wildcard = order.names.iter().find(|dns| dns.name.trim().starts_with("*."));
    if let Some(wildcard) = wildcard {
        report.add(&"cert.dcvMethod", format_args!(
                "{} is a wildcard, whose control no file on a web server proves: choose DNS_TXT_TOKEN, DNS_CNAME_TOKEN or EMAIL.",
                shown(wildcard.name)
            ));
    }
}
