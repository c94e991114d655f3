//! The public key: its kind, its size, and whether it is a broken one.

use der::{Reader, oid, tag};
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    key::{
        curves::{NIST, NistCurve, PointError},
        natural::Natural,
        public_key::{EcKey, Material, RsaKey, Spki},
        weak,
    },
    rules::rule::{Report, Rule, title},
};

const FIELD: &str = "publicKey";

/// A key, be it a request's or a certificate's.
pub(crate) struct JudgedKey<'a> {
    pub key: &'a Spki<'a>,
    pub weak_keys: &'a [String],
}

/// Larger moduli are said to be unusual and are not taken apart: each check of them would take a noticeable time.
const MAX_CHECKED_BITS: u64 = 16_384;

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<JudgedKey<'a>>] {
    &[
        Rule {
            code: FindingCode::KeyMalformed,
            severity: Error,
            title: title!("The encoding of an RSA or EC key is invalid"),
            source: "RFC 5280 4.1.2.7, RFC 8017 A.1.1",
            check: malformed,
        },
        Rule {
            code: FindingCode::KeyParametersUnfit,
            severity: Warning,
            title: title!(
                "The algorithm of an RSA key does not have NULL as its parameter, or one that takes no parameters has some"
            ),
            source: "BR 7.1.3.1.1, RFC 3279 2.3.1, RFC 8410 3",
            check: parameters_unfit,
        },
        Rule {
            code: FindingCode::RsaTooSmall,
            severity: Error,
            title: title!("An RSA modulus has fewer than 2048 bits"),
            source: "BR 6.1.5",
            check: rsa_too_small,
        },
        Rule {
            code: FindingCode::RsaBitsNotOctets,
            severity: Error,
            title: title!("The bits of an RSA modulus are not a multiple of 8"),
            source: "BR 6.1.5",
            check: rsa_bits_not_octets,
        },
        Rule {
            code: FindingCode::RsaUnusualSize,
            severity: Info,
            title: title!("An RSA modulus has other than 2048, 3072 or 4096 bits"),
            source: "BR 6.1.5",
            check: rsa_unusual_size,
        },
        Rule {
            code: FindingCode::RsaNegative,
            severity: Error,
            title: title!("An RSA modulus or exponent is encoded as a negative number"),
            source: "RFC 8017 A.1.1",
            check: rsa_negative,
        },
        Rule {
            code: FindingCode::RsaExponentInvalid,
            severity: Error,
            title: title!("An RSA exponent is even or less than 3"),
            source: "BR 6.1.6",
            check: rsa_exponent_invalid,
        },
        Rule {
            code: FindingCode::RsaExponentOutOfRange,
            severity: Warning,
            title: title!("An RSA exponent is not between 2^16 + 1 and 2^256 - 1"),
            source: "BR 6.1.6",
            check: rsa_exponent_out_of_range,
        },
        Rule {
            code: FindingCode::RsaExponentUnusual,
            severity: Warning,
            title: title!("An RSA exponent is in that range but not 65537"),
            source: "BR 6.1.6",
            check: rsa_exponent_unusual,
        },
        Rule {
            code: FindingCode::RsaModulusEven,
            severity: Error,
            title: title!("An RSA modulus is even"),
            source: "BR 6.1.6",
            check: rsa_modulus_even,
        },
        Rule {
            code: FindingCode::RsaSmallFactor,
            severity: Error,
            title: title!("An RSA modulus has a factor below 752"),
            source: "BR 6.1.6",
            check: rsa_small_factor,
        },
        Rule {
            code: FindingCode::RsaClosePrimes,
            severity: Error,
            title: title!("The primes of an RSA key are so close that 100 rounds of Fermat's method find them"),
            source: "BR 6.1.1.3",
            check: rsa_close_primes,
        },
        Rule {
            code: FindingCode::RsaRoca,
            severity: Error,
            title: title!("An RSA modulus has the fingerprint of the ROCA flaw (CVE-2017-15361)"),
            source: "BR 6.1.1.3",
            check: rsa_roca,
        },
        Rule {
            code: FindingCode::KeyListedWeak,
            severity: Error,
            title: title!("The key is in the list of weak keys that the caller gave, such as Debian's (CVE-2008-0166)"),
            source: "BR 6.1.1.3",
            check: listed_weak,
        },
        Rule {
            code: FindingCode::EcCurveNotAllowed,
            severity: Error,
            title: title!("An EC key is on another curve than P-256, P-384, P-521"),
            source: "BR 6.1.5",
            check: ec_curve_not_allowed,
        },
        Rule {
            code: FindingCode::EcExplicitParameters,
            severity: Error,
            title: title!("An EC key has explicit curve parameters"),
            source: "RFC 5480 2.1.1, seen of the service: such an order fails at once",
            check: ec_explicit_parameters,
        },
        Rule {
            code: FindingCode::EcCurveMissing,
            severity: Error,
            title: title!("An EC key does not say which curve it is on"),
            source: "RFC 5480 2.1.1",
            check: ec_curve_missing,
        },
        Rule {
            code: FindingCode::EcPointInvalid,
            severity: Error,
            title: title!(
                "The point of an EC key is not on its curve, or in another form than the two that are allowed"
            ),
            source: "BR 6.1.6, RFC 5480 2.2",
            check: ec_point_invalid,
        },
        Rule {
            code: FindingCode::EcPointCompressed,
            severity: Warning,
            title: title!("The point of an EC key is compressed"),
            source: "RFC 5480 2.2",
            check: ec_point_compressed,
        },
        Rule {
            code: FindingCode::EcP521,
            severity: Warning,
            title: title!("An EC key is on P-521"),
            source: "BR 6.1.5, Mozilla Root Store Policy 5.1",
            check: ec_p521,
        },
        Rule {
            code: FindingCode::KeyDsa,
            severity: Error,
            title: title!("The key is a DSA key"),
            source: "BR 6.1.5",
            check: dsa,
        },
        Rule {
            code: FindingCode::KeyEddsa,
            severity: Error,
            title: title!("The key is an Ed25519 or Ed448 key"),
            source: "BR 6.1.5",
            check: eddsa,
        },
        Rule {
            code: FindingCode::KeyGost,
            severity: Error,
            title: title!("The key is a GOST key"),
            source: "BR 6.1.5",
            check: gost,
        },
        Rule {
            code: FindingCode::KeySm2,
            severity: Error,
            title: title!("The key is on the curve SM2"),
            source: "BR 6.1.5",
            check: sm2,
        },
        Rule {
            code: FindingCode::KeyPostQuantum,
            severity: Error,
            title: title!("The key is an ML-DSA, SLH-DSA or ML-KEM key"),
            source: "BR 6.1.5",
            check: post_quantum,
        },
        Rule {
            code: FindingCode::KeyRsaPss,
            severity: Error,
            title: title!("The key is an RSA key for PSS only"),
            source: "BR 7.1.3.1.1",
            check: rsa_pss,
        },
        Rule {
            code: FindingCode::KeyUnknown,
            severity: Error,
            title: title!("The key is of another kind than RSA or EC"),
            source: "BR 6.1.5",
            check: unknown,
        },
    ]
}

fn rsa<'a>(judged: &'a JudgedKey<'_>) -> Option<&'a RsaKey<'a>> {
    match &judged.key.material {
        Material::Rsa(key) => Some(key),
        _ => None,
    }
}

/// The modulus, if it is of a size that can be checked.
fn modulus(judged: &JudgedKey<'_>) -> Option<Natural> {
    rsa(judged)
        .map(|key| Natural::from(key.modulus))
        .filter(|modulus| modulus.bits() <= MAX_CHECKED_BITS)
}

fn ec<'a>(judged: &'a JudgedKey<'_>) -> Option<&'a EcKey<'a>> {
    match &judged.key.material {
        Material::Ec(key) => Some(key),
        _ => None,
    }
}

fn nist(key: &EcKey<'_>) -> Option<&'static NistCurve> {
    NIST.iter()
        .find(|nist| key.curve.is_some_and(|curve| curve.name == nist.name))
}

/// The name of the key's algorithm, if it is neither RSA nor EC.
fn other_algorithm(judged: &JudgedKey<'_>) -> Option<String> {
    let algorithm = judged.key.describe().algorithm;
    (!matches!(algorithm.as_str(), "RSA" | "EC")).then_some(algorithm)
}

fn malformed(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_malformed = match &judged.key.material {
        Material::Malformed => true,
        // More octets after a key are not part of it.
        Material::Rsa(_) => {
            let mut octets = Reader::new(judged.key.bits.bytes);
            octets.any("an RSA key").is_err() || !octets.is_empty()
        }
        _ => false,
    };
    if is_malformed {
        report.add(
            &FIELD,
            format_args!("The public key cannot be decoded: its octets do not follow the encoding of its algorithm."),
        );
    }
}

/// The kinds of key whose algorithm has no parameters at all (RFC 8410, 3; RFC 9881, 2).
fn has_no_parameters(name: &str) -> bool {
    is_eddsa(name) || is_post_quantum(name) || matches!(name, "X25519" | "X448")
}

fn parameters_unfit(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let key = judged.key;
    let name = key.describe().algorithm;
    let parameters = key.algorithm.parameters.as_ref();
    if name == "RSA" {
        let is_null = parameters.is_some_and(|parameters| parameters.tag == tag::NULL);
        if !is_null {
            report.add(
                &FIELD,
                format_args!(
                    "The algorithm of the RSA key does not have NULL as its parameter, which public certificates have."
                ),
            );
        }
    }
    if has_no_parameters(&name) && parameters.is_some() {
        report.add(
            &FIELD,
            format_args!("The algorithm of the key, {name}, has a parameter, but takes none."),
        );
    }
}

fn rsa_too_small(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if let Some(bits) = rsa(judged).map(|key| key.modulus.bits()).filter(|&bits| bits < 2048) {
        report.add(
            &FIELD,
            format_args!("The RSA key has {bits} bits; 2048 is the least that is accepted."),
        );
    }
}

fn rsa_bits_not_octets(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if let Some(bits) = rsa(judged)
        .map(|key| key.modulus.bits())
        .filter(|bits| !bits.is_multiple_of(8))
    {
        report.add(
            &FIELD,
            format_args!("The RSA key has {bits} bits, which is not a multiple of 8."),
        );
    }
}

fn rsa_unusual_size(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let Some(bits) = rsa(judged).map(|key| key.modulus.bits()) else {
        return;
    };
    let is_unusual = bits >= 2048 && bits.is_multiple_of(8) && !matches!(bits, 2048 | 3072 | 4096);
    if is_unusual {
        report.add(
            &FIELD,
            format_args!("The RSA key has {bits} bits; 2048, 3072 and 4096 are accepted everywhere."),
        );
    }
}

fn rsa_negative(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_negative = rsa(judged).is_some_and(|key| key.modulus.is_negative() || key.exponent.is_negative());
    if is_negative {
        report.add(
            &FIELD,
            format_args!("A number of the RSA key is encoded as a negative one: a zero octet is missing before it."),
        );
    }
}

/// The exponent as its octets are meant, and in digits.
fn exponent(judged: &JudgedKey<'_>) -> Option<(Natural, String)> {
    rsa(judged).map(|key| (key.exponent.into(), key.exponent.to_decimal()))
}

fn is_valid_exponent(exponent: &Natural) -> bool {
    !exponent.is_even() && *exponent >= Natural::from(3)
}

fn rsa_exponent_invalid(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if let Some((_, digits)) = exponent(judged).filter(|(exponent, _)| !is_valid_exponent(exponent)) {
        report.add(
            &FIELD,
            format_args!("The RSA exponent is {digits}; it has to be odd and at least 3."),
        );
    }
}

fn is_recommended_exponent(exponent: &Natural) -> bool {
    *exponent >= Natural::from(65_537) && exponent.bits() <= 256
}

fn rsa_exponent_out_of_range(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let Some((exponent, digits)) = exponent(judged) else {
        return;
    };
    if is_valid_exponent(&exponent) && !is_recommended_exponent(&exponent) {
        report.add(
            &FIELD,
            format_args!("The RSA exponent is {digits}; it should be between 2^16 + 1 and 2^256 - 1."),
        );
    }
}

fn rsa_exponent_unusual(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let Some((exponent, digits)) = exponent(judged) else {
        return;
    };
    let is_usual = exponent == Natural::from(65_537);
    if is_valid_exponent(&exponent) && is_recommended_exponent(&exponent) && !is_usual {
        report.add(
            &FIELD,
            format_args!("The RSA exponent is {digits}; 65537 is the usual one."),
        );
    }
}

fn rsa_modulus_even(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_even = modulus(judged).is_some_and(|modulus| modulus.is_even());
    if is_even {
        report.add(
            &FIELD,
            format_args!("The RSA modulus is even, so anyone can factor it."),
        );
    }
}

fn rsa_small_factor(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if let Some(factor) = modulus(judged).as_ref().and_then(weak::small_factor) {
        report.add(
            &FIELD,
            format_args!("The RSA modulus is divisible by {factor}, so anyone can factor it."),
        );
    }
}

fn rsa_close_primes(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let are_close = modulus(judged).is_some_and(|modulus| weak::has_close_primes(&modulus));
    if are_close {
        report.add(
            &FIELD,
            format_args!("The two primes of the RSA key are so close to each other that anyone can factor it."),
        );
    }
}

fn rsa_roca(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let has_flaw = modulus(judged).is_some_and(|modulus| weak::has_roca_fingerprint(&modulus));
    if has_flaw {
        report.add(
            &FIELD,
            format_args!(
                "The RSA key was made by a chip with the ROCA flaw (CVE-2017-15361): make a new one elsewhere."
            ),
        );
    }
}

fn listed_weak(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_listed = weak::is_listed(judged.key, judged.weak_keys);
    if is_listed {
        report.add(
            &FIELD,
            format_args!("The key is in the given list of weak keys, whose private keys are known: make a new one."),
        );
    }
}

fn ec_curve_not_allowed(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let Some(key) = ec(judged).filter(|key| nist(key).is_none()) else {
        return;
    };
    let name = key.curve.map(|curve| curve.name).or(key.named.as_deref());
    let is_sm2 = name == Some("SM2");
    match name {
        Some(name) if !is_sm2 => {
            report.add(
                &FIELD,
                format_args!("The curve {name} is not accepted: use P-256 or P-384."),
            );
        }
        None if key.explicit => report.add(&FIELD, format_args!("The curve is not P-256, P-384 or P-521.")),
        _ => {}
    }
}

fn ec_explicit_parameters(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if ec(judged).is_some_and(|key| key.explicit) {
        report.add(&FIELD, format_args!("The curve is given by explicit parameters; orders with such a key fail without a reason: use a named curve."));
    }
}

fn ec_curve_missing(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_missing = ec(judged).is_some_and(|key| key.named.is_none() && !key.explicit);
    if is_missing {
        report.add(&FIELD, format_args!("The EC key does not say which curve it is on."));
    }
}

fn ec_point_invalid(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let Some(key) = ec(judged) else { return };
    let reason = match nist(key).map(|curve| curve.uncompressed(key.point)) {
        Some(Err(PointError::Length)) => "has the wrong number of octets",
        Some(Err(PointError::Form)) => "is in a form that does not exist",
        Some(Err(PointError::NotOnCurve)) => "is not on its curve",
        // RFC 5480, 2.2, has every form refused but the uncompressed and the compressed one.
        Some(Ok(_)) if matches!(key.point.first(), Some(0x06 | 0x07)) => {
            "is in the hybrid form, which has to be refused"
        }
        _ => return,
    };
    report.add(&FIELD, format_args!("The point of the EC key {reason}."));
}

fn ec_point_compressed(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_compressed = ec(judged).is_some_and(|key| matches!(key.point.first(), Some(0x02 | 0x03)));
    if is_compressed {
        report.add(
            &FIELD,
            format_args!("The point of the EC key is compressed, which not every certificate authority reads."),
        );
    }
}

fn ec_p521(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_p521 = ec(judged).and_then(nist).is_some_and(|curve| curve.name == "P-521");
    if is_p521 {
        report.add(
            &FIELD,
            format_args!(
                "P-521 is allowed by the Baseline Requirements, but not by every browser or certificate authority."
            ),
        );
    }
}

fn dsa(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if judged.key.algorithm.oid == oid::DSA {
        report.add(
            &FIELD,
            format_args!("A DSA key cannot be in a public TLS certificate: make an RSA or EC key."),
        );
    }
}

fn other(judged: &JudgedKey<'_>, report: &mut Report<'_>, is_such: fn(&str) -> bool) {
    if let Some(name) = other_algorithm(judged).filter(|name| is_such(name)) {
        report.add(
            &FIELD,
            format_args!("A key for {name} cannot be in a public TLS certificate: make an RSA or EC key."),
        );
    }
}

fn is_eddsa(name: &str) -> bool {
    matches!(name, "Ed25519" | "Ed448")
}

fn is_gost(name: &str) -> bool {
    name.starts_with("GOST")
}

fn is_post_quantum(name: &str) -> bool {
    ["ML-", "SLH-"].iter().any(|family| name.starts_with(family))
}

fn eddsa(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    other(judged, report, is_eddsa);
}

fn gost(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    other(judged, report, is_gost);
}

fn sm2(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    let is_sm2 = ec(judged)
        .and_then(|key| key.curve)
        .is_some_and(|curve| curve.name == "SM2");
    if is_sm2 {
        report.add(
            &FIELD,
            format_args!("An SM2 key cannot be in a public TLS certificate: make an RSA key, or an EC key on P-256."),
        );
    }
}

fn post_quantum(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    other(judged, report, is_post_quantum);
}

fn rsa_pss(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    if judged.key.algorithm.oid == oid::RSA_PSS {
        report.add(
            &FIELD,
            format_args!("The RSA key says that it is for PSS only; a public TLS certificate takes one that says RSA."),
        );
    }
}

fn unknown(judged: &JudgedKey<'_>, report: &mut Report<'_>) {
    other(judged, report, |name| {
        !(matches!(name, "DSA" | "RSA-PSS") || is_eddsa(name) || is_gost(name) || is_post_quantum(name))
    });
}
