//! Calls between two phones, relayed by the media plane and by bare loops.

use core::time::Duration;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use turno_media::{Plane, PlaneSettings};
use turno_media_plan::{BridgeId, Codec, Direction, Encoding, MediaCommand, Member, Party, Role, StreamId};

use crate::voices::bare::Bare;
use crate::voices::cores::{CROWD, MEASURED, stay_on, thread_named};
use crate::voices::crowd::{Crowd, ear_of, rest};
use crate::voices::figures::Figures;

/// First port of the plane and of the loops; streams use every second port.
const FIRST_PORT: u16 = 20_000;

/// Sends the packets of `calls` G.711 calls directly, through bare loops and through the plane, each for `span`,
/// `rounds` times in turns, and prints the figures.
///
/// # Errors
/// The system refuses ports or threads.
pub fn relay(calls: usize, span: Duration, rounds: usize) -> Result<(), String> {
    let said = |what: &'static str| move |error: std::io::Error| format!("{what}: {error}");
    stay_on(CROWD);
    let mut crowd = Crowd::gather().map_err(said("the crowd's sockets"))?;
    let streams = calls * 2;
    let at = places(streams);
    let ears: Vec<SocketAddr> = (0..streams).map(|stream| SocketAddr::V4(ear_of(stream))).collect();
    let partners: Vec<SocketAddr> = (0..streams).map(|stream| ears[stream ^ 1]).collect();
    let (mut by_one, mut by_many) = (Vec::new(), Vec::new());
    println!("{calls} calls, {} packets a second in and as many out\n", streams * 50);
    Figures::head();
    for _ in 0..rounds {
        crowd.talk(&partners, span, None).print("directly");

        let bare = Bare::one_socket(at[0], ears[0]).map_err(said("the bare loop"))?;
        let mut one = crowd.talk(&vec![at[0]; streams], span, Some(bare.thread()));
        one.print("bare loop, one socket");
        drop(bare);

        let bare = Bare::many_sockets(&at, ears.clone()).map_err(said("the bare loop"))?;
        let mut many = crowd.talk(&at, span, Some(bare.thread()));
        many.print("bare loop, the same ports");
        drop(bare);

        let plane = start()?;
        connect(&plane, &at, &ears);
        let mut ours = crowd.talk(&at, span, thread_named("turno-media"));
        ours.print("turno");
        plane.stop();
        by_one.push(ours.each() / one.each());
        by_many.push(ours.each() / many.each());
    }
    println!(
        "\nCPU per relayed packet, times the bare loop: {} on the same ports, {} with one socket",
        told(by_many),
        told(by_one)
    );
    Ok(())
}

/// Starts a media plane on the measured core.
pub(super) fn start() -> Result<Plane, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/music/hold.wav");
    let settings = PlaneSettings {
        inactivity: Some(Duration::from_secs(60)),
        prompts: Vec::new(),
        music: folder,
        pairs_max: None,
    };
    stay_on(MEASURED);
    let plane = Plane::start(settings, drop).map_err(|error| error.to_string());
    stay_on(CROWD);
    plane
}

/// Opens the streams at their ports, each with a phone.
pub(super) fn open(plane: &Plane, at: &[SocketAddr], ears: &[SocketAddr]) {
    for (stream, (local, remote)) in at.iter().zip(ears).enumerate() {
        let encoding = Encoding::new(Codec::Pcma, 8, Some(101));
        let (stream, direction) = (StreamId(stream as u64), Direction::SendRecv);
        plane.post(MediaCommand::Open { stream, local: *local });
        plane.post(MediaCommand::Agree {
            stream,
            remote: *remote,
            encoding,
            direction,
            latch: true,
            srtp: None,
        });
    }
    plane.wake();
    while plane.gauges().streams < at.len() as u64 {
        rest(Duration::from_millis(5));
    }
}

/// The addresses of this many streams.
pub(super) fn places(streams: usize) -> Vec<SocketAddr> {
    (0..streams).map(|stream| SocketAddr::from((Ipv4Addr::new(127, 20, 0, 1), port(stream)))).collect()
}

fn port(stream: usize) -> u16 {
    FIRST_PORT + 2 * stream as u16
}

fn connect(plane: &Plane, at: &[SocketAddr], ears: &[SocketAddr]) {
    open(plane, at, ears);
    for one in (0..at.len() as u64).step_by(2) {
        plane.post(together(StreamId(one), StreamId(one + 1)));
    }
    plane.wake();
    rest(Duration::from_millis(50));
}

/// Median, minimum and maximum as text.
pub(super) fn told(mut ratios: Vec<f64>) -> String {
    ratios.sort_by(f64::total_cmp);
    let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
    format!("{:.2} ({least:.2} to {most:.2})", ratios[ratios.len() / 2])
}

/// The command that bridges two streams.
fn together(one: StreamId, other: StreamId) -> MediaCommand {
    let members = [(one, Party::Caller), (other, Party::Agent)];
    let members = members.map(|(stream, party)| Member::new(stream, Role::Talk(party)));
    MediaCommand::Bridge { bridge: BridgeId(one.0), members: members.to_vec() }
}
