//! What each fact changes.

use turno_model::{ContactId, Fact, HandlingChange, MenuChange, MenuStep, PassingChange, WaitTold};

use crate::book::{Book, Now};
use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::open::OpenContact;
use crate::tables::Contact;

impl Book {
    /// Takes a fact. Facts must come in order. A fact about a contact whose arrival is not known changes nothing of it.
    pub(crate) fn apply(&mut self, now: Now<'_>, fact: &Fact) {
        self.roll(now);
        match fact {
            Fact::ContactArrived { contact, .. } => self.arrived(now, *contact, fact),
            Fact::MenuChosen { contact, digit } => {
                self.noted(*contact, Contact::MenuDigit, digit.map(String::from));
            }
            Fact::Menu(step) => self.stepped_in_menu(step),
            Fact::TurnedAway { contact, reason } => self.turned_away(now, *contact, *reason),
            Fact::Queued { contact, queue, priority, position } => {
                self.queued(now, *contact, *queue, (*priority, *position));
            }
            Fact::Connected { contact, agent, queue, .. } => self.connected(now, *contact, *agent, *queue),
            Fact::WaitTold(WaitTold { contact, waited, within, .. }) => {
                if let Some(within) = within {
                    self.told(now, *contact, *waited + *within);
                }
            }
            Fact::TakenOver { contact, to, queue, .. } => self.taken_over(now, *contact, *to, *queue),
            Fact::Held { contact, agent } => self.held(now, *contact, *agent, true),
            Fact::Resumed { contact, agent } => self.held(now, *contact, *agent, false),
            Fact::Disconnected { contact, agent, .. } => self.disconnected(now, *contact, *agent),
            Fact::ContactEnded { contact, outcome, by, waited, .. } => {
                self.ended(now, *contact, (*outcome, *by), *waited);
            }
            Fact::AgentChanged { agent, from, to } => self.agent_changed(now, *agent, *from, *to),
            Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Survey(_)
            | Fact::Callback(..)
            | Fact::Recording { .. }
            | Fact::WrapUp { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Handling(_)
            | Fact::Passing(_)
            | Fact::Transferred { .. }
            | Fact::Stepped(_)
            | Fact::Break(_)
            | Fact::Voicemail(_) => self.apply_to_records(now, fact),
            Fact::Started
            | Fact::LegOpened { .. }
            | Fact::AgentAsked { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported(_)
            | Fact::Alarm { .. }
            | Fact::CallsRefused { .. }
            | Fact::TrunkTold { .. }
            // Withheld numbers are for the operator of the journal alone.
            | Fact::NumberWithheld { .. }
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::TakesBeside { .. }
            | Fact::Seated { .. }
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::Reprioritised { .. }
            | Fact::QueueTurned { .. }
            | Fact::Commanded(_)
            | Fact::Emergency(_)
            | Fact::CallerKnown(..)
            | Fact::PinEntered(_)
            | Fact::CallerList(_)
            | Fact::Phone(_)
            | Fact::SkillChanged(_)
            | Fact::LiveSpeech(_) => {}
        }
    }

    /// A caller whom a card served without a person: no agent gives these a code.
    fn stepped_in_menu(&mut self, step: &MenuStep) {
        if let MenuChange::Contained { code: Some(code), .. } = &step.change {
            self.noted(step.contact, Contact::WrapUp, Some(code.as_str().to_owned()));
        }
    }

    /// Notes a text of a contact whose arrival is known.
    fn noted(&mut self, contact: ContactId, column: Contact, text: Option<String>) {
        if self.contacts.contains_key(&contact) {
            self.changes.row::<Contact>(vec![contact.0.into()]).set(column, text);
        }
    }

    /// Facts with a row of their own, or that are only counted.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller gives only these")]
    fn apply_to_records(&mut self, now: Now<'_>, fact: &Fact) {
        match fact {
            Fact::Offered { decision, .. } => {
                self.offer(now, fact);
                self.offered(now, decision);
            }
            Fact::OfferSettled { agent, queue, outcome, rang, .. } => {
                self.offer(now, fact);
                self.settled(now, (*agent, *queue), (*outcome, *rang));
            }
            Fact::Survey(survey) => {
                self.survey(now, survey);
                self.surveyed(now, survey);
            }
            Fact::Callback(contact, change) => {
                self.callback(now, *contact, change);
                self.called_back(now, *contact, change);
            }
            Fact::Recording { contact, recording, change } => {
                self.recording(now, *contact, *recording, change);
            }
            Fact::WrapUp { contact, agent, code } => {
                self.wrapped_up(now, *contact, *agent, code);
                self.count(now, *agent, AgentInterval::WrappedUp);
            }
            Fact::HoldRecalled { contact, .. } => {
                self.mark(now, *contact, QueueInterval::Recalled);
                self.count_contact(*contact, Contact::Recalls);
            }
            Fact::TargetWarned { contact, .. } => {
                self.mark(now, *contact, QueueInterval::Warned);
                self.count_contact(*contact, Contact::Warned);
            }
            Fact::TargetBreached { contact, agent } => {
                self.mark(now, *contact, QueueInterval::Breached);
                self.count(now, *agent, AgentInterval::Breached);
                self.count_contact(*contact, Contact::Breached);
            }
            Fact::Handling(handled) => {
                if let HandlingChange::Retargeted { target } = handled.change {
                    self.change_visit(handled.contact, |visit| visit.target = Some(target));
                }
                self.handling(now, handled);
            }
            Fact::Passing(passing) => {
                if passing.change == PassingChange::Returned {
                    self.change_visit(passing.contact, |visit| visit.waits_again = true);
                }
                self.passing(now, passing);
            }
            Fact::Transferred { contact, agent, kind, .. } => {
                self.transferred(now, *contact, *agent, *kind);
            }
            Fact::Stepped(step) => self.stepped(now, step),
            Fact::Break(step) => self.took_break(now, step.agent, step.change),
            Fact::Voicemail(voicemail) => self.left_message(now, voicemail),
            _ => {}
        }
    }

    fn arrived(&mut self, now: Now<'_>, contact: ContactId, fact: &Fact) {
        let Fact::ContactArrived { channel, from, dialled, trunk, .. } = fact else { return };
        self.give_up_partial(now.at);
        self.contacts.insert(contact, OpenContact { arrived: now.at, ..OpenContact::default() });
        self.changes
            .row::<Contact>(vec![contact.0.into()])
            .set(Contact::Channel, channel.word())
            .set(Contact::Caller, from.0.as_str())
            .set(Contact::Dialled, dialled.as_str())
            .set(Contact::Trunk, trunk.map(|trunk| now.names.trunk(trunk)))
            .set(Contact::Day, now.names.day(now.at))
            .set(Contact::Arrived, now.at)
            .set(Contact::IsOpen, true)
            .set(Contact::IsPartial, false);
    }
}
