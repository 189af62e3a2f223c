//! E-mail through a running turno: exim and dovecot of the machine take and deliver, an agent answers at the desk.

use core::time::Duration;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use turno_tests::wire::{Folder, Server, Sipp, is_missing};

use crate::page::Agent;
use crate::servers::{PASSWORD, Servers};
use crate::{kills, until};

const SITE: &str = "atencion@quito.example";
const PERSON: &str = "vecina@example.org";

/// A turno whose mailbox is on the machine's servers.
struct Stage {
    servers: Servers,
    server: Server,
    agent: Agent,
    _secrets: Folder,
}

impl Stage {
    /// `None`, said aloud: the machine lacks a program.
    fn new(acknowledgement: &str) -> Option<Self> {
        if is_missing(&["sipp"]) {
            return None;
        }
        let servers = Servers::start()?;
        let secrets = Folder::new();
        let password = secrets.join("password");
        fs::write(&password, PASSWORD).expect("the test's folder can be written");
        fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).expect("it is ours");
        let tables = format!(
            "[api]\nlisten = \"127.0.0.1:8081\"\n\n[written]\nemail = \"lab\"\n\n[mail]\naddress = \"{SITE}\"\n\
             imap = \"localhost:{}\"\nsmtp = \"localhost:{}\"\nsmtp_login = false\npassword_file = \"{}\"\nca = \"{}\"\n\
             from = \"all\"\nplus = true\nacknowledgement = \"{acknowledgement}\"\n\n[http]",
            servers.imaps,
            servers.smtp,
            password.display(),
            servers.folder.join("cert.pem").display(),
        );
        let server = Server::lab_kept_with(&[("[http]", &tables)]);
        let agent = Agent::signed_in(&server);
        Sipp::register(&server, 1, 1, 5080);
        Some(Self { servers, server, agent, _secrets: secrets })
    }

    /// Somebody sends this mail to the site.
    fn writes(&self, from: &str, (id, more): (&str, &str), words: &str) {
        let text = format!(
            "From: <{from}>\nTo: <{SITE}>\nSubject: luz\nMessage-ID: <{id}@example.org>\n{more}\n{words}\n"
        );
        self.servers.send(from, SITE, &text);
    }

    /// SIGKILL and another one in its place, whose agent has a phone.
    fn is_killed(&mut self, number: u16) {
        self.server.kill_and_start_again();
        Sipp::register(&self.server, 1, 1, 5081 + number);
    }

    /// Waits until no letter is under way.
    fn is_quiet(&mut self) {
        self.server.wait_until("nothing is leaving", |now| now.sum("turno_written_leaving", &[]) == 0.0);
    }
}

/// The value of a header.
fn header<'x>(mail: &'x str, name: &str) -> &'x str {
    let line = mail.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {mail}"))
}

#[test]
fn a_mail_is_answered_by_an_agent_in_its_thread_once_also_over_a_kill() {
    // Wound: the site is restarted while it reads its mailbox, and a citizen gets an answer twice or none.
    let Some(mut stage) = Stage::new("") else { return };
    stage.writes(PERSON, ("question", ""), "¿Y la luz?");
    let conversation = stage.agent.takes_one();
    let listed = stage.agent.until("it is listed", r#""stage":"agent""#);
    assert!(listed.contains(r#""channel":"email""#) && listed.contains(r#""subject":"luz""#), "{listed}");
    stage.agent.replies(conversation, "one", "Mañana vuelve.");
    let answer = stage.servers.mails("vecina", 1).remove(0);
    assert_eq!(header(&answer, "In-Reply-To"), "<question@example.org>");
    assert_eq!(header(&answer, "Subject"), "Re: luz");
    assert!(header(&answer, "References").contains("<question@example.org>"), "{answer}");
    stage.agent.until_written(conversation, r#""delivery":"sent""#);

    // Her mailer names the answer alone; the mail comes while nobody is there to read it.
    let replies = format!("In-Reply-To: {}\n", header(&answer, "Message-ID"));
    stage.server.kill();
    stage.writes(PERSON, ("thanks", &replies), "Gracias.");
    stage.server.start_again();
    Sipp::register(&stage.server, 1, 1, 5081);
    stage.agent.until_written(conversation, "Gracias.");
    assert!(stage.agent.replies(conversation, "one", "Mañana vuelve.").contains("\"again\":true"));
    stage.agent.replies(conversation, "two", "De nada.");
    let answers = stage.servers.mails("vecina", 2);
    let of_thanks =
        answers.iter().filter(|mail| header(mail, "In-Reply-To") == "<thanks@example.org>").count();
    assert_eq!((answers.len(), of_thanks), (2, 1), "{answers:?}");
    assert_eq!(stage.agent.texts(conversation, "citizen"), ["¿Y la luz?", "Gracias."]);
    stage.server.stop();
}

#[test]
fn kills_between_mails_and_answers_lose_none_and_send_none_twice() {
    let Some(mut stage) = Stage::new("") else { return };
    stage.writes(PERSON, ("m0", ""), "pregunta 0.");
    let conversation = stage.agent.takes_one();
    for kill in 1..=kills() {
        let replies = "In-Reply-To: <m0@example.org>\n";
        stage.writes(PERSON, (&format!("m{kill}"), replies), &format!("pregunta {kill}."));
        stage.agent.replies(conversation, &format!("a{kill}"), &format!("respuesta {kill}."));
        // Now it is in the file alone, or under way, or with exim.
        std::thread::park_timeout(Duration::from_millis(u64::from(kill % 5) * 15));
        stage.is_killed(u16::try_from(kill).expect("a port"));
        let again = stage.agent.replies(conversation, &format!("a{kill}"), &format!("respuesta {kill}."));
        assert!(again.contains("\"again\":true"), "{again}");
    }
    let asked: Vec<String> = (0..=kills()).map(|kill| format!("pregunta {kill}.")).collect();
    until("every mail is there", || stage.agent.texts(conversation, "citizen").len() >= asked.len());
    assert_eq!(stage.agent.texts(conversation, "citizen"), asked, "once, and in order");
    stage.is_quiet();
    stage.agent.replies(conversation, "last", "fin.");
    until("the last answer is there", || stage.answers("fin.") == 1);
    let mut in_doubt = 0;
    for (text, delivery) in stage.agent.states(conversation, "agent") {
        match delivery.as_str() {
            "sent" => until(&format!("{text} is there"), || stage.answers(&text) == 1),
            // The agent reads that nobody knows: once or never.
            "failed" => in_doubt += 1,
            other => panic!("{text} is {other}"),
        }
        assert!(stage.answers(&text) <= 1, "{text} came twice");
    }
    println!("{} kills, {in_doubt} answers of which nobody knows", kills());
    stage.server.stop();
}

impl Stage {
    /// How many mails of the person's mailbox say this.
    fn answers(&self, words: &str) -> usize {
        let mails = self.servers.mails("vecina", 0);
        mails
            .iter()
            .filter(|mail| mail.contains(&format!("\r\n{words}")) || mail.contains(&format!("\n{words}")))
            .count()
    }
}

#[test]
fn programs_that_answer_are_read_and_answered_by_nobody() {
    // RFC 3834: a mailbox that is on holiday and a turno that acknowledges must stop after one mail.
    let Some(stage) = Stage::new("Su número es {number}.") else { return };
    stage.writes(PERSON, ("question", ""), "¿Y la luz?");
    let conversation = stage.agent.takes_one();
    let acknowledged = stage.servers.mails("vecina", 1).remove(0);
    assert_eq!(header(&acknowledged, "Auto-Submitted"), "auto-replied");
    assert_eq!(header(&acknowledged, "Return-path"), "<>");
    stage.agent.replies(conversation, "one", "Mañana vuelve.");
    let answers = stage.servers.mails("vecina", 2);
    let answer = answers.iter().find(|mail| mail.contains("vuelve")).expect("the agent's answer");
    let holiday = format!("In-Reply-To: {}\nAuto-Submitted: auto-replied\n", header(answer, "Message-ID"));
    stage.writes(PERSON, ("holiday", &holiday), "Estoy de vacaciones.");
    stage.agent.until_written(conversation, "Estoy de vacaciones.");
    let bulk = "Auto-Submitted: auto-generated\nPrecedence: bulk\n";
    stage.writes("consultas@example.org", ("bulk", bulk), "Boletín.");
    // Mails are read in their order: if a program had been answered, its answer would be there with this one.
    stage.writes("plaza@example.org", ("person", ""), "¿Y el agua?");
    assert!(stage.servers.mails("plaza", 1)[0].contains("Su n"), "a person is acknowledged");
    assert_eq!(stage.servers.mails("vecina", 2).len(), 2, "one acknowledgement and one answer");
    assert!(stage.servers.mails("consultas", 0).is_empty());
    stage.server.stop();
}

#[test]
fn an_answer_that_comes_back_is_shown_to_the_agent_as_failed() {
    let Some(stage) = Stage::new("") else { return };
    stage.writes("full@example.org", ("question", ""), "¿Y la luz?");
    let conversation = stage.agent.takes_one();
    stage.agent.replies(conversation, "one", "Mañana vuelve.");
    stage.agent.until_written(conversation, "the mailbox is full");
    assert_eq!(
        stage.agent.states(conversation, "agent"),
        [("Mañana vuelve.".to_owned(), "failed".to_owned())]
    );
    assert_eq!(stage.agent.texts(conversation, "citizen"), ["¿Y la luz?"], "a report is no word of a person");
    let listed = stage.agent.until("the conversation is there", "conversation");
    assert_eq!(listed.matches("\"conversation\":").count(), 1, "and no matter of its own: {listed}");
    stage.server.stop();
}
