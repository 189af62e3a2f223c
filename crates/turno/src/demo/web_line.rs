//! The line of a phone in a simulated browser: SIP by a WebSocket, and the voice by one UDP socket of webrtc-rs.
//!
//! The ear beside it talks plain RTP, so the line stands between the two: what the ear says goes into the browser's voice.
#![expect(clippy::disallowed_methods, reason = "webrtc-rs counts by the machine's own clock")]

use core::time::Duration;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpSocket, TcpStream, UdpSocket};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};
use turno_browser_phone::BrowserPhone;
use turno_shell::Clock;

/// Pause before a connection that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest packet.
const PACKET_BYTES: usize = 2_000;

/// A browser's connections to turno.
#[derive(Debug)]
pub(crate) struct WebLine {
    /// The address of the API, which takes SIP at `/sip`.
    to: SocketAddr,
    from: IpAddr,
    web: Option<WebSocketStream<TcpStream>>,
    /// The voice towards turno.
    udp: UdpSocket,
    /// Where the ear talks to, and where it was last heard.
    inner: UdpSocket,
    ear: Option<SocketAddr>,
}

impl WebLine {
    /// A line that connects when it is first used; must run on a tokio runtime.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub(crate) fn new(from: IpAddr, to: SocketAddr) -> io::Result<Self> {
        Ok(Self { to, from, web: None, udp: bound(from)?, inner: bound(from)?, ear: None })
    }

    /// The socket of the voice.
    pub(crate) fn voice_address(&self) -> io::Result<SocketAddr> {
        self.udp.local_addr()
    }

    /// Where the ear talks to.
    pub(crate) fn ear_address(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }

    /// Waits until something arrives or `sleep` is over, and lets the phone react.
    pub(crate) async fn step(&mut self, phone: &mut BrowserPhone, sleep: Duration, clock: Clock) {
        if self.web.is_none() && !self.connect().await {
            return tokio::time::sleep(sleep.min(PAUSE)).await;
        }
        self.flush(phone).await;
        let sleep = match phone.voice().and_then(|voice| voice.next_deadline()) {
            Some(due) => sleep.min(due.saturating_duration_since(Instant::now())),
            None => sleep,
        };
        let Some(web) = &mut self.web else { return };
        let (mut far, mut near) = ([0; PACKET_BYTES], [0; PACKET_BYTES]);
        tokio::select! {
            message = web.next() => match message {
                Some(Ok(Message::Text(text))) => phone.handle_message(text.as_bytes(), clock.now(), Instant::now()),
                Some(Ok(Message::Binary(bytes))) => phone.handle_message(&bytes, clock.now(), Instant::now()),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => self.web = None,
            },
            received = self.udp.recv_from(&mut far) => {
                if let (Ok((length, from)), Some(voice)) = (received, phone.voice()) {
                    voice.handle_datagram(from, &far[..length], Instant::now());
                }
            }
            received = self.inner.recv_from(&mut near) => {
                if let (Ok((length, ear)), Some(voice)) = (received, phone.voice()) {
                    self.ear = Some(ear);
                    // Before the handshake is over nobody hears it, as in a browser.
                    let _ = voice.say(&near[..length], Instant::now());
                }
            }
            () = tokio::time::sleep(sleep) => {}
        }
        phone.handle_deadlines(clock.now(), Instant::now());
        self.flush(phone).await;
    }

    async fn connect(&mut self) -> bool {
        self.web = self.connected().await;
        self.web.is_some()
    }

    async fn connected(&self) -> Option<WebSocketStream<TcpStream>> {
        let socket = TcpSocket::new_v4().ok()?;
        socket.bind(SocketAddr::new(self.from, 0)).ok()?;
        let stream = socket.connect(self.to).await.ok()?;
        let mut request = format!("ws://{}/sip", self.to).into_client_request().ok()?;
        request.headers_mut().insert("sec-websocket-protocol", "sip".parse().ok()?);
        let (web, _) = client_async(request, stream).await.ok()?;
        Some(web)
    }

    /// Sends what the phone has to say.
    async fn flush(&mut self, phone: &mut BrowserPhone) {
        while let Some(web) = &mut self.web
            && let Some(message) = phone.poll_message(Instant::now())
        {
            let text = String::from_utf8_lossy(&message).into_owned();
            if web.send(Message::text(text)).await.is_err() {
                self.web = None;
            }
        }
        let Some(voice) = phone.voice() else { return };
        while let Some((to, packet)) = voice.poll_datagram() {
            let _ = self.udp.try_send_to(&packet, to);
        }
        while let Some(packet) = voice.poll_heard() {
            if let Some(ear) = self.ear {
                let _ = self.inner.try_send_to(&packet, ear);
            }
        }
    }
}

fn bound(address: IpAddr) -> io::Result<UdpSocket> {
    let socket = std::net::UdpSocket::bind((address, 0))?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}
