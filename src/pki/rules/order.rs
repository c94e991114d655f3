//! An order and its request, held against each other. The service takes the names from the
//! order, not from the request.

use core::fmt;

use der::find;
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    index::Index,
    paste::kind::PastedKind,
    platform,
    rules::{
        dns_name::{folded, ip_of, is_covered, one_way, text_of},
        form::{Field, FormContact},
        inspected::{Inspected, is_ip},
        judged_order::{CSR, JudgedOrder, is_blank},
        rule::{Report, Rule, title},
        san::is_reserved,
        shown::shown,
    },
    x509::general_name::GeneralName,
};

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<JudgedOrder<'a>>] {
    &[
        Rule {
            code: FindingCode::Required,
            severity: Error,
            title: title!("A required field of a new order is missing or blank"),
            source: "guide 7.4.1",
            check: required,
        },
        Rule {
            code: FindingCode::WrongType,
            severity: Error,
            title: title!("A field of an order or of a reissue has a value of another type"),
            source: "guide 7.4.1, 7.4.8.3",
            check: wrong_type,
        },
        Rule {
            code: FindingCode::InvalidId,
            severity: Error,
            title: title!("The id of the organization or of a contact is not a UUID"),
            source: "guide 8.7.1",
            check: invalid_id,
        },
        Rule {
            code: FindingCode::EvApproverMissing,
            severity: Error,
            title: title!("An EV order has no contact of the type EXTENDED_VALIDATION_APPROVER"),
            source: "guide 7.2",
            check: ev_approver_missing,
        },
        Rule {
            code: FindingCode::EvWildcard,
            severity: Error,
            title: title!("An EV order, or its request, has a wildcard"),
            source: "EV Guidelines 9.8.1",
            check: ev_wildcard,
        },
        Rule {
            code: FindingCode::EvIpAddress,
            severity: Error,
            title: title!("An EV order, or its request, has an IP address"),
            source: "EV Guidelines 9.8.1",
            check: ev_ip_address,
        },
        Rule {
            code: FindingCode::IpReserved,
            severity: Error,
            title: title!("An IP address in a request or in an order, be it the common name, is private or reserved"),
            source: "BR 4.2.2",
            check: ip_reserved,
        },
        Rule {
            code: FindingCode::CnTooLong,
            severity: Error,
            title: title!("A common name has more than 64 characters, in an order or in a request"),
            source: "RFC 5280 A.1 (ub-common-name)",
            check: cn_too_long,
        },
        Rule {
            code: FindingCode::DuplicateDnsName,
            severity: Warning,
            title: title!("A name is in the order's `dnsNames` twice"),
            source: "guide 7.4.1",
            check: duplicate_dns_name,
        },
        Rule {
            code: FindingCode::ReissueChangesCommonName,
            severity: Error,
            title: title!("A reissue, or its request, has another common name than the order"),
            source: "guide 7.4.8.3",
            check: reissue_changes_common_name,
        },
        Rule {
            code: FindingCode::CsrUnreadable,
            severity: Error,
            title: title!("The CSR of an order cannot be read"),
            source: "RFC 2986 4, guide 7.4.1",
            check: csr_unreadable,
        },
        Rule {
            code: FindingCode::CsrSeveral,
            severity: Error,
            title: title!("The CSR of an order is more than one request: which is meant cannot be told"),
            source: "guide 7.4.1",
            check: csr_several,
        },
        Rule {
            code: FindingCode::CsrRepaired,
            severity: Info,
            title: title!("The CSR of an order is not PEM that every program reads, and is sent as such"),
            source: "RFC 7468 2, 3, 7",
            check: csr_repaired,
        },
        Rule {
            code: FindingCode::OrderLacksName,
            severity: Warning,
            title: title!("A name of the request is not in the order, and will not be in the certificate"),
            source: "seen of the service: the CSR's own names are not honoured",
            check: lacks_name,
        },
        Rule {
            code: FindingCode::OrderCommonNameDiffers,
            severity: Warning,
            title: title!("The order has another common name than the request"),
            source: "guide 7.4.1, seen of the service: the CSR's own names are not honoured",
            check: common_name_differs,
        },
        Rule {
            code: FindingCode::OrderOrganizationDiffers,
            severity: Warning,
            title: title!("The order's organization has another name than the request"),
            source: "guide 7.4.1",
            check: organization_differs,
        },
        Rule {
            code: FindingCode::OrderCountryDiffers,
            severity: Warning,
            title: title!("The order's organization is in another country than the request says"),
            source: "guide 7.4.1",
            check: country_differs,
        },
        Rule {
            code: FindingCode::DvIgnoresSubject,
            severity: Info,
            title: title!("A DV order ignores everything in the subject but the name"),
            source: "BR 7.1.2.7.2",
            check: dv_ignores_subject,
        },
    ]
}

fn required(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let Some(form) = order.form else { return };
    let is_missing = |text: &Field<String>| !text.is_of_another_type() && text.as_deref().is_none_or(is_blank);
    let has_none = form.contacts.as_ref().is_none_or(Vec::is_empty);
    let cert = form.cert.as_ref();
    for (field, is_missing) in [
        ("organizationId", is_missing(&form.organization_id)),
        ("contacts", has_none && !form.contacts.is_of_another_type()),
        ("certType", is_missing(&form.cert_type)),
        ("locale", is_missing(&form.locale)),
        ("provider", is_missing(&form.provider)),
        ("cert", cert.is_none() && !form.cert.is_of_another_type()),
        (
            "cert.commonName",
            cert.is_some_and(|cert| is_missing(&cert.common_name)),
        ),
        (CSR, cert.is_some_and(|cert| is_missing(&cert.csr))),
    ] {
        if is_missing {
            report.add(&field, format_args!("`{field}` is missing."));
        }
    }
    for (at, contact) in order.contacts().enumerate() {
        if is_missing(&contact.id) {
            report.add(
                &format_args!("contacts[{at}].id"),
                format_args!("Contact {at} of the order has no `id`."),
            );
        }
        let types = &contact.contact_types;
        let has_none = contact.types().all(|of| is_missing(&of.name));
        let has_no_type = has_none && !types.is_of_another_type();
        if has_no_type {
            report.add(
                &format_args!("contacts[{at}].contactTypes"),
                format_args!(
                    "Contact {at} of the order has no type: say in `contactTypes` what it does in this order."
                ),
            );
        }
    }
}

/// What is written is never changed, nor left out: what is of another type is refused.
fn wrong_type(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    const TEXT: &str = "a string";
    const TEXTS: &str = "a list of strings";
    let mut expect = |expected: &str, is_of_another: bool, field: &str| {
        if is_of_another {
            report.add(&field, format_args!("`{field}` must be {expected}."));
        }
    };
    if let Some(form) = order.form {
        expect(TEXT, form.organization_id.is_of_another_type(), "organizationId");
        let contacts = "a list of objects with `id` and `contactTypes`";
        expect(contacts, form.contacts.is_of_another_type(), "contacts");
        for (at, contact) in order.contacts().enumerate() {
            let place = format!("contacts[{at}]");
            expect(TEXT, contact.id.is_of_another_type(), &format!("{place}.id"));
            let (types, place) = (&contact.contact_types, format!("{place}.contactTypes"));
            expect("a list of objects with `type`", types.is_of_another_type(), &place);
            for (at, of) in contact.types().enumerate() {
                expect(TEXT, of.name.is_of_another_type(), &format!("{place}[{at}].type"));
            }
        }
        expect(TEXT, form.cert_type.is_of_another_type(), "certType");
        expect(TEXT, form.locale.is_of_another_type(), "locale");
        expect(TEXT, form.provider.is_of_another_type(), "provider");
        expect(TEXT, form.comments.is_of_another_type(), "comments");
    }
    let has_other_emails = order.additional_emails.is_some_and(Field::is_of_another_type);
    expect(TEXTS, has_other_emails, "additionalEmails");
    expect("an object", order.cert.is_some_and(Field::is_of_another_type), "cert");
    if let Some(cert) = order.written {
        expect(TEXT, cert.common_name.is_of_another_type(), "cert.commonName");
        expect(TEXTS, cert.dns_names.is_of_another_type(), "cert.dnsNames");
        expect(TEXT, cert.csr.is_of_another_type(), CSR);
        expect(TEXT, cert.server_platform.is_of_another_type(), "cert.serverPlatform");
        expect(TEXT, cert.algorithm_hash.is_of_another_type(), "cert.algorithmHash");
        expect(TEXT, cert.root_hash.is_of_another_type(), "cert.rootHash");
        expect(TEXT, cert.dcv_method.is_of_another_type(), "cert.dcvMethod");
    }
}

fn invalid_id(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let mut check = |field: &str, id: Option<&str>| {
        // A blank organization is missing, which is another finding.
        if id.is_some_and(|id| !is_blank(id) && !is_uuid(id)) {
            report.add(
                &field,
                format_args!("`{field}` is not a UUID such as 123e4567-e89b-12d3-a456-426614174000."),
            );
        }
    };
    check(
        "organizationId",
        order.form.and_then(|form| form.organization_id.as_deref()),
    );
    for (at, contact) in order.contacts().enumerate() {
        check(&format!("contacts[{at}].id"), contact.id.as_deref());
    }
}

/// The usual form: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let is_group =
        |group: &str, length: usize| group.len() == length && group.bytes().all(|octet| octet.is_ascii_hexdigit());
    let has_all = [8, 4, 4, 4, 12]
        .into_iter()
        .all(|length| groups.next().is_some_and(|group| is_group(group, length)));
    has_all && groups.next().is_none()
}

/// The approver is sent an email; without one the order never leaves the queue.
fn ev_approver_missing(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let approves = |contact: &FormContact| {
        let mut types = contact.types();
        types.any(|of| of.name.as_deref() == Some("EXTENDED_VALIDATION_APPROVER"))
    };
    let has_contacts = order.form.is_some_and(|form| !form.contacts.is_of_another_type());
    let is_missing = has_contacts && order.is_of_level("EV") && !order.contacts().any(approves);
    if is_missing {
        report.add(
            &"contacts",
            format_args!("An EV order needs a contact of the type EXTENDED_VALIDATION_APPROVER, who approves it."),
        );
    }
}

fn ev_wildcard(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    forbid_in_ev(order, report, |name| find::has(name, '*'), "a wildcard");
}

fn ev_ip_address(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    forbid_in_ev(order, report, |name| ip_of(name).is_some(), "an IP address");
    // Those of the request that are not DNS names.
    let Some(request) = order.request.filter(|_| order.is_of_level("EV")) else {
        return;
    };
    let ordered = order.folded_names();
    let mut forbid = |field: &dyn fmt::Display, address: &str| {
        if !ordered.has(&folded(address)) {
            report.add(
                &order.field(field),
                format_args!("{address} is an IP address, which an EV certificate cannot have."),
            );
        }
    };
    for (place, name) in request.placed_names() {
        if let GeneralName::Ip(address) = name {
            forbid(&place, &address.to_string());
        }
    }
    for name in request.common_names().filter(|name| is_ip(&name.value)) {
        forbid(&"subject.commonName", &name.value);
    }
}

fn ip_reserved(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let mut forbid = |field: &str, name: &str| {
        if ip_of(name).as_ref().is_some_and(is_reserved) {
            report.add(
                &field,
                format_args!("{} is a private or reserved address.", shown(name)),
            );
        }
    };
    if let Some(request) = order.request {
        for (place, name) in request.placed_names() {
            if let GeneralName::Ip(address) = name {
                forbid(&order.field(&place), &address.to_string());
            }
        }
        // One that is an alternative name as well is named by its place there.
        for name in request.common_names().map(|name| name.value.trim()) {
            if !request.is_alternative(name) {
                forbid(&order.field(&"subject.commonName"), name);
            }
        }
    }
    for dns in &order.names {
        forbid(&dns.field, dns.name.trim());
    }
}

/// Reports each name of an EV order or of its request that is such.
fn forbid_in_ev(order: &JudgedOrder<'_>, report: &mut Report<'_>, is_such: fn(&str) -> bool, what: &str) {
    if !order.is_of_level("EV") {
        return;
    }
    let mut forbid = |field: &str, name: &str| {
        if is_such(name) {
            report.add(
                &field,
                format_args!("{} is {what}, which an EV certificate cannot have.", shown(name)),
            );
        }
    };
    for dns in &order.names {
        forbid(&dns.field, dns.name);
    }
    let ordered = order.folded_names();
    for dns in order.request.map(Inspected::all_dns_names).unwrap_or_default() {
        // A name that is in the order as well is named by its place there.
        if !ordered.has(&folded(dns.name)) {
            forbid(&order.field(&dns.field), dns.name);
        }
    }
}

fn cn_too_long(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let mut check = |field: &str, name: &str| {
        let length = name.chars().count();
        if length > 64 {
            report.add(
                &field,
                format_args!(
                    "The common name has {length} characters; 64 is the limit. The alternative names may be longer."
                ),
            );
        }
    };
    if let Some(name) = order.written.and_then(|cert| cert.common_name.as_deref()) {
        check("cert.commonName", name.trim());
    }
    if let Some(request) = order.request {
        for name in request.common_names() {
            check(&order.field(&"subject.commonName"), &name.value);
        }
    }
}

fn duplicate_dns_name(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let names = order.names.iter().filter(|dns| dns.field != "cert.commonName");
    let mut seen = Index::default();
    let mut repeated = names.filter(|dns| !seen.insert(&one_way(dns.name)));
    let Some(first) = repeated.next() else { return };
    let name = shown(first.name);
    match repeated.count() {
        0 => report.add(&first.field, format_args!("{name} is in `dnsNames` twice.")),
        more => report.add(
            &first.field,
            format_args!("{name} is in `dnsNames` again, as are {more} more."),
        ),
    }
}

fn reissue_changes_common_name(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let (Some(changes), Some(old)) = (order.reissue, order.common_name) else {
        return;
    };
    let requested = order.of_subject(|subject| &subject.common_name);
    for (field, new) in [("cert.commonName", changes.common_name.as_deref()), (CSR, requested)] {
        if new.is_some_and(|name| one_way(name) != one_way(old)) {
            report.add(
                &field,
                format_args!(
                    "A reissue cannot change the common name, which is {}: create a new order instead.",
                    shown(old)
                ),
            );
        }
    }
}

fn csr_unreadable(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    if let Some(unreadable) = order.unreadable {
        report.add(&CSR, format_args!("The CSR cannot be read: {}", unreadable.message));
    }
}

fn csr_several(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let Some(request) = order.request.filter(|_| !order.is_inspection) else {
        return;
    };
    let blocks = request.document.blocks.iter();
    let mut requests = blocks.filter(|block| block.kind == PastedKind::Request);
    let first = requests.next();
    let are_several = first.is_some_and(|first| requests.any(|other| other.der != first.der));
    if are_several {
        report.add(
            &CSR,
            format_args!("The CSR is more than one request, and which is meant cannot be told: leave one in."),
        );
    }
}

fn csr_repaired(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    if order.is_repaired {
        report.add(
            &CSR,
            format_args!("The CSR is not PEM as every program reads it; the request in it is sent as PEM."),
        );
    }
}

fn lacks_name(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let (Some(request), Some(dns_names)) = (order.request, order.dns_names) else {
        return;
    };
    let mut ordered = Index::default();
    for name in dns_names.iter().map(String::as_str).chain(order.common_name) {
        ordered.insert(&one_way(name));
    }
    for (place, name) in request.placed_names() {
        let Some(text) = text_of(name) else { continue };
        if !is_covered(&text, &ordered) {
            report.add(
                &order.field(&place),
                format_args!(
                    "{} is in the request but not in the order, so that it will not be in the certificate.",
                    shown(&text)
                ),
            );
        }
    }
}

fn common_name_differs(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let requested = order.of_subject(|subject| &subject.common_name);
    let (Some(ordered), Some(requested), None) = (order.common_name, requested, order.reissue) else {
        return;
    };
    // What is blank is missing, which is said elsewhere.
    let is_blank = [ordered, requested].iter().any(|name| name.trim().is_empty());
    let differs = !is_blank && one_way(ordered) != one_way(requested);
    if differs {
        report.add(
            &order.field(&"subject.commonName"),
            format_args!(
                "The certificate will have the order's common name, {}, not that of the request, {}.",
                shown(ordered),
                shown(requested)
            ),
        );
    }
}

fn organization_differs(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let ordered = order.organization.and_then(|organization| organization.name.as_deref());
    let requested = order.of_subject(|subject| &subject.organization_name);
    let (Some(ordered), Some(requested)) = (ordered, requested) else {
        return;
    };
    let folded = |name: &str| platform::folded(&name.split_whitespace().collect::<Vec<_>>().join(" "));
    let differs = folded(ordered) != folded(requested);
    if differs {
        report.add(
            &order.field(&"subject.organizationName"),
            format_args!(
                "The order's organization is {}, the one in the request {}; the order's counts.",
                shown(ordered),
                shown(requested)
            ),
        );
    }
}

fn country_differs(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let ordered = order
        .organization
        .and_then(|organization| organization.country.as_deref());
    let requested = order.of_subject(|subject| &subject.country);
    let (Some(ordered), Some(requested)) = (ordered, requested) else {
        return;
    };
    let differs = !ordered.trim().eq_ignore_ascii_case(requested.trim());
    if differs {
        report.add(
            &order.field(&"subject.country"),
            format_args!(
                "The order's organization is in {}, the request says {}; the order's counts.",
                shown(ordered),
                shown(requested)
            ),
        );
    }
}

fn dv_ignores_subject(order: &JudgedOrder<'_>, report: &mut Report<'_>) {
    let Some(request) = order.request else { return };
    let attributes = &request.request.subject.attributes;
    let has_more = attributes.iter().any(|attribute| attribute.name != Some("commonName"));
    if order.is_of_level("DV") && has_more {
        report.add(
            &order.field(&"subject"),
            format_args!("A DV certificate holds names only: everything else in the subject will not be in it."),
        );
    }
}
