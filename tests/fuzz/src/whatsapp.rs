//! Target `whatsapp`: any bytes that the platform has signed are a webhook or none, and whatever is taken has its writer, its name
//! and its words.

use turno_channels::Millis;
use turno_channels::whatsapp::{Answer, What, media_place, read};

/// Checks the readers of what the platform sends.
pub fn whatsapp(bytes: &[u8]) {
    let now = Millis(1_796_000_000_000);
    let _ = (Answer::read(200, None, bytes), Answer::read(400, None, bytes), media_place(bytes));
    let Ok(events) = read(bytes, now) else { return };
    for event in events {
        match event.what {
            What::Message(one) => {
                assert!(!one.address.key().is_empty() && !one.external.is_empty(), "from nobody");
                assert!(one.body.is_some() && one.at <= now.plus_secs(60) && one.at.0 > 0);
            }
            What::Report(report) => assert!(!report.external.is_empty()),
            What::Named { external, .. } => assert!(!external.is_empty()),
            What::Moved { from, to } => assert!(!from.key().is_empty() && !to.key().is_empty()),
            What::Notice(notice) => assert!(!notice.words.chars().any(char::is_control)),
        }
    }
}
