//! Days in a room, told through its door.

mod agents;
mod handling;
mod limits;
mod offers;
mod oracle;
mod random_days;
mod selection;
mod stage;
