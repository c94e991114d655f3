//! The structure of requests, certificates and bundles as it is encoded: every element, with the name of its field.

mod shape;

use self::shape::{
    BUNDLE, CERTIFICATE, Field, REQUEST, SPKI,
    Shape::{self, Any, Each, Encoded, Fields},
    said_by,
};
use der::{Element, Integer, Reader, StringType, Text, Time, hex, oid, oid::Oid, tag};
use serde::Serialize;

use crate::{
    error::ParseError,
    paste::{input::Input, kind::PastedKind},
};

/// An element of ASN.1 as it is encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Asn1Node {
    /// `SEQUENCE`, `INTEGER` …, `[0]` for a context-specific tag; empty for what cannot be read.
    pub tag: String,
    /// What the definition calls it, `subjectPKInfo`, where the structure is a known one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// Where it begins: in bytes from the beginning of its file or PEM block.
    pub offset: usize,
    /// How many bytes of tag and length come before its content.
    pub header_length: usize,
    /// How many bytes its content has.
    pub length: usize,
    /// Text, number, OID with its name, time; else hex, in which long values are cut. Absent where there are children.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it is made of, or what is encoded in its octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<Asn1Node>>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Sound structures of PKIX have some fifteen levels.
const MAX_DEPTH: usize = 40;
/// A request with a thousand names has five thousand.
const MAX_NODES: usize = 100_000;
/// In octets: a signature of the longest keys in use, and more than a person looks at.
const MAX_VALUE: usize = 2048;

/// The structure of what is in the input: a tree for each block of it, and for each element that follows another in one.
/// What cannot be read is in it as a node with an error. The value of a challengePassword is not shown.
///
/// # Errors
/// When the input is neither PEM, base64 nor DER, or there is a private key.
pub fn asn1_tree(input: &Input<'_>) -> Result<Vec<Asn1Node>, ParseError> {
    let document = input.read()?;
    let mut nodes = MAX_NODES;
    let mut trees = Vec::new();
    for block in &document.blocks {
        let shape = match block.kind {
            PastedKind::Request => &REQUEST,
            PastedKind::Certificate => &CERTIFICATE,
            PastedKind::Bundle => &BUNDLE,
            PastedKind::PublicKey => &SPKI,
            _ => &Any,
        };
        let mut walk = Walk { left: nodes };
        trees.extend(walk.children(Reader::part(&block.der, block.begins), &Any, shape, 0));
        nodes = walk.left;
    }
    Ok(trees)
}

/// How many nodes there may yet be.
struct Walk {
    left: usize,
}

impl Walk {
    /// The elements of a reader, which are these fields. `inside` is the shape of all that are no field.
    fn children(
        &mut self,
        mut reader: Reader<'_>,
        fields: &Shape,
        inside: &'static Shape,
        depth: usize,
    ) -> Vec<Asn1Node> {
        let mut nodes = Vec::new();
        let mut next = 0;
        let mut said: &'static Shape = &Any;
        let mut is_secret = false;
        while !reader.is_empty() {
            let Some(left) = self.left.checked_sub(1).filter(|_| depth < MAX_DEPTH) else {
                nodes.push(unreadable(&reader, "There is more than is shown."));
                break;
            };
            self.left = left;
            let before = reader.clone();
            let element = match reader.any("an element") {
                Ok(element) => element,
                Err(error) => {
                    nodes.push(unreadable(&before, &error.to_string()));
                    break;
                }
            };
            let field = match fields {
                Fields(all) => {
                    let found = all
                        .iter()
                        .enumerate()
                        .skip(next)
                        .find(|(_, field)| field.fits(&element));
                    next = found.map_or(next, |(at, _)| at.saturating_add(1));
                    found.map(|(_, field)| field)
                }
                Each(all) => all.iter().find(|field| field.fits(&element)),
                _ => None,
            };
            let shape = match field {
                // What an OID says of what follows it is more than what the field does.
                Some(Field(_, _, Any)) => said,
                Some(Field(_, _, shape)) => shape,
                None => inside,
            };
            let mut node = if is_secret {
                Asn1Node {
                    value: Some("(not shown)".to_owned()),
                    ..header(&element)
                }
            } else {
                self.node(&element, shape, said, depth)
            };
            node.name = field.map(|field| field.0);
            nodes.push(node);
            if element.tag == tag::OID {
                let oid = Oid::read(element.content);
                is_secret = oid == oid::CHALLENGE_PASSWORD;
                said = said_by(&oid);
            }
        }
        nodes
    }

    fn node(&mut self, element: &Element<'_>, shape: &'static Shape, said: &'static Shape, depth: usize) -> Asn1Node {
        let deeper = depth.saturating_add(1);
        let mut node = header(element);
        let inside = match shape {
            Encoded => encoded_in(element),
            _ if element.tag & tag::CONSTRUCTED != 0 => Some(element.inside()),
            _ => None,
        };
        match (inside, shape) {
            (Some(inside), Encoded) => node.children = Some(self.children(inside, &Any, said, deeper)),
            (Some(inside), _) => node.children = Some(self.children(inside, shape, &Any, deeper)),
            (None, _) => node.value = Some(value(element)),
        }
        node
    }
}

/// The one element that octets or bits hold, if that is what they hold.
fn encoded_in<'a>(element: &Element<'a>) -> Option<Reader<'a>> {
    let mut inside = element.inside();
    if element.tag == tag::BIT_STRING {
        inside = inside.skipping(1).filter(|_| element.content.first() == Some(&0))?;
    }
    let mut probe = inside.clone();
    let first = probe.any("").ok()?;
    // The point of a curve may look like an OCTET STRING.
    let is_likely = element.tag == tag::OCTET_STRING || first.tag == tag::SEQUENCE;
    (is_likely && probe.is_empty()).then_some(inside)
}

fn header(element: &Element<'_>) -> Asn1Node {
    Asn1Node {
        tag: tag_name(element),
        offset: element.offset,
        header_length: element.header_length(),
        length: element.content.len(),
        ..Asn1Node::default()
    }
}

fn unreadable(reader: &Reader<'_>, error: &str) -> Asn1Node {
    let rest = reader.rest();
    Asn1Node {
        offset: reader.offset(),
        length: rest.len(),
        value: Some(cut_hex(rest)),
        error: Some(error.to_owned()),
        ..Asn1Node::default()
    }
}

fn cut_hex(octets: &[u8]) -> String {
    match octets.get(..MAX_VALUE) {
        Some(cut) if octets.len() > MAX_VALUE => [&hex(cut), "…"].concat(),
        _ => hex(octets),
    }
}

fn tag_name(element: &Element<'_>) -> String {
    let name = match element.tag {
        tag::BOOLEAN => "BOOLEAN",
        tag::INTEGER => "INTEGER",
        tag::BIT_STRING => "BIT STRING",
        tag::OCTET_STRING => "OCTET STRING",
        tag::NULL => "NULL",
        tag::OID => "OBJECT IDENTIFIER",
        0x0a => "ENUMERATED",
        0x0c => "UTF8String",
        0x12 => "NumericString",
        0x13 => "PrintableString",
        0x14 => "TeletexString",
        0x16 => "IA5String",
        tag::UTC_TIME => "UTCTime",
        tag::GENERALIZED_TIME => "GeneralizedTime",
        0x1a => "VisibleString",
        0x1c => "UniversalString",
        0x1e => "BMPString",
        tag::SEQUENCE => "SEQUENCE",
        tag::SET => "SET",
        _ => "",
    };
    if !name.is_empty() {
        return name.to_owned();
    }
    let class = match element.tag >> 6 {
        0 => "UNIVERSAL ",
        1 => "APPLICATION ",
        2 => "",
        _ => "PRIVATE ",
    };
    match element.tag & 0x1f {
        // A number above 30 is in the octets that follow.
        0x1f => format!("[{class}above 30]"),
        number => format!("[{class}{number}]"),
    }
}

/// What a primitive element says.
fn value(element: &Element<'_>) -> String {
    let content = element.content;
    match element.tag {
        tag::BOOLEAN if content.len() == 1 => (content != [0]).to_string(),
        tag::INTEGER | 0x0a => {
            let number = Integer::of(element);
            number
                .small()
                .map_or_else(|| cut_hex(content), |small| small.to_string())
        }
        tag::OID => {
            let oid = Oid::read(content.get(..MAX_VALUE.min(content.len())).unwrap_or_default());
            match oid.name {
                Some(name) => format!("{} ({name})", oid.dotted),
                None => oid.dotted.into_owned(),
            }
        }
        tag::UTC_TIME | tag::GENERALIZED_TIME => Time::read(element).map_or_else(|_| cut_hex(content), Time::to_iso),
        // The three general names that are text (RFC 5280, 4.2.1.6).
        0x81 | 0x82 | 0x86 if content.is_ascii() && content.len() <= MAX_VALUE => Text::ascii(content),
        other if StringType::of(other) != StringType::Other && content.len() <= MAX_VALUE => Text::read(element).value,
        _ => cut_hex(content),
    }
}
