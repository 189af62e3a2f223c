//! Makes the messages that the three parsers read.

use std::path::Path;

use bytes::Bytes;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use turno_ground::{Moment, Rng};

use turno_sip::{Algorithm, Authenticator, Message, Method, Name, Request, Response};

/// One message. Messages with the same name must differ for the same reason.
pub(crate) struct Case {
    /// Where it comes from and what is strange about it.
    pub(crate) name: String,
    /// The message.
    pub(crate) bytes: Bytes,
}

/// How many random valid messages are made; each is changed in every way.
const DRAWN: usize = 24;

/// How many copies of each get one changed byte.
const BYTES_CHANGED: usize = 150;

/// The bytes that a byte is changed to.
const LETTERS: &[u8] = b"\r\n \t;:,<>\"\\@/=?%0aZ\0\x7f\xff";

/// All messages.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = torture();
    cases.extend(written());
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng::new(1);
    for _ in 0..DRAWN {
        let valid = valid().new_tree(&mut runner).unwrap().current();
        cases.push(case("valid", &valid));
        cases.extend((0..BYTES_CHANGED).map(|_| byte_changed(&valid, &mut rng)));
        cases.extend(CHANGES.iter().map(|(name, change)| case(name, &change(&valid))));
    }
    cases
}

fn case(name: &str, text: &str) -> Case {
    Case { name: name.to_owned(), bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

/// A copy with one changed byte; the case's name says in which line.
fn byte_changed(valid: &str, rng: &mut Rng) -> Case {
    let mut bytes = valid.as_bytes().to_vec();
    let mut throw = |bound: usize| usize::try_from(rng.below(bound as u64)).unwrap();
    let at = throw(valid.len());
    bytes[at] = LETTERS[throw(LETTERS.len())];
    let head = valid.find("\r\n\r\n").unwrap();
    let begin = valid[..at].rfind('\n').map_or(0, |end| end + 1);
    let place = match valid[begin..].split_once(':') {
        _ if at >= head => "the body",
        Some((name, _)) if begin > 0 => name,
        _ => "the start line",
    };
    Case { name: format!("a byte changed in {place}"), bytes: Bytes::from(bytes) }
}

/// The messages of RFC 4475, read at run time.
fn torture() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/rfc4475");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: ../shared/data/rfc4475 is not there");
        return Vec::new();
    };
    let files = entries.flatten().map(|entry| entry.path());
    files
        .map(|path| Case {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            bytes: Bytes::from(std::fs::read(path).unwrap()),
        })
        .collect()
}

/// Messages by our own writer, of every kind that it writes.
fn written() -> Vec<Case> {
    let mut authenticator = Authenticator::new(
        "desk",
        vec![Algorithm::Md5],
        core::time::Duration::from_secs(60),
        &mut Rng::new(5),
    );
    let challenge = authenticator.challenge(false, Moment::from_secs(1)).remove(0);
    let mut cases = Vec::new();
    for method in
        [Method::Invite, Method::Register, Method::Bye, Method::Refer, Method::Notify, Method::Options]
    {
        let request = Request::new(method, "sip:a001@192.0.2.7:5070;ob")
            .header(Name::Via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKturno;rport")
            .header(Name::MaxForwards, 70)
            .header(Name::From, "\"Maria\" <sip:0991234567@turno>;tag=abc")
            .header(Name::To, "<sip:a001@192.0.2.7:5070>")
            .header(Name::CallId, "call@turno")
            .header(Name::CSeq, format_args!("1 {}", method.name()))
            .header(Name::Contact, "<sip:turno@192.0.2.1:5060>")
            .header(Name::SessionExpires, "1800;refresher=uac")
            .body("application/sdp", b"v=0\r\n");
        let read = Message::scan(&request).unwrap();
        cases.push(Case { name: "our request".to_owned(), bytes: request });
        for status in [100, 180, 200, 401, 486, 603] {
            let response =
                Response::to(&read, status, "", Some("us"), Some("198.51.100.7:4000".parse().unwrap()));
            let bytes = response.header(Name::WwwAuthenticate, &challenge).finish();
            cases.push(Case { name: "our response".to_owned(), bytes });
        }
    }
    cases
}

/// A request that all three parsers should read alike.
fn valid() -> impl Strategy<Value = String> {
    let user = "[a-z][a-z0-9]{0,9}";
    let host = "[a-z]{2,9}\\.example\\.com|192\\.0\\.2\\.[1-9]";
    let method = proptest::sample::select(vec!["INVITE", "BYE", "OPTIONS", "REGISTER", "MESSAGE", "INFO"]);
    let rest = (
        1024u16..,
        "[a-zA-Z0-9]{6,20}",
        "[a-zA-Z0-9]{4,20}@[a-z]{2,9}",
        1u32..1 << 31,
        "v=0\r\n[a-z=]{1,40}\r\n",
    );
    (method, user, host, user, host, rest).prop_map(|(method, caller, host, callee, there, rest)| {
        let (port, token, call_id, cseq, body) = rest;
        format!(
            "{method} sip:{callee}@{there}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token};rport\r\n\
             Max-Forwards: 70\r\nFrom: \"{caller}\" <sip:{caller}@{host}>;tag={token}\r\nTo: <sip:{callee}@{there}>\r\n\
             Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:{caller}@{host}:{port}>\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    })
}

type Change = fn(&str) -> String;

/// Replaces a header's line; without a new one the line is left out.
fn line(text: &str, name: &str, new: Option<&str>) -> String {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").filter_map(|line| match line.split_once(':') {
        Some((found, _)) if found == name => new.map(str::to_owned),
        _ => Some(line.to_owned()),
    });
    format!("{}\r\n\r\n{body}", lines.collect::<Vec<_>>().join("\r\n"))
}

fn after(text: &str, name: &str, more: &str) -> String {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").map(|line| match line.split_once(':') {
        Some((found, _)) if found == name => format!("{line}{more}"),
        _ => line.to_owned(),
    });
    format!("{}\r\n\r\n{body}", lines.collect::<Vec<_>>().join("\r\n"))
}

fn first(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let (start, rest) = text.split_once("\r\n").unwrap();
    format!("{}\r\n{rest}", change(start))
}

/// Each change makes one thing unusual or wrong.
#[rustfmt::skip]
const CHANGES: &[(&str, Change)] = &[
    ("compact names", |m| m.replace("Via:", "v:").replace("From:", "f:").replace("To:", "t:").replace("Call-ID:", "i:").replace("Contact:", "m:").replace("Content-Length:", "l:").replace("Content-Type:", "c:")),
    ("names in capitals", |m| m.replace("Via:", "VIA:").replace("CSeq:", "CSEQ:").replace("Call-ID:", "CALL-ID:").replace("From:", "FROM:")),
    ("blanks before the colon", |m| m.replace("Call-ID:", "Call-ID \t:")),
    ("no blank after the colon", |m| m.replace("From: ", "From:").replace("CSeq: ", "CSeq:")),
    ("a folded From", |m| m.replace(" <sip:", "\r\n <sip:")),
    ("a fold before the value", |m| m.replace("Call-ID: ", "Call-ID:\r\n\t")),
    ("empty lines first", |m| format!("\r\n\r\n{m}")),
    ("no Via", |m| line(m, "Via", None)),
    ("no From", |m| line(m, "From", None)),
    ("no To", |m| line(m, "To", None)),
    ("no Call-ID", |m| line(m, "Call-ID", None)),
    ("no CSeq", |m| line(m, "CSeq", None)),
    ("no Max-Forwards", |m| line(m, "Max-Forwards", None)),
    ("no Contact", |m| line(m, "Contact", None)),
    ("no Content-Length", |m| line(m, "Content-Length", None)),
    ("two Call-IDs", |m| after(m, "Call-ID", "\r\nCall-ID: other")),
    ("two Froms", |m| after(m, "From", "\r\nFrom: <sip:x@y>;tag=2")),
    ("two CSeqs", |m| after(m, "CSeq", "\r\nCSeq: 9 INVITE")),
    ("two Max-Forwards", |m| after(m, "Max-Forwards", "\r\nMax-Forwards: 9")),
    ("two Content-Lengths that agree", |m| { let l = m.lines().find(|l| l.starts_with("Content-Length")).unwrap(); after(m, "Content-Length", &format!("\r\n{l}")) }),
    ("two Content-Lengths that differ", |m| after(m, "Content-Length", "\r\nContent-Length: 0")),
    ("an empty Call-ID", |m| line(m, "Call-ID", Some("Call-ID:"))),
    ("an empty Contact", |m| line(m, "Contact", Some("Contact:"))),
    ("CSeq of another method", |m| line(m, "CSeq", Some("CSeq: 1 PUBLISH"))),
    ("CSeq of a lower-case method", |m| line(m, "CSeq", Some("CSeq: 1 invite"))),
    ("CSeq beyond 2^31", |m| line(m, "CSeq", Some("CSeq: 2147483648 INVITE"))),
    ("CSeq without a number", |m| line(m, "CSeq", Some("CSeq: INVITE"))),
    ("CSeq with two blanks", |m| after(m, "CSeq", " ").replace("CSeq: ", "CSeq:  ")),
    ("Max-Forwards of 256", |m| line(m, "Max-Forwards", Some("Max-Forwards: 256"))),
    ("Max-Forwards in words", |m| line(m, "Max-Forwards", Some("Max-Forwards: many"))),
    ("Content-Length too long", |m| line(m, "Content-Length", Some("Content-Length: 9999"))),
    ("Content-Length too short", |m| line(m, "Content-Length", Some("Content-Length: 3"))),
    ("Content-Length negative", |m| line(m, "Content-Length", Some("Content-Length: -1"))),
    ("Content-Length with a plus", |m| line(m, "Content-Length", Some("Content-Length: +5"))),
    ("bytes after the body", |m| format!("{m}more")),
    ("the version in lower case", |m| first(m, |l| l.replace("SIP/2.0", "sip/2.0"))),
    ("version 3", |m| first(m, |l| l.replace("SIP/2.0", "SIP/3.0"))),
    ("no version", |m| first(m, |l| l.replace(" SIP/2.0", ""))),
    ("HTTP", |m| first(m, |l| l.replace("SIP/2.0", "HTTP/1.1"))),
    ("two blanks in the start line", |m| first(m, |l| l.replacen(' ', "  ", 1))),
    ("a blank at the end of the start line", |m| first(m, |l| format!("{l} "))),
    ("an unknown method", |m| line(&first(m, |l| format!("NEWMETHOD {}", l.split_once(' ').unwrap().1)), "CSeq", Some("CSeq: 1 NEWMETHOD"))),
    ("a method that is no token", |m| first(m, |l| format!("IN(VITE {}", l.split_once(' ').unwrap().1))),
    ("a Request-URI in brackets", |m| first(m, |l| { let p: Vec<_> = l.split(' ').collect(); format!("{} <{}> {}", p[0], p[1], p[2]) })),
    ("a Request-URI with headers", |m| first(m, |l| l.replace(" SIP/2.0", "?Subject=x SIP/2.0"))),
    ("a Request-URI of IPv6", |m| first(m, |l| format!("{} sip:a@[2001:db8::1]:5070 SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI of tel", |m| first(m, |l| format!("{} tel:+593-2-395;ext=1 SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI of http", |m| first(m, |l| format!("{} http://example.com/x SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI without a scheme", |m| first(m, |l| format!("{} example.com SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI with a password", |m| first(m, |l| format!("{} sip:a:b@h:5060 SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI with a dot in the user", |m| first(m, |l| format!("{} sip:maria.perez@example.com SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI with escapes", |m| first(m, |l| format!("{} sip:%2A11@example.com SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI with parameters", |m| first(m, |l| format!("{} sip:a@example.com;transport=tcp;lr SIP/2.0", l.split(' ').next().unwrap()))),
    ("a Request-URI with port 99999", |m| first(m, |l| format!("{} sip:a@h:99999 SIP/2.0", l.split(' ').next().unwrap()))),
    ("two Vias in one line", |m| after(m, "Via", ", SIP/2.0/TCP proxy.example.com;branch=z9hG4bKp")),
    ("two Vias in two lines", |m| after(m, "Via", "\r\nVia: SIP/2.0/TCP proxy.example.com;branch=z9hG4bKp")),
    ("a Via with blanks", |m| line(m, "Via", Some("Via: SIP / 2.0 / UDP  192.0.2.1 : 5060 ; branch = z9hG4bKx"))),
    ("a Via of IPv6", |m| line(m, "Via", Some("Via: SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bKx"))),
    ("a Via with received and rport", |m| line(m, "Via", Some("Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx;received=192.0.2.1;rport=5061"))),
    ("a Via of WSS with an invalid host", |m| line(m, "Via", Some("Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKx"))),
    ("a Via without a branch", |m| line(m, "Via", Some("Via: SIP/2.0/UDP 192.0.2.1"))),
    ("a Via without a transport", |m| line(m, "Via", Some("Via: SIP/2.0 192.0.2.1;branch=z9hG4bKx"))),
    ("a Via of version 1", |m| line(m, "Via", Some("Via: SIP/1.0/UDP 192.0.2.1;branch=z9hG4bKx"))),
    ("a Via with an empty parameter", |m| line(m, "Via", Some("Via: SIP/2.0/UDP 192.0.2.1;;branch=z9hG4bKx"))),
    ("a Via with port 0", |m| line(m, "Via", Some("Via: SIP/2.0/UDP 192.0.2.1:0;branch=z9hG4bKx"))),
    ("a bare URI in From", |m| line(m, "From", Some("From: sip:a@b.example.com;tag=1"))),
    ("no tag in From", |m| line(m, "From", Some("From: <sip:a@b.example.com>"))),
    ("a tag in quotes", |m| line(m, "From", Some("From: <sip:a@b.example.com>;tag=\"1\""))),
    ("a token as display name", |m| line(m, "From", Some("From: Maria Perez <sip:a@b.example.com>;tag=1"))),
    ("a comma in the display name", |m| line(m, "From", Some("From: \"Perez, Maria\" <sip:a@b.example.com>;tag=1"))),
    ("an escaped quote in the display name", |m| line(m, "From", Some("From: \"a \\\" b\" <sip:a@b.example.com>;tag=1"))),
    ("a bracket in the display name", |m| line(m, "From", Some("From: \"<x>\" <sip:a@b.example.com>;tag=1"))),
    ("a letter beyond ASCII in the display name", |m| line(m, "From", Some("From: \"Peña\" <sip:a@b.example.com>;tag=1"))),
    ("an open quote in From", |m| line(m, "From", Some("From: \"open <sip:a@b.example.com>;tag=1"))),
    ("an open bracket in From", |m| line(m, "From", Some("From: <sip:a@b.example.com;tag=1"))),
    ("blanks inside the brackets", |m| line(m, "To", Some("To: < sip:a@b.example.com >"))),
    ("a parameter of To without a value", |m| line(m, "To", Some("To: <sip:a@b.example.com>;x;tag=1"))),
    ("blanks around a parameter", |m| line(m, "To", Some("To: <sip:a@b.example.com> ; tag = 1"))),
    ("two Contacts in one line", |m| line(m, "Contact", Some("Contact: <sip:a@b.example.com>;q=0.5, <sip:c@d.example.com>"))),
    ("a Contact of a browser", |m| line(m, "Contact", Some("Contact: <sip:x@df7jal23ls0d.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\";reg-id=1"))),
    ("a Contact of star", |m| line(m, "Contact", Some("Contact: *"))),
    ("a Contact that is no address", |m| line(m, "Contact", Some("Contact: \"x"))),
    ("a Contact with a header in its URI", |m| line(m, "Contact", Some("Contact: sip:a@b.example.com?x=y"))),
    ("a line without a colon", |m| after(m, "CSeq", "\r\nno colon here")),
    ("a name that is no token", |m| after(m, "CSeq", "\r\nX(Y): 1")),
    ("a name beyond ASCII", |m| after(m, "CSeq", "\r\nAñadido: 1")),
    ("a value beyond ASCII", |m| after(m, "CSeq", "\r\nSubject: Añadido")),
    ("an empty value", |m| after(m, "CSeq", "\r\nSubject:")),
    ("an unknown header", |m| after(m, "CSeq", "\r\nX-Anything: ;;,,\"<")),
    ("a lone LF at a line's end", |m| m.replacen("\r\nCall-ID", "\nCall-ID", 1)),
    ("a lone CR in a value", |m| m.replacen("Max-Forwards: 70", "Max-Forwards: 7\r0", 1)),
    ("LF for every CRLF", |m| m.replace("\r\n", "\n")),
    ("a NUL in a value", |m| after(m, "CSeq", "\r\nSubject: a\0b")),
    ("no empty line", |m| m.split_once("\r\n\r\n").unwrap().0.to_owned() + "\r\n"),
    ("cut in a header", |m| m[..m.find("Call-ID").unwrap() + 9].to_owned()),
    ("a body of no type", |m| line(m, "Content-Type", None)),
    ("a status line", |m| first(m, |_| "SIP/2.0 200 OK".to_owned())),
    ("a status line without a reason", |m| first(m, |_| "SIP/2.0 200 ".to_owned())),
    ("a status line without the last blank", |m| first(m, |_| "SIP/2.0 200".to_owned())),
    ("a status of 99", |m| first(m, |_| "SIP/2.0 099 Low".to_owned())),
    ("a status of 700", |m| first(m, |_| "SIP/2.0 700 High".to_owned())),
    ("a status of four digits", |m| first(m, |_| "SIP/2.0 2000 OK".to_owned())),
    ("a status that nobody knows", |m| first(m, |_| "SIP/2.0 299 New".to_owned())),
    ("a reason beyond ASCII", |m| first(m, |_| "SIP/2.0 200 Señal".to_owned())),
    ("a response with two Vias", |m| first(&after(m, "Via", ", SIP/2.0/UDP other"), |_| "SIP/2.0 200 OK".to_owned())),
];
