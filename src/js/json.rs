//! JSON of what is handed out.
//!
//! What is handed out are structs, lists, texts and numbers, and to write them into memory cannot fail: `serde_json`, which
//! writes to anywhere and in any form, is twice as much code for each of the structs.

use core::fmt::{self, Write};

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

#[cfg(feature = "client")]
use api::json::digits;

/// JSON of a value.
pub(crate) fn json_of(value: &(impl Serialize + ?Sized)) -> String {
    let mut json = Json(String::new());
    match value.serialize(&mut json) {
        Ok(()) => json.0,
        Err(Unwritable) => "null".to_owned(),
    }
}

/// The reader hands out whole numbers.
#[cfg(not(feature = "client"))]
fn digits(number: f64) -> String {
    use js_sys::JSON;
    use wasm_bindgen::JsValue;

    let text = JSON::stringify(&JsValue::from_f64(number)).ok().map(String::from);
    text.unwrap_or_default()
}

/// The text so far.
struct Json(String);

/// A value of a kind that is handed out nowhere.
#[derive(Debug)]
struct Unwritable;

type Written = Result<(), Unwritable>;

impl Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl core::error::Error for Unwritable {}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of this kind is not written")
    }
}

impl Json {
    /// Before each item: what stands between it and the one before.
    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.separate();
        self.text(name);
        self.0.push(':');
    }

    fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        while let Some(at) = rest
            .bytes()
            .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
        {
            let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.0.push_str(plain);
            let mut special = special.chars();
            if let Some(char) = special.next() {
                self.escape(char);
            }
            rest = special.as_str();
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    fn escape(&mut self, char: char) {
        if matches!(char, '"' | '\\') {
            self.0.push('\\');
            self.0.push(char);
        } else {
            let _ = self.display(format_args!("\\u{:04x}", u32::from(char)));
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "what a serializer returns")]
    fn plain(&mut self, text: &str) -> Written {
        self.0.push_str(text);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "what a serializer returns")]
    fn display(&mut self, value: impl fmt::Display) -> Written {
        // Writing into a text does not fail.
        let _ = write!(self.0, "{value}");
        Ok(())
    }
}

/// Items are written into the same text, until the bracket that closes them.
struct Items<'a> {
    json: &'a mut Json,
    end: char,
}

impl<'a> Json {
    fn open(&'a mut self, start: char, end: char) -> Items<'a> {
        self.0.push(start);
        Items { json: self, end }
    }
}

impl Items<'_> {
    #[expect(clippy::unnecessary_wraps, reason = "what a serializer returns")]
    fn close(self) -> Written {
        self.json.0.push(self.end);
        Ok(())
    }
}

impl SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.json.separate();
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Written {
        self.json.separate();
        name.serialize(&mut *self.json)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.json.0.push(':');
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.json.name(name);
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl<'a> Serializer for &'a mut Json {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    fn serialize_bool(self, value: bool) -> Written {
        self.plain(if value { "true" } else { "false" })
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.display(value)
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.display(value)
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Written {
        self.plain(&digits(value))
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.plain("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(Unwritable)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Unwritable> {
        Ok(self.open('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Unwritable> {
        Ok(self.open('[', ']'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Unwritable> {
        Ok(self.open('{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unwritable> {
        Ok(self.open('{', '}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}
