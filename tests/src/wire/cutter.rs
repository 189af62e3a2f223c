//! A network device between a phone and turno: it forwards TCP, and cuts connections on command.

use core::time::Duration;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::set_socket_linger;
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(90);
/// The longest sleep; a bell or a byte ends it earlier.
const NAP: Duration = Duration::from_secs(60);

/// How a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// With FIN to both sides, like a server that closes.
    Fin,
    /// With RST to both sides, like a firewall that has forgotten the connection.
    Reset,
}

/// The device, with its own thread; when dropped, all its connections are closed.
#[derive(Debug)]
pub struct Cutter {
    at: SocketAddr,
    orders: Option<Sender<(Cut, Sender<usize>)>>,
    bell: UnixDatagram,
    thread: Option<JoinHandle<()>>,
}

impl Cutter {
    /// Between `own`, the address that turno sees as the peer's, and `to`.
    pub fn new(own: IpAddr, to: SocketAddr) -> Self {
        let listener = TcpListener::bind((own, 0)).expect("the peer's address is free");
        listener.set_nonblocking(true).expect("a socket that does not wait");
        let at = listener.local_addr().expect("it is bound");
        let (orders, asked) = channel();
        let (bell, rung) = UnixDatagram::pair().expect("two ends");
        rung.set_nonblocking(true).expect("an end that does not wait");
        let living = Living { listener, own, to, pairs: Vec::new(), asked, rung };
        Self { at, orders: Some(orders), bell, thread: Some(std::thread::spawn(|| living.run())) }
    }

    /// The address at which it accepts connections.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Cuts every connection; returns how many there were.
    pub fn cuts(&self, how: Cut) -> usize {
        let (tell, told) = channel();
        let orders = self.orders.as_ref().expect("only a drop takes them");
        orders.send((how, tell)).expect("the cutter's thread lives");
        self.bell.send(&[1]).expect("the cutter's thread lives");
        told.recv_timeout(PATIENCE).expect("an order is done at once")
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        drop(self.orders.take());
        // The thread may have ended already; then the bell has no effect.
        let _ = self.bell.send(&[1]);
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "the cutter panicked");
        }
    }
}

/// The state of the thread.
struct Living {
    listener: TcpListener,
    own: IpAddr,
    to: SocketAddr,
    /// The phone's side and turno's.
    pairs: Vec<[TcpStream; 2]>,
    asked: Receiver<(Cut, Sender<usize>)>,
    rung: UnixDatagram,
}

impl Living {
    fn run(mut self) {
        loop {
            while let Ok((stream, _)) = self.listener.accept() {
                // If turno does not listen, the phone's connection is closed.
                let Ok(onward) = self.dial() else { continue };
                let pair = [stream, onward];
                pair.iter().for_each(|it| it.set_nonblocking(true).expect("a socket that does not wait"));
                self.pairs.push(pair);
            }
            self.pairs.retain_mut(passes_on);
            match self.asked.try_recv() {
                Ok((how, told)) => {
                    let _ = told.send(self.cut(how));
                }
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => self.wait_for_news(),
            }
        }
    }

    fn cut(&mut self, how: Cut) -> usize {
        let cut = self.pairs.len();
        for stream in self.pairs.drain(..).flatten() {
            if how == Cut::Reset {
                // With a linger time of 0, close sends a reset.
                set_socket_linger(&stream, Some(Duration::ZERO)).expect("a socket can be told so");
            }
        }
        cut
    }

    fn dial(&self) -> std::io::Result<TcpStream> {
        let stream = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        bind(&stream, &SocketAddr::new(self.own, 0))?;
        connect(&stream, &self.to)?;
        Ok(TcpStream::from(stream))
    }

    fn wait_for_news(&self) {
        let all = self.pairs.iter().flatten().map(|stream| PollFd::new(stream, PollFlags::IN));
        let mut wanted: Vec<PollFd<'_>> =
            [PollFd::new(&self.rung, PollFlags::IN), PollFd::new(&self.listener, PollFlags::IN)]
                .into_iter()
                .chain(all)
                .collect();
        let nap = Timespec::try_from(NAP).expect("a nap is short");
        // An interrupted wait is a short wait: everything is checked again.
        let _ = poll(&mut wanted, Some(&nap));
        while self.rung.recv(&mut [0; 8]).is_ok() {}
    }
}

/// Forwards received bytes in both directions; returns whether both sides are still open.
fn passes_on([phone, turno]: &mut [TcpStream; 2]) -> bool {
    passes_one_way(phone, turno) && passes_one_way(turno, phone)
}

fn passes_one_way(from: &mut TcpStream, to: &mut TcpStream) -> bool {
    let mut bytes = [0; 16 * 1024];
    loop {
        match from.read(&mut bytes) {
            Ok(0) => return false,
            Ok(length) => {
                // A few SIP messages always fit into a socket's buffer.
                if to.write_all(&bytes[..length]).is_err() {
                    return false;
                }
            }
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}
