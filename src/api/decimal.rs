//! Numbers in texts, as headers and claims have them.

/// The most digits after the point that count: a double holds no more of them beside a few before it.
const MOST_DIGITS: usize = 9;

/// Reads a decimal number without a sign or an exponent, such as `1.5`.
///
/// `str::parse` reads exponents too, and numbers of any length to the last bit; it takes 14 KB of tables and code for that.
#[must_use]
pub fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if matches!(text, "" | ".") {
        return None;
    }
    digits(fraction)?;
    let fraction = fraction.get(..fraction.len().min(MOST_DIGITS))?;
    let scale = fraction.bytes().fold(1.0, |scale, _| scale * 10.0);
    Some(digits(whole)? + digits(fraction)? / scale)
}

/// The number that these digits write; nothing where one is not a digit.
fn digits(text: &str) -> Option<f64> {
    text.bytes().try_fold(0.0, |number, byte| {
        let digit = char::from(byte).to_digit(10)?;
        Some(number * 10.0 + f64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_number_is_read_as_the_standard_library_reads_it() {
        for text in [
            "0",
            "7",
            "120",
            "1.5",
            "0.25",
            ".5",
            "5.",
            "1795435200",
            "1795435200.125",
        ] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        // Beyond what a double can count to, the last bit may be another.
        let long = decimal("99999999999999999999").unwrap();
        assert!((long / 1e20 - 1.0).abs() < 1e-15, "{long}");
    }

    #[test]
    fn what_is_not_such_a_number_is_none() {
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "1e3",
            "1 ",
            "1.2.3",
            "0x1",
            "NaN",
            "inf",
            "1,5",
            "ü",
            "1.ü",
            "9.999999999e307",
            "1.0000000000.1",
        ] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }
}
