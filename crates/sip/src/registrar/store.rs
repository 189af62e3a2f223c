//! The registrar's store: handles REGISTERs, looks bindings up and lets them expire.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use turno_ground::{Change, Changeset, DecodeError, Flow, Moment, RowChange, Timers, TrackedMap};

use crate::message::check::Refusal;
use crate::message::header::Name;
use crate::message::reason::reason_phrase;
use crate::message::received::Message;
use crate::message::write::Extra;
use crate::registrar::binding::{Binding, BindingChange, BindingChangeKind};
use crate::registrar::limits::RegistrarLimits;
use crate::registrar::register_request::{RegisterRequest, Wanted};

/// How often a phone sends a keep-alive over its stream at least, in seconds (RFC 5626, 5.4): in time for every NAT.
const FLOW_TIMER: &str = "120";

/// What to answer a REGISTER with, and what it changed.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The status.
    pub status: u16,
    /// The phrase.
    pub reason: &'static str,
    /// The headers of the response: the bindings in a 200, Min-Expires in a 423.
    pub headers: Extra,
    /// What changed, in order. Nothing if the status is not 200.
    pub changed: Vec<BindingChange>,
}

/// The bindings of every address of record.
#[derive(Debug)]
pub struct Registrar {
    limits: RegistrarLimits,
    accounts: BTreeMap<String, Account>,
    names: TrackedMap<AccountId, String>,
    flows: BTreeMap<Flow, BTreeSet<AccountId>>,
    timers: Timers<AccountId>,
    last_id: u64,
    /// Percentage of the requested lifetime that is granted.
    granted: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct AccountId(u64);

/// An address of record with at least one binding.
#[derive(Debug)]
struct Account {
    id: AccountId,
    /// Best first: by preference, then by the latest expiry.
    bindings: Vec<Binding>,
}

impl Registrar {
    /// A registrar without bindings.
    pub fn new(limits: RegistrarLimits) -> Self {
        Self {
            limits,
            accounts: BTreeMap::new(),
            names: TrackedMap::new(),
            flows: BTreeMap::new(),
            // The keys are our own ids, so no sender can choose them and no seed is needed.
            timers: Timers::new(0),
            last_id: 0,
            granted: 100,
        }
    }

    /// Replaces the limits; existing bindings stay as they are.
    pub const fn configure(&mut self, limits: RegistrarLimits) {
        self.limits = limits;
    }

    /// Handles `request`, an authorised REGISTER for `aor`: all of it or nothing (RFC 3261, 10.3).
    pub fn register(&mut self, aor: &str, request: &Message, flow: Flow, now: Moment) -> Registered {
        match self.try_register(aor, request, flow, now) {
            Ok(changed) => Registered {
                status: 200,
                reason: reason_phrase(200),
                headers: self.ok_headers(aor, request, now),
                changed,
            },
            Err(Refusal { status, reason, headers }) => {
                Registered { status, reason, headers: headers.into_iter().collect(), changed: Vec::new() }
            }
        }
    }

    /// From now on grants this percentage of the requested lifetime, but never less than the shortest one: phones that
    /// register all at once then do not refresh all at once.
    pub const fn grant(&mut self, hundredths: u32) {
        self.granted = if hundredths < 100 { hundredths } else { 100 };
    }

    /// Writes the changes since the last call, as rows of `table`.
    pub fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        let accounts = &self.accounts;
        self.names.write_down(|id, change| match change {
            Change::Is(aor) => {
                let bindings = accounts.get(aor).map_or(&[][..], |account| &account.bindings);
                changes.keep(table, id.0, &(aor, bindings));
                true
            }
            Change::Gone => {
                changes.delete(table, id.0);
                false
            }
        });
    }

    /// Makes the next [`Registrar::write_down`] write everything.
    pub fn note_all(&mut self) {
        self.names.note_all();
    }

    /// Restores one address of record after a restart.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be decoded.
    pub fn restore(&mut self, row: &RowChange) -> Result<(), DecodeError> {
        let (aor, bindings): (String, Vec<Binding>) = row.read()?;
        let id = AccountId(row.key);
        self.last_id = self.last_id.max(row.key);
        for binding in &bindings {
            self.flows.entry(binding.source).or_default().insert(id);
        }
        if let Some(first) = bindings.iter().map(|binding| binding.expires_at).min() {
            self.timers.set(id, first);
        }
        self.names.restore(id, aor.clone());
        self.accounts.insert(aor, Account { id, bindings });
        Ok(())
    }

    /// Removes the binding of `aor` to `uri`, spelled as in [`Binding::uri`].
    pub fn remove(&mut self, aor: &str, uri: &str) -> Option<BindingChange> {
        let mut found = false;
        self.update(aor, |bindings| {
            bindings.retain(|binding| binding.uri != uri || core::mem::replace(&mut found, true));
        });
        found.then(|| change(aor, BindingChangeKind::Removed, uri))
    }

    /// Removes every binding that has expired at `now`, the earliest first.
    pub fn handle_deadlines(&mut self, now: Moment) -> Vec<BindingChange> {
        let mut changed = Vec::new();
        while let Some((_, id)) = self.timers.pop_due(now) {
            self.drop_of(id, BindingChangeKind::Expired, &mut changed, |binding| binding.expires_at <= now);
        }
        changed
    }

    /// When the next binding expires. It may change with every call that changes bindings.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        self.timers.next_deadline()
    }

    /// The bindings of `aor`, best first: by preference, then by the latest expiry.
    pub fn bindings(&self, aor: &str) -> &[Binding] {
        self.accounts.get(aor).map_or(&[], |account| &account.bindings)
    }

    /// The address of record that registered over `flow`. If there are several, the one registered longest.
    pub fn owner_of_flow(&self, flow: &Flow) -> Option<&str> {
        let first = self.flows.get(flow)?.first()?;
        self.names.get(first).map(String::as_str)
    }

    /// Every address of record that registered over `flow`.
    pub fn owners_of_flow(&self, flow: &Flow) -> Vec<String> {
        let ids = self.flows.get(flow).into_iter().flatten();
        ids.filter_map(|id| self.names.get(id).cloned()).collect()
    }

    /// Every address of record that has a binding, in alphabetical order.
    pub fn registered(&self) -> impl Iterator<Item = (&str, &[Binding])> {
        self.accounts.iter().map(|(aor, account)| (aor.as_str(), account.bindings.as_slice()))
    }

    /// How many addresses of record have a binding.
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there is no binding at all.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    fn try_register(
        &mut self,
        aor: &str,
        request: &Message,
        flow: Flow,
        now: Moment,
    ) -> Result<Vec<BindingChange>, Refusal> {
        let cseq = request.cseq()?.number;
        match RegisterRequest::read(request, &self.limits)? {
            RegisterRequest::List => Ok(Vec::new()),
            RegisterRequest::RemoveAll => {
                self.check_order(aor, request, cseq, |_| true)?;
                let mut changed = Vec::new();
                self.update(aor, |bindings| {
                    let gone = |binding: Binding| change(aor, BindingChangeKind::Removed, &binding.uri);
                    changed.extend(bindings.drain(..).map(gone));
                });
                Ok(changed)
            }
            RegisterRequest::Bind(mut wanted) => {
                for one in wanted.iter_mut().filter(|one| !one.span.is_zero()) {
                    let part = one.span * self.granted / 100;
                    one.span = part.max(self.limits.expires_min.min(one.span));
                }
                self.check_order(aor, request, cseq, |binding| {
                    wanted.iter().any(|one| binding.is_meant_by(&one.contact, one.reg_id))
                })?;
                let limits = self.limits;
                let mut changed = Vec::new();
                self.update(aor, |bindings| {
                    for one in &wanted {
                        let binding = one.binding(request, cseq, flow, limits.contact_as_given, now);
                        let may_be_restarted = wanted.len() == 1;
                        bind(aor, bindings, (one, may_be_restarted), binding, &mut changed);
                    }
                    push_out(aor, bindings, limits.contacts_per_aor_max, &mut changed);
                });
                Ok(changed)
            }
        }
    }

    /// Refuses a REGISTER that was overtaken by a later one for a binding it touches (RFC 3261, 10.3).
    fn check_order(
        &self,
        aor: &str,
        request: &Message,
        cseq: u32,
        touched: impl Fn(&Binding) -> bool,
    ) -> Result<(), Refusal> {
        let late = |binding: &&Binding| touched(binding) && binding.is_newer_than(request.call_id(), cseq);
        match self.bindings(aor).iter().find(late) {
            Some(_) => Err(Refusal::new(500, "CSeq Out Of Order")),
            None => Ok(()),
        }
    }

    fn ok_headers(&self, aor: &str, request: &Message, now: Moment) -> Extra {
        let mut headers = Extra::new();
        for binding in self.bindings(aor) {
            headers.push((Name::Contact, binding.contact(now)));
        }
        // RFC 3327, 5.3: the response repeats the path that was stored.
        if request.lists(Name::Supported, "path") {
            headers.extend(request.values(Name::Path).map(|value| (Name::Path, value.to_owned())));
        }
        let is_ours = |binding: &&Binding| binding.reg_id.is_some() && binding.call_id == request.call_id();
        if let Some(binding) = self.bindings(aor).iter().find(is_ours) {
            headers.push((Name::Require, "outbound".to_owned()));
            // RFC 5626, 5.4. Datagrams have STUN for it, which is not spoken here.
            if binding.source.transport.is_reliable() {
                headers.push((Name::FlowTimer, FLOW_TIMER.to_owned()));
            }
        }
        headers
    }

    fn drop_of(
        &mut self,
        id: AccountId,
        kind: BindingChangeKind,
        changed: &mut Vec<BindingChange>,
        is_gone: impl Fn(&Binding) -> bool,
    ) {
        let Some(aor) = self.names.get(&id).cloned() else { return };
        self.update(&aor, |bindings| {
            changed
                .extend(bindings.iter().filter(|one| is_gone(one)).map(|one| change(&aor, kind, &one.uri)));
            bindings.retain(|one| !is_gone(one));
        });
    }

    /// Changes the bindings of `aor` together with the names, flows and timers kept for them.
    fn update(&mut self, aor: &str, act: impl FnOnce(&mut Vec<Binding>)) {
        let mut account = self.accounts.remove(aor).unwrap_or_else(|| {
            self.last_id += 1;
            Account { id: AccountId(self.last_id), bindings: Vec::new() }
        });
        let id = account.id;
        for binding in &account.bindings {
            if let Some(ids) = self.flows.get_mut(&binding.source) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.flows.remove(&binding.source);
                }
            }
        }
        act(&mut account.bindings);
        account.bindings.sort_by_key(|binding| Reverse((binding.preference, binding.expires_at)));
        for binding in &account.bindings {
            self.flows.entry(binding.source).or_default().insert(id);
        }
        match account.bindings.iter().map(|binding| binding.expires_at).min() {
            Some(first) => {
                self.timers.set(id, first);
                if self.names.contains_key(&id) {
                    self.names.note(&id);
                } else {
                    self.names.insert(id, aor.to_owned());
                }
                self.accounts.insert(aor.to_owned(), account);
            }
            None => {
                self.timers.cancel(&id);
                self.names.remove(&id);
            }
        }
    }
}

/// Adds, refreshes or removes the binding for contact `one`.
fn bind(
    aor: &str,
    bindings: &mut Vec<Binding>,
    (one, may_be_restarted): (&Wanted<'_>, bool),
    binding: Binding,
    changed: &mut Vec<BindingChange>,
) {
    let known = bindings.iter().position(|kept| kept.is_meant_by(&one.contact, one.reg_id));
    let restarted = || bindings.iter().position(|kept| may_be_restarted && kept.was_before(&binding));
    let known = known.or_else(restarted);
    match (known, one.span.is_zero()) {
        (Some(at), true) => {
            changed.push(change(aor, BindingChangeKind::Removed, &bindings.remove(at).uri));
        }
        (None, true) => {}
        (Some(at), false) => {
            let before = bindings[at].source;
            if before != binding.source {
                changed.push(change(aor, BindingChangeKind::Moved(before), &binding.uri));
            }
            if bindings[at].uri == binding.uri {
                if before == binding.source {
                    changed.push(change(aor, BindingChangeKind::Refreshed, &binding.uri));
                }
            } else {
                // The same device with another URI: reported as two changes, since other parts know bindings by URI.
                changed.push(change(aor, BindingChangeKind::Added, &binding.uri));
                changed.push(change(aor, BindingChangeKind::Removed, &bindings[at].uri));
            }
            bindings[at] = binding;
        }
        (None, false) => {
            changed.push(change(aor, BindingChangeKind::Added, &binding.uri));
            bindings.push(binding);
        }
    }
}

/// Removes the bindings that expire first until at most `max` are left; the new ones go last.
fn push_out(aor: &str, bindings: &mut Vec<Binding>, max: usize, changed: &mut Vec<BindingChange>) {
    while bindings.len() > max {
        let is_new = |uri: &str| changed.iter().any(|change| change.uri == uri);
        let oldest = bindings
            .iter()
            .enumerate()
            .min_by_key(|(_, binding)| (is_new(&binding.uri), binding.expires_at))
            .map(|(at, _)| at)
            .expect("a list longer than its limit is not empty");
        changed.push(change(aor, BindingChangeKind::Removed, &bindings.remove(oldest).uri));
    }
}

fn change(aor: &str, kind: BindingChangeKind, uri: &str) -> BindingChange {
    BindingChange { aor: aor.to_owned(), kind, uri: uri.to_owned() }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
