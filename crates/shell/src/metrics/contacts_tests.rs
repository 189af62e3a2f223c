//! Metrics of a few contacts.

use turno_model::{AgentId, ContactId, ContactOutcome, EndedBy, IdMap, MediaReport};

use super::*;
use crate::metrics::render;
use crate::small_plan::{loopback_trunk, one_queue as plan};

fn ended(outcome: ContactOutcome, waited: u64) -> Fact {
    Fact::ContactEnded {
        contact: ContactId(1),
        queue: QueueId(0),
        outcome,
        by: EndedBy::Caller,
        waited: Duration::from_secs(waited),
    }
}

fn after(facts: &[Fact]) -> String {
    let registry = Registry::new();
    let mut meters = ContactMeters::new(&registry, &plan());
    for fact in facts {
        meters.apply(fact);
    }
    render(&registry.gather())
}

#[test]
fn every_contact_is_counted_under_its_one_outcome() {
    // Wound: calls counted twice, answered shown as abandoned.
    let text = after(&[
        ended(ContactOutcome::Answered, 12),
        ended(ContactOutcome::Answered, 90),
        ended(ContactOutcome::Abandoned, 3),
        ended(ContactOutcome::Abandoned, 60),
        Fact::TurnedAway { contact: ContactId(9), reason: TurnedAway::Closed },
    ]);
    for line in [
        "turno_contacts_total{outcome=\"answered\",queue=\"passports\"} 2\n",
        "turno_contacts_total{outcome=\"abandoned\",queue=\"passports\"} 2\n",
        "turno_contacts_total{outcome=\"dequeued\",queue=\"passports\"} 0\n",
        "turno_answered_in_target_total{queue=\"passports\"} 1\n",
        "turno_short_abandons_total{queue=\"passports\"} 1\n",
        "turno_turned_away_total{reason=\"closed\"} 1\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn the_queues_own_targets_are_borders_of_the_histograms() {
    let text = after(&[]);
    assert!(text.contains("turno_wait_seconds_bucket{outcome=\"answered\",queue=\"passports\",le=\"17\"} 0"));
    assert!(text.contains("turno_handling_seconds_bucket{queue=\"passports\",le=\"180\"} 0"));
    assert!(text.contains("turno_handling_seconds_bucket{queue=\"passports\",le=\"155\"} 0"));
}

#[test]
fn a_contact_over_three_minutes_counts_as_handled_out_of_target() {
    let disconnected = |talked, held| Fact::Disconnected {
        contact: ContactId(1),
        agent: AgentId(0),
        queue: QueueId(0),
        talked: Duration::from_secs(talked),
        held: Duration::from_secs(held),
    };
    let text = after(&[disconnected(150, 30), disconnected(150, 31)]);
    assert!(text.contains("turno_handled_in_target_total{queue=\"passports\"} 1\n"));
    assert!(text.contains("turno_handling_seconds_count{queue=\"passports\"} 2\n"));
    assert!(text.contains("turno_hold_seconds_total{queue=\"passports\"} 61\n"));
}

#[test]
fn the_second_tone_is_booked_on_the_queue_that_the_contact_came_by() {
    let connected = Fact::Connected {
        contact: ContactId(1),
        agent: AgentId(0),
        queue: QueueId(0),
        waited: Duration::from_secs(1),
    };
    let breached = Fact::TargetBreached { contact: ContactId(1), agent: AgentId(0) };
    let text = after(&[connected, breached]);
    assert!(text.contains("turno_handling_breached_total{queue=\"passports\"} 1\n"));
}

#[test]
fn a_stranger_cannot_make_a_series_by_pressing_keys() {
    let chosen = |digit| Fact::MenuChosen { contact: ContactId(1), digit };
    let text = after(&[chosen(Some('7')), chosen(Some('é')), chosen(None)]);
    assert!(text.contains("turno_menu_choices_total{digit=\"7\"} 1\n"));
    assert!(text.contains("turno_menu_choices_total{digit=\"none\"} 2\n"));
}

#[test]
fn a_bad_line_shows_in_loss_and_jitter() {
    let text = after(&[Fact::MediaReported(MediaReport {
        contact: None,
        of_caller: true,
        received: 90,
        lost: 10,
        jitter: Duration::from_millis(30),
    })]);
    assert!(text.contains("turno_rtp_packets_lost_total 10\n"));
    assert!(text.contains("turno_rtp_packets_expected_total 100\n"));
    assert!(text.contains("turno_rtp_jitter_seconds_bucket{le=\"0.02\"} 0\n"));
    assert!(text.contains("turno_rtp_jitter_seconds_bucket{le=\"0.04\"} 1\n"));
}

#[test]
fn a_trunk_that_is_gone_from_the_site_does_not_stand_as_down() {
    let mut site = plan();
    site.trunks.push(loopback_trunk());
    let mut without = site.clone();
    let gone = without.trunks.remove(0).name;
    let aligned = IdMap::of(&site).align(without);
    let registry = Registry::new();
    let _meters = ContactMeters::new(&registry, &aligned);
    let text = render(&registry.gather());
    assert!(!text.contains(&format!("trunk=\"{gone}\"")), "{text}");
}
