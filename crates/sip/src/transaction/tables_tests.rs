//! Golden test: every state and event of the four transaction machines, as written in tables.txt.

use core::fmt::{Debug, Write as _};

use crate::transaction::Actions;
use crate::transaction::invite_client::{InviteClient, InviteClientEvent};
use crate::transaction::invite_server::{InviteServer, InviteServerEvent};
use crate::transaction::plain_client::{PlainClient, PlainClientEvent};
use crate::transaction::plain_server::{PlainServer, PlainServerEvent};

fn table<S: Copy + Debug + PartialEq, E: Copy + Debug>(
    text: &mut String,
    name: &str,
    states: &[S],
    events: &[E],
    after: impl Fn(S, E, bool) -> (S, Actions),
) {
    for reliable in [false, true] {
        writeln!(text, "{name} over {}", if reliable { "a stream" } else { "datagrams" }).unwrap();
        for &state in states {
            for &event in events {
                let (next, actions) = after(state, event, reliable);
                if next != state || !actions.is_empty() {
                    writeln!(text, "  {state:?} x {event:?} -> {next:?} {actions:?}").unwrap();
                } else {
                    writeln!(text, "  {state:?} x {event:?} -> nothing").unwrap();
                }
            }
        }
    }
}

#[test]
fn every_cell_of_the_four_tables_is_as_written_down() {
    // RFC 3261, 17 and RFC 6026, 7.
    let mut text = String::new();
    {
        use InviteClient as S;
        use InviteClientEvent as E;
        let states = [S::Calling, S::Proceeding, S::Completed, S::Accepted, S::Terminated];
        let events = [
            E::Provisional,
            E::Success,
            E::Refusal,
            E::TimerA,
            E::TimerB,
            E::TimerD,
            E::TimerM,
            E::TransportFailed,
        ];
        table(&mut text, "InviteClient", &states, &events, S::after);
    }
    {
        use InviteServer as S;
        use InviteServerEvent as E;
        let states = [S::Proceeding, S::Completed, S::Confirmed, S::Accepted, S::Terminated];
        let events = [
            E::Request,
            E::Ack,
            E::Provisional,
            E::Success,
            E::Refusal,
            E::TimerG,
            E::TimerH,
            E::TimerI,
            E::TimerL,
        ];
        table(&mut text, "InviteServer", &states, &events, S::after);
    }
    {
        use PlainClient as S;
        use PlainClientEvent as E;
        let states = [S::Trying, S::Proceeding, S::Completed, S::Terminated];
        let events = [E::Provisional, E::Final, E::TimerE, E::TimerF, E::TimerK, E::TransportFailed];
        table(&mut text, "PlainClient", &states, &events, S::after);
    }
    {
        use PlainServer as S;
        use PlainServerEvent as E;
        let states = [S::Trying, S::Proceeding, S::Completed, S::Terminated];
        let events = [E::Request, E::Provisional, E::Final, E::TimerJ, E::Unanswered];
        table(&mut text, "PlainServer", &states, &events, S::after);
    }
    let golden = include_str!("tables.txt");
    for (line, (ours, written)) in text.lines().zip(golden.lines()).enumerate() {
        assert_eq!(
            ours,
            written,
            "line {} of transaction/tables.txt; the whole table now:\n{text}",
            line + 1
        );
    }
    assert_eq!(text.lines().count(), golden.lines().count(), "the whole table now:\n{text}");
}
