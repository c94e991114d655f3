//! Object identifiers.

use core::fmt::Write as _;

use super::hex;

/// The dotted form, `2.5.4.3`. Arcs that no UUID needs, of more than 128 bits, are in hex.
pub(crate) fn dotted(content: &[u8]) -> String {
    let mut text = String::with_capacity(24);
    for (index, octets) in content.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
        let small = octets.iter().try_fold(0_u128, |arc, octet| {
            Some(arc.checked_mul(128)? | u128::from(octet & 0x7f))
        });
        let _ = match (index, small) {
            // The first two arcs share one number: 40 × first + second (X.690, 8.19.4).
            (0, Some(arc)) => {
                let first = arc.checked_div(40).unwrap_or(0).min(2);
                write!(text, "{first}.{}", arc.saturating_sub(first.saturating_mul(40)))
            }
            (_, Some(arc)) => write!(text, ".{arc}"),
            (_, None) => write!(text, ".0x{}", hex(octets)),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::dotted;

    #[test]
    fn arcs_of_every_size_are_written() {
        assert_eq!(dotted(&[0x55, 0x04, 0x03]), "2.5.4.3");
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), "1.2.840.113549");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        // 2.25.(2^128 - 1), as an OID made from a UUID can be.
        let mut uuid = vec![0x69, 0x83];
        uuid.extend([0xff; 17]);
        uuid.push(0x7f);
        assert_eq!(dotted(&uuid), "2.25.340282366920938463463374607431768211455");
        assert_eq!(dotted(&[]), "");
    }
}
