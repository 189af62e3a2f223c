//! The table of rights, as a golden file.

use core::fmt::Write as _;

use turno_model::command::verb::Verb;

use crate::deed::{Deed, View};
use crate::principal::{Principal, Scope};
use crate::rights::Denied;
use crate::role::Role;

fn somebody(role: Role, queues: Option<&[&str]>) -> Principal {
    let queues = queues.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    Principal { name: "ana".to_owned(), scope: Scope { role, agent: Some("1001".to_owned()), queues } }
}

fn sign(result: Result<(), Denied>) -> char {
    if result.is_ok() { 'x' } else { '-' }
}

#[test]
fn the_table_of_rights_is_as_it_is_written() {
    let mut table = "x: may; -: may not. For a command: about the own agent, about another one, about one of other queues.\n\n"
        .to_owned();
    let _ =
        writeln!(table, "{:<22}{:>10}{:>10}{:>12}{:>10}", "", "reader", "agent", "supervisor", "operator");
    for deed in View::ALL.map(Deed::See).into_iter().chain([Deed::Reload, Deed::ChangeUsers]) {
        let signs = Role::ALL.map(|role| sign(somebody(role, None).may(&deed)));
        let _ = writeln!(
            table,
            "{:<22}{:>10}{:>10}{:>12}{:>10}",
            deed.words(),
            signs[0],
            signs[1],
            signs[2],
            signs[3]
        );
    }
    for verb in Verb::ALL {
        let cells = Role::ALL.map(|role| {
            let limited = somebody(role, Some(&["luae"]));
            let act = |agent, queues| sign(limited.may(&Deed::Act { verb, agent: Some(agent), queues }));
            [act("1001", &["luae"]), act("1002", &["luae"]), act("1002", &["general"])]
                .iter()
                .collect::<String>()
        });
        let words = format!("act {}", verb.word());
        let _ =
            writeln!(table, "{words:<22}{:>10}{:>10}{:>12}{:>10}", cells[0], cells[1], cells[2], cells[3]);
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rights.txt");
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(&file, &table).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), table, "TURNO_BLESS=1 writes it anew");
}

#[test]
fn who_has_some_of_the_queues_reaches_agents_of_one_of_them_and_no_announcement_to_all() {
    let some = somebody(Role::Supervisor, Some(&["luae"]));
    let act = |verb, agent, queues| some.may(&Deed::Act { verb, agent, queues });
    assert_eq!(act(Verb::Aux, Some("1002"), &["patente", "luae"]), Ok(()), "an agent of both");
    assert_eq!(act(Verb::Aux, Some("1002"), &["patente"]), Err(Denied::OtherQueue));
    assert_eq!(act(Verb::Move, None, &["luae", "patente"]), Err(Denied::OtherQueue), "out of theirs");
    assert_eq!(act(Verb::EmergencyOn, None, &[]), Err(Denied::OtherQueue));
    assert_eq!(
        act(Verb::Observe, Some("1003"), &["luae"]),
        Err(Denied::OtherAgent),
        "by somebody else's phone"
    );
}

#[test]
fn an_operator_of_some_of_the_queues_changes_nothing_that_concerns_all() {
    let some = somebody(Role::Operator, Some(&["luae"]));
    for deed in [Deed::ChangeUsers, Deed::Reload, Deed::See(View::Audit), Deed::See(View::Users)] {
        assert_eq!(some.may(&deed), Err(Denied::OtherQueue), "{deed:?}");
    }
    let stop = Deed::Act { verb: Verb::Stop, agent: None, queues: &[] };
    assert_eq!(some.may(&stop), Err(Denied::OtherQueue));
}
