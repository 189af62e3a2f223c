//! Tests of who hears whom, as a table.

use super::*;

/// One row for each listener, one column for each speaker.
const TABLE: &str = "
hears ->         caller  agent   other   listen  whisper record  to all  to caller to agent
caller           yes     yes     yes     -       -       -       yes     yes       -
agent            yes     yes     yes     -       yes     -       yes     -         yes
other            yes     yes     yes     -       -       -       yes     -         -
listen           yes     yes     yes     -       -       -       yes     -         -
whisper          yes     yes     yes     -       -       -       yes     -         -
record           yes     yes     yes     -       -       -       yes     -         -
to all           -       -       -       -       -       -       -       -         -
to caller        -       -       -       -       -       -       -       -         -
to agent         -       -       -       -       -       -       -       -         -
";

fn roles() -> Vec<(&'static str, Role)> {
    let says = |to| Role::Announce(Announcement { audio: Audio::Music, to, manner: Manner::OverTalk });
    vec![
        ("caller", Role::Talk(Party::Caller)),
        ("agent", Role::Talk(Party::Agent)),
        ("other", Role::Talk(Party::Other)),
        ("listen", Role::Listen),
        ("whisper", Role::Whisper),
        ("record", Role::Record),
        ("to all", says(Audience::Everybody)),
        ("to caller", says(Audience::Only(Party::Caller))),
        ("to agent", says(Audience::Only(Party::Agent))),
    ]
}

#[test]
fn who_hears_whom_is_this_table() {
    // Wound: the citizen heard a supervisor's whisper, and the cough of a silent listener.
    let width = |name: &str| if name == "to caller" { 10 } else { 8 };
    let mut table = format!("\n{:<17}", "hears ->");
    for (name, _) in roles() {
        table += &format!("{name:<0$}", width(name));
    }
    for (name, listener) in roles() {
        table = format!("{}\n{name:<17}", table.trim_end());
        for (name, speaker) in roles() {
            table += &format!("{:<1$}", if hears(&listener, &speaker) { "yes" } else { "-" }, width(name));
        }
    }
    assert_eq!(format!("{}\n", table.trim_end()), TABLE);
}
