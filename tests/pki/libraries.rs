//! Our reading beside that of two other libraries: what they read, we read, and alike.

use markmonitor_certs::pki::{Input, parse_certificate, parse_csr};
use x509_cert::{der::Decode as _, request::CertReq};
use x509_parser::{
    certificate::X509Certificate,
    certification_request::X509CertificationRequest,
    extensions::GeneralName,
    prelude::{FromDer, ParsedExtension},
};

use crate::support::{builder::*, der::*, fixture};

fn der(name: &str) -> Vec<u8> {
    x509_parser::pem::parse_x509_pem(&fixture(name)).unwrap().1.contents
}

fn requests() -> Vec<Vec<u8>> {
    let mut requests = vec![
        der("guide.csr.pem"),
        der("three-names.csr.pem"),
        der("explicit-curve.csr.pem"),
        csr().der(),
    ];
    for kind in [
        "2.5.4.5",
        "2.5.4.7",
        "2.5.4.15",
        "1.3.6.1.4.1.311.60.2.1.3",
        "1.2.3.4.5",
    ] {
        requests.push(csr().with(attribute(kind, PRINTABLE, "Example 1")).der());
        requests.push(csr().with(attribute(kind, UTF8, "Bücher & Söhne")).der());
    }
    for count in [0, 1, 10, 200] {
        let names: Vec<Vec<u8>> = (0..count).map(|n| dns(&format!("host{n}.example.com"))).collect();
        requests.push(csr().names(&names).der());
    }
    requests.push(csr().attribute("1.2.840.113549.1.9.7", &tlv(UTF8, &[b"x"])).der());
    requests.push(
        csr()
            .extension("2.5.29.15", &[3, 2, 5, 0xa0])
            .extension("2.5.29.19", &seq(&[]))
            .der(),
    );
    requests.push(csr().subject(&[]).der());
    requests
}

#[test]
fn x509_parser_reads_the_same_requests() {
    for der in requests() {
        let ours = parse_csr(&Input::Bytes(&der)).unwrap();
        let (_, theirs) = X509CertificationRequest::from_der(&der).unwrap();
        let info = &theirs.certification_request_info;
        let attributes: Vec<String> = info
            .subject
            .iter_attributes()
            .map(|a| a.attr_type().to_id_string())
            .collect();
        assert_eq!(
            ours.subject
                .attributes
                .iter()
                .map(|a| a.oid.clone())
                .collect::<Vec<_>>(),
            attributes
        );
        for (ours, theirs) in ours.subject.attributes.iter().zip(info.subject.iter_attributes()) {
            if let Ok(text) = theirs.as_str() {
                assert_eq!(ours.value, text);
            }
        }
        let names: Vec<&str> = theirs
            .requested_extensions()
            .into_iter()
            .flatten()
            .filter_map(|extension| match extension {
                ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
                _ => None,
            })
            .flatten()
            .filter_map(|name| match name {
                GeneralName::DNSName(name) => Some(*name),
                _ => None,
            })
            .collect();
        assert_eq!(ours.subject_alt_names.dns, names);
        assert_eq!(
            ours.signature_algorithm.oid,
            theirs.signature_algorithm.algorithm.to_id_string()
        );
    }
}

#[test]
fn x509_cert_reads_the_same_requests() {
    for der in requests() {
        let ours = parse_csr(&Input::Bytes(&der)).unwrap();
        let theirs = CertReq::from_der(&der).unwrap();
        let attributes: Vec<String> = theirs.info.subject.iter().map(|a| a.oid.to_string()).collect();
        assert_eq!(
            ours.subject
                .attributes
                .iter()
                .map(|a| a.oid.clone())
                .collect::<Vec<_>>(),
            attributes
        );
        assert_eq!(ours.attributes.len(), theirs.info.attributes.len());
        assert_eq!(ours.signature_algorithm.oid, theirs.algorithm.oid.to_string());
    }
}

#[test]
fn x509_parser_reads_the_same_certificates() {
    for name in [
        "root.cert.pem",
        "intermediate.cert.pem",
        "leaf-90.cert.pem",
        "leaf-900.cert.pem",
    ] {
        let der = der(name);
        let ours = parse_certificate(&Input::Bytes(&der)).unwrap();
        let (_, theirs) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(
            ours.serial_number.to_lowercase(),
            theirs.raw_serial_as_string().replace(':', "")
        );
        assert_eq!(ours.is_ca, theirs.is_ca());
        let rfc3339 = |time: x509_parser::time::ASN1Time| {
            let time = time.to_datetime();
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                time.year(),
                u8::from(time.month()),
                time.day(),
                time.hour(),
                time.minute(),
                time.second()
            )
        };
        assert_eq!(ours.not_before, rfc3339(theirs.validity().not_before));
        assert_eq!(ours.not_after, rfc3339(theirs.validity().not_after));
        let oids: Vec<String> = theirs
            .extensions()
            .iter()
            .map(|extension| extension.oid.to_id_string())
            .collect();
        assert_eq!(
            ours.extensions
                .iter()
                .map(|extension| extension.oid.clone())
                .collect::<Vec<_>>(),
            oids
        );
        assert_eq!(ours.issuer.to_string(), theirs.issuer().to_string());
    }
}
