//! Attacks: with forged source addresses in virtual time, and by real programs on loopback.

mod floods;
mod forged;
mod fraud;
mod guessing;
mod letter;
mod programs;
mod storms;
