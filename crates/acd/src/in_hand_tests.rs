//! Tests of capacity beside present contacts, as a table.

use core::fmt::Write as _;

use super::*;

const AT_ONCE: AtOnce = AtOnce { chats: 3, whatsapp: 2, emails: 1, calls_beside: 0 };

fn in_hand(connected: &[Channel]) -> InHand {
    let mut in_hand = InHand::default();
    for (id, channel) in (0..).map(ContactId).zip(connected) {
        in_hand.offer(id, *channel, Moment::default());
        in_hand.connect(id, Moment::default());
    }
    in_hand
}

#[test]
fn what_there_is_room_for_is_the_table_that_is_written_down() {
    use Channel::{Callback, Chat, Email, Voice, WhatsApp};
    let mut table = String::new();
    let rows: [&[Channel]; 10] = [
        &[],
        &[Voice],
        &[Callback],
        &[Chat],
        &[Chat, Chat, Chat],
        &[WhatsApp],
        &[Chat, WhatsApp],
        &[Email],
        &[Email, Voice],
        &[Email, Chat],
    ];
    for row in rows {
        writeln!(table, "{row:?} + {:?}", in_hand(row).room_beside(&AT_ONCE)).expect("a string grows");
    }
    assert_eq!(
        table,
        "[] + {Voice, Chat, WhatsApp, Email, Callback, Voicemail}\n\
         [Voice] + {}\n\
         [Callback] + {}\n\
         [Chat] + {Chat, WhatsApp, Email}\n\
         [Chat, Chat, Chat] + {Email}\n\
         [WhatsApp] + {Chat, WhatsApp, Email}\n\
         [Chat, WhatsApp] + {Email}\n\
         [Email] + {Voice, Chat, WhatsApp, Callback, Voicemail}\n\
         [Email, Voice] + {}\n\
         [Email, Chat] + {Chat, WhatsApp}\n"
    );
}

#[test]
fn calls_fit_beside_as_many_conversations_as_the_site_says() {
    use Channel::{Callback, Chat, Email, Voice, WhatsApp};
    let takes_calls = |connected: &[Channel], calls_beside| {
        let room = in_hand(connected).room_beside(&AtOnce { calls_beside, ..AT_ONCE });
        assert_eq!(room.has(Voice), room.has(Callback), "calls and callbacks are alike");
        room.has(Voice)
    };
    assert!(takes_calls(&[Chat], 1) && takes_calls(&[Email, WhatsApp], 1));
    assert!(!takes_calls(&[Chat, WhatsApp], 1) && takes_calls(&[Chat, Chat, Chat], 3));
    assert!(!takes_calls(&[Chat, Voice], 3), "one call at a time");
}

#[test]
fn an_agent_decides_about_one_offer_at_a_time() {
    let mut in_hand = in_hand(&[Channel::Chat]);
    in_hand.offer(ContactId(9), Channel::Chat, Moment::default());
    assert!(in_hand.room_beside(&AT_ONCE).is_none());
    assert_eq!((in_hand.shown(), in_hand.offered()), (Some(AgentState::Talking), Some(ContactId(9))));
}

#[test]
fn the_call_is_what_the_agent_is_seen_to_do() {
    let mut in_hand = in_hand(&[Channel::Email, Channel::Voice]);
    in_hand.hold(ContactId(1));
    assert_eq!((in_hand.shown(), in_hand.focus()), (Some(AgentState::Holding), Some(ContactId(1))));
    assert!(in_hand.give_back(ContactId(1), Moment::default()), "it took all of the attention");
    assert_eq!((in_hand.shown(), in_hand.focus()), (Some(AgentState::Talking), None));
}
