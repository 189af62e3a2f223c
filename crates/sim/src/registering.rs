//! The world's side of a carrier that turno registers with: its messages, and the check of withheld numbers.

use bytes::Bytes;
use turno_ground::Flow;

use crate::carrier::Carrier;
use crate::network::Packet;
use crate::world::World;

impl World {
    /// A message reaches the carrier, which answers.
    pub(crate) fn reaches_carrier(&mut self, packet: &Packet) {
        let now = self.now;
        if let Some(bytes) = self.carrier.as_mut().and_then(|carrier| carrier.hears(&packet.bytes, now)) {
            self.network.send(Packet { from: packet.to, to: packet.from, bytes }, now);
        }
    }

    /// RFC 3325, 7: no message carries a withheld number, except to that caller.
    pub(crate) fn looks_for_withheld(&self, flow: Flow, bytes: &Bytes) {
        // A response tells no more than its request.
        if self.carrier.is_none() || bytes.starts_with(b"SIP/2.0") {
            return;
        }
        let to = self.whose(flow).map_or(flow.remote, |place| self.persons[place].local());
        let text = String::from_utf8_lossy(bytes);
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let withheld = self.clients.iter().filter(|(caller, _)| Carrier::is_withheld(**caller));
        for (caller, client) in withheld.filter(|(_, client)| self.persons[client.person].local() != to) {
            let number = client.number();
            let bare = number.trim_start_matches('0');
            let shown = [format!(":{number}@"), format!("593{}@", &number[1..]), format!(" {number}\"")];
            let is_told = shown.iter().any(|shown| head.contains(shown.as_str()));
            assert!(!is_told, "the number {bare} that caller {caller} withholds is sent to {to}");
        }
    }
}
