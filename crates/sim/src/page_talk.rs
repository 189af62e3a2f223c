//! Pages take their own talks back, and try to take those of others.

use turno_model::ContactId;
use turno_phone::Dialog;

use crate::person::Presence;
use crate::world::World;

impl World {
    /// What a page must keep to take its talk back: the dialog, and here also whose talk it is.
    pub(crate) fn talk_at(&self, place: usize) -> Option<(Dialog, Option<ContactId>)> {
        let person = &self.persons[place];
        let (call, _) = person.confirmed.iter().max_by_key(|(_, since)| **since)?;
        let dialog = person.phone.dialog_of(*call)?;
        // With two calls it is not told here which of them is the contact's.
        let is_alone = person.confirmed.len() == 1;
        let agent = self.who_sits_at(person.page.as_ref().map_or(place, |page| page.desk));
        let mut talking = self.invariants.outcomes.talking().iter();
        let contact = talking.find(|(_, by)| Some(**by) == agent).map(|(contact, _)| *contact);
        Some((dialog, contact.filter(|_| is_alone)))
    }

    /// A page takes its talk back.
    pub(crate) fn page_takes_back(&mut self, place: usize) {
        if self.persons[place].presence != Presence::There {
            return;
        }
        let kept = self.persons[place].page.as_mut().and_then(|page| page.kept.take());
        let Some((dialog, contact)) = kept else { return };
        let call = self.act(place, |phone, now| phone.takes_back(&dialog, now));
        let person = &mut self.persons[place];
        person.calls.push(call);
        if let Some(page) = &mut person.page {
            page.takes.insert(call, contact);
        }
    }

    /// A page tries to take the talk of another desk: of this one, or else of the first that has one.
    pub(crate) fn page_steals(&mut self, place: usize, from: usize) {
        let desk = |of: usize| self.persons[of].page.as_ref().map(|page| page.desk);
        let others = std::iter::once(from).chain(0..self.persons.len());
        let mut others = others.filter(|other| desk(*other).is_some() && desk(*other) != desk(place));
        let Some((dialog, _)) = others.find_map(|other| self.talk_at(other)) else { return };
        self.met.notes("page: steals");
        let call = self.act(place, |phone, now| phone.takes_back(&dialog, now));
        let person = &mut self.persons[place];
        person.calls.push(call);
        if let Some(page) = &mut person.page {
            page.thefts.insert(call);
        }
    }
}
