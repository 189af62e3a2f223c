//! Users, sessions, tokens, throttling and the log, as people meet them.

use std::net::{IpAddr, Ipv4Addr};

use crate::audit::Outcome;
use crate::limit::{SESSION_IDLE, SESSION_SPAN, SESSIONS_MAX};
use crate::open::Access;
use crate::principal::Scope;
use crate::role::Role;
use crate::secret::csrf_of;
use crate::sessions::Session;
use crate::throttle::Throttle;
use crate::tokens::NewToken;
use crate::trouble::Trouble;
use crate::users::NewUser;

const NOW: u64 = 1_800_000_000;
const GOOD: &str = "four quiet mountain llamas";

fn sign_in(access: &mut Access, name: &str, password: &str, random: [u8; 32], now: u64) -> Option<Session> {
    let proved = access.lock_of(name).expect("the database").opens(password).expect("a hash")?;
    access.begin_session(proved, &random, now).expect("the database")
}

fn random(number: u8) -> [u8; 32] {
    [number; 32]
}

fn with(name: &str, scope: Scope) -> Access {
    let mut access = Access::in_memory().expect("a database");
    access.add_user(&NewUser { name, scope, password: GOOD }, &random(1), NOW).expect("a user");
    access
}

fn operator() -> Access {
    with("maria", Scope::of(Role::Operator))
}

#[test]
fn somebody_signs_in_is_known_by_the_cookie_and_signs_out() {
    let mut access = operator();
    let session = sign_in(&mut access, "Maria", GOOD, random(2), NOW).expect("signed in");
    assert_eq!(session.principal.name, "maria");
    let cookie = session.secret.reveal().to_owned();
    assert_eq!(access.session(&cookie, NOW + 5).expect("the database"), Some(session.principal));
    assert!(access.session(&format!("{cookie}x"), NOW + 5).expect("the database").is_none());
    assert_ne!(csrf_of(&cookie), csrf_of(&format!("{cookie}x")));
    access.sign_out(&cookie).expect("the database");
    assert!(access.session(&cookie, NOW + 6).expect("the database").is_none());
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_refused_alike() {
    let mut access = operator();
    assert!(sign_in(&mut access, "maria", "four quiet mountain goats", random(2), NOW).is_none());
    assert!(sign_in(&mut access, "mario", GOOD, random(2), NOW).is_none());
}

#[test]
fn a_session_ends_when_it_is_idle_and_after_a_shift_in_any_case() {
    let mut access = operator();
    let session = sign_in(&mut access, "maria", GOOD, random(2), NOW).expect("signed in");
    let cookie = session.secret.reveal();
    let mut now = NOW;
    while now + SESSION_IDLE <= NOW + SESSION_SPAN {
        now += SESSION_IDLE;
        assert!(access.session(cookie, now).expect("runs").is_some(), "in use");
    }
    assert!(access.session(cookie, NOW + SESSION_SPAN + 1).expect("runs").is_none(), "the shift is over");
    let session = sign_in(&mut access, "maria", GOOD, random(3), now).expect("signed in");
    assert!(access.session(session.secret.reveal(), now + SESSION_IDLE + 1).expect("runs").is_none(), "idle");
}

#[test]
fn a_ninth_session_ends_the_oldest() {
    let mut access = operator();
    let first = sign_in(&mut access, "maria", GOOD, random(10), NOW).expect("signed in");
    for number in 1..=SESSIONS_MAX {
        let fresh = random(10 + u8::try_from(number).expect("few"));
        sign_in(&mut access, "maria", GOOD, fresh, NOW + u64::from(number)).expect("signed in");
    }
    assert!(access.session(first.secret.reveal(), NOW + 20).expect("runs").is_none());
}

#[test]
fn bad_names_and_passwords_are_refused_with_a_sentence() {
    let mut access = operator();
    let mut add = |name: &str, password: &str| {
        let new = NewUser { name, scope: Scope::of(Role::Agent), password };
        access.add_user(&new, &random(3), NOW).expect_err("refused").to_string()
    };
    for name in ["", " ana", "ana\n", "аna", "-ana", &"a".repeat(65)] {
        assert!(add(name, GOOD).starts_with("a name has"), "{name:?}");
    }
    assert!(add("ana", "short").starts_with("a password has"));
    for password in ["aaaaaaaaaaaaaaaa", "Password1234", "ana-and-the-rest"] {
        assert!(add("ana", password).contains("guessed"), "{password}");
    }
    assert!(add("MARIA", "a good long password").contains("taken"));
}

#[test]
fn the_last_operator_stays() {
    let mut access = operator();
    assert!(matches!(access.remove_user("maria"), Err(Trouble::LastOperator)));
    let less = Scope::of(Role::Supervisor);
    assert!(matches!(access.change_user("maria", &less, true, NOW), Err(Trouble::LastOperator)));
    let boss = Scope::of(Role::Operator);
    assert!(matches!(access.change_user("maria", &boss, false, NOW), Err(Trouble::LastOperator)));
    access.add_user(&NewUser { name: "ana", scope: boss, password: GOOD }, &random(4), NOW).expect("a user");
    access.remove_user("maria").expect("there is another");
}

#[test]
fn a_user_who_may_do_less_is_signed_out_with_all_tokens() {
    let mut access = operator();
    let scope = Scope::of(Role::Supervisor);
    access
        .add_user(&NewUser { name: "ana", scope: scope.clone(), password: GOOD }, &random(4), NOW)
        .expect("a user");
    let session = sign_in(&mut access, "ana", GOOD, random(5), NOW).expect("signed in");
    let new = NewToken { name: "wall", owner: "ana", scope: scope.clone(), expires: NOW + 100 };
    let token = access.add_token(&new, &random(6), NOW).expect("a token");
    access.change_user("ana", &Scope { queues: None, ..scope.clone() }, true, NOW).expect("the same");
    assert!(access.session(session.secret.reveal(), NOW + 1).expect("runs").is_some(), "as before");
    let narrow = Scope { queues: Some(vec!["luae".to_owned()]), ..scope };
    access.change_user("ana", &narrow, true, NOW).expect("less");
    assert!(access.session(session.secret.reveal(), NOW + 1).expect("runs").is_none());
    assert!(access.bearer(token.reveal(), NOW + 1).expect("runs").is_none());
}

#[test]
fn a_token_has_no_more_rights_than_its_owner_and_ends() {
    let mut access = operator();
    let narrow = Scope { queues: Some(vec!["luae".to_owned()]), ..Scope::of(Role::Supervisor) };
    access
        .add_user(&NewUser { name: "ana", scope: narrow.clone(), password: GOOD }, &random(4), NOW)
        .expect("a user");
    let mut make = |scope: Scope| {
        access.add_token(&NewToken { name: "wall", owner: "ana", scope, expires: NOW + 60 }, &random(7), NOW)
    };
    for too_much in [
        Scope::of(Role::Supervisor),
        Scope { role: Role::Operator, ..narrow.clone() },
        Scope { queues: Some(vec!["luae".to_owned(), "patente".to_owned()]), ..narrow.clone() },
        Scope { agent: Some("1001".to_owned()), ..narrow.clone() },
    ] {
        assert!(matches!(make(too_much.clone()), Err(Trouble::TooMuch)), "{too_much:?}");
    }
    let token = make(Scope { role: Role::Reader, ..narrow }).expect("less");
    let known = access.bearer(token.reveal(), NOW + 59).expect("runs").expect("known");
    assert_eq!((known.name.as_str(), known.scope.role), ("token wall of ana", Role::Reader));
    assert!(access.bearer(token.reveal(), NOW + 60).expect("runs").is_none(), "it has ended");
    assert_eq!(access.tokens(Some("ana")).expect("runs").len(), 1);
    access.remove_token("ana", "wall").expect("it is there");
    assert!(matches!(access.remove_token("ana", "wall"), Err(Trouble::Unknown)));
}

#[test]
fn guessing_becomes_slow_for_a_user_and_for_an_address_and_never_for_ever() {
    let source = |last: u8| IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
    let mut throttle = Throttle::default();
    let mut now = NOW;
    for _ in 0..4 {
        throttle.was_wrong("ana", source(1), now);
        assert_eq!(throttle.wait("ana", source(1), now), 0, "mistakes");
    }
    for wait in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        throttle.was_wrong("ana", source(1), now);
        assert_eq!(throttle.wait("ANA", source(1), now), wait);
        assert_eq!(throttle.wait("ana", source(2), now), 0, "others do not keep Ana out elsewhere");
        assert_eq!(throttle.wait("berta", source(1), now), 0, "nor Berta at the same address");
        now += wait;
        assert_eq!(throttle.wait("ana", source(1), now), 0);
    }
    throttle.was_right("ana", source(1));
    assert_eq!(throttle.wait("ana", source(1), now - 4_000), 0, "forgiven, also when the clock is set back");
    for number in 0..60 {
        throttle.was_wrong("ana", source(10 + number), now);
        throttle.was_wrong(&format!("name{number}"), source(3), now);
    }
    assert!(throttle.wait("ana", source(200), now) > 0, "many addresses guess one name");
    assert!(throttle.wait("berta", source(3), now) > 0, "one address guesses many names");
    assert_eq!(throttle.wait("ana", source(1), now), 0, "who has signed in there before is not kept out");
    for number in 0..4_200_u32 {
        throttle.was_wrong(&format!("stranger{number}"), IpAddr::V4(Ipv4Addr::from(number)), now);
    }
    assert!(throttle.wait("berta", source(3), now) > 0, "a flood of strangers does not free who was barred");
}

#[test]
fn the_log_keeps_what_was_done_and_refused_in_order_on_one_line_each() {
    let mut access = operator();
    for number in 0..5 {
        let deed = ("act aux", "1001\n1002");
        access
            .note(("maria", "127.0.0.1"), deed, (Outcome::Denied, &"x".repeat(500)), NOW + number)
            .expect("runs");
    }
    let page = access.records(None, 3).expect("runs");
    assert_eq!(page.iter().map(|record| record.number).collect::<Vec<_>>(), [5, 4, 3]);
    assert_eq!((page[0].target.as_str(), page[0].why.len()), ("1001 1002", 200));
    let rest = access.records(Some(3), 3).expect("runs");
    assert_eq!(rest.iter().map(|record| record.number).collect::<Vec<_>>(), [2, 1]);
    assert!(!access.forget_records(NOW + 2).expect("runs"));
    assert_eq!(access.records(None, 10).expect("runs").len(), 3);
}

#[test]
fn a_file_of_a_newer_turno_is_refused_and_others_may_not_read_it() {
    let folder = std::env::temp_dir().join(format!("turno-access-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("access.db");
    let access = Access::open(&file).expect("made");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).expect("there"));
    assert_eq!(mode & 0o777, 0o600);
    access.database.pragma_update(None, "user_version", 7).expect("runs");
    drop(access);
    let refused = Access::open(&file).expect_err("refused").to_string();
    assert!(refused.contains("version 7"), "{refused}");
    std::fs::write(&file, b"no database at all, but long enough to be looked at as one....".repeat(99))
        .expect("written");
    assert!(matches!(Access::open(&file), Err(Trouble::Database(_))));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_password_that_was_changed_while_it_was_tried_opens_nothing() {
    let mut access = operator();
    let proved = access.lock_of("maria").expect("runs").opens(GOOD).expect("a hash").expect("right");
    access.set_password("maria", "eight loud river otters", &random(8), NOW).expect("changed");
    assert!(access.begin_session(proved, &random(9), NOW).expect("runs").is_none());
}
