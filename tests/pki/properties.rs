//! Nothing that is handed in makes it panic, hang, or lose what it could read.

use markmonitor_certs::pki::{
    BundleContext, Context, Input, check_dns_name, inspect_all, inspect_csr, parse_bundle, parse_certificate,
    parse_csr, same_key,
};
use proptest::{collection::vec, prelude::*};

use crate::support::{builder::csr, fixture, text};

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
