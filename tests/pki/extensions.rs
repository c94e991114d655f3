//! Extensions as text: of each that is known, what it says; of another, or one that is not as it should be, its octets.

use markmonitor_certs::pki::{Input, parse_csr};

use crate::support::{builder::csr, der::*};

/// How a request shows an extension.
fn shown(kind: &str, value: &[u8]) -> String {
    let csr = parse_csr(&Input::Bytes(&csr().extension(kind, value).der())).unwrap();
    let extension = csr.extensions.iter().find(|extension| extension.oid == kind);
    extension.unwrap().value.clone()
}

fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, &[name.as_bytes()])
}

/// A vector with its length in two octets before it (RFC 8446, 3.4).
fn vector(content: &[u8]) -> Vec<u8> {
    [&u16::try_from(content.len()).unwrap().to_be_bytes(), content].concat()
}

#[test]
fn each_known_extension_says_what_is_in_it() {
    let (first, second) = (oid("1.2.3.4"), oid("1.2.3.5"));
    let timestamp = [
        &[0][..],
        &[0xab; 32],
        &1_767_225_600_999_u64.to_be_bytes(),
        &[0, 0, 4, 3, 0, 0],
    ]
    .concat();
    let timestamps = vector(&[vector(&timestamp), vector(&timestamp)].concat());
    let at = "v1 2026-01-01T00:00:00Z by log abababababababababababababababababababababababababababababababab";
    let table: Vec<(&str, Vec<u8>, String)> = vec![
        // Seven bits that do not count, whatever is written in them.
        ("2.5.29.15", tlv(0x03, &[&[7, 0xff]]), "digitalSignature".into()),
        (
            "2.5.29.18",
            seq(&[&dns("a.example"), &dns("b.example")]),
            "DNS:a.example, DNS:b.example".into(),
        ),
        (
            "2.5.29.30",
            seq(&[
                &tlv(0xa0, &[&seq(&[&dns("a.example")])]),
                &tlv(0xa1, &[&seq(&[&dns("b.example")])]),
            ]),
            "permitted: DNS:a.example, excluded: DNS:b.example".into(),
        ),
        (
            "2.5.29.31",
            seq(&[
                &seq(&[&tlv(0xa0, &[&tlv(0xa0, &[&tlv(0x86, &[b"http://a"])])])]),
                &seq(&[&tlv(0xa0, &[&tlv(0xa1, &[])])]),
                &seq(&[&tlv(0x81, &[&[0, 0]]), &tlv(0xa2, &[&tlv(0x86, &[b"http://b"])])]),
            ]),
            "URI:http://a, a name relative to the issuer, a point without a name".into(),
        ),
        (
            "2.5.29.46",
            seq(&[&seq(&[&tlv(0xa2, &[])])]),
            "a point without a name".into(),
        ),
        // Name or issuer has to be there.
        ("2.5.29.31", seq(&[&seq(&[])]), "30023000".into()),
        (
            "2.5.29.46",
            seq(&[&seq(&[&tlv(0x81, &[&[0, 0]])])]),
            "3006300481020000".into(),
        ),
        (
            "2.5.29.32",
            seq(&[
                &seq(&[
                    &first,
                    &seq(&[
                        &seq(&[&second, &tlv(0x16, &[b"https://cps"])]),
                        &seq(&[&second, &seq(&[&tlv(0x0c, &[b"notice"])])]),
                    ]),
                ]),
                &seq(&[&second]),
            ]),
            "1.2.3.4 https://cps, 1.2.3.5".into(),
        ),
        ("1.3.6.1.4.1.311.21.10", seq(&[&seq(&[&first])]), "1.2.3.4".into()),
        (
            "2.5.29.33",
            seq(&[&seq(&[&first, &second])]),
            "1.2.3.4 = 1.2.3.5".into(),
        ),
        (
            "2.5.29.36",
            seq(&[&tlv(0x80, &[&[1]]), &tlv(0x81, &[&[2]])]),
            "requireExplicitPolicy: 1, inhibitPolicyMapping: 2".into(),
        ),
        (
            "2.5.29.16",
            seq(&[&tlv(0x80, &[b"20260101000000Z"]), &tlv(0x81, &[b"20270101000000Z"])]),
            "from 2026-01-01T00:00:00Z, to 2027-01-01T00:00:00Z".into(),
        ),
        (
            "2.16.840.1.113730.1.1",
            tlv(0x03, &[&[0, 0b0100_0101]]),
            "sslServer, sslCA, objectSigningCA".into(),
        ),
        (
            "1.3.6.1.5.5.7.1.3",
            seq(&[&seq(&[&first]), &seq(&[&second, &[5, 0]])]),
            "1.2.3.4, 1.2.3.5".into(),
        ),
        (
            "1.3.6.1.5.5.7.1.1",
            seq(&[&seq(&[&first, &tlv(0x86, &[b"http://a"])])]),
            "1.2.3.4 URI:http://a".into(),
        ),
        (
            "1.3.6.1.5.5.7.1.11",
            seq(&[&seq(&[&first, &dns("a")])]),
            "1.2.3.4 DNS:a".into(),
        ),
        (
            "1.3.6.1.5.5.7.1.24",
            seq(&[&integer(&[5]), &integer(&[17]), &integer(&[6])]),
            "status_request (must-staple), status_request_v2, 6".into(),
        ),
        (
            "1.3.6.1.4.1.11129.2.4.2",
            tlv(0x04, &[&timestamps]),
            format!("{at}, {at}"),
        ),
        ("1.3.6.1.4.1.11129.2.4.3", vec![5, 0], "precertificate".into()),
        (
            "1.3.6.1.4.1.311.21.7",
            seq(&[&first, &integer(&[7]), &integer(&[8])]),
            "1.2.3.4 7 8".into(),
        ),
        ("1.3.6.1.4.1.311.20.2", tlv(0x1e, &[&[0, 0x61]]), "a".into()),
        ("2.16.840.1.113730.1.13", tlv(0x16, &[b"comment"]), "comment".into()),
        ("2.5.29.54", integer(&[3]), "3".into()),
        ("1.3.6.1.4.1.311.21.1", integer(&[2]), "2".into()),
        ("1.3.6.1.5.5.7.48.1.5", vec![5, 0], "no check".into()),
        ("1.2.3.4", integer(&[3]), "020103".into()),
    ];
    for (kind, value, expected) in table {
        assert_eq!(shown(kind, &value), expected, "{kind}");
        // What cannot be read is shown as it is.
        let odd = [0x0a, 0x01, 0x05];
        let is_any = ["1.3.6.1.4.1.311.20.2", "2.16.840.1.113730.1.13"].contains(&kind);
        assert!(is_any || shown(kind, &odd) == "0a0105", "{kind}");
    }
}

#[test]
fn a_list_of_timestamps_that_is_cut_off_is_shown_as_its_octets() {
    let kind = "1.3.6.1.4.1.11129.2.4.2";
    for cut in [&[0, 9, 1][..], &[0, 3, 0, 9, 1], &[0, 3, 0, 1, 0], &[0]] {
        let value = tlv(0x04, &[cut]);
        let octets: String = value.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(shown(kind, &value), octets);
    }
    assert_eq!(shown(kind, &tlv(0x04, &[&[0, 0]])), "");
}
