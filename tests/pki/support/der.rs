//! DER from its leaves.

pub fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut der = vec![tag];
    match content.len() {
        length @ 0..0x80 => der.push(u8::try_from(length).unwrap()),
        length @ 0x80..0x100 => der.extend([0x81, u8::try_from(length).unwrap()]),
        length @ 0x100..0x1_0000 => {
            der.push(0x82);
            der.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            der.push(0x84);
            der.extend(u32::try_from(length).unwrap().to_be_bytes());
        }
    }
    der.extend(content);
    der
}

pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, parts)
}

pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = Vec::new();
    for arc in std::iter::once(arcs[0] * 40 + arcs[1]).chain(arcs[2..].iter().copied()) {
        let mut digits = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(digits.iter().rev());
    }
    tlv(0x06, &[&content])
}

pub fn integer(octets: &[u8]) -> Vec<u8> {
    tlv(0x02, &[octets])
}

/// A positive number from its octets.
pub fn unsigned(octets: &[u8]) -> Vec<u8> {
    if octets[0] & 0x80 == 0 {
        integer(octets)
    } else {
        tlv(0x02, &[&[0], octets])
    }
}

pub fn bits(octets: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], octets])
}
