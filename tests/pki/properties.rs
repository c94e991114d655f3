//! Nothing that is handed in makes it panic, hang, or lose what it could read.

use std::time::Instant;

use markmonitor_certs::pki::{
    BundleContext, Context, Input, Places, check_dns_name, inspect_all, inspect_csr, parse_bundle, parse_certificate,
    parse_csr, same_key,
};
use proptest::{collection::vec, prelude::*};

use crate::support::{
    builder::csr,
    certificate::{Cert, cert},
    der::{seq, tlv},
    fixture, text,
};

/// All that can be asked of an input. What it says is not looked at: that it says it is what is tested.
fn ask_everything(input: &Input<'_>) {
    let _ = parse_csr(input);
    let _ = parse_certificate(input);
    let _ = parse_bundle(
        input,
        &BundleContext {
            now: Some(0),
            csr: Some(*input),
        },
    );
    let _ = same_key(input, input);
    let _ = inspect_csr(input, &Context::default());
}

fn samples() -> Vec<Vec<u8>> {
    let der = |name: &str| x509_parser::pem::parse_x509_pem(&fixture(name)).unwrap().1.contents;
    vec![
        csr().der(),
        der("guide.csr.pem"),
        der("explicit-curve.csr.pem"),
        der("leaf-90.cert.pem"),
        der("root.cert.pem"),
        fixture("mixed.p7b.der"),
        fixture("guide.csr.pem"),
        fixture("mixed.p7b.pem"),
    ]
}

proptest! {
    #[test]
    fn any_octets_are_answered(octets in vec(any::<u8>(), 0..300)) {
        ask_everything(&Input::Bytes(&octets));
    }

    #[test]
    fn any_text_is_answered(text in ".{0,200}", label in "[A-Z ]{0,20}") {
        ask_everything(&Input::Text(&text));
        ask_everything(&Input::Text(&format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----")));
        let _ = check_dns_name(&text, "name");
    }

    #[test]
    fn any_change_of_a_sound_one_is_answered(which in 0_usize..8, changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut octets = samples()[which].clone();
        for (at, octet) in changes {
            let at = at.index(octets.len());
            octets[at] = octet;
        }
        ask_everything(&Input::Bytes(&octets));
    }

    #[test]
    fn any_beginning_of_a_sound_one_is_answered(which in 0_usize..8, at: prop::sample::Index) {
        let octets = &samples()[which];
        ask_everything(&Input::Bytes(&octets[..at.index(octets.len())]));
    }

    #[test]
    fn places_are_counted_as_javascript_does(text in "[a\u{e4}\u{20ac}\u{1f600}]{0,40}", at in vec(any::<[prop::sample::Index; 2]>(), 1..20)) {
        let mut places = Places::default();
        let bounds: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        for at in at {
            let [start, end] = at.map(|at| *at.get(&bounds));
            let units = |octets: usize| text[..octets].encode_utf16().count();
            prop_assert_eq!(places.of(&Input::Text(&text), &(start..end)), units(start)..units(end));
        }
    }

    #[test]
    fn text_around_a_request_changes_nothing_of_it(before in "[^-]{0,80}", after in "[^-]{0,80}") {
        let pem = text("guide.csr.pem");
        let around = format!("{before}\n{pem}{after}");
        prop_assert_eq!(parse_csr(&Input::Text(&around)).unwrap(), parse_csr(&Input::Text(&pem)).unwrap());
    }
}

#[test]
fn deep_nesting_and_lengths_beyond_the_input_are_answered_at_once() {
    let deep = [0x30, 0x80].repeat(200_000);
    ask_everything(&Input::Bytes(&deep));
    let mut closed = deep.clone();
    closed.extend([0, 0].repeat(200_000));
    ask_everything(&Input::Bytes(&closed));
    for length in [
        [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0],
        [0x30, 0x85, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x30, 0xff, 1, 1, 1, 1, 1],
    ] {
        ask_everything(&Input::Bytes(&length));
    }
    let long = "A".repeat(1_000_000);
    ask_everything(&Input::Text(&long));
    ask_everything(&Input::Text(&"-----BEGIN X-----\n".repeat(20_000)));
}

/// In linear time: from so much, what is quadratic does not come back.
#[test]
fn many_characters_that_say_nothing_change_no_answer() {
    let pem = text("guide.csr.pem");
    let answer = |text: &str| {
        let input = Input::Text(text);
        let count = inspect_all(&input, None).count();
        let _ = parse_bundle(&input, &BundleContext::default());
        (parse_csr(&input).map_err(|error| error.code), count)
    };
    for filler in [" ", "\t", "> "] {
        for (before, after) in [("", "x"), ("x", "\n"), (&pem, "x"), ("", &pem)] {
            let of = |count: usize| answer(&[before, &filler.repeat(count), after].concat());
            assert_eq!(of(300_000), of(1_000), "{filler:?} {after:?}");
        }
    }
}

/// How much longer some work takes on four times as much: the least of a few tries, for other programs run beside it.
fn growth(count: u16, work: &dyn Fn(u16)) -> f64 {
    const LINEAR: f64 = 4.0;
    let time = |count: u16| {
        let start = Instant::now();
        work(count);
        start.elapsed().as_secs_f64()
    };
    let mut least = f64::MAX;
    for _ in 0..5 {
        let few = time(count).min(time(count));
        least = least.min(time(4 * count) / few);
        if least < 1.5 * LINEAR {
            break;
        }
    }
    least
}

/// Halfway between what is linear and what is quadratic.
const ALLOWED: f64 = 8.0;

/// All that is found in it, with the places as JavaScript counts them.
fn find_all(input: &Input<'_>) -> usize {
    let mut places = Places::default();
    let found = inspect_all(input, None).map(|found| places.of(input, &found.place).len());
    found.filter(|length| *length > 0).count()
}

/// Writes down so many requests.
type Write<'a> = &'a dyn Fn(u16) -> String;

/// Changes a certificate by its number.
type Make<'a> = &'a dyn Fn(Cert, u16) -> Cert;

/// Of what is in another notation, each thing has the place of the whole text.
#[test]
fn reading_takes_time_in_proportion_to_what_is_read_in_any_notation() {
    let pem = crate::support::pem("CERTIFICATE REQUEST", &csr().der());
    let pems = |count: u16| pem.repeat(count.into());
    let again = |text: &str| crate::pasted::base64(text.as_bytes());
    let list = |text: &str, count: u16| (0..count).map(|_| text).collect::<Vec<_>>().join(", ");
    let percent = |text: &str| -> String { text.bytes().map(|octet| format!("%{octet:02X}")).collect() };
    let hex = |text: &str| -> String { text.bytes().map(|octet| format!("{octet:02x}")).collect() };
    let body = || pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let of_der = || {
        csr()
            .der()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect::<String>()
    };
    let notations: [(&str, Write<'_>); 14] = [
        ("PEM", &pems),
        ("base64 once more", &|count| again(&pems(count))),
        ("base64 once more, each", &|count| {
            list(&format!("\"{}\"", again(&pem)), count)
        }),
        ("percent-encoding", &|count| percent(&pems(count))),
        ("percent-encoding, each", &|count| list(&percent(&pem), count)),
        ("hex of PEM", &|count| hex(&pems(count))),
        ("hex of DER, each", &|count| list(&of_der(), count)),
        ("a string of JSON", &|count| format!("{:?}", pems(count))),
        ("strings of JSON", &|count| list(&format!("{pem:?}"), count)),
        ("HTML", &|count| pems(count).replace('\n', "<br>").replace('+', "&#43;")),
        ("quoted-printable", &|count| {
            pems(count).replace('=', "=3D").replace('\n', "=0D=0A")
        }),
        ("quoted", &|count| pems(count).replace('\n', "\n> ")),
        ("bodies", &|count| list(&body(), count)),
        ("cut off", &|count| pem[..pem.len() - 60].repeat(count.into())),
    ];
    for (notation, write) in notations {
        let growth = growth(50, &|count| {
            assert!(find_all(&Input::Text(&write(count))) > 0, "{notation}");
        });
        assert!(growth < ALLOWED, "{notation}: {growth}");
    }
}

/// Of certificates that all have one name, each may have issued each of the others.
#[test]
fn judging_takes_time_in_proportion_to_the_certificates_of_one_name() {
    let keys = |own: u16, issuer: u16, one: Cert| {
        let issuer = tlv(0x80, &[&issuer.to_be_bytes()]);
        one.extension("2.5.29.14", &tlv(0x04, &[&own.to_be_bytes()]))
            .extension("2.5.29.35", &seq(&[&issuer]))
    };
    let next = |at: u16, one: Cert| {
        let next = (at + 1).to_be_bytes();
        one.extension("2.5.29.35", &seq(&[&tlv(0x82, &[&[1], &next])]))
    };
    let kinds: [(&str, Make<'_>); 9] = [
        ("authorities", &|one, _| one.authority()),
        ("leaves", &|one, _| one),
        ("both", &|one, at| if at % 2 == 0 { one } else { one.authority() }),
        ("with lengths", &|one, at| one.path_length((at % 20) as u8)),
        ("one key", &|one, _| keys(1, 1, one.authority())),
        ("two keys", &|one, at| keys(at % 2, 1 - at % 2, one.authority())),
        ("keys in a row", &|one, at| keys(at, at + 1, one.authority())),
        ("serial numbers in a row", &|one, at| next(at, one.authority())),
        ("another kind of signature", &|one, _| Cert {
            signed_with: "1.2.840.113549.1.1.11",
            ..one.authority()
        }),
    ];
    for (kind, make) in kinds {
        // From so many on, of which a path or a leaf gets no more.
        let growth = growth(150, &|count| {
            let all = (0..count).flat_map(|at| {
                let serial = [&[1], &at.to_be_bytes()[..]].concat().leak();
                make(
                    Cert {
                        serial,
                        ..cert("one", "one")
                    },
                    at,
                )
                .der()
            });
            let all: Vec<u8> = all.collect();
            let input = Input::Bytes(&all);
            assert!(find_all(&input) > 0, "{kind}");
            let _ = parse_bundle(&input, &BundleContext::default());
            let _ = parse_certificate(&input);
        });
        assert!(growth < ALLOWED, "{kind}: {growth}");
    }
}
