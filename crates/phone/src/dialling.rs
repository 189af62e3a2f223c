//! Starts an outgoing call of the phone.

use rsip::Method;
use rsip::headers::Header;
use turno_ground::Moment;

use crate::call::{Call, Life, asking};
use crate::calls::{Calls, dialog_request};
use crate::client::Purpose;
use crate::event::CallId;
use crate::settings::Identity;
use crate::wire::Wire;
use crate::writing::{self, SDP, escape};

impl Calls {
    pub(crate) fn dial(
        &mut self,
        wire: &mut Wire,
        who: Option<&Identity>,
        (number, with_offer): (&str, bool),
        more: Vec<Header>,
        now: Moment,
    ) -> CallId {
        let station = &mut wire.base.station;
        let id = CallId(station.number());
        let local_tag = station.token();
        let mut extra = vec![writing::allow()];
        extra.extend(more);
        let domain = &station.settings.domain;
        let own = match who {
            None => station.own().to_owned(),
            Some(who) => {
                if let Some(asserted) = &who.asserted {
                    let value = format!("<sip:{}@{domain}>", escape(asserted));
                    extra.push(Header::Other("P-Asserted-Identity".to_owned(), value));
                }
                let name = if who.display.is_empty() { String::new() } else { quoted(&who.display) };
                format!("{name}<sip:{}@{domain}>", escape(&who.number))
            }
        };
        let target = format!("sip:{}@{domain}", escape(number));
        let lane = station.take_lane();
        let negotiation = station.negotiation(lane);
        let mut call = Call {
            sip_id: station.token(),
            local: format!("{own};tag={local_tag}"),
            local_tag,
            remote: format!("<{target}>"),
            remote_tag: None,
            local_cseq: 1,
            remote_cseq: None,
            target,
            routes: Vec::new(),
            late_offer: !with_offer,
            ..Call::new(Life::Ended, negotiation, lane)
        };
        let body = with_offer.then(|| call.negotiation.offer(asking(false)));
        let body = body.map(|offer| (SDP, station.known_of(offer)));
        let invite = wire.ask(Purpose::Invite(id), now, |station, via| {
            dialog_request(&call, Method::Invite, (station.contact(), via), extra, body)
        });
        call.life = Life::Calling { invite, provisional: false, hung_up: false };
        self.add(id, call);
        id
    }
}

/// A display name as a quoted string, with the space before the bracket.
fn quoted(name: &str) -> String {
    format!("\"{}\" ", name.replace('\\', "\\\\").replace('"', "\\\""))
}
