//! One RTP socket with a voice: talks and listens until its call ends.

use core::time::Duration;
use std::net::SocketAddr;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use turno_ground::{Moment, Rng};
use turno_media_plan::{Direction, Encoding};
use turno_phone::{Sound, Voice};
use turno_shell::Clock;

use crate::demo::news::{News, NewsSender};

/// Orders that may wait for an ear.
const ORDERS_MAX: usize = 32;
/// Louder than this (dB below the loudest sine) is somebody speaking.
const AUDIBLE_DB: f32 = -40.0;
/// How often an ear looks whether somebody is heard: no longer than what it keeps for measuring.
const LISTEN_SPAN: Duration = Duration::from_millis(200);
/// How many looks there are between two reports.
const LOOKS: u32 = 5;
/// A talk shorter than this says nothing about whether the other side can be heard.
const TALK_MIN: Duration = Duration::from_secs(1);

/// What a call asks of its ear.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Talk to this address in this way.
    Agree(SocketAddr, Encoding, Direction),
    /// Press a key.
    Press(char),
    /// From here on count whether a person is heard.
    Greeted,
}

/// The handle of an ear; dropped, the ear tells its last figures and ends.
#[derive(Debug)]
pub(crate) struct Ear(mpsc::Sender<Order>);

impl Ear {
    /// Opens an ear at `local`.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub(crate) fn open(
        local: SocketAddr,
        rng: &mut Rng,
        clock: Clock,
        news: NewsSender,
    ) -> std::io::Result<Self> {
        let socket = std::net::UdpSocket::bind(local)?;
        socket.set_nonblocking(true)?;
        let outlet = socket.try_clone()?;
        let socket = UdpSocket::from_std(socket)?;
        let voice = Voice::new(Sound::Babble(rng.number()), rng);
        let (sender, orders) = mpsc::channel(ORDERS_MAX);
        let told = Told::default();
        tokio::spawn(
            Listening { socket, outlet, voice, remote: None, clock, news, told, greeted: None }.run(orders),
        );
        Ok(Self(sender))
    }

    /// Gives an order; one too many is dropped.
    pub(crate) fn order(&self, order: Order) {
        let _ = self.0.try_send(order);
    }
}

/// What was told already.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    sent: u64,
    received: u64,
    lost: u64,
}

struct Listening {
    socket: UdpSocket,
    outlet: std::net::UdpSocket,
    voice: Voice,
    remote: Option<SocketAddr>,
    clock: Clock,
    news: NewsSender,
    told: Told,
    /// When the talk began.
    greeted: Option<Moment>,
}

impl Listening {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut packet = [0u8; 1_500];
        let mut audible = false;
        let mut look_at = self.clock.now() + LISTEN_SPAN;
        let mut looks = 0;
        loop {
            let now = self.clock.now();
            if now >= look_at {
                look_at = now + LISTEN_SPAN;
                audible |= self.hears();
                looks += 1;
                if looks % LOOKS == 0 {
                    self.tell();
                }
            }
            self.talk(now);
            let due = self.voice.next_deadline().map_or(look_at, |due| due.min(look_at));
            tokio::select! {
                received = self.socket.recv_from(&mut packet) => if let Ok((length, _)) = received {
                    self.voice.handle_packet(&packet[..length], self.clock.now());
                },
                order = orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => break,
                },
                () = tokio::time::sleep(due.since(now)) => {}
            }
        }
        audible |= self.hears();
        self.tell();
        if self.greeted.is_some_and(|at| self.clock.now().since(at) >= TALK_MIN) {
            let _ = self.news.send(News::Conversed { audible });
        }
    }

    /// Whether the other person is heard just now.
    fn hears(&self) -> bool {
        self.greeted.is_some() && self.voice.heard().level().is_some_and(|level| level > AUDIBLE_DB)
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Agree(remote, encoding, direction) => {
                self.remote = Some(remote);
                self.voice.agree(encoding, direction, self.clock.now());
            }
            Order::Press(digit) => self.voice.send_digit(digit),
            Order::Greeted => self.greeted = Some(self.clock.now()),
        }
    }

    fn talk(&mut self, now: Moment) {
        while let Some(packet) = self.voice.poll_packet(now) {
            if let Some(remote) = self.remote {
                let _ = self.outlet.send_to(&packet, remote);
            }
        }
    }

    /// Tells what has happened since it last told.
    fn tell(&mut self) {
        let heard = self.voice.heard();
        let all = Told { sent: self.voice.sent(), received: heard.received, lost: heard.lost() };
        let _ = self.news.send(News::Packets {
            sent: all.sent - self.told.sent,
            received: all.received - self.told.received,
            lost: all.lost.saturating_sub(self.told.lost),
        });
        self.told = all;
    }
}
