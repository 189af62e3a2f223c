//! What the RFCs require of the engine, message by message.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod carriers;
mod diversions;
mod lamps;
mod messages;
mod privacy;
mod raw;
mod refresh;
mod reliable;
mod srtp_policy;
mod unsupported;
