//! Why a contact was served as it was, and why an agent did not get one: in sentences that can be read to a citizen.

mod answer;
mod arriving;
mod calling_back;
mod held_up;
mod idle;
mod not;
mod offering;
mod reason_words;
mod reasons;
mod room_then;
mod rows;
mod stepping;
mod story;
mod tale;
mod talking;
mod telling;
mod waiting;

pub use answer::{Kind, Said, Why};
pub use idle::why_idle;
pub use not::why_not;
pub use reasons::reasons;
pub use rows::{KeptOffer, KeptRows, KeptTalk, KeptVisit, why_from_rows};
pub use story::why;
pub use telling::{AgentsBy, Telling};

#[cfg(test)]
mod tape;
#[cfg(test)]
mod tests;
