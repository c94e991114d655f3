//! Object identifiers.

use core::fmt::Write as _;

use super::hex;

/// The dotted form, `2.5.4.3`. Arcs that no UUID needs, of more than 128 bits, are in hex.
pub(crate) fn dotted(content: &[u8]) -> String {
    let mut text = String::with_capacity(24);
    for (index, octets) in content.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
        // The first two arcs share one number: 40 × first + second, where the first is at most 2 (X.690, 8.19.4).
        let first = match octets {
            _ if index > 0 => None,
            [0..40] => Some(0_u8),
            [40..80] => Some(1),
            _ => Some(2),
        };
        text.extend(first.map(|arc| char::from(b'0'.saturating_add(arc))));
        push_arc(&mut text, octets, u64::from(first.unwrap_or(0)).saturating_mul(40));
    }
    text
}

/// Writes an arc, less what is in it of another one.
fn push_arc(text: &mut String, octets: &[u8], other: u64) {
    text.push('.');
    // Nine octets have 63 bits; only what is made of a UUID has more.
    if octets.len() <= 9 {
        let arc = octets.iter().fold(0, |arc, octet| arc << 7 | u64::from(octet & 0x7f));
        return push_decimal(text, arc.saturating_sub(other));
    }
    let arc = octets.iter().try_fold(0_u128, |arc, octet| {
        Some(arc.checked_mul(128)? | u128::from(octet & 0x7f))
    });
    let _ = match arc {
        Some(arc) => write!(text, "{}", arc.saturating_sub(u128::from(other))),
        None => write!(text, "0x{}", hex(octets)),
    };
}

/// Without the detour over a formatter: a request has some fifteen OIDs.
fn push_decimal(text: &mut String, number: u64) {
    let rest = number.checked_div(10).unwrap_or_default();
    if rest > 0 {
        push_decimal(text, rest);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    text.push(char::from(b'0'.saturating_add(digit)));
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
        // The largest in nine octets, alone and after a first arc.
        let mut nine = vec![0xff; 8];
        nine.push(0x7f);
        assert_eq!(dotted(&nine), "2.9223372036854775727");
        assert_eq!(dotted(&[&[0x2a], nine.as_slice()].concat()), "1.2.9223372036854775807");
        assert_eq!(dotted(&[0x27]), "0.39");
        assert_eq!(dotted(&[0x4f]), "1.39");
        assert_eq!(dotted(&[]), "");
    }
}
