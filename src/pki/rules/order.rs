//! A request against the order that it is for: the service takes the names from the order, not from the request.

use crate::{
    finding::Severity::{Error, Info, Warning},
    finding_code::FindingCode,
    rules::{
        context::OrderContext,
        inspected::Inspected,
        names::shown,
        rule::{Report, Rule},
    },
    x509::general_name::GeneralName,
};

pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::OrderLacksName,
            severity: Warning,
            title: "A name of the request is not in the order, and will not be in the certificate",
            source: "contract 5: the CSR's own names are not honoured",
            check: lacks_name,
        },
        Rule {
            code: FindingCode::OrderCommonNameDiffers,
            severity: Warning,
            title: "The order has another common name than the request",
            source: "contract 5, guide 7.4.1",
            check: common_name_differs,
        },
        Rule {
            code: FindingCode::OrderOrganizationDiffers,
            severity: Warning,
            title: "The order's organization has another name than the request",
            source: "guide 7.4.1",
            check: organization_differs,
        },
        Rule {
            code: FindingCode::OrderCountryDiffers,
            severity: Warning,
            title: "The order's organization is in another country than the request says",
            source: "guide 7.4.1",
            check: country_differs,
        },
        Rule {
            code: FindingCode::DvIgnoresSubject,
            severity: Info,
            title: "A DV order ignores everything in the subject but the name",
            source: "BR 7.1.2.7.2",
            check: dv_ignores_subject,
        },
        Rule {
            code: FindingCode::EvWildcard,
            severity: Error,
            title: "An EV order cannot have a wildcard",
            source: "EV Guidelines 9.8.1",
            check: ev_wildcard,
        },
    ]
}

fn order<'a>(inspected: &Inspected<'a>) -> Option<&'a OrderContext> {
    inspected.context.order.as_ref()
}

fn cert_type<'a>(inspected: &Inspected<'a>) -> Option<&'a str> {
    let of_order = order(inspected).and_then(|order| order.cert_type.as_deref());
    inspected.context.cert_type.as_deref().or(of_order)
}

/// `SSL_DV_GEOTRUST` is of the level DV.
fn is_of_level(inspected: &Inspected<'_>, level: &str) -> bool {
    cert_type(inspected).is_some_and(|cert_type| cert_type.split('_').any(|word| word == level))
}

fn lacks_name(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let Some(order) = order(inspected) else { return };
    // Without a list of names the order says nothing about them, as a reissue that keeps the old ones.
    let Some(dns_names) = &order.dns_names else { return };
    let covered = dns_names.iter().chain(&order.common_name);
    for (place, name) in inspected.placed_names() {
        let text = match name {
            GeneralName::Dns(dns) => dns.clone(),
            GeneralName::Ip(address) => address.to_string(),
            _ => continue,
        };
        let is_covered = covered
            .clone()
            .any(|covered| covered.trim().eq_ignore_ascii_case(&text));
        report.add_if(!is_covered, place, || {
            format!(
                "{} is in the request but not in the order, so that it will not be in the certificate.",
                shown(&text)
            )
        });
    }
}

fn common_name_differs(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let ordered = order(inspected).and_then(|order| order.common_name.as_deref());
    let requested = inspected.request.subject.common_name.as_deref();
    let (Some(ordered), Some(requested)) = (ordered, requested) else {
        return;
    };
    let is_reissue = order(inspected).is_some_and(|order| order.is_reissue);
    report.add_if(
        !ordered.trim().eq_ignore_ascii_case(requested.trim()),
        "subject.commonName",
        || {
            let whose = if is_reissue {
                "A reissue keeps the order's common name"
            } else {
                "The order's common name counts"
            };
            format!(
                "{whose}, {}, not the one in the request, {}.",
                shown(ordered),
                shown(requested)
            )
        },
    );
}

fn organization_differs(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let ordered = order(inspected).and_then(|order| order.organization_name.as_deref());
    let requested = inspected.request.subject.organization_name.as_deref();
    let (Some(ordered), Some(requested)) = (ordered, requested) else {
        return;
    };
    let folded = |name: &str| {
        name.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_ascii_lowercase()
    };
    report.add_if(folded(ordered) != folded(requested), "subject.organizationName", || {
        format!(
            "The order's organization is {}, the one in the request {}; the order's counts.",
            shown(ordered),
            shown(requested)
        )
    });
}

fn country_differs(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let ordered = order(inspected).and_then(|order| order.country.as_deref());
    let requested = inspected.request.subject.country.as_deref();
    let (Some(ordered), Some(requested)) = (ordered, requested) else {
        return;
    };
    report.add_if(
        !ordered.trim().eq_ignore_ascii_case(requested.trim()),
        "subject.country",
        || {
            format!(
                "The order's organization is in {}, the request says {}; the order's counts.",
                shown(ordered),
                shown(requested)
            )
        },
    );
}

fn dv_ignores_subject(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let subject = &inspected.request.subject;
    let has_more = subject
        .attributes
        .iter()
        .any(|attribute| attribute.name != Some("commonName"));
    report.add_if(is_of_level(inspected, "DV") && has_more, "subject", || {
        "A DV certificate holds names only: everything else in the subject will not be in it.".to_owned()
    });
}

fn ev_wildcard(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if !is_of_level(inspected, "EV") {
        return;
    }
    for dns in inspected
        .all_dns_names()
        .into_iter()
        .filter(|dns| dns.name.contains('*'))
    {
        report.add(
            dns.field,
            format!(
                "{} is a wildcard, which an EV certificate cannot have.",
                shown(dns.name)
            ),
        );
    }
}
