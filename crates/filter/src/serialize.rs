//! From what serde can serialize to values, without JSON between them.

use std::fmt::{self, Display};

use bytes::Bytes;
use jaq_json::{Map, Num, Val};
use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    Serializer,
};

use crate::needs::Needs;
use crate::value::Value;

impl Value {
    /// The value of what would be written as JSON.
    ///
    /// # Errors
    ///
    /// If it says so itself, has keys that are no strings, or is a variant with
    /// data or a tuple with a name: nothing here needs them.
    ///
    /// ```
    /// use borgq_filter::Value;
    ///
    /// let value = Value::of(&[("a", 1.0), ("b", f64::NAN)])?;
    /// assert_eq!(value, Value::read(br#"[["a", 1.0], ["b", null]]"#)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(value: &impl Serialize) -> Result<Self, NotJson> {
        Self::needed_of(value, Needs::ALL)
    }

    /// As [`Value::of`], but what is not needed may be left out.
    ///
    /// # Errors
    ///
    /// Those of [`Value::of`].
    pub fn needed_of(value: &impl Serialize, needs: &Needs) -> Result<Self, NotJson> {
        value.serialize(ToValue(needs)).map(Self)
    }
}

/// Why something has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson(String);

impl Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotJson {}

impl serde::ser::Error for NotJson {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct ToValue<'n>(&'n Needs);

macro_rules! integers {
    ($($function:ident: $Integer:ty),*) => { $(
        fn $function(self, number: $Integer) -> Result<Val, NotJson> {
            Ok(Val::Num(Num::from_integral(number)))
        }
    )* };
}

impl<'n> Serializer for ToValue<'n> {
    type Ok = Val;
    type Error = NotJson;
    type SerializeSeq = Items<'n>;
    type SerializeTuple = Items<'n>;
    type SerializeTupleStruct = Impossible<Val, NotJson>;
    type SerializeTupleVariant = Impossible<Val, NotJson>;
    type SerializeMap = Members<'n>;
    type SerializeStruct = Members<'n>;
    type SerializeStructVariant = Impossible<Val, NotJson>;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<Val, NotJson> {
        Ok(Val::Bool(value))
    }

    fn serialize_f32(self, number: f32) -> Result<Val, NotJson> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<Val, NotJson> {
        if !number.is_finite() {
            return Ok(Val::Null);
        }
        let spelled = serde_json::to_string(&number).map_err(NotJson::custom)?;
        Ok(Val::Num(Num::Dec(spelled.into())))
    }

    fn serialize_char(self, c: char) -> Result<Val, NotJson> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<Val, NotJson> {
        Ok(Val::utf8_str(Bytes::copy_from_slice(text.as_bytes())))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Val, NotJson> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<Val, NotJson> {
        Ok(Val::Null)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<Val, NotJson> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Val, NotJson> {
        Ok(Val::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Val, NotJson> {
        Ok(Val::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Val, NotJson> {
        Ok(name(variant))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Val, NotJson> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<Val, NotJson> {
        Err(refused(variant))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'n>, NotJson> {
        let needs = self.0.item();
        let length = needs.and(length).unwrap_or(0);
        Ok(Items {
            items: Vec::with_capacity(length),
            needs,
        })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'n>, NotJson> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Impossible<Val, NotJson>, NotJson> {
        Err(refused(name))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Val, NotJson>, NotJson> {
        Err(refused(variant))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Members<'n>, NotJson> {
        let length = match self.0 == Needs::ALL {
            true => length.unwrap_or(0),
            false => 0,
        };
        Ok(Members {
            members: Map::with_capacity_and_hasher(length, Default::default()),
            needs: self.0,
            key: None,
        })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Members<'n>, NotJson> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Val, NotJson>, NotJson> {
        Err(refused(variant))
    }
}

fn refused(name: &str) -> NotJson {
    NotJson(format!("{name} has no value"))
}

fn name(name: &'static str) -> Val {
    Val::utf8_str(Bytes::from_static(name.as_bytes()))
}

/// An array that is not whole yet.
struct Items<'n> {
    items: Vec<Val>,
    needs: Option<&'n Needs>,
}

impl SerializeSeq for Items<'_> {
    type Ok = Val;
    type Error = NotJson;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotJson> {
        if let Some(needs) = self.needs {
            self.items.push(value.serialize(ToValue(needs))?);
        }
        Ok(())
    }

    fn end(self) -> Result<Val, NotJson> {
        Ok(Val::Arr(self.items.into()))
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = Val;
    type Error = NotJson;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotJson> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Val, NotJson> {
        SerializeSeq::end(self)
    }
}

/// An object that is not whole yet.
struct Members<'n> {
    members: Map,
    needs: &'n Needs,
    /// The key whose value is next.
    key: Option<Bytes>,
}

impl Members<'_> {
    fn insert<T: ?Sized + Serialize>(&mut self, key: Bytes, value: &T) -> Result<(), NotJson> {
        if let Some(needs) = self.needs.member(&key) {
            let value = value.serialize(ToValue(needs))?;
            self.members.insert(Val::utf8_str(key), value);
        }
        Ok(())
    }
}

impl SerializeMap for Members<'_> {
    type Ok = Val;
    type Error = NotJson;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), NotJson> {
        match key.serialize(ToValue(Needs::ALL))? {
            Val::TStr(key) => {
                self.key = Some(*key);
                Ok(())
            }
            _ => Err(NotJson::custom("a key is no string")),
        }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotJson> {
        match self.key.take() {
            Some(key) => self.insert(key, value),
            None => Err(NotJson::custom("a value without a key")),
        }
    }

    fn end(self) -> Result<Val, NotJson> {
        Ok(Val::obj(self.members))
    }
}

impl SerializeStruct for Members<'_> {
    type Ok = Val;
    type Error = NotJson;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        self.insert(Bytes::from_static(key.as_bytes()), value)
    }

    fn end(self) -> Result<Val, NotJson> {
        SerializeMap::end(self)
    }
}
