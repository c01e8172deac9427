//! The macro that makes a wire type: a JSON object exactly as borg prints it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::trail;

/// Rules between the keys of an object, checked whenever one is read.
pub(crate) trait Check {
    /// A sentence that says which keys contradict each other.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// The same rules as keywords of a JSON Schema.
    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        serde_json::json!({})
    }
}

/// The keys of an object that the models do not know, as they were printed.
///
/// Newer versions of borg add keys. They are kept, so that a document is
/// written back whole, and can be listed.
///
/// ```
/// use borgq_json::Repository;
///
/// let json = format!(r#"{{"id": "{}", "location": "/backup", "weight": 3}}"#, "5d".repeat(32));
/// let repository: Repository = serde_json::from_str(&json)?;
/// assert_eq!(repository.unknown.iter().collect::<Vec<_>>(), [("weight", "3")]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct UnknownKeys(BTreeMap<String, Box<RawValue>>);

impl UnknownKeys {
    /// The keys and their values as JSON text on one line, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.get()))
    }

    /// Whether the models know every key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `key` is among them.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> Result<(), A::Error> {
        if self.contains(&key) {
            return Err(twice(&key));
        }
        let value = map.next_value().inspect_err(|_| trail::key(&key))?;
        self.0.insert(key, compact(value)?);
        Ok(())
    }

    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0
            .iter()
            .try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}

/// The value without white space between its tokens, so that a document can be
/// one line, and equals itself however it was indented.
fn compact<E: de::Error>(value: Box<RawValue>) -> Result<Box<RawValue>, E> {
    let space = |c: char| c.is_ascii_whitespace();
    if !value.get().contains(space) {
        return Ok(value);
    }
    let mut json = String::with_capacity(value.get().len());
    let (mut quoted, mut escaped) = (false, false);
    for c in value.get().chars() {
        if quoted || !space(c) {
            json.push(c);
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    RawValue::from_string(json).map_err(E::custom)
}

impl PartialEq for UnknownKeys {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

pub(crate) fn twice<E: de::Error>(key: &str) -> E {
    E::custom(format_args!(
        "found the key `{}` twice, expected it once",
        key.escape_debug()
    ))
}

pub(crate) fn missing<E: de::Error>(key: &str) -> E {
    E::custom(format_args!("the key `{key}` is missing"))
}

/// Finds the paths of unknown keys in a value.
pub(crate) trait FindUnknown {
    /// Puts the paths below `path` into `found`. A value without keys has none.
    fn find_unknown(&self, _path: &str, _found: &mut BTreeSet<String>) {}
}

impl FindUnknown for crate::Text {}
impl FindUnknown for crate::Id {}
impl FindUnknown for crate::Timestamp {}
impl FindUnknown for u64 {}
impl FindUnknown for f64 {}
impl FindUnknown for bool {}
impl<V> FindUnknown for Keyed<V> {}
impl<T> FindUnknown for crate::TextOrList<T> {}

impl<T: FindUnknown> FindUnknown for Option<T> {
    fn find_unknown(&self, path: &str, found: &mut BTreeSet<String>) {
        if let Some(value) = self {
            value.find_unknown(path, found);
        }
    }
}

impl<T: FindUnknown> FindUnknown for Vec<T> {
    fn find_unknown(&self, path: &str, found: &mut BTreeSet<String>) {
        let path = format!("{path}[]");
        self.iter()
            .for_each(|value| value.find_unknown(&path, found));
    }
}

/// The path of a key in an object.
pub(crate) fn below(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// An object whose keys are data, such as counts by status letter.
///
/// A key that stands twice is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<V>(pub BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Keyed<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyedVisitor<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for KeyedVisitor<V> {
            type Value = Keyed<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keyed<V>, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    if values.contains_key(&key) {
                        return Err(twice(&key));
                    }
                    let value = map.next_value().inspect_err(|_| trail::key(&key))?;
                    values.insert(key, value);
                }
                Ok(Keyed(values))
            }
        }
        deserializer.deserialize_map(KeyedVisitor(PhantomData))
    }
}

impl<V: Serialize> Serialize for Keyed<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

/// A key as borg prints it.
macro_rules! key {
    (r#type) => {
        "type"
    };
    ($key:ident) => {
        stringify!($key)
    };
}

/// Defines a wire type.
///
/// `required` keys are printed by every version, `optional` ones are `None`
/// where they are absent. Nothing in borg's documents is `null`, so `null` is
/// refused, but where a type is an `Option` itself. serde's `flatten` would buffer and break on lone
/// surrogates; this keeps unknown keys without it.
///
/// `as` names a [glance](crate::glance) at the type, and what it keeps.
macro_rules! wire {
    (
        $(#[doc = $about:literal])*
        $what:literal
        pub struct $Name:ident as $Glance:ident { $($glance:tt)* } {
            required { $( $(#[doc = $doc:literal])* $key:ident: $Type:ty, )* }
            optional { $( $(#[doc = $odoc:literal])* $okey:ident: $OType:ty, )* }
        }
    ) => {
        $crate::wire::wire! {
            $(#[doc = $about])*
            $what
            pub struct $Name {
                required { $( $(#[doc = $doc])* $key: $Type, )* }
                optional { $( $(#[doc = $odoc])* $okey: $OType, )* }
            }
        }
        $crate::glance::glance! {
            $what
            $Name
            struct $Glance { $($glance)* }
            required { $( $key: $Type, )* }
            optional { $( $okey: $OType, )* }
        }
    };
    (
        $(#[doc = $about:literal])*
        $what:literal
        pub struct $Name:ident {
            $(required { $( $(#[doc = $doc:literal])* $key:ident: $Type:ty, )* })?
            $(optional { $( $(#[doc = $odoc:literal])* $okey:ident: $OType:ty, )* })?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Name {
            $($( $(#[doc = $doc])* pub $key: $Type, )*)?
            $($( $(#[doc = $odoc])* pub $okey: Option<$OType>, )*)?
            /// Keys that the models do not know.
            pub unknown: $crate::wire::UnknownKeys,
        }

        impl<'de> serde::de::Deserialize<'de> for $Name {
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::keys!($($($key)*)? $($($okey)*)?);
                struct ObjectVisitor;
                impl<'de> serde::de::Visitor<'de> for ObjectVisitor {
                    type Value = $Name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$Name, A::Error> {
                        $($( let mut $key: Option<$Type> = None; )*)?
                        $($( let mut $okey: Option<$OType> = None; )*)?
                        let mut unknown = $crate::wire::UnknownKeys::default();
                        while let Some(key) = map.next_key::<Key<'de>>()? {
                            match key {
                                $($( Key::$key if $key.is_some() => return Err($crate::wire::twice($crate::wire::key!($key))),
                                     Key::$key => $key = Some(map.next_value_seed($crate::trail::Follow::<$Type>::NEW)
                                         .inspect_err(|_| $crate::trail::key($crate::wire::key!($key)))?), )*)?
                                $($( Key::$okey if $okey.is_some() => return Err($crate::wire::twice($crate::wire::key!($okey))),
                                     Key::$okey => $okey = Some(map.next_value_seed($crate::trail::Follow::<$OType>::NEW)
                                         .inspect_err(|_| $crate::trail::key($crate::wire::key!($okey)))?), )*)?
                                Key::Unknown(key) => unknown.read(key.into_owned(), &mut map)?,
                            }
                        }
                        let object = $Name {
                            $($( $key: $key.ok_or_else(|| $crate::wire::missing($crate::wire::key!($key)))?, )*)?
                            $($( $okey, )*)?
                            unknown,
                        };
                        $crate::wire::Check::check(&object).map_err(serde::de::Error::custom)?;
                        Ok(object)
                    }
                }
                deserializer.deserialize_map(ObjectVisitor)
            }
        }

        impl $crate::trail::Trail<'_> for $Name {}

        impl serde::ser::Serialize for $Name {
            fn serialize<S: serde::ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($( map.serialize_entry($crate::wire::key!($key), &self.$key)?; )*)?
                $($( if let Some(value) = &self.$okey {
                    map.serialize_entry($crate::wire::key!($okey), value)?;
                } )*)?
                self.unknown.write(&mut map)?;
                map.end()
            }
        }

        impl $crate::wire::FindUnknown for $Name {
            fn find_unknown(&self, path: &str, found: &mut std::collections::BTreeSet<String>) {
                use $crate::wire::below;
                $($( self.$key.find_unknown(&below(path, $crate::wire::key!($key)), found); )*)?
                $($( if let Some(value) = &self.$okey {
                    value.find_unknown(&below(path, $crate::wire::key!($okey)), found);
                } )*)?
                found.extend(self.unknown.iter().map(|(key, _)| below(path, key)));
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $Name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Name).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($Name)).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::schema::object(stringify!($Name), &[$($about),*], vec![
                    $($( $crate::schema::Property {
                        key: $crate::wire::key!($key),
                        docs: &[$($doc),*],
                        required: true,
                        schema: generator.subschema_for::<$Type>(),
                    }, )*)?
                    $($( $crate::schema::Property {
                        key: $crate::wire::key!($okey),
                        docs: &[$($odoc),*],
                        required: false,
                        schema: generator.subschema_for::<$OType>(),
                    }, )*)?
                ], <Self as $crate::wire::Check>::keywords())
            }
        }
    };
}

/// Defines the type `Key`: one of these keys, told without memory of its own,
/// or another one.
macro_rules! keys {
    ($($key:ident)*) => {
        #[allow(non_camel_case_types)]
        enum Key<'de> {
            $($key,)*
            Unknown(std::borrow::Cow<'de, str>),
        }

        impl<'de> Key<'de> {
            fn known(key: &[u8]) -> Option<Self> {
                $(
                    if key == $crate::wire::key!($key).as_bytes() {
                        return Some(Key::$key);
                    }
                )*
                None
            }
        }

        impl<'de> serde::de::Deserialize<'de> for Key<'de> {
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct KeyVisitor;
                impl<'de> serde::de::Visitor<'de> for KeyVisitor {
                    type Value = Key<'de>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a key")
                    }

                    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                        Ok(Key::known(key.as_bytes()).unwrap_or(Key::Unknown(key.into())))
                    }

                    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                        let unknown = || Key::Unknown(key.to_owned().into());
                        Ok(Key::known(key.as_bytes()).unwrap_or_else(unknown))
                    }
                }
                deserializer.deserialize_str(KeyVisitor)
            }
        }
    };
}

pub(crate) use {key, keys, wire};
