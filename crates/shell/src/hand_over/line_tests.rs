//! Two ends of a hand-over connection: every message, too many descriptors, silence and invalid data.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;

use core::time::Duration;

use super::{HandOverLine, Named, NoWord, Word};

const PATIENCE: Duration = Duration::from_secs(20);

fn named(port: u16) -> Named {
    let file = std::fs::File::open("/dev/null").expect("it is there");
    ("rtp".to_owned(), SocketAddr::from(([127, 0, 0, 1], port)), file.into())
}

fn ends() -> (HandOverLine, HandOverLine) {
    let (here, there) = UnixStream::pair().expect("two ends");
    (HandOverLine::new(here).expect("a line"), HandOverLine::new(there).expect("a line"))
}

#[test]
fn more_descriptors_than_the_kernel_takes_at_once_arrive_each_under_its_name() {
    let (here, mut there) = ends();
    for count in [0, 1, 100, 350] {
        let sent: Vec<Named> = (0..count).map(named).collect();
        let heard = std::thread::scope(|scope| {
            let heard = scope.spawn(|| there.hear(PATIENCE));
            here.say(&Word::Voices(sent)).expect("sent");
            heard.join().expect("no panic")
        });
        let Ok(Word::Voices(all)) = heard else { panic!("{heard:?}") };
        let ports: Vec<u16> = all.iter().map(|(_, at, _)| at.port()).collect();
        assert_eq!(ports, (0..count).collect::<Vec<_>>());
    }
}

#[test]
fn words_that_arrive_in_one_piece_are_heard_one_by_one() {
    let (here, mut there) = ends();
    here.say(&Word::Offer(vec![named(1)])).expect("sent");
    here.say(&Word::GoOn).expect("sent");
    here.say(&Word::Refused("not today".to_owned())).expect("sent");
    assert!(matches!(there.hear(PATIENCE), Ok(Word::Offer(all)) if all.len() == 1));
    assert!(matches!(there.hear(PATIENCE), Ok(Word::GoOn)));
    assert!(matches!(there.hear(PATIENCE), Ok(Word::Refused(why)) if why == "not today"));
    assert_eq!(there.hear(Duration::from_millis(1)).expect_err("nothing came"), NoWord::Late);
    drop(here);
    assert!(matches!(there.hear(PATIENCE), Err(NoWord::Lost(why)) if why.contains("closed")));
}

#[test]
fn nonsense_and_a_line_without_an_end_are_no_words() {
    for nonsense in [
        &b"hello\n"[..],
        b"{\"word\":\"dance\"}\n",
        b"{\"word\":\"offer\",\"sockets\":[[\"rtp\",\"127.0.0.1:1\"]]}\n",
        &[b'x'; 20_000],
    ] {
        let (here, mut there) = ends();
        here.stream().write_all(nonsense).expect("written");
        assert!(
            matches!(there.hear(PATIENCE), Err(NoWord::Lost(_))),
            "{:?}",
            String::from_utf8_lossy(nonsense)
        );
    }
}
