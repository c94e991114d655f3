//! Where requests and certificates are not encoded as their definitions have it. Readers that take what they expect and stop
//! do not see what is too many: one walk for both looks for that.

use der::{
    BitString, Element, Reader,
    oid::{self, Oid},
    strictness::{Breach, first_irregularity},
    tag,
};

use crate::{
    key::public_key::{Material, Spki},
    x509::extension::{ParsedExtension, Value},
};

/// The first place where an encoding breaks such rules, from the beginning of the document, and what is there.
pub(crate) fn irregularity(
    der: &[u8],
    key: &Spki<'_>,
    extensions: &[ParsedExtension<'_>],
    breach: Breach,
) -> Option<(usize, &'static str)> {
    // Keys and extensions are encoded on their own, inside strings.
    let mut parts = vec![der];
    if matches!(key.material, Material::Rsa(_)) {
        parts.push(key.bits.bytes);
    }
    for extension in extensions {
        if extension.well_formed && extension.value != Value::Unknown {
            parts.push(extension.content);
        }
    }
    for part in parts {
        if let Some(found) = first_irregularity(part, breach) {
            let before = part.as_ptr().addr().saturating_sub(der.as_ptr().addr());
            return Some((before.saturating_add(found.offset), found.what));
        }
    }
    None
}

/// What a field holds, as far as there may be too much in it.
#[derive(Clone, Copy)]
enum Part {
    /// Octets, or what is read by others.
    Plain,
    /// One element.
    Wrapped,
    /// At most two.
    Pair,
    Key,
    Name,
    Attributes,
    Extensions,
}

/// The fields of what is signed, in their order; those of a tag that is not there are left out.
pub(crate) struct Shape(&'static [(u8, Part)]);

/// RFC 2986, 4.1.
pub(crate) const REQUEST: Shape = Shape(&[
    (tag::INTEGER, Part::Plain),
    (tag::SEQUENCE, Part::Name),
    (tag::SEQUENCE, Part::Key),
    (tag::context_constructed(0), Part::Attributes),
]);

/// RFC 5280, 4.1.
pub(crate) const CERTIFICATE: Shape = Shape(&[
    (tag::context_constructed(0), Part::Wrapped),
    (tag::INTEGER, Part::Plain),
    (tag::SEQUENCE, Part::Pair),
    (tag::SEQUENCE, Part::Name),
    (tag::SEQUENCE, Part::Pair),
    (tag::SEQUENCE, Part::Name),
    (tag::SEQUENCE, Part::Key),
    (tag::context(1), Part::Plain),
    (tag::context(2), Part::Plain),
    (tag::context_constructed(3), Part::Extensions),
]);

/// Where there is an element too many, an RDN or the list of a certificate's extensions is empty, or a value of a name is no text.
pub(crate) fn unexpected_element(der: &[u8], Shape(shape): &Shape) -> Option<usize> {
    let root = Reader::new(der).any("").ok()?;
    let mut parts = root.inside();
    let info = parts.any("").ok()?;
    let algorithm = parts.any("").ok()?;
    let outside = surplus(&root, 3).or_else(|| surplus(&algorithm, 2));
    if outside.is_some() {
        return outside;
    }
    let mut fields = info.inside();
    for &(tag, part) in *shape {
        let unexpected = fields.optional(tag).ok()?.and_then(|field| unexpected_in(&field, part));
        if unexpected.is_some() {
            return unexpected;
        }
    }
    (!fields.is_empty()).then(|| fields.offset())
}

fn unexpected_in(element: &Element<'_>, part: Part) -> Option<usize> {
    match part {
        Part::Plain => None,
        Part::Wrapped => surplus(element, 1),
        Part::Pair => surplus(element, 2),
        Part::Key => surplus(element, 2).or_else(|| surplus(&element.inside().any("").ok()?, 2)),
        Part::Name => {
            for rdn in members(element) {
                if rdn.content.is_empty() {
                    return Some(rdn.offset);
                }
                for pair in members(&rdn) {
                    let unexpected = not_text(&pair).or_else(|| surplus(&pair, 2));
                    if unexpected.is_some() {
                        return unexpected;
                    }
                }
            }
            None
        }
        Part::Attributes => members(element).iter().find_map(|attribute| {
            surplus(attribute, 2).or_else(|| requested_lists(attribute).iter().find_map(unexpected_in_extensions))
        }),
        Part::Extensions => surplus(element, 1).or_else(|| {
            let list = element.inside().any("").ok()?;
            let is_empty = list.content.is_empty();
            unexpected_in_extensions(&list).or(is_empty.then_some(list.offset))
        }),
    }
}

fn members<'a>(element: &Element<'a>) -> Vec<Element<'a>> {
    element.inside().all("").unwrap_or_default()
}

/// Where an element has more members than it may.
fn surplus(element: &Element<'_>, allowed: usize) -> Option<usize> {
    let mut inside = element.inside();
    for _ in 0..allowed {
        inside.any("").ok()?;
    }
    // What follows need not be an element.
    (!inside.is_empty()).then(|| inside.offset())
}

/// Where an attribute of a name has a value that is no text of a type that names have. `OpenSSL` refuses most of those names.
fn not_text(attribute: &Element<'_>) -> Option<usize> {
    let mut fields = attribute.inside();
    let kind = Oid::read(fields.any("").ok()?.content);
    let value = fields.any("").ok()?;
    let is_string = matches!(
        &*kind,
        oid::COMMON_NAME
            | oid::COUNTRY
            | oid::ORGANIZATION
            | oid::ORGANIZATIONAL_UNIT
            | oid::LOCALITY
            | oid::STATE
            | oid::STREET_ADDRESS
            | oid::POSTAL_CODE
            | oid::SERIAL_NUMBER
            | oid::BUSINESS_CATEGORY
    );
    let is_known = match value.tag & !tag::CONSTRUCTED {
        0x0c | 0x12..=0x14 | 0x16 | 0x1c | 0x1e => true,
        // Others may have lists or bits for values: postalAddress and x500UniqueIdentifier have.
        0x10 => !is_string,
        tag::BIT_STRING => !is_string && BitString::of(&value).is_ok(),
        _ => false,
    };
    (!is_known).then_some(value.offset)
}

/// The lists of extensions that an attribute asks for, if it asks for any.
fn requested_lists<'a>(attribute: &Element<'a>) -> Vec<Element<'a>> {
    let mut fields = attribute.inside();
    let kind = fields.any("").map(|kind| Oid::read(kind.content));
    if !kind.is_ok_and(|kind| matches!(&*kind, oid::EXTENSION_REQUEST | oid::MS_EXTENSION_REQUEST)) {
        return Vec::new();
    }
    fields.any("").map(|values| members(&values)).unwrap_or_default()
}

fn unexpected_in_extensions(list: &Element<'_>) -> Option<usize> {
    members(list).iter().find_map(|extension| {
        let mut fields = extension.inside();
        fields.any("").ok()?;
        // A flag may be between the OID and the value.
        surplus(extension, if fields.peek() == Some(tag::BOOLEAN) { 3 } else { 2 })
    })
}
