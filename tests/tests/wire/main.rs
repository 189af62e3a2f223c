//! Programs call through a running turno: SIPp, baresip, and our own phone.

mod agents;
mod announcements;
mod callbacks;
mod callers;
mod carriers;
mod changes;
mod cuts;
mod days;
mod disks;
mod encrypted;
mod folders;
mod hand_overs;
mod keys;
mod limits;
mod logs;
mod observing;
mod offers;
mod own_phones;
mod quito;
mod recordings;
mod refused;
mod renewals;
mod steps;
mod stopping;
mod traces;
mod voices;
