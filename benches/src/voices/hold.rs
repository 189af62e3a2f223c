//! Hold music for many listeners, from the media plane and from a bare loop that only sends.

use core::time::Duration;
use std::net::SocketAddr;

use turno_media_plan::{Audio, MediaCommand, StreamId};

use crate::voices::bare::Bare;
use crate::voices::cores::{CROWD, stay_on, thread_count, thread_named};
use crate::voices::crowd::{Crowd, ear_of, rest};
use crate::voices::figures::Figures;
use crate::voices::relay::{open, places, start, told};

/// Plays to `listeners` for `span`, alternating with a bare loop, `rounds` times, and prints the figures.
///
/// # Errors
/// The system refuses ports or threads.
pub fn hold(listeners: usize, span: Duration, rounds: usize) -> Result<(), String> {
    stay_on(CROWD);
    let mut crowd = Crowd::gather().map_err(|error| format!("the crowd's sockets: {error}"))?;
    let at = places(listeners);
    let ears: Vec<SocketAddr> = (0..listeners).map(|stream| SocketAddr::V4(ear_of(stream))).collect();
    let (mut ratios, mut by_connected, mut threads) = (Vec::new(), Vec::new(), 0);
    println!("{listeners} listeners, {} packets a second out\n", listeners * 50);
    Figures::head();
    for _ in 0..rounds {
        let controls =
            [("bare loop that sends", false), ("the same, connected", true)].map(|(name, connected)| {
                let bare =
                    Bare::sender(&at, ears.clone(), connected).map_err(|error| format!("{name}: {error}"))?;
                let thread = bare.thread();
                rest(Duration::from_millis(200));
                let mut control = crowd.hear(listeners, span, thread);
                control.print(name);
                Ok::<_, String>(control.each())
            });
        let [control, connected] = controls;
        let (control, connected) = (control?, connected?);

        let before = thread_count();
        let plane = start()?;
        open(&plane, &at, &ears);
        for stream in (0..listeners as u64).map(StreamId) {
            plane.post(MediaCommand::Play { stream, audio: Audio::Music });
        }
        plane.wake();
        rest(Duration::from_millis(200));
        threads = thread_count() - before;
        let thread = thread_named("turno-media").ok_or("the media thread has no name")?;
        let mut ours = crowd.hear(listeners, span, thread);
        ours.print("turno");
        if ours.streams() != listeners {
            return Err(format!("{} of {listeners} heard music", ours.streams()));
        }
        plane.stop();
        ratios.push(ours.each() / control);
        by_connected.push(ours.each() / connected);
    }
    println!(
        "\nCPU per packet of music, times the bare loop: {}; times the one whose sockets are connected: {}; threads: {threads}",
        told(ratios),
        told(by_connected)
    );
    Ok(())
}
