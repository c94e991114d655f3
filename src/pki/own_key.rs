//! Private keys that a caller has and signs a request with: PKCS #8, PKCS #1 and SEC 1, as PEM or DER.
//!
//! What comes out is PKCS #8 in the one form that every WebCrypto takes. Whatever else it is, is named and refused; nothing
//! that is said of a key holds any of it.

use der::{
    DerError, Element, Integer, Reader, base64,
    find::{contains, split_once},
    oid::{self, Oid},
    pem::{self, BEGIN, Section},
    tag,
    writer::{element, null, object_identifier, sequence, unsigned},
};

use crate::{
    key::{
        natural::Natural,
        public_key::{Curve, EcKey, other_key_name},
    },
    key_failure::KeyFailure,
    paste::{
        charset::{is_text, narrow, wide_text_of},
        input::Input,
    },
    pbes2::Pbes2,
};

/// A private key as it was given.
#[derive(Debug, PartialEq, Eq)]
pub enum GivenKey {
    /// To be read.
    Plain(OwnKey),
    /// To be decrypted first.
    Encrypted(Pbes2, Vec<u8>),
}

/// A private key that can be used.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// What it is.
    pub kind: KeyKind,
    /// PKCS #8.
    pub pkcs8: Vec<u8>,
    /// Whether its public key is in it, with which whoever takes it in may see that they do not belong together.
    pub has_public: bool,
}

/// The kinds of key that sign requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// On a curve, by WebCrypto's name.
    Ec(&'static str),
    /// Ed25519.
    Ed25519,
}

type Read<T> = Result<T, KeyFailure>;

const NOT_A_KEY: KeyFailure = KeyFailure::Unreadable(
    "It is not a private key in PKCS #8, PKCS #1 or SEC 1, as PEM or DER: give what is in its file as it is, not the \
         name of the file, nor hex, base64url or other dashes.",
);
const MALFORMED: KeyFailure = KeyFailure::Unreadable("It is cut off or damaged.");
const OLD_ENCRYPTION: KeyFailure = KeyFailure::Unreadable(
    "It is encrypted in OpenSSL's old form (Proc-Type, DEK-Info): convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc`.",
);

/// What else people have in files of keys, by a mark in the text, and what is said of it.
const OTHERS: &[(&str, KeyFailure)] = &[
    (
        "OPENSSH PRIVATE KEY",
        KeyFailure::Unreadable("It is in OpenSSH's own form: convert a copy with `ssh-keygen -p -m PKCS8`."),
    ),
    (
        "PuTTY-User-Key-File",
        KeyFailure::Unreadable("It is a key of PuTTY: export it in OpenSSH's form, then convert that to PKCS #8."),
    ),
    (
        "PGP PRIVATE KEY",
        KeyFailure::Unreadable("It is a PGP key, which signs no requests."),
    ),
    ("DSA PRIVATE KEY", DSA),
    ("\"kty\"", KeyFailure::JWK),
    (
        "<RSAKeyValue>",
        KeyFailure::Unreadable("It is a key in the XML of .NET: export it as PKCS #8."),
    ),
];
const DSA: KeyFailure = KeyFailure::Unreadable("It is a DSA key, which no certificate authority takes.");
const MISFIT: KeyFailure = KeyFailure::Unreadable("It is damaged: its numbers do not belong together.");
const MULTI_PRIME: KeyFailure =
    KeyFailure::Unreadable("It is an RSA key of more than two primes, which WebCrypto does not take: make another.");
const PKCS12: KeyFailure =
    KeyFailure::Unreadable("It is a PKCS #12 file: take the key out with `openssl pkcs12 -nocerts`.");
const PUBLIC: KeyFailure = KeyFailure::Unreadable("There is only something public in it, and no private key.");
const SEVERAL: KeyFailure =
    KeyFailure::Unreadable("There is more than one private key in it: give the one that is meant.");

impl GivenKey {
    /// Reads what a caller has. Certificates beside the key are passed over, as in the files of many servers.
    ///
    /// # Errors
    /// Why it is not a key that can be used.
    pub fn read(input: &Input<'_>) -> Result<Self, KeyFailure> {
        match *input {
            Input::Text(text) => Self::of_text(text),
            Input::Bytes(bytes) => {
                if let Some(wide) = wide_text_of(bytes) {
                    Self::of_text(&wide)
                } else if is_text(bytes) {
                    Self::of_text(&String::from_utf8_lossy(bytes))
                } else {
                    Self::of_der(bytes)
                }
            }
        }
    }

    fn of_text(text: &str) -> Read<Self> {
        let narrow = narrow(text);
        let text = &*with_line_ends(narrow.as_deref().unwrap_or(text));
        let mut found = None;
        let mut next = pem::split(text, BEGIN).map(|(_, rest)| rest);
        let mut is_public = false;
        while let Some(section) = next.and_then(|rest| Section::cut(text, rest)) {
            next = section.next;
            if !section.label.ends_with("PRIVATE KEY") {
                is_public |= contains(section.label, "PUBLIC") || contains(section.label, "CERT");
                continue;
            }
            if let Some((_, failure)) = OTHERS.iter().find(|(mark, _)| *mark == section.label) {
                return Err(failure.clone());
            }
            if pem::without_headers(section.base64).is_some_and(|_| contains(section.base64, "ENCRYPTED")) {
                return Err(OLD_ENCRYPTION);
            }
            let body = pem::without_headers(section.base64).unwrap_or(section.base64);
            let der = base64::decode(body).map_err(|_| MALFORMED)?.octets;
            let key = Self::of_der(&der)?;
            if found.as_ref().is_some_and(|other| *other != key) {
                return Err(SEVERAL);
            }
            found = Some(key);
        }
        let other = || OTHERS.iter().find(|(mark, _)| contains(text, mark));
        found.map_or_else(
            || match other() {
                Some((_, failure)) => Err(failure.clone()),
                None if is_public => Err(PUBLIC),
                None => Self::of_base64(text),
            },
            Ok,
        )
    }

    /// Of base64 without a frame: all of the text, and a whole key, or the text of one, as Kubernetes keeps it.
    fn of_base64(text: &str) -> Read<Self> {
        let octets = base64::decode(text).map_err(|_| NOT_A_KEY)?.octets;
        if !octets.is_empty() && is_text(&octets) {
            return Self::of_text(&String::from_utf8_lossy(&octets));
        }
        Self::of_der(&octets).map_err(|failure| if failure == MALFORMED { NOT_A_KEY } else { failure })
    }

    /// By its shape, whatever its label said.
    fn of_der(der: &[u8]) -> Read<Self> {
        let is_cut = |error: DerError| if error.is_truncated() { MALFORMED } else { NOT_A_KEY };
        let root = Reader::new(der).expect(tag::SEQUENCE, "").map_err(is_cut)?;
        let fields = root.inside().all("").map_err(|_| MALFORMED)?;
        let tags: Vec<u8> = fields.iter().map(Element::constructed_tag).collect();
        match (tags.as_slice(), fields.as_slice()) {
            ([tag::SEQUENCE, tag::OCTET_STRING], [algorithm, data]) => {
                Ok(Self::Encrypted(Pbes2::read(algorithm)?, data.content.to_vec()))
            }
            ([tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING, ..], [_, algorithm, key, rest @ ..]) => {
                let public = rest.iter().find(|field| field.tag == tag::context(1));
                // As it is in SEC 1.
                let bits = public.map(|public| element(tag::BIT_STRING, &[public.content.to_vec()]));
                let public = bits.map(|bits| element(tag::context_constructed(1), &[bits]));
                OwnKey::of_pkcs8(algorithm, key.content, public).map(Self::Plain)
            }
            ([tag::INTEGER, tag::OCTET_STRING, ..], [_, _, rest @ ..]) => {
                let parameters = rest.iter().find(|field| field.tag == tag::context_constructed(0));
                let parameters = parameters.and_then(|field| field.inside().any("").ok());
                OwnKey::of_sec1(parameters.as_ref(), root.raw, None).map(Self::Plain)
            }
            ([tag::INTEGER, tag::SEQUENCE, ..], _) => Err(PKCS12),
            (integers, _) if integers.iter().all(|&one| one == tag::INTEGER) => match integers.len() {
                9 => OwnKey::of_pkcs1(root.raw, &fields).map(Self::Plain),
                6 => Err(DSA),
                _ => Err(NOT_A_KEY),
            },
            // RFC 8017, A.1.2: what follows the coefficient are the other primes.
            ([integers @ .., tag::SEQUENCE], _) if integers == [tag::INTEGER; 9] => Err(MULTI_PRIME),
            ([tag::SEQUENCE, tag::SEQUENCE | tag::BIT_STRING, ..], _) => Err(PUBLIC),
            _ => Err(NOT_A_KEY),
        }
    }
}

impl OwnKey {
    /// What was decrypted.
    ///
    /// # Errors
    /// When it is not a key: a wrong password may decrypt to anything.
    pub fn decrypted(der: &[u8]) -> Result<Self, KeyFailure> {
        match GivenKey::of_der(der) {
            Ok(GivenKey::Plain(key)) => Ok(key),
            Err(failure) if failure != NOT_A_KEY && failure != MALFORMED => Err(failure),
            _ => Err(KeyFailure::WRONG_PASSWORD),
        }
    }

    /// RFC 8017, A.1.2, of two primes: its numbers have to belong together, for WebCrypto may sign with some of them alone.
    fn of_pkcs1(key: &[u8], numbers: &[Element<'_>]) -> Read<Self> {
        /// In bits: the size of the largest keys that anyone has.
        const MOST: u64 = 16_384;
        let numbers: Vec<Natural> = numbers.iter().map(|number| Integer::of(number).into()).collect();
        let [_, modulus, public, private, p, q, of_p, of_q, coefficient] = numbers.as_slice() else {
            return Err(MALFORMED);
        };
        let one = Natural::from(1);
        let inverts = |&(exponent, prime): &(&Natural, &Natural)| {
            let mut order = prime.clone();
            order.subtract(&one);
            public.multiply_modulo(exponent, &order) == one
        };
        let fits = numbers.iter().all(|number| number.bits() <= MOST)
            && p.multiply_modulo(q, modulus).is_zero()
            && [(private, p), (private, q), (of_p, p), (of_q, q)].iter().all(inverts)
            && coefficient.multiply_modulo(q, p) == one;
        if !fits {
            return Err(MISFIT);
        }
        let algorithm = [object_identifier(oid::RSA), null()];
        Ok(Self::new(KeyKind::Rsa, &algorithm, key.to_vec()))
    }

    /// RFC 5958, 2. Attributes and a public key behind the private one are left out: some runtimes take neither. That of a
    /// curve is put where all take it.
    ///
    /// ```asn1
    /// OneAsymmetricKey ::= SEQUENCE {
    ///     version              INTEGER,
    ///     privateKeyAlgorithm  AlgorithmIdentifier,
    ///     privateKey           OCTET STRING,         -- the DER of a key in the form of its algorithm
    ///     attributes           [0] IMPLICIT Attributes OPTIONAL,
    ///     publicKey            [1] IMPLICIT BIT STRING OPTIONAL
    /// }
    /// ```
    fn of_pkcs8(algorithm: &Element<'_>, key: &[u8], public: Option<Vec<u8>>) -> Read<Self> {
        let mut fields = algorithm.inside();
        let oid = fields.expect(tag::OID, "").map_err(|_| MALFORMED)?;
        let parameters = fields.any("").ok();
        match Oid::read(oid.content).as_str() {
            oid::RSA | oid::RSA_X500 => match GivenKey::of_der(key) {
                Ok(GivenKey::Plain(key)) if key.kind == KeyKind::Rsa => Ok(key),
                Err(failure @ (MULTI_PRIME | MISFIT)) => Err(failure),
                _ => Err(MALFORMED),
            },
            oid::EC => Self::of_sec1(parameters.as_ref(), key, public),
            oid::ED25519 => {
                let algorithm = [object_identifier(oid::ED25519)];
                Ok(Self::new(KeyKind::Ed25519, &algorithm, key.to_vec()))
            }
            oid::RSA_PSS => Err(KeyFailure::Unreadable(
                "It is an RSA key for PSS alone, which no certificate authority takes.",
            )),
            oid::DSA => Err(DSA),
            other => Err(other_key_name(other).map_or(
                KeyFailure::Unreadable("It is of a kind that signs no requests here: use RSA, P-256 or P-384."),
                KeyFailure::Kind,
            )),
        }
    }

    /// RFC 5915, 3, written once more: the number in as many octets as the curve has, its curve in the algorithm alone.
    ///
    /// ```asn1
    /// ECPrivateKey ::= SEQUENCE {
    ///     version     INTEGER,                       -- 1
    ///     privateKey  OCTET STRING,
    ///     parameters  [0] EXPLICIT ECParameters OPTIONAL,
    ///     publicKey   [1] EXPLICIT BIT STRING OPTIONAL
    /// }
    /// ```
    fn of_sec1(parameters: Option<&Element<'_>>, key: &[u8], beside: Option<Vec<u8>>) -> Read<Self> {
        let mut fields = Reader::new(key).inner(tag::SEQUENCE, "").map_err(|_| MALFORMED)?;
        let mut read = |wanted| fields.expect(wanted, "").map_err(|_| MALFORMED);
        read(tag::INTEGER)?;
        let number = Integer::of(&read(tag::OCTET_STRING)?).magnitude();
        let own = fields.optional(tag::context_constructed(0)).ok().flatten();
        let own = own.and_then(|field| field.inside().any("").ok());
        let public = fields.optional(tag::context_constructed(1)).ok().flatten();
        let inside = public.map(|public| public.raw.to_vec());
        if beside.is_some() && inside.is_some() && beside != inside {
            return Err(KeyFailure::HalvesDiffer);
        }
        let public = inside.or(beside);
        let (name, oid, octets) = match EcKey::read(parameters.or(own.as_ref()), &[]) {
            EcKey { curve: Some(curve), .. } => curve_of(curve)?,
            EcKey {
                named: None,
                explicit: false,
                ..
            } => {
                return Err(KeyFailure::Unreadable("It does not say which curve it is on."));
            }
            _ => return Err(KeyFailure::Kind("an unknown curve")),
        };
        let zeros = octets.checked_sub(number.len()).ok_or(MALFORMED)?;
        let algorithm = [object_identifier(oid::EC), object_identifier(oid)];
        let has_public = public.is_some();
        let number = element(tag::OCTET_STRING, &[vec![0; zeros], number.to_vec()]);
        let key = sequence(&[unsigned(&[1]), number, public.unwrap_or_default()]);
        Ok(Self {
            has_public,
            ..Self::new(KeyKind::Ec(name), &algorithm, key)
        })
    }

    fn new(kind: KeyKind, algorithm: &[Vec<u8>], key: Vec<u8>) -> Self {
        Self {
            kind,
            pkcs8: sequence(&[unsigned(&[0]), sequence(algorithm), element(tag::OCTET_STRING, &[key])]),
            has_public: false,
        }
    }
}

/// With line ends for the `\n` and `\r\n` that environment variables and JSON have in their place.
fn with_line_ends(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((line, after)) = split_once(rest, "\\n") {
        lines.push_str(line.strip_suffix("\\r").unwrap_or(line));
        lines.push('\n');
        rest = after;
    }
    lines.push_str(rest);
    lines
}

/// The curves that WebCrypto has: name, OID, and how many octets their numbers have.
fn curve_of(curve: &'static Curve) -> Read<(&'static str, &'static str, usize)> {
    let octets = match curve.name {
        "P-256" => 32,
        "P-384" => 48,
        "P-521" => 66,
        other => return Err(KeyFailure::Kind(other)),
    };
    Ok((curve.name, curve.oid, octets))
}

/// A private key in PKCS #8, as PEM.
#[must_use]
pub fn private_key_pem(pkcs8: &[u8]) -> String {
    pem::write("PRIVATE KEY", pkcs8)
}

/// The same, encrypted (RFC 5958, 3).
#[must_use]
pub fn encrypted_key_pem(encryption: &Pbes2, encrypted: Vec<u8>) -> String {
    pem::write("ENCRYPTED PRIVATE KEY", &encrypted_key(encryption, encrypted))
}

/// ```asn1
/// EncryptedPrivateKeyInfo ::= SEQUENCE {
///     encryptionAlgorithm  AlgorithmIdentifier,
///     encryptedData        OCTET STRING
/// }
/// ```
pub(crate) fn encrypted_key(encryption: &Pbes2, encrypted: Vec<u8>) -> Vec<u8> {
    sequence(&[encryption.identifier(), element(tag::OCTET_STRING, &[encrypted])])
}
