//! A caller is asked after the talk on real sockets: keys by telephone-event, and the prompts that are heard.

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone};

const QUEUE: &str = "name = \"lab\"\nanswer_on_entry = false";
const ASKS: &str = "name = \"lab\"\nanswer_on_entry = true\nsurvey_language = \"en\"\n\
     survey_questions = [\"en/survey/satisfied\", \"en/survey/solved\"]";

#[test]
fn a_caller_answers_by_telephone_event_and_the_agent_is_free_meanwhile() {
    let mut server = Server::lab_with(&[(QUEUE, ASKS)]);
    let mut ana = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let first = line.calls("0991234567", "7000");
    line.is_answered(first);
    let event = ana.waits_for("the caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    ana.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.presses('9');
    ana.hangs_up(call);
    server.wait_until("the caller is asked", |now| now.sum("turno_surveys_offered_total", &[]) == 1.0);
    let before = citizen.hears("silence or music", |_| true).received;
    citizen.hears("the introduction", |heard| heard.received > before + 50);
    citizen.presses('5');
    server.wait_until("the first answer counts", |now| {
        now.sum("turno_survey_answers_total", &["question=\"1\"", "key=\"5\""]) == 1.0
    });
    citizen.presses('2');
    let now = server.wait_until("the survey is complete", |now| {
        now.sum("turno_surveys_ended_total", &["how=\"complete\""]) == 1.0
    });
    assert_eq!(now.sum("turno_survey_answers_total", &["question=\"2\"", "key=\"2\""]), 1.0);
    assert_eq!(now.contacts("lab", "answered"), 1.0);
    line.waits_for(
        "the end of the thanks",
        |event| matches!(event, PhoneEvent::Ended { call, .. } if *call == first),
    );
    drop((citizen, ana));
    server.stop();
}
