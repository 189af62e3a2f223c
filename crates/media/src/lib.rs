//! Voices, twenty milliseconds at a time.
//!
//! The [`Plane`] runs a thread of its own: [`turno_media_plan::MediaCommand`]s go in and never wait,
//! [`turno_media_plan::MediaEvent`]s come out through the callback that it was started with. Everything that decides
//! (streams, latching, playing, mixing, reports) is a machine without sockets and clocks; `plane` alone touches both.

mod plane;
mod refused;

pub use plane::{Plane, PlaneGauges, PlaneSettings};
pub use refused::MediaRefused;
