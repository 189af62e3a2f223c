//! The names of all kinds of facts, as records have them.

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use crate::fact::Fact;

impl Fact {
    /// The name of every kind, such as `ContactEnded`.
    pub fn kinds() -> &'static [&'static str] {
        let mut kinds: &'static [&'static str] = &[];
        // There is nothing to read: the reading says which kinds it knows.
        let _no_fact = Self::deserialize(AskForKinds(&mut kinds));
        kinds
    }
}

/// Input without a fact, that notes which kinds a fact may have.
struct AskForKinds<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for AskForKinds<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = variants;
        Err(Error::custom("no fact"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("no fact"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_kind_are_known() {
        let kinds = Fact::kinds();
        assert_eq!(kinds.first(), Some(&"Started"));
        assert!(kinds.contains(&"ContactEnded") && kinds.contains(&"Alarm"), "{kinds:?}");
        assert!(kinds.len() > 25, "{kinds:?}");
    }
}
