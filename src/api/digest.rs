//! Short names for what is known again: the same in every process and version. They tell things apart, and hide nothing.

/// The digest of some parts, in 16 digits.
#[must_use]
pub fn digest(parts: &[impl AsRef<[u8]>]) -> String {
    format!("{:016x}", hash(parts))
}

/// The same as a number: FNV-1a, of 64 bits.
#[must_use]
pub fn hash(parts: &[impl AsRef<[u8]>]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.as_ref().iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
