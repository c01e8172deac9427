//! [`Glance`]: a value is checked as reading it would, and hardly anything is kept.
//!
//! Lists can be long, and an answer needs few of their archives. A glance
//! refuses what reading refuses, and asks for no memory where JSON has no
//! escapes.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

use crate::archive::{ChunkerParam, StoreStat};
use crate::repository::FilesStats;
use crate::wtf8::is_wtf8;
use crate::{Id, Keyed, Text, TextOrList, Timestamp};

/// A value that can be checked without being kept.
pub(crate) trait Glance<'de> {
    /// What is seen of it.
    type Seen;

    /// Refuses what `Deserialize` of the type refuses.
    fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<Self::Seen, D::Error>;
}

/// The text, if it is Unicode.
pub(crate) fn unicode<E: de::Error>(text: Cow<'_, [u8]>) -> Result<Cow<'_, str>, E> {
    let unicode = match text {
        Cow::Borrowed(text) => std::str::from_utf8(text).map(Cow::Borrowed).ok(),
        Cow::Owned(text) => String::from_utf8(text).map(Cow::Owned).ok(),
    };
    unicode.ok_or_else(|| E::custom("no Unicode"))
}

/// Takes a glance at a value of the type.
pub(crate) struct Look<T>(PhantomData<T>);

impl<T> Look<T> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<'de, T: Glance<'de>> DeserializeSeed<'de> for Look<T> {
    type Value = T::Seen;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Seen, D::Error> {
        T::glance(deserializer)
    }
}

macro_rules! whole {
    ($($Type:ty),*) => { $(
        impl<'de> Glance<'de> for $Type {
            type Seen = Self;

            fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }
    )* };
}

whole!(u64, f64, FilesStats, Keyed<StoreStat>);

/// A text that stands for something else, and is ASCII then.
macro_rules! parsed {
    ($($Type:ident),*) => { $(
        impl<'de> Glance<'de> for $Type {
            type Seen = Self;

            fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct ParsedGlance;
                impl Visitor<'_> for ParsedGlance {
                    type Value = $Type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(stringify!($Type))
                    }

                    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<$Type, E> {
                        $Type::parse(bytes).ok_or_else(|| E::custom(stringify!($Type)))
                    }
                }
                // As bytes, because serde_json looks for UTF-8 in `str`.
                deserializer.deserialize_bytes(ParsedGlance)
            }
        }
    )* };
}

parsed!(Id, Timestamp);

impl<'de> Glance<'de> for Text {
    /// In UTF-8, in which lone surrogates take three bytes.
    type Seen = Cow<'de, [u8]>;

    fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, [u8]>, D::Error> {
        deserializer.deserialize_bytes(TextGlance)
    }
}

struct TextGlance;

impl TextGlance {
    fn checked<E: de::Error>(bytes: &[u8]) -> Result<(), E> {
        match bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() || is_wtf8(bytes) {
            true => Ok(()),
            false => Err(E::custom("not UTF-8")),
        }
    }

    /// The same of a text that is borrowed, so that it has no escapes: then
    /// serde_json lets the control characters pass that JSON refuses.
    fn bare<E: de::Error>(bytes: &[u8]) -> Result<(), E> {
        match has_control(bytes) {
            true => Err(E::custom("a control character")),
            false => Self::checked(bytes),
        }
    }
}

/// Whether there is a byte that JSON has as an escape only.
pub(crate) fn has_control(text: &[u8]) -> bool {
    // All bytes are looked at: that is one step for many of them.
    text.iter().fold(false, |any, byte| any | (*byte < b' '))
}

impl<'de> Visitor<'de> for TextGlance {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Self::bare(bytes).map(|()| bytes.into())
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Self::checked(bytes).map(|()| bytes.to_owned().into())
    }
}

impl<'de, T: Glance<'de>> Glance<'de> for TextOrList<T> {
    type Seen = ();

    fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_bytes(EitherGlance(PhantomData::<T>))
    }
}

struct EitherGlance<T>(PhantomData<T>);

impl<'de, T: Glance<'de>> Visitor<'de> for EitherGlance<T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list")
    }

    fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<(), E> {
        TextGlance::bare(bytes)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<(), E> {
        TextGlance::checked(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Look::<T>::NEW)?.is_some() {}
        Ok(())
    }
}

impl<'de> Glance<'de> for ChunkerParam {
    type Seen = ();

    fn glance<D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(ParamGlance)
    }
}

struct ParamGlance;

impl Visitor<'_> for ParamGlance {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a chunker or a whole number")
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
}

/// Defines the glance at a wire type: it checks all keys, and keeps some.
macro_rules! glance {
    (
        $what:literal
        $Name:ident
        struct $Glance:ident {
            required { $( $kept:ident: $Kept:ty, )* }
            optional { $( $okept:ident: $OKept:ty, )* }
        }
        required { $( $key:ident: $Type:ty, )* }
        optional { $( $okey:ident: $OType:ty, )* }
    ) => {
        pub(crate) struct $Glance<'de> {
            $( pub(crate) $kept: <$Kept as $crate::glance::Glance<'de>>::Seen, )*
            $( pub(crate) $okept: Option<<$OKept as $crate::glance::Glance<'de>>::Seen>, )*
            /// Keys that the models do not know.
            #[allow(dead_code, reason = "not every type has rules about them")]
            pub(crate) unknown: Vec<std::borrow::Cow<'de, str>>,
        }

        impl<'de> serde::de::Deserialize<'de> for $Glance<'de> {
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::keys!($($key)* $($okey)*);

                impl<'de> $crate::glance::Glance<'de> for Key<'de> {
                    type Seen = Self;

                    fn glance<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        let key = <$crate::Text as $crate::glance::Glance<'de>>::glance(deserializer)?;
                        match Key::known(&key) {
                            Some(key) => Ok(key),
                            None => $crate::glance::unicode(key).map(Key::Unknown),
                        }
                    }
                }

                struct GlanceVisitor;
                impl<'de> serde::de::Visitor<'de> for GlanceVisitor {
                    type Value = $Glance<'de>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$Glance<'de>, A::Error> {
                        use $crate::glance::Look;
                        $( let mut $key = None; )*
                        $( let mut $okey = None; )*
                        let mut unknown = Vec::new();
                        while let Some(key) = map.next_key_seed(Look::<Key<'de>>::NEW)? {
                            match key {
                                $( Key::$key if $key.is_some() => return Err($crate::wire::twice(stringify!($key))),
                                   Key::$key => $key = Some(map.next_value_seed(Look::<$Type>::NEW)?), )*
                                $( Key::$okey if $okey.is_some() => return Err($crate::wire::twice(stringify!($okey))),
                                   Key::$okey => $okey = Some(map.next_value_seed(Look::<$OType>::NEW)?), )*
                                Key::Unknown(key) if unknown.contains(&key) => return Err($crate::wire::twice(&key)),
                                Key::Unknown(key) => {
                                    map.next_value::<&serde_json::value::RawValue>()?;
                                    unknown.push(key);
                                }
                            }
                        }
                        $( if $key.is_none() {
                            return Err($crate::wire::missing(stringify!($key)));
                        } )*
                        Ok($Glance {
                            $( $kept: $kept.ok_or_else(|| $crate::wire::missing(stringify!($kept)))?, )*
                            $( $okept, )*
                            unknown,
                        })
                    }
                }
                deserializer.deserialize_map(GlanceVisitor)
            }
        }

        impl<'de> $crate::glance::Glance<'de> for $Name {
            type Seen = $Glance<'de>;

            fn glance<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<$Glance<'de>, D::Error> {
                serde::de::Deserialize::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use glance;
