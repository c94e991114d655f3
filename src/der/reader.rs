//! Walks over tag, length and content.

use crate::{error::DerError, tag};

/// One element: identifier, and content without its length or its end-of-contents octets.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// What is in it.
    pub content: &'a [u8],
    /// The whole element as it was encoded: what a signature covers.
    pub raw: &'a [u8],
    /// Where the element begins, from the beginning of the document.
    pub offset: usize,
    /// How its length is written.
    pub length_form: LengthForm,
    header: usize,
}

/// How the length of an element is written (X.690, 8.1.3 and 10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthForm {
    /// In the fewest octets: DER.
    Shortest,
    /// In more octets than it takes.
    Long,
    /// Not at all: the content ends at its end-of-contents.
    Indefinite,
}

impl<'a> Element<'a> {
    /// The tag, of a SEQUENCE or SET as it should be.
    #[must_use]
    pub const fn constructed_tag(&self) -> u8 {
        if is(self.tag, tag::SEQUENCE) {
            tag::SEQUENCE
        } else if is(self.tag, tag::SET) {
            tag::SET
        } else {
            self.tag
        }
    }

    /// How many octets its tag and its length have.
    #[must_use]
    pub const fn header_length(&self) -> usize {
        self.header
    }

    /// A reader over what this element is made of.
    #[must_use]
    pub fn inside(&self) -> Reader<'a> {
        Reader {
            rest: self.content,
            offset: self.offset.saturating_add(self.header),
        }
    }
}

/// Where the content of an element begins and, if its length is written, how long it is.
struct Header {
    tag: u8,
    size: usize,
    length: Option<usize>,
    length_form: LengthForm,
}

impl Header {
    /// None when the bytes end inside the header, or the length is more than an address can hold.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (&tag, mut rest) = bytes.split_first()?;
        if tag & 0x1f == 0x1f {
            // A tag number above 30: its further octets have the high bit set but for the last.
            let last = rest.iter().position(|octet| octet & 0x80 == 0)?;
            rest = rest.get(last.checked_add(1)?..)?;
        }
        let (&first, mut rest) = rest.split_first()?;
        let (length, length_form) = match first {
            0x80 => (None, LengthForm::Indefinite),
            0..0x80 => (Some(usize::from(first)), LengthForm::Shortest),
            _ => {
                let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
                rest = after;
                let value = octets.iter().try_fold(0_usize, |value, &octet| {
                    Some(value.checked_mul(256)? | usize::from(octet))
                })?;
                let shortest = value >= 0x80 && octets.first() != Some(&0);
                (
                    Some(value),
                    if shortest {
                        LengthForm::Shortest
                    } else {
                        LengthForm::Long
                    },
                )
            }
        };
        Some(Self {
            tag,
            size: bytes.len().checked_sub(rest.len())?,
            length,
            length_form,
        })
    }

    /// Two zero octets (X.690, 8.1.5); a zero length in more octets is none.
    fn is_end_of_contents(&self) -> bool {
        self.tag == 0 && self.length == Some(0) && self.size == 2
    }
}

/// How many octets come before the end-of-contents that closes an indefinite element. Counts levels, does not recurse.
fn indefinite_length(content: &[u8]) -> Option<usize> {
    let mut rest = content;
    let mut open = 1_usize;
    loop {
        let header = Header::read(rest)?;
        let before = content.len().checked_sub(rest.len())?;
        if header.is_end_of_contents() {
            open = open.checked_sub(1)?;
            if open == 0 {
                return Some(before);
            }
        } else if header.length.is_none() {
            open = open.checked_add(1)?;
        }
        rest = rest.get(header.size.checked_add(header.length.unwrap_or(0))?..)?;
    }
}

/// Whether a tag is the one that is wanted. OpenSSL takes a SEQUENCE or SET for one without its bit for "made of others".
const fn is(found: u8, wanted: u8) -> bool {
    found == wanted || (matches!(wanted, tag::SEQUENCE | tag::SET) && found | tag::CONSTRUCTED == wanted)
}

/// Reads elements one after the other.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Over a document.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self::part(bytes, 0)
    }

    /// Over a part of a document, which begins there in it.
    #[must_use]
    pub const fn part(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes, offset }
    }

    /// Over what there is of a SEQUENCE that is cut off; None when it is whole, or no SEQUENCE.
    #[must_use]
    pub fn of_cut(bytes: &'a [u8]) -> Option<Self> {
        let header = Header::read(bytes).filter(|header| header.tag == tag::SEQUENCE)?;
        let rest = bytes.get(header.size..)?;
        let is_cut = header.length.is_none_or(|length| length > rest.len());
        is_cut.then_some(Self {
            rest,
            offset: header.size,
        })
    }

    /// What has not been read yet.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Where the next element begins, from the beginning of the document.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The same without so many octets; None when there are fewer.
    #[must_use]
    pub fn skipping(&self, octets: usize) -> Option<Self> {
        Some(Self {
            rest: self.rest.get(octets..)?,
            offset: self.offset.checked_add(octets)?,
        })
    }

    /// Whether all has been read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element's tag.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, of whatever type.
    pub fn any(&mut self, expected: &'static str) -> Result<Element<'a>, DerError> {
        if self.rest.is_empty() {
            return Err(DerError::new(expected, "nothing more", self.offset));
        }
        let (element, after) = self.split().ok_or_else(|| DerError::truncated(expected, self.offset))?;
        self.offset = self.offset.saturating_add(self.rest.len().saturating_sub(after.len()));
        self.rest = after;
        Ok(element)
    }

    /// The next element, which has to have this tag.
    pub fn expect(&mut self, tag: u8, expected: &'static str) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(found) if !is(found, tag) => Err(DerError::new(expected, tag::describe(found), self.offset)),
            _ => self.any(expected),
        }
    }

    /// A reader over what the next element is made of, which has to have this tag.
    pub fn inner(&mut self, tag: u8, expected: &'static str) -> Result<Self, DerError> {
        self.expect(tag, expected).map(|element| element.inside())
    }

    /// The content of the next element, which has to have this tag.
    pub fn content(&mut self, tag: u8, expected: &'static str) -> Result<&'a [u8], DerError> {
        self.expect(tag, expected).map(|element| element.content)
    }

    /// The next element if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.peek().is_some_and(|found| is(found, tag)) {
            self.any(tag::describe(tag)).map(Some)
        } else {
            Ok(None)
        }
    }

    /// All further elements.
    pub fn all(mut self, expected: &'static str) -> Result<Vec<Element<'a>>, DerError> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            elements.push(self.any(expected)?);
        }
        Ok(elements)
    }

    /// All further elements, each read by a function.
    pub fn all_as<T>(
        self,
        expected: &'static str,
        read: fn(&Element<'a>) -> Result<T, DerError>,
    ) -> Result<Vec<T>, DerError> {
        let elements = self.all(expected)?;
        let mut values = Vec::with_capacity(elements.len());
        for element in &elements {
            values.push(read(element)?);
        }
        Ok(values)
    }

    fn split(&self) -> Option<(Element<'a>, &'a [u8])> {
        let header = Header::read(self.rest)?;
        let body = self.rest.get(header.size..)?;
        let (length, end) = match header.length {
            Some(length) => (length, length),
            // The indefinite form is for constructed elements only (X.690, 8.1.3.2).
            None if header.tag & tag::CONSTRUCTED == 0 => return None,
            None => {
                let length = indefinite_length(body)?;
                (length, length.checked_add(2)?)
            }
        };
        let content = body.get(..length)?;
        let (raw, after) = self.rest.split_at_checked(header.size.checked_add(end)?)?;
        let Header {
            tag, size, length_form, ..
        } = header;
        Some((
            Element {
                tag,
                content,
                raw,
                offset: self.offset,
                length_form,
                header: size,
            },
            after,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indefinite_element_ends_at_two_zero_octets_and_at_no_longer_form_of_them() {
        let octets = [0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x82, 0x00, 0x00, 0x00, 0x00, 0xff];
        let mut reader = Reader::new(&octets);
        let element = reader.any("an element").unwrap();
        assert_eq!(element.content, &octets[2..9]);
        assert_eq!(reader.rest(), [0xff]);
    }

    #[test]
    fn a_sequence_or_set_may_lack_its_bit_and_nothing_else_may() {
        for (found, wanted, is_taken) in [
            (0x30, tag::SEQUENCE, true),
            (0x10, tag::SEQUENCE, true),
            (0x31, tag::SET, true),
            (0x11, tag::SET, true),
            (0x11, tag::SEQUENCE, false),
            (0x90, tag::SEQUENCE, false),
            (0x02, tag::INTEGER, true),
            (0x22, tag::INTEGER, false),
            (0x80, tag::context_constructed(0), false),
        ] {
            let octets = [found, 0];
            assert_eq!(Reader::new(&octets).expect(wanted, "it").is_ok(), is_taken, "{found:x}");
            let optional = Reader::new(&octets).optional(wanted).unwrap();
            assert_eq!(optional.is_some(), is_taken, "{found:x}");
        }
    }

    #[test]
    fn lengths_are_read_in_every_form_and_an_indefinite_one_of_what_is_made_of_others() {
        let read = |octets: &[u8]| {
            let mut reader = Reader::new(octets);
            reader
                .any("it")
                .ok()
                .map(|element| (element.content.len(), element.length_form))
        };
        let long = |header: &[u8], length: usize| [header, &vec![0; length]].concat();
        assert_eq!(read(&long(&[4, 0x7f], 0x7f)), Some((0x7f, LengthForm::Shortest)));
        assert_eq!(read(&long(&[4, 0x81, 0x80], 0x80)), Some((0x80, LengthForm::Shortest)));
        assert_eq!(read(&long(&[4, 0x81, 0x7f], 0x7f)), Some((0x7f, LengthForm::Long)));
        assert_eq!(
            read(&long(&[4, 0x82, 0x01, 0x03], 0x103)),
            Some((0x103, LengthForm::Shortest))
        );
        assert_eq!(
            read(&long(&[4, 0x82, 0x00, 0x83], 0x83)),
            Some((0x83, LengthForm::Long))
        );
        assert_eq!(read(&[0x24, 0x80, 4, 0, 0, 0]), Some((2, LengthForm::Indefinite)));
        assert_eq!(read(&[0x04, 0x80, 4, 0, 0, 0]), None);
        // A tag number above 30 goes on in the octets that follow.
        assert_eq!(read(&[0x9f, 0x81, 0x01, 0x01, 0x07]), Some((1, LengthForm::Shortest)));
        assert_eq!(read(&[0x9f, 0x81]), None);
    }

    #[test]
    fn what_is_cut_off_is_shorter_than_it_says() {
        assert!(Reader::of_cut(&[0x30, 0x02, 0x05]).is_some());
        assert!(Reader::of_cut(&[0x30, 0x02, 0x05, 0x00]).is_none());
        assert!(Reader::of_cut(&[0x31, 0x02, 0x05]).is_none());
        let skipped = Reader::new(&[5, 0, 7]).skipping(2).unwrap();
        assert_eq!((skipped.rest(), skipped.offset()), (&[7][..], 2));
        assert!(Reader::new(&[5]).skipping(2).is_none());
    }
}
