//! Sends each datagram back to its sender, to measure the cost of the system itself.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:5070".to_owned());
    let socket = UdpSocket::bind(address)?;
    let mut datagram = [0; 65_535];
    loop {
        let (length, from) = socket.recv_from(&mut datagram)?;
        socket.send_to(&datagram[..length], from)?;
    }
}
