//! The public key that a CSR is for, as octets to compare. All that a CSR says is read by the reader, which scripts that
//! order nothing never load; for this, five headers of DER are enough.

use crate::{base64, text::split_once};

/// The `SubjectPublicKeyInfo` of a CSR (RFC 2986, 4.1); of what is not one, its content without frame and line breaks.
#[must_use]
pub fn key_of(csr: &str) -> Vec<u8> {
    readable_key(csr).unwrap_or_else(|| content_of(csr).into_bytes())
}

/// The same, and nothing for what is not one, such as a CSR that is shown in part or masked.
#[must_use]
pub fn readable_key(csr: &str) -> Option<Vec<u8>> {
    let octets = base64::decode(&content_of(csr))?;
    public_key(&octets).map(<[u8]>::to_vec)
}

/// What begins and ends each line of a frame.
const DASHES: &str = "-----";

/// The base64 of a CSR, without the frame and the line breaks that services change.
fn content_of<'a>(csr: &'a str) -> String {
    let before = |text: &'a str| split_once(text, DASHES).map_or(text, |(before, _)| before);
    let after = |text: &'a str| split_once(text, DASHES).map(|(_, after)| after);
    let framed = after(csr).and_then(after);
    before(framed.unwrap_or(csr)).split_whitespace().collect()
}

/// A request is a sequence that begins with a sequence of version, subject and key.
fn public_key(request: &[u8]) -> Option<&[u8]> {
    let info = contents(contents(request)?)?;
    let after_version = info.get(whole(info)?..)?;
    let key = after_version.get(whole(after_version)?..)?;
    key.get(..whole(key)?)
}

fn contents(element: &[u8]) -> Option<&[u8]> {
    let (header, length) = header(element)?;
    element.get(header..header.checked_add(length)?)
}

fn whole(element: &[u8]) -> Option<usize> {
    let (header, length) = header(element)?;
    header.checked_add(length)
}

/// How many octets the header of an element has, and how many its contents (X.690, 8.1.3).
fn header(element: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*element.get(1)?);
    if first < 0x80 {
        return Some((2, first));
    }
    let octets = element.get(2..)?.get(..first & 0x7f)?;
    let length = octets.iter().try_fold(0_usize, |length, octet| {
        length.checked_mul(0x100)?.checked_add(usize::from(*octet))
    })?;
    Some((octets.len().checked_add(2)?, length))
}

#[cfg(test)]
mod tests {
    use der::Reader;

    use super::*;

    const CSR: &str = include_str!("../../tests/client/data/shop.csr");

    fn key_by_the_reader(octets: &[u8]) -> Option<Vec<u8>> {
        let mut info = Reader::new(octets)
            .any("request")
            .ok()?
            .inside()
            .any("info")
            .ok()?
            .inside();
        info.any("version").ok()?;
        info.any("subject").ok()?;
        info.any("key").ok().map(|key| key.raw.to_vec())
    }

    #[test]
    fn the_key_is_the_one_that_the_reader_sees_however_much_of_a_request_is_there() {
        let octets = base64::decode(&content_of(CSR)).unwrap();
        assert!(public_key(&octets).is_some());
        for end in 0..=octets.len() {
            let part = &octets[..end];
            let seen = key_by_the_reader(part);
            assert!(seen.is_none() || seen.as_deref() == public_key(part), "{end}");
        }
    }

    #[test]
    fn frame_and_line_breaks_make_no_other_key() {
        let key = key_of(CSR);
        for text in [
            CSR.replace('\n', "\r\n"),
            CSR.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
            content_of(CSR),
        ] {
            assert_eq!(key_of(&text), key);
        }
        assert_eq!(key_of("no request"), key_of("no\nrequest"));
    }
}
