//! How parts are written whose own type has no form, or must not show all that it holds.

/// A message is written as the bytes that came. What a carrier asserts of the caller, and of diversions, is no part of
/// a response, and may be withheld (RFC 3323, RFC 3325): it is not written.
pub(crate) mod message_bytes {
    use bytes::Bytes;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::message::header::Name;
    use crate::message::received::Message;

    const IDENTITIES: [Name; 5] = [
        Name::PAssertedIdentity,
        Name::PPreferredIdentity,
        Name::RemotePartyId,
        Name::Diversion,
        Name::HistoryInfo,
    ];

    pub(crate) fn serialize<S: Serializer>(
        message: &Option<Box<Message>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        message.as_ref().map(|message| message.bytes_without(&IDENTITIES)).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<Message>>, D::Error> {
        let bytes: Option<Bytes> = Option::deserialize(deserializer)?;
        let message = bytes.map(|bytes| Message::scan(&bytes).map(Box::new)).transpose();
        message.map_err(|why| D::Error::custom(format!("{why:?}")))
    }
}

/// Of credentials the name alone is written.
pub(crate) mod user_alone {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use turno_ground::Secret;

    pub(crate) fn serialize<S: Serializer>(
        credentials: &Option<(String, Secret)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        credentials.as_ref().map(|(user, _)| user).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<(String, Secret)>, D::Error> {
        let user: Option<String> = Option::deserialize(deserializer)?;
        Ok(user.map(|user| (user, Secret::default())))
    }
}
