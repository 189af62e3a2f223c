//! Real programs on loopback: a turno of the test's own, SIPp and baresip around it.

mod baresip;
mod came;
mod certificates;
mod cutter;
mod first_process;
mod folder;
mod kamailio;
mod killed;
mod link;
mod missing;
mod own_disk;
mod plain;
mod program;
mod scrape;
mod server;
mod sipp;
mod softphone;
mod talker;
mod tone;

pub use baresip::{Baresip, Shielding, server_port_on_ipv6};
pub use came::LineNews;
pub use certificates::Certificates;
pub use cutter::{Cut, Cutter};
pub use folder::Folder;
pub use kamailio::{CARRIER_PORT, Kamailio};
pub use link::Tls;
pub use missing::is_missing;
pub use own_disk::Breakage;
pub use plain::Redial;
pub use program::Program;
pub use scrape::Scrape;
pub use server::{Server, turno};
pub use sipp::{Running, Sipp};
pub use softphone::Softphone;
pub use talker::Talker;
pub use tone::{dominant_hertz, seconds_of, write_tone};
