//! IP addresses: what the standard library has for them weighs several times as much in wasm.

use core::fmt;

use der::{find, hex};

/// The octets of an iPAddress: an address, or in name constraints an address and its mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Vec<u8>);

impl Address {
    pub(crate) fn of(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }

    /// An address as it is written: of IPv4 in four numbers without zeros before them, of IPv6 as RFC 4291, 2.2, has it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        v4(text).or_else(|| v6(text)).map(Self)
    }

    /// As they are encoded.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.0
    }

    /// The same, to be kept.
    pub(crate) fn into_octets(self) -> Vec<u8> {
        self.0
    }

    /// Whether it is an address: alone, and of a length that one has.
    pub(crate) fn is_one(&self) -> bool {
        matches!(self.0.len(), 4 | 16)
    }
}

fn v4(text: &str) -> Option<Vec<u8>> {
    let is_number = |number: &&str| {
        number.bytes().all(|digit| digit.is_ascii_digit()) && (*number == "0" || !number.starts_with('0'))
    };
    let octets: Option<Vec<u8>> = text
        .split('.')
        .map(|number| Some(number).filter(is_number)?.parse().ok())
        .collect();
    octets.filter(|octets| octets.len() == 4)
}

fn v6(text: &str) -> Option<Vec<u8>> {
    let Some((before, after)) = find::split_once(text, "::") else {
        return groups(text, true).filter(|octets| octets.len() == 16);
    };
    let (before, after) = (groups(before, false)?, groups(after, true)?);
    // At least one group is left out.
    let left_out = 14_usize.checked_sub(before.len())?.checked_sub(after.len())?;
    Some([before, vec![0; left_out.saturating_add(2)], after].concat())
}

/// The octets of groups of hexadecimal digits; the last of an address may be one of IPv4.
fn groups(text: &str, is_end: bool) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    if text.is_empty() {
        return Some(octets);
    }
    let mut groups = text.split(':').peekable();
    while let Some(group) = groups.next() {
        let is_last = is_end && groups.peek().is_none();
        if let Some(mut last) = v4(group).filter(|_| is_last) {
            octets.append(&mut last);
            continue;
        }
        let is_hex = (1..=4).contains(&group.len()) && group.bytes().all(|digit| digit.is_ascii_hexdigit());
        let group = u16::from_str_radix(group, 16).ok().filter(|_| is_hex)?;
        octets.extend(group.to_be_bytes());
    }
    Some(octets)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [first, second, third, fourth] => write!(f, "{first}.{second}.{third}.{fourth}"),
            // RFC 5952, 5.
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4 @ ..] if v4.len() == 4 => {
                write!(f, "::ffff:{}", Self::of(v4))
            }
            octets if octets.len() == 16 => f.write_str(&in_groups(octets)),
            octets if matches!(octets.len(), 8 | 32) => {
                let (address, mask) = octets.split_at(octets.len() >> 1);
                write!(f, "{}/{}", Self::of(address), Self::of(mask))
            }
            octets => write!(f, "#{}", hex(octets)),
        }
    }
}

/// RFC 5952, 4: the first of the longest runs of two zeros or more is left out.
fn in_groups(octets: &[u8]) -> String {
    let groups = octets
        .as_chunks::<2>()
        .0
        .iter()
        .map(|group| format!("{:x}", u16::from_be_bytes(*group)));
    let text = groups.collect::<Vec<_>>().join(":");
    let framed = [":", &text, ":"].concat();
    for zeros in (2..=8).rev() {
        let run = [":", &"0:".repeat(zeros)].concat();
        if let Some((before, after)) = find::split_once(&framed, &run) {
            let (before, after) = (before.trim_start_matches(':'), after.trim_end_matches(':'));
            return [before, "::", after].concat();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use core::net::IpAddr;

    use proptest::prelude::*;

    use super::Address;

    fn is_as_the_standard_library_has_it(text: &str) {
        let (ours, theirs) = (Address::parse(text), text.parse::<IpAddr>().ok());
        let octets = theirs.map(|address| match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        });
        assert_eq!(ours.as_ref().map(|address| address.0.clone()), octets, "{text}");
        assert_eq!(
            ours.map(|address| address.to_string()),
            theirs.map(|address| address.to_string()),
            "{text}"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]{0,20}|([0-9a-f]{0,4}:){0,7}(:[0-9a-f]{0,4}){0,7}|::ffff:1\\.2\\.3\\.4") {
            is_as_the_standard_library_has_it(&text);
        }

        #[test]
        fn what_is_encoded_is_written(groups in proptest::collection::vec(prop_oneof![Just(0_u16), any::<u16>()], 8)) {
            let octets: Vec<u8> = groups.iter().flat_map(|group| group.to_be_bytes()).collect();
            let theirs = core::net::Ipv6Addr::from(<[u8; 16]>::try_from(octets.clone()).unwrap());
            prop_assert_eq!(Address::of(&octets).to_string(), theirs.to_string());
            is_as_the_standard_library_has_it(&theirs.to_string());
        }
    }

    #[test]
    fn what_is_nearly_an_address_is_none() {
        for text in [
            "",
            ":",
            "::",
            ":::",
            "::1",
            "1::",
            "1.2.3.4",
            "01.2.3.4",
            "0.0.0.0",
            "+1.2.3.4",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "::1.2.3.4",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8::",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6::1.2.3.4",
            "1.2.3.4::",
            "1:1.2.3.4:2::",
            "::+1",
            "::00001",
            "1::2::3",
            "1:2",
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
            "::FFFF:102:304",
            "1: :2",
            "2001:DB8::0",
        ] {
            is_as_the_standard_library_has_it(text);
        }
    }
}
