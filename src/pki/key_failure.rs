//! Why a key cannot be used. Nothing that is said here holds any of it.

/// Why there is no key to make a request with, or no certificate to go with it. What is said never holds any of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFailure {
    /// An RSA key is wanted in a size that none is made in.
    Size,
    /// The key given is of a kind that signs no request.
    CannotSign,
    /// Another hash is wanted than the one that the key signs with.
    Hash,
    /// The key given is of this kind, or on this curve.
    Kind(&'static str),
    /// The key given cannot be read, in a sentence about it.
    Unreadable(&'static str),
    /// The key given is encrypted with this.
    Encryption(&'static str),
    /// The key given is encrypted with so many iterations that decrypting it would not end.
    Iterations(String),
    /// Password and key do not go together, in a sentence.
    Password(&'static str),
    /// The public key is not that of the private one.
    HalvesDiffer,
    /// The key may not leave WebCrypto, where it has to.
    NotExtractable,
    /// None of the certificates given is for the key.
    NoCertificate,
    /// WebCrypto refused, for this reason. It never holds any of the key.
    WebCrypto(String),
}

impl KeyFailure {
    /// As text, or as an object.
    pub const JWK: Self = Self::Unreadable("It is a JSON Web Key: import it with WebCrypto, and give the CryptoKey.");
    /// A key of Node's own, or a pair of them.
    pub const KEY_OBJECT: Self = Self::Unreadable(
        "It is a KeyObject of Node: give what `export({ type: 'pkcs8', format: 'pem' })` of it returns.",
    );
    /// Only the public half, or something that is neither.
    pub const NOT_PRIVATE: Self =
        Self::Unreadable("It is a CryptoKey, but not a private one: give the private key, or the pair.");
    /// The public half is in the place of the private one.
    pub const SWAPPED: Self = Self::Unreadable(
        "Its halves are in the wrong places: `privateKey` has to be the private one, `publicKey` the public.",
    );
    /// Noticed by what comes of it.
    pub const WRONG_PASSWORD: Self = Self::Password("The key cannot be decrypted with the password given.");
    /// There is none.
    pub const MISSING_PASSWORD: Self = Self::Password("The key is encrypted: give `{ pem, password }`.");
    /// There is one for nothing.
    pub const NEEDLESS_PASSWORD: Self = Self::Password("A password is given for a key that is not encrypted.");
}
